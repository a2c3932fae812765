//! openraft's log over the store's: guards G1 to G3 live here.
//!
//! - **G1** A leader that starts again finds its own vote as one that was never granted, so it must
//!   win an election before it leads or answers reads. Others' votes keep their leader's lease.
//! - **G2** Nothing is purged before a durable checkpoint covers it.
//! - **G3** A range whose head was purged is read as nothing, never with a hole.

use crate::limits::APPEND_BYTES_MAX;
use crate::raft::config::{Entry, LogId, RaftStorageError, Types, Vote, read_error, write_error};
use crate::raft::waiting::Waiting;
use crate::raft::words::{EntryWord, LogIdWord, VoteWord};
use crate::raft::writer::{Done, Order};
use bytes::Bytes;
use openraft::storage::{LogFlushed, RaftLogReader, RaftLogStorage};
use openraft::{EntryPayload, LogState};
use prost::Message;
use std::fmt::Debug;
use std::ops::{Bound, RangeBounds};
use std::sync::Arc;
use store::log::{LogReader, Payload};
use tokio::sync::{mpsc, oneshot, watch};

/// openraft's log.
pub(crate) struct LogStore {
    node: u64,
    reader: LogReader,
    orders: mpsc::Sender<Order>,
    waiting: Arc<Waiting>,
    /// The last entry that a durable checkpoint covers; 0 before the first.
    covered: watch::Receiver<u64>,
}

/// openraft's reader of the log.
#[derive(Clone)]
pub(crate) struct EntryReader {
    reader: LogReader,
}

impl LogStore {
    pub fn new(
        node: u64,
        reader: LogReader,
        orders: mpsc::Sender<Order>,
        waiting: Arc<Waiting>,
        covered: watch::Receiver<u64>,
    ) -> Self {
        Self { node, reader, orders, waiting, covered }
    }

    async fn order(&self, order: impl FnOnce(Done) -> Order) -> Result<(), RaftStorageError> {
        let (done, answer) = oneshot::channel();
        self.send(order(done)).await?;
        match answer.await {
            Ok(result) => result.map_err(write_error),
            Err(_) => Err(write_error("the log's writer has ended")),
        }
    }

    async fn send(&self, order: Order) -> Result<(), RaftStorageError> {
        self.orders.send(order).await.map_err(|_| write_error("the log's writer has ended"))
    }
}

impl EntryReader {
    pub const fn new(reader: LogReader) -> Self {
        Self { reader }
    }

    /// Entries of the range from its start on, within about so many bytes; none if the start is
    /// no longer there, or not yet.
    fn read(&self, start: u64, end: u64, bytes_max: u64) -> Result<Vec<Entry>, String> {
        if start >= end {
            return Ok(Vec::new());
        }
        let entries = self.reader.read(start..end, bytes_max).map_err(|error| error.to_string())?;
        if entries.first().is_some_and(|first| first.index != start) {
            return Ok(Vec::new());
        }
        entries.into_iter().map(|stored| decode(stored.index, stored.payload)).collect()
    }
}

/// An entry's bytes in the log.
fn encode(entry: &Entry) -> Payload {
    Payload::from(EntryWord::from(entry).encode_to_vec())
}

fn decode(index: u64, payload: Payload) -> Result<Entry, String> {
    let word = EntryWord::decode(Bytes::from_owner(payload));
    let entry = word.map_err(|error| error.to_string())?.entry();
    match entry {
        Some(entry) if entry.log_id.index == index => Ok(entry),
        _ => Err(format!("entry {index} of the log does not say that it is it")),
    }
}

/// A mark's bytes in the log.
fn mark(log_id: &LogId) -> Payload {
    Payload::from(LogIdWord::from(*log_id).encode_to_vec())
}

fn read_mark(bytes: &[u8]) -> Result<LogId, String> {
    LogIdWord::decode(bytes).map(Into::into).map_err(|error| error.to_string())
}

impl RaftLogReader<Types> for EntryReader {
    async fn try_get_log_entries<R: RangeBounds<u64> + Clone + Debug + Send>(
        &mut self,
        range: R,
    ) -> Result<Vec<Entry>, RaftStorageError> {
        let start = match range.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(start) => start + 1,
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(end) => end + 1,
            Bound::Excluded(end) => *end,
            Bound::Unbounded => u64::MAX,
        };
        // openraft asks for 64 entries at a time, or for what it is about to apply, and needs all.
        self.read(start, end, u64::MAX).map_err(read_error)
    }

    async fn limited_get_log_entries(
        &mut self,
        start: u64,
        end: u64,
    ) -> Result<Vec<Entry>, RaftStorageError> {
        self.read(start, end, APPEND_BYTES_MAX).map_err(read_error)
    }
}

impl RaftLogReader<Types> for LogStore {
    async fn try_get_log_entries<R: RangeBounds<u64> + Clone + Debug + Send>(
        &mut self,
        range: R,
    ) -> Result<Vec<Entry>, RaftStorageError> {
        EntryReader::new(self.reader.clone()).try_get_log_entries(range).await
    }
}

impl RaftLogStorage<Types> for LogStore {
    type LogReader = EntryReader;

    async fn get_log_state(&mut self) -> Result<LogState<Types>, RaftStorageError> {
        let state = self.reader.state();
        let purged = state.purge.map(|(_, mark)| read_mark(&mark)).transpose();
        let purged = purged.map_err(read_error)?;
        let last = match state.last {
            None => purged,
            Some(last) => {
                let entries = EntryReader::new(self.reader.clone()).read(last, last + 1, u64::MAX);
                let entries = entries.map_err(read_error)?;
                entries.first().map(|entry| entry.log_id)
            }
        };
        Ok(LogState { last_purged_log_id: purged, last_log_id: last })
    }

    async fn get_log_reader(&mut self) -> EntryReader {
        EntryReader::new(self.reader.clone())
    }

    async fn save_vote(&mut self, vote: &Vote) -> Result<(), RaftStorageError> {
        let bytes = Payload::from(VoteWord::from(*vote).encode_to_vec());
        self.order(|done| Order::Vote(bytes, done)).await
    }

    async fn read_vote(&mut self) -> Result<Option<Vote>, RaftStorageError> {
        let Some(bytes) = self.reader.state().vote else {
            return Ok(None);
        };
        let mut word = VoteWord::decode(&bytes[..]).map_err(read_error)?;
        // Guard G1. openraft reads the vote once, when it starts.
        if word.node == self.node {
            word.committed = false;
        }
        Ok(Some(word.into()))
    }

    async fn save_committed(&mut self, committed: Option<LogId>) -> Result<(), RaftStorageError> {
        match committed {
            Some(committed) => self.send(Order::Committed(mark(&committed))).await,
            None => Ok(()),
        }
    }

    async fn read_committed(&mut self) -> Result<Option<LogId>, RaftStorageError> {
        self.reader.state().committed.map(|mark| read_mark(&mark)).transpose().map_err(read_error)
    }

    async fn append<I>(
        &mut self,
        entries: I,
        flushed: LogFlushed<Types>,
    ) -> Result<(), RaftStorageError>
    where
        I: IntoIterator<Item = Entry> + Send,
        I::IntoIter: Send,
    {
        let mut first = None;
        let mut payloads = Vec::new();
        for entry in entries {
            first = first.or(Some(entry.log_id.index));
            if let EntryPayload::Normal(proposal) = &entry.payload {
                self.waiting.placed(proposal.ticket, &entry.log_id);
            }
            payloads.push(encode(&entry));
        }
        let Some(first) = first else {
            flushed.log_io_completed(Ok(()));
            return Ok(());
        };
        self.send(Order::Append { first, entries: payloads, flushed }).await
    }

    async fn truncate(&mut self, since: LogId) -> Result<(), RaftStorageError> {
        self.order(|done| Order::Truncate(since.index, done)).await?;
        self.waiting.truncated(since.index);
        Ok(())
    }

    async fn purge(&mut self, upto: LogId) -> Result<(), RaftStorageError> {
        // Guard G2. The checkpoint is being installed or is complete by now, on another task.
        let covers = self.covered.wait_for(|covered| *covered >= upto.index).await;
        covers.map_err(|_| write_error("the checkpoint that covers the purge never came"))?;
        let bytes = mark(&upto);
        self.order(|done| Order::Purge(upto.index, bytes, done)).await
    }
}

#[cfg(test)]
#[path = "log_test.rs"]
mod log_test;
