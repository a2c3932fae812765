//! What became of bookings, by person, by facility and moment, and one by one: a read model that
//! follows the journal into an index, at its own pace and behind the replica.
//!
//! Enter at [`History::query`] and [`Follower::step`].
//!
//! Invariants: every answer names the revision up to which it is complete; what the index says is
//! what the journal says up to its mark, and an index that cannot show this (it does not open, is
//! unexpectedly empty, or its mark is not on the journal's chain) is thrown away and filled again
//! from the beginning; nothing here holds up the replica, and nothing is lost with the index.
//!
//! Absent: clocks and threads (whoever drives the follower has them), local days (a caller turns
//! them into moments), and who may read what.

mod error;
mod follower;
mod key;
mod query;
mod room;

pub use error::HistoryError;
pub use follower::{Follower, Pace, Step};
pub use query::{By, HistoryEntry, HistoryPage, HistoryQuery, HistoryToken};
pub use room::{DirectoryRoom, IndexRoom, MemoryRoom};

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use store::index::Index;

/// The most entries of one page.
pub const PAGE_ENTRIES_MAX: usize = 500;

/// The most events that an entry of a page by person or facility brings along. A booking has five
/// or six; one whose hold was kept longer again and again has more, and is asked for by itself.
pub const ENTRY_EVENTS_MAX: usize = 64;

const _: () = assert!(PAGE_ENTRIES_MAX as u64 <= store::limits::INDEX_RANGE_MAX);
const _: () = assert!(ENTRY_EVENTS_MAX as u64 <= store::limits::INDEX_RANGE_MAX);

/// The history as it is read, by any number of threads, while a [`Follower`] adds to it.
pub struct History {
    room: Box<dyn IndexRoom>,
    /// Nothing while there is none that can be used.
    index: RwLock<Option<Box<dyn Index>>>,
    /// Whether a reader met something in the index that ought not to be there.
    suspect: AtomicBool,
}

impl History {
    /// A history in this room; it is open once its follower has taken the first step.
    #[must_use]
    pub fn new(room: Box<dyn IndexRoom>) -> Self {
        Self { room, index: RwLock::new(None), suspect: AtomicBool::new(false) }
    }

    fn index(&self) -> RwLockReadGuard<'_, Option<Box<dyn Index>>> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the index: the next step opens it again, as it was left.
    fn close(&self) {
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Puts another index in place, made once the former one is closed: two must never share a
    /// directory.
    fn replace(
        &self,
        make: impl FnOnce(&dyn IndexRoom) -> Result<Box<dyn Index>, HistoryError>,
    ) -> Result<(), HistoryError> {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        *index = None;
        self.suspect.store(false, Ordering::Relaxed);
        *index = Some(make(self.room.as_ref())?);
        Ok(())
    }
}

#[cfg(test)]
mod history_test;
