//! The raft log on disk: entries by index, the vote, the committed mark and the purge mark.
//!
//! Everything is a record of one append-only stream: cutting off the end is a record too. What
//! several calls add becomes durable by one [`Log::sync`]; when to call it is the caller's
//! choice. Each segment begins with the newest vote and marks, so that dropping older segments
//! never drops those. A purge mark is durable before any segment leaves, and purged entries are
//! never returned, even where their bytes are still on disk.

mod format;
mod reader;
mod replay;
mod state;

pub use reader::{Entry, LogReader, LogState};

use crate::disk::Disk;
use crate::error::StoreError;
use crate::limits::{LOG_ENTRIES_MAX, RECORD_BYTES_MAX, SEGMENT_BYTES, TAIL_BYTES};
use crate::segments::{Replay, Segments, Stream};
use format::{INDEX_BYTES, Kind};
use state::{Shared, State};
use std::sync::Arc;

/// Immutable bytes, cheap to clone and to hand from thread to thread.
pub type Payload = Arc<[u8]>;

/// What a log may be told to do differently on this machine.
#[derive(Debug, Clone)]
pub struct LogOptions {
    /// The size at which a segment is followed by another, in bytes.
    pub segment_bytes: u64,
    /// Payload bytes of the newest entries kept in memory for readers.
    pub tail_bytes: u64,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self { segment_bytes: SEGMENT_BYTES, tail_bytes: TAIL_BYTES }
    }
}

/// The writer of a log; one thread owns it.
pub struct Log {
    segments: Segments,
    shared: Arc<Shared>,
}

impl Log {
    /// Opens the log in `directory`, replaying all of it, or begins an empty one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where durable bytes do not verify.
    pub fn open(
        disk: Arc<dyn Disk>,
        directory: &str,
        options: &LogOptions,
    ) -> Result<Self, StoreError> {
        let stream = Stream {
            name: "log",
            directory: directory.to_owned(),
            segment_bytes: options.segment_bytes,
            hashed: false,
        };
        let mut state = State::new(options.tail_bytes);
        let mut visit =
            |position, kind, payload: &[u8]| replay::apply(&mut state, position, kind, payload);
        let genesis = (0, [0; 64]);
        let everything = Replay::Everything;
        let segments =
            Segments::open(disk.clone(), stream.clone(), genesis, everything, &mut visit)?;
        let oldest = segments.sealed().next().unwrap_or(segments.active()).number;
        replay::finish(&mut state, oldest)
            .map_err(|reason| StoreError::damaged(&stream.file(oldest), 0, reason))?;
        state.check();
        Ok(Self { segments, shared: Arc::new(Shared::new(disk, stream, state)) })
    }

    /// A handle for reading beside this writer.
    pub fn reader(&self) -> LogReader {
        LogReader::new(self.shared.clone())
    }

    /// Adds entries from `first_index` on; readers see them at once, [`Log::sync`] makes them
    /// durable. All or nothing. An entirely empty log begins at any index.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] when `first_index` does not follow the last entry or the purge
    /// mark; [`StoreError::TooLarge`] for an entry, an append or a log above its bound.
    pub fn append(&mut self, first_index: u64, entries: &[Payload]) -> Result<(), StoreError> {
        let held = self.check_append(first_index, entries)?;
        let bytes_total = entries.iter().map(|entry| entry.len() as u64 + INDEX_BYTES).sum();
        self.make_room(bytes_total)?;
        let mut placed = Vec::with_capacity(entries.len());
        for (index, entry) in (first_index..).zip(entries) {
            let parts = [&index.to_le_bytes()[..], entry];
            placed.push((self.segments.push(Kind::Entry as u8, &parts), entry.clone()));
        }
        let mut state = self.shared.write();
        for (index, (position, entry)) in (first_index..).zip(placed) {
            state.push(index, position, entry);
        }
        assert_eq!(state.count(), held + entries.len() as u64);
        Ok(())
    }

    fn check_append(&self, first_index: u64, entries: &[Payload]) -> Result<u64, StoreError> {
        let state = self.shared.read();
        if let Some(expected) = state.next_index().filter(|expected| *expected != first_index) {
            let what = "the first index of an append";
            return Err(StoreError::OutOfOrder { what, expected, given: first_index });
        }
        let count = state.count() + entries.len() as u64;
        StoreError::check_bound("the number of live log entries", count, LOG_ENTRIES_MAX)?;
        // An index is never the largest number, so that there is always a next one.
        let last = first_index.saturating_add(entries.len() as u64);
        StoreError::check_bound("a log index", last, u64::MAX - 1)?;
        for entry in entries {
            let bytes = entry.len() as u64 + INDEX_BYTES;
            StoreError::check_bound("a log entry", bytes, RECORD_BYTES_MAX)?;
        }
        Ok(state.count())
    }

    /// Removes the entries from `index` on. Nothing happens when there are none.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] when `index` is purged: those entries are committed.
    pub fn truncate_from(&mut self, index: u64) -> Result<(), StoreError> {
        {
            let state = self.shared.read();
            if let Some(purged) = state.purged_to().filter(|purged| index <= *purged) {
                let what = "the first index to remove";
                let expected = purged + 1;
                return Err(StoreError::OutOfOrder { what, expected, given: index });
            }
            if state.last().is_none_or(|last| last < index) {
                return Ok(());
            }
        }
        self.make_room(INDEX_BYTES)?;
        self.segments.push(Kind::Truncate as u8, &[&index.to_le_bytes()]);
        let mut state = self.shared.write();
        state.truncate_from(index);
        assert!(state.last().is_none_or(|last| last < index));
        Ok(())
    }

    /// Declares everything up to and including `index` purged, `mark` being the caller's word
    /// for that place. From now on readers no longer see those entries; their bytes leave by
    /// [`Log::reclaim`]. An index beyond the last entry empties the log (after an install), and
    /// one that is already purged changes nothing.
    pub fn purge_to(&mut self, index: u64, mark: &[u8]) -> Result<(), StoreError> {
        StoreError::check_bound("a purge index", index, u64::MAX - 1)?;
        StoreError::check_bound("a purge mark", mark.len() as u64, RECORD_BYTES_MAX / 2)?;
        if self.shared.read().purged_to().is_some_and(|purged| index <= purged) {
            return Ok(());
        }
        self.make_room(mark.len() as u64 + INDEX_BYTES)?;
        self.segments.push(Kind::Purge as u8, &[&index.to_le_bytes(), mark]);
        let mut state = self.shared.write();
        state.purge_to(index, Payload::from(mark));
        assert!(state.first().is_none_or(|first| first == index + 1));
        Ok(())
    }

    /// Replaces the stored vote. Durable, like all else, by [`Log::sync`].
    pub fn save_vote(&mut self, vote: &[u8]) -> Result<(), StoreError> {
        StoreError::check_bound("a vote", vote.len() as u64, RECORD_BYTES_MAX / 2)?;
        self.make_room(vote.len() as u64)?;
        self.segments.push(Kind::Vote as u8, &[vote]);
        self.shared.write().vote = Some(Payload::from(vote));
        Ok(())
    }

    /// Replaces the stored committed mark. Durable, like all else, by [`Log::sync`].
    pub fn save_committed(&mut self, committed: &[u8]) -> Result<(), StoreError> {
        let bytes = committed.len() as u64;
        StoreError::check_bound("a committed mark", bytes, RECORD_BYTES_MAX / 2)?;
        self.make_room(bytes)?;
        self.segments.push(Kind::Committed as u8, &[committed]);
        self.shared.write().committed = Some(Payload::from(committed));
        Ok(())
    }

    /// Makes everything before it durable: one write, one sync.
    ///
    /// # Errors
    /// After [`StoreError::Full`] nothing is lost from memory and the call may be repeated.
    /// After [`StoreError::SyncFailed`] this log and its readers refuse all further work.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        let synced = self.segments.sync();
        self.note(&synced);
        synced
    }

    /// Removes the segments that hold nothing but purged or overwritten entries, and returns how
    /// many. Syncs first if need be, so that the purge mark is durable before any byte leaves.
    pub fn reclaim(&mut self) -> Result<u64, StoreError> {
        if self.segments.is_dirty() {
            self.sync()?;
        }
        let needed = {
            let state = self.shared.read();
            let active = self.segments.active().number;
            let first = state.first_position();
            let needed = first.map_or(active, |position| u64::from(position.segment));
            assert!(needed <= active);
            // Without a purge mark nothing would account for a missing head.
            if state.purge.is_some() { needed } else { 0 }
        };
        let mut removed = 0;
        while self.segments.sealed().next().is_some_and(|oldest| oldest.number < needed) {
            assert!(!self.segments.is_dirty(), "the purge mark is durable before a removal");
            let step = self.segments.remove_oldest();
            self.note(&step);
            step?;
            removed += 1;
        }
        Ok(removed)
    }

    /// Has the next records fit the buffer and the segment; the only step of a change that can
    /// be refused by the disk, before anything has changed.
    fn make_room(&mut self, payload_bytes: u64) -> Result<(), StoreError> {
        let result = self.roll_if_due().and_then(|()| self.segments.prepare(payload_bytes));
        self.note(&result);
        result
    }

    fn roll_if_due(&mut self) -> Result<(), StoreError> {
        if !self.segments.is_due() {
            return self.segments.check_usable();
        }
        let base = self.shared.read().last().unwrap_or(0);
        let (vote, committed, purge) = {
            let state = self.shared.read();
            (state.vote.clone(), state.committed.clone(), state.purge.clone())
        };
        let index = purge.as_ref().map_or(0, |(index, _)| *index).to_le_bytes();
        let vote = vote.as_deref().map(|vote| [vote]);
        let committed = committed.as_deref().map(|committed| [committed]);
        let purge = purge.as_ref().map(|(_, mark)| [&index[..], mark]);
        let mut opening: Vec<(u8, &[&[u8]])> = Vec::with_capacity(3);
        opening.extend(vote.iter().map(|parts| (Kind::Vote as u8, &parts[..])));
        opening.extend(committed.iter().map(|parts| (Kind::Committed as u8, &parts[..])));
        opening.extend(purge.iter().map(|parts| (Kind::Purge as u8, &parts[..])));
        self.segments.roll(base, [0; 64], &opening)
    }

    /// Tells the readers what has reached the file, or that nothing more may be read.
    fn note<T>(&self, result: &Result<T, StoreError>) {
        let mut state = self.shared.write();
        if self.segments.check_usable().is_err() {
            if let Err(StoreError::SyncFailed { file }) = self.segments.check_usable() {
                state.failed = Some(file);
            }
        } else {
            debug_assert!(!matches!(result, Err(StoreError::SyncFailed { .. })));
            state.note_written(self.segments.active().number, self.segments.written());
        }
    }
}

#[cfg(test)]
mod log_test;
