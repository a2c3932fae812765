//! What this node shows of the replicated state: the newest view, where it stands, and what
//! happened lately.

use crate::ring::Ring;
use crate::runtime::Instant;
use crate::settings::RingBounds;
use arc_swap::ArcSwap;
use ledger::View;
use ledger::words::{Moment, Revision};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Where the state stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// The last applied entry's index.
    pub index: u64,
    /// The term of the leader that put it there.
    pub term: u64,
    /// The last applied command.
    pub revision: Revision,
    /// The last entry's moment.
    pub moment: Moment,
}

/// What is published.
pub(crate) struct Published {
    view: ArcSwap<View>,
    position: watch::Sender<Position>,
    /// The recent past.
    pub ring: Ring,
    contact: Mutex<Contact>,
}

/// When a leader was last confirmed, and what was committed by then.
#[derive(Clone, Copy, Debug, Default)]
struct Contact {
    /// The state here is not older than what was committed then.
    fresh: Option<Instant>,
    /// A later confirmation, and up to where one must have applied for it to count.
    pending: Option<(Instant, u64)>,
}

impl Published {
    /// Publishes the state a node begins with.
    pub fn new(view: View, position: Position, bounds: RingBounds) -> Self {
        let ring = Ring::new(bounds, view.revision());
        Self {
            view: ArcSwap::from_pointee(view),
            position: watch::Sender::new(position),
            ring,
            contact: Mutex::default(),
        }
    }

    /// The newest view.
    pub fn view(&self) -> Arc<View> {
        self.view.load_full()
    }

    /// Where it stands.
    pub fn position(&self) -> Position {
        *self.position.borrow()
    }

    /// Tells when it stands elsewhere.
    pub fn positions(&self) -> watch::Receiver<Position> {
        self.position.subscribe()
    }

    /// Publishes a newer view; the ring knows its events by then.
    pub fn publish(&self, view: View, position: Position) {
        self.view.store(Arc::new(view));
        self.position.send_replace(position);
        let mut contact = self.contact.lock().unwrap_or_else(PoisonError::into_inner);
        contact.settle(position.index);
    }

    /// A quorum has confirmed, after `began`, that this entry is the last that was committed then.
    pub fn confirmed(&self, began: Instant, committed: u64) {
        let applied = self.position().index;
        let mut contact = self.contact.lock().unwrap_or_else(PoisonError::into_inner);
        // An unsettled earlier one stays: replacing it for ever would never settle anything.
        contact.pending.get_or_insert((began, committed));
        contact.settle(applied);
        if applied >= committed {
            contact.fresh = contact.fresh.max(Some(began));
        }
    }

    /// How old the view may be; none when no leader was ever confirmed.
    pub fn age(&self, now: Instant) -> Option<Duration> {
        let contact = self.contact.lock().unwrap_or_else(PoisonError::into_inner);
        contact.fresh.map(|fresh| now.saturating_duration_since(fresh))
    }
}

impl Contact {
    fn settle(&mut self, applied: u64) {
        if let Some((at, committed)) = self.pending
            && applied >= committed
        {
            self.fresh = self.fresh.max(Some(at));
            self.pending = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_view_is_as_fresh_as_the_confirmation_it_has_caught_up_with() {
        let bounds = RingBounds::default();
        let published = Published::new(View::new(1), Position::default(), bounds);
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(published.age(at(0)), None);
        published.confirmed(at(1), 0);
        assert_eq!(published.age(at(2)), Some(Duration::from_secs(1)));
        // Behind: 5 are committed, and nothing is applied.
        published.confirmed(at(3), 5);
        published.confirmed(at(4), 9);
        assert_eq!(published.age(at(4)), Some(Duration::from_secs(3)));
        published.publish(View::new(1), Position { index: 5, ..Position::default() });
        assert_eq!(published.age(at(4)), Some(Duration::from_secs(1)));
        published.confirmed(at(5), 5);
        assert_eq!(published.age(at(5)), Some(Duration::ZERO));
    }
}
