//! Watching what happens from a revision on: first from the journal, if it is long past, then from
//! the ring. A reader that is too slow is cut, with the revision to resume from.

use crate::codec;
use crate::error::WatchError;
use crate::limits::WATCHERS_MAX;
use crate::published::Published;
use crate::ring::{Found, Happenings};
use ledger::words::Revision;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::journal::{Batches, JournalReader};
use tokio::sync::watch;

/// Where watches begin.
#[derive(Clone)]
pub(crate) struct Watchtower {
    published: Arc<Published>,
    journal: JournalReader,
    seats: Arc<AtomicUsize>,
    stopping: watch::Receiver<bool>,
}

/// What happens after a revision, entry by entry, without a gap.
pub struct Watch {
    tower: Watchtower,
    positions: watch::Receiver<crate::published::Position>,
    after: Revision,
    /// The journal, while the ring does not reach back far enough.
    past: Option<Batches>,
    /// Whether the ring was reached: whoever falls out of it again was too slow.
    present: bool,
    _seat: Seat,
}

struct Seat(Arc<AtomicUsize>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Watchtower {
    pub fn new(
        published: Arc<Published>,
        journal: JournalReader,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self { published, journal, seats: Arc::default(), stopping }
    }

    /// Begins to watch what happens after a revision.
    ///
    /// # Errors
    /// When that is not here any more, not here yet, or too many watch.
    pub fn watch(&self, after: Revision) -> Result<Watch, WatchError> {
        let seats = self.seats.fetch_add(1, Ordering::Relaxed);
        let seat = Seat(self.seats.clone());
        if seats >= WATCHERS_MAX {
            return Err(WatchError::TooMany);
        }
        let positions = self.published.positions();
        let newest = self.published.ring.newest();
        if after > newest {
            return Err(WatchError::Ahead { newest });
        }
        let (past, present) = match self.published.ring.after(after) {
            Found::Gone(before) => (Some(self.past(after, before)?), false),
            Found::Next(_) | Found::Nothing => (None, true),
        };
        Ok(Watch { tower: self.clone(), positions, after, past, present, _seat: seat })
    }

    /// The journal from a revision on, if it leads up to the ring without a gap.
    fn past(&self, after: Revision, before: Revision) -> Result<Batches, WatchError> {
        let compacted = WatchError::Compacted { first: before.next() };
        if self.journal.end().revision <= after.0 {
            return Err(compacted);
        }
        let mut first = self.journal.read_from(after.0 + 1);
        match first.next() {
            Some(Ok(batch)) if batch.first <= after.0 + 1 => {
                Ok(self.journal.read_from(after.0 + 1))
            }
            _ => Err(compacted),
        }
    }
}

impl Watch {
    /// What happens next; waits for it.
    ///
    /// # Errors
    /// When the reader was too slow, or this node stops.
    pub async fn next(&mut self) -> Result<Happenings, WatchError> {
        loop {
            if *self.tower.stopping.borrow() {
                return Err(WatchError::Stopping);
            }
            // Seen before looking, so that nothing that comes meanwhile is slept through.
            self.positions.borrow_and_update();
            if let Some(next) = self.look()? {
                self.after = next.through;
                return Ok(next);
            }
            tokio::select! {
                changed = self.positions.changed() => {
                    if changed.is_err() {
                        return Err(WatchError::Stopping);
                    }
                }
                changed = self.tower.stopping.changed() => {
                    if changed.is_err() {
                        return Err(WatchError::Stopping);
                    }
                }
            }
        }
    }

    /// Up to where everything was told.
    #[must_use]
    pub const fn told(&self) -> Revision {
        self.after
    }

    fn look(&mut self) -> Result<Option<Happenings>, WatchError> {
        match self.tower.published.ring.after(self.after) {
            Found::Nothing => Ok(None),
            Found::Next(next) => {
                self.past = None;
                self.present = true;
                Ok(Some(from(next, self.after)))
            }
            Found::Gone(_) if self.present => Err(WatchError::Slow { resume: self.after }),
            Found::Gone(before) => self.read_past(before).map(Some),
        }
    }

    /// The next entry from the journal.
    fn read_past(&mut self, before: Revision) -> Result<Happenings, WatchError> {
        let compacted = WatchError::Compacted { first: before.next() };
        let mut batches = match self.past.take() {
            Some(batches) => batches,
            None => self.tower.past(self.after, before)?,
        };
        let batch = match batches.next() {
            Some(Ok(batch)) => batch,
            // The journal was longer when the ring was looked at than when it was opened.
            None => {
                batches = self.tower.past(self.after, before)?;
                batches.next().and_then(Result::ok).ok_or(compacted.clone())?
            }
            Some(Err(_)) => return Err(compacted),
        };
        let events = codec::decode_events(&batch.payload).map_err(|_| compacted)?;
        self.past = Some(batches);
        let moment = events.last().map_or_else(Default::default, |event| event.moment);
        let through = Revision(batch.last);
        Ok(from(Happenings { through, moment, events: events.into() }, self.after))
    }
}

/// What of an entry is later than a revision inside it.
fn from(mut happenings: Happenings, after: Revision) -> Happenings {
    let told = happenings.events.partition_point(|event| event.revision <= after);
    if told > 0 {
        happenings.events = happenings.events[told..].into();
    }
    happenings
}
