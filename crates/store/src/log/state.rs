//! What a log holds in memory: where each live entry lies, the newest entries themselves, and
//! the vote and marks. The writer changes it, readers look; nobody waits for the disk in here.

use super::Payload;
use crate::disk::Disk;
use crate::segments::{Position, Stream};
use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The writer's and the readers' common ground.
pub(super) struct Shared {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) stream: Stream,
    state: RwLock<State>,
}

impl Shared {
    pub(super) fn new(disk: Arc<dyn Disk>, stream: Stream, state: State) -> Self {
        Self { disk, stream, state: RwLock::new(state) }
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The live entries are `first_index ..` without gaps; the tail holds the newest of them.
#[derive(Debug)]
pub(super) struct State {
    first_index: u64,
    positions: VecDeque<Position>,
    tail: VecDeque<Payload>,
    tail_bytes: u64,
    tail_bytes_max: u64,
    /// Segment and offset up to which the file can be read; what lies beyond is only in the tail.
    written: (u64, u64),
    pub(super) purge: Option<(u64, Payload)>,
    pub(super) vote: Option<Payload>,
    pub(super) committed: Option<Payload>,
    /// The file whose sync failed: nothing may be read any more.
    pub(super) failed: Option<String>,
}

impl State {
    pub(super) fn new(tail_bytes_max: u64) -> Self {
        Self {
            first_index: 0,
            positions: VecDeque::new(),
            tail: VecDeque::new(),
            tail_bytes: 0,
            tail_bytes_max,
            written: (u64::MAX, 0),
            purge: None,
            vote: None,
            committed: None,
            failed: None,
        }
    }

    /// How many entries are live.
    pub(super) fn count(&self) -> u64 {
        self.positions.len() as u64
    }

    pub(super) fn first(&self) -> Option<u64> {
        (!self.positions.is_empty()).then_some(self.first_index)
    }

    pub(super) fn last(&self) -> Option<u64> {
        self.count().checked_sub(1).map(|after_first| self.first_index + after_first)
    }

    pub(super) fn purged_to(&self) -> Option<u64> {
        self.purge.as_ref().map(|(index, _)| *index)
    }

    /// The index an append must have; none when the log is entirely empty.
    pub(super) fn next_index(&self) -> Option<u64> {
        self.last().or(self.purged_to()).map(|last| last + 1)
    }

    pub(super) fn first_position(&self) -> Option<Position> {
        self.positions.front().copied()
    }

    /// Where entry `index` lies, when it is live.
    pub(super) fn position(&self, index: u64) -> Option<Position> {
        let place = index.checked_sub(self.first_index)?;
        self.positions.get(usize::try_from(place).ok()?).copied()
    }

    /// Entry `index`, when it is among the newest kept in memory.
    pub(super) fn cached(&self, index: u64) -> Option<Payload> {
        let tail_first = self.first_index + (self.count() - self.tail.len() as u64);
        let place = index.checked_sub(tail_first)?;
        self.tail.get(usize::try_from(place).ok()?).cloned()
    }

    pub(super) fn push(&mut self, index: u64, position: Position, entry: Payload) {
        if self.positions.is_empty() {
            self.first_index = index;
        }
        assert_eq!(index, self.first_index + self.count(), "entries have no gaps");
        self.positions.push_back(position);
        self.tail_bytes += entry.len() as u64;
        self.tail.push_back(entry);
        self.shrink_tail();
    }

    pub(super) fn truncate_from(&mut self, index: u64) {
        while self.last().is_some_and(|last| last >= index) {
            self.positions.pop_back();
            if let Some(entry) = self.tail.pop_back() {
                self.tail_bytes -= entry.len() as u64;
            }
        }
    }

    pub(super) fn purge_to(&mut self, index: u64, mark: Payload) {
        while self.first().is_some_and(|first| first <= index) {
            self.positions.pop_front();
            self.first_index += 1;
            if self.tail.len() > self.positions.len() {
                self.drop_oldest_of_tail();
            }
        }
        self.purge = Some((index, mark));
    }

    /// Learns up to where the file can be read, and lets the tail shrink accordingly.
    pub(super) fn note_written(&mut self, segment: u64, offset: u64) {
        self.written = (segment, offset);
        self.shrink_tail();
    }

    fn shrink_tail(&mut self) {
        while self.tail_bytes > self.tail_bytes_max {
            let oldest = self.positions[self.positions.len() - self.tail.len()];
            if (u64::from(oldest.segment), oldest.end()) > self.written {
                return;
            }
            self.drop_oldest_of_tail();
        }
    }

    fn drop_oldest_of_tail(&mut self) {
        if let Some(entry) = self.tail.pop_front() {
            self.tail_bytes -= entry.len() as u64;
        }
    }

    /// Asserts what always holds between two operations.
    pub(super) fn check(&self) {
        assert!(self.tail.len() <= self.positions.len());
        if let (Some(purged), Some(first)) = (self.purged_to(), self.first()) {
            assert_eq!(first, purged + 1, "the log begins right behind the purge mark");
        }
        let bytes: u64 = self.tail.iter().map(|entry| entry.len() as u64).sum();
        assert_eq!(bytes, self.tail_bytes);
    }
}
