//! The recent past in memory, for those who watch.

use crate::settings::RingBounds;
use ledger::Event;
use ledger::words::{Moment, Revision};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What happened with one entry of the log.
#[derive(Clone, Debug)]
pub struct Happenings {
    /// Everything up to and including this revision is told, even where nothing happened.
    pub through: Revision,
    /// When.
    pub moment: Moment,
    /// What, in order.
    pub events: Arc<[Event]>,
}

/// What happened lately, bounded by number and by bytes.
pub(crate) struct Ring {
    bounds: RingBounds,
    state: Mutex<State>,
}

struct State {
    batches: VecDeque<(Happenings, usize)>,
    events: usize,
    bytes: usize,
    /// The revision before the first one that is told here.
    before: Revision,
    newest: Revision,
}

/// What a reader finds in the ring.
pub(crate) enum Found {
    /// The next entry's events.
    Next(Happenings),
    /// Nothing has happened since.
    Nothing,
    /// What comes next is no longer here; what is here begins after this revision.
    Gone(Revision),
}

impl Ring {
    /// An empty ring of a state at a revision.
    pub fn new(bounds: RingBounds, revision: Revision) -> Self {
        let state = State {
            batches: VecDeque::new(),
            events: 0,
            bytes: 0,
            before: revision,
            newest: revision,
        };
        Self { bounds, state: Mutex::new(state) }
    }

    /// Adds what happened with the next entry; `bytes` is its size as it is encoded.
    pub fn push(&self, happenings: Happenings, bytes: usize) {
        let mut state = self.lock();
        assert!(happenings.through > state.newest, "revisions only grow");
        state.newest = happenings.through;
        state.events += happenings.events.len();
        state.bytes += bytes;
        state.batches.push_back((happenings, bytes));
        // Entries without events take room as well, so they count as one.
        while state.events > self.bounds.events
            || state.bytes > self.bounds.bytes
            || state.batches.len() > self.bounds.events
        {
            let Some((oldest, bytes)) = state.batches.pop_front() else {
                break;
            };
            state.events -= oldest.events.len();
            state.bytes -= bytes;
            state.before = oldest.through;
        }
    }

    /// Forgets everything: the state is now another one's, at this revision.
    pub fn reset(&self, revision: Revision) {
        let mut state = self.lock();
        state.batches.clear();
        (state.events, state.bytes) = (0, 0);
        (state.before, state.newest) = (revision, revision);
    }

    /// What happened after a revision, one entry at a time.
    pub fn after(&self, revision: Revision) -> Found {
        let state = self.lock();
        if revision >= state.newest {
            return Found::Nothing;
        }
        if revision < state.before {
            return Found::Gone(state.before);
        }
        let next = state.batches.partition_point(|(batch, _)| batch.through <= revision);
        match state.batches.get(next) {
            Some((batch, _)) => Found::Next(batch.clone()),
            None => Found::Nothing,
        }
    }

    /// The newest revision told.
    pub fn newest(&self) -> Revision {
        self.lock().newest
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happenings(through: u64) -> Happenings {
        let moment = Moment::from_seconds(through);
        Happenings { through: Revision(through), moment, events: Arc::new([]) }
    }

    #[test]
    fn readers_find_what_follows_or_learn_that_it_is_gone() {
        let ring = Ring::new(RingBounds { events: 2, bytes: 100 }, Revision(10));
        let text = |revision| match ring.after(Revision(revision)) {
            Found::Next(next) => format!("next {}", next.through),
            Found::Nothing => String::from("nothing"),
            Found::Gone(before) => format!("gone {before}"),
        };
        assert_eq!((text(10), text(9)), ("nothing".into(), "gone 10".into()));
        ring.push(happenings(12), 10);
        ring.push(happenings(15), 10);
        assert_eq!(
            (text(10), text(11), text(12)),
            ("next 12".into(), "next 12".into(), "next 15".into())
        );
        ring.push(happenings(16), 10);
        assert_eq!(
            (text(10), text(12), text(16)),
            ("gone 12".into(), "next 15".into(), "nothing".into())
        );
        ring.push(happenings(17), 95);
        assert_eq!((text(15), text(16)), ("gone 16".into(), "next 17".into()));
        ring.reset(Revision(40));
        assert_eq!((text(17), ring.newest()), ("gone 40".into(), Revision(40)));
    }
}
