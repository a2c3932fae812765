//! Taking in a checkpoint from a leader: chunks, then the journal up to it, then its ledger; only
//! when all of that is here does agreement hear of it.

use crate::journal::{self, Page};
use crate::limits::{JOURNAL_PAGE_BYTES, PEER_BODY_BYTES_MAX};
use crate::member::Member;
use crate::parts::PeerCall;
use crate::peers::Peers;
use crate::raft::vault;
use crate::runtime;
use bytes::Bytes;
use ledger::Ledger;
use prost::Message;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::StoreError;
use store::checkpoint::Hash;
use store::journal::JournalReader;
use tokio::sync::{mpsc, oneshot};

/// Hashes named at a time.
const HASHES_MAX: usize = 4_096;
/// How long one page of the journal may take.
const STEP: Duration = Duration::from_secs(5);

/// The checkpoint being taken in, if one is.
#[derive(Clone)]
pub(crate) struct Incoming {
    vault: mpsc::Sender<vault::Order>,
    journal: mpsc::Sender<journal::Order>,
    reader: JournalReader,
    peers: Peers,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
enum State {
    #[default]
    Nothing,
    /// The rest of what belongs to this manifest is being fetched and restored.
    Preparing(Bytes),
    /// All is here.
    Ready(Bytes, Box<Ledger>),
    /// It could not be had, and the leader has not been told so yet.
    Failed(Bytes, String),
}

/// A page of the journal is asked for.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct AskJournalWord {
    /// What follows this revision.
    #[prost(uint64, tag = "1")]
    pub after: u64,
}

/// Batches of the journal in order.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct JournalWord {
    #[prost(message, repeated, tag = "1")]
    pub batches: Vec<BatchWord>,
}

/// The events of one entry.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct BatchWord {
    #[prost(uint64, tag = "1")]
    pub first: u64,
    #[prost(uint64, tag = "2")]
    pub last: u64,
    #[prost(bytes = "bytes", tag = "3")]
    pub payload: Bytes,
}

impl Incoming {
    pub fn new(
        vault: mpsc::Sender<vault::Order>,
        journal: mpsc::Sender<journal::Order>,
        reader: JournalReader,
        peers: Peers,
    ) -> Self {
        Self { vault, journal, reader, peers, state: Arc::default() }
    }

    /// Which chunks of the checkpoint of this manifest are still to be sent, some at a time.
    ///
    /// # Errors
    /// Why it cannot be taken in.
    pub async fn offer(&self, manifest: Bytes) -> Result<Vec<Hash>, String> {
        if self.is_known(&manifest) {
            return Ok(Vec::new());
        }
        let mut missing = self.ask(|reply| vault::Order::Begin(manifest, reply)).await?;
        missing.truncate(HASHES_MAX);
        Ok(missing)
    }

    /// Takes in a chunk.
    ///
    /// # Errors
    /// Why it is not one of those that are missing.
    pub async fn accept(&self, hash: Hash, bytes: Bytes) -> Result<(), String> {
        self.ask(|reply| vault::Order::Accept(hash, bytes, reply)).await
    }

    /// The checkpoint's ledger once all is here; until then it is being prepared.
    ///
    /// # Errors
    /// Why it could not be had: the leader begins anew with its offer.
    pub fn prepared(&self, manifest: &Bytes, from: &Member) -> Result<Option<Box<Ledger>>, String> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::take(&mut *state) {
            State::Ready(ready, ledger) if ready == manifest => return Ok(Some(ledger)),
            State::Failed(failed, reason) if failed == manifest => return Err(reason),
            State::Preparing(known) if known == manifest => *state = State::Preparing(known),
            _ => {
                *state = State::Preparing(manifest.clone());
                let (incoming, manifest, from) = (self.clone(), manifest.clone(), from.clone());
                runtime::spawn(async move { incoming.prepare(manifest, &from).await });
            }
        }
        Ok(None)
    }

    fn is_known(&self, manifest: &Bytes) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Nothing | State::Failed(..) => false,
            State::Preparing(known) | State::Ready(known, _) => known == manifest,
        }
    }

    async fn prepare(&self, manifest: Bytes, from: &Member) {
        let prepared = self.fetch(manifest.clone(), from).await;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Another leader's checkpoint may have taken its place meanwhile.
        if !matches!(&*state, State::Preparing(known) if *known == manifest) {
            return;
        }
        *state = match prepared {
            Ok(ledger) => State::Ready(manifest, ledger),
            Err(reason) => {
                tracing::warn!(%reason, "a checkpoint could not be taken in");
                State::Failed(manifest, reason)
            }
        };
    }

    /// Restores the ledger, then fetches the journal up to it: a node that may vote has it all.
    async fn fetch(&self, manifest: Bytes, from: &Member) -> Result<Box<Ledger>, String> {
        let ledger = self.ask(|reply| vault::Order::Restore(manifest, reply)).await?;
        let wanted = ledger.revision().0;
        loop {
            let (end, head) = self.sync_journal().await?;
            if end >= wanted {
                if end == wanted && head != ledger.journal().head {
                    return Err(String::from("the journal fetched is not the checkpoint's"));
                }
                return Ok(ledger);
            }
            self.fetch_page(end, from).await?;
        }
    }

    async fn fetch_page(&self, after: u64, from: &Member) -> Result<(), String> {
        let ask = AskJournalWord { after };
        let page: Result<JournalWord, _> =
            self.peers.call(from, PeerCall::Journal, &ask, STEP).await;
        let page = page.map_err(|error| error.to_string())?;
        if page.batches.first().is_none_or(|batch| batch.first != after + 1) {
            return Err(format!("the leader's journal has nothing right after revision {after}"));
        }
        let mut end = after;
        for batch in page.batches {
            if batch.first != end + 1 || batch.last < batch.first {
                return Err(format!("the leader's journal has a gap after revision {end}"));
            }
            end = batch.last;
            let page = Page { first: batch.first, last: batch.last, payload: batch.payload };
            let sent = self.journal.send(journal::Order::Append(page)).await;
            sent.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// A page of this node's journal, for another.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn page(&self, after: u64) -> Result<JournalWord, StoreError> {
        let mut batches = Vec::new();
        let mut bytes = 0;
        for batch in self.reader.read_from(after + 1) {
            let batch = batch?;
            if bytes + batch.payload.len() > PEER_BODY_BYTES_MAX / 2 && !batches.is_empty() {
                break;
            }
            bytes += batch.payload.len();
            let (first, last) = (batch.first, batch.last);
            batches.push(BatchWord { first, last, payload: Bytes::from_owner(batch.payload) });
            if bytes >= JOURNAL_PAGE_BYTES {
                break;
            }
        }
        Ok(JournalWord { batches })
    }

    async fn sync_journal(&self) -> Result<(u64, store::journal::Head), String> {
        let (done, answer) = oneshot::channel();
        let sent = self.journal.send(journal::Order::Sync(done)).await;
        sent.map_err(|error| error.to_string())?;
        answer.await.map_err(|error| error.to_string())?
    }

    async fn ask<T>(
        &self,
        order: impl FnOnce(vault::Reply<T>) -> vault::Order,
    ) -> Result<T, String> {
        let (reply, answer) = oneshot::channel();
        self.vault.send(order(reply)).await.map_err(|error| error.to_string())?;
        answer.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }
}
