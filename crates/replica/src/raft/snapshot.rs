//! Checkpoints in openraft's hands: built beside applying, offered to others, taken from others.

use crate::journal;
use crate::raft::config::{Node, RaftStorageError, StoredMembership, Types, machine_error};
use crate::raft::vault;
use crate::raft::words::PlaceWord;
use bytes::Bytes;
use ledger::Ledger;
use openraft::{RaftSnapshotBuilder, Snapshot, SnapshotMeta};
use prost::Message;
use std::sync::Arc;
use std::time::Duration;
use store::checkpoint::Checkpoint;
use tokio::sync::{mpsc, oneshot, watch};

pub(crate) type Meta = SnapshotMeta<u64, Node>;

/// A checkpoint as it passes through openraft.
#[derive(Debug)]
pub(crate) enum SnapshotHandle {
    /// One that is on this node's disk.
    Stored(Arc<Checkpoint>),
    /// One that has come from a peer: all chunks of this manifest are here, and the journal up to
    /// its ledger.
    Received(Bytes, Box<Ledger>),
    /// Nothing: openraft's own way of receiving is not used.
    Nothing,
}

/// What a checkpoint says beside its chunks.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct AboutWord {
    /// Where it stands in the log.
    #[prost(message, optional, tag = "1")]
    pub place: Option<PlaceWord>,
    /// The ledger's numbers that belong to no record.
    #[prost(bytes = "bytes", tag = "2")]
    pub ledger: Bytes,
}

impl AboutWord {
    /// What a checkpoint says of itself.
    pub fn of(checkpoint: &Checkpoint) -> Result<Self, String> {
        Self::decode(&checkpoint.meta[..]).map_err(|error| error.to_string())
    }

    /// Where it stands.
    pub fn meta(&self) -> Meta {
        self.place.clone().unwrap_or_default().into()
    }
}

/// Builds one checkpoint of a ledger that no longer changes.
pub(crate) struct Builder {
    pub ledger: Ledger,
    pub last_applied: Option<crate::raft::config::LogId>,
    pub membership: StoredMembership,
    pub journal: mpsc::Sender<journal::Order>,
    pub vault: mpsc::Sender<vault::Order>,
    pub covered: Arc<watch::Sender<u64>>,
}

/// How long a checkpoint that found no room on the disk waits before it tries again.
const FULL_PAUSE: Duration = Duration::from_secs(2);

impl RaftSnapshotBuilder<Types> for Builder {
    async fn build_snapshot(&mut self) -> Result<Snapshot<Types>, RaftStorageError> {
        self.sync_journal().await?;
        let meta = Meta {
            last_log_id: self.last_applied,
            last_membership: self.membership.clone(),
            snapshot_id: format!("{}-{:016x}", self.ledger.revision(), self.ledger.digest().0),
        };
        let checkpoint = loop {
            let (done, answer) = oneshot::channel();
            let order = vault::Order::Write(Box::new(self.ledger.clone()), (&meta).into(), done);
            self.vault.send(order).await.map_err(machine_error)?;
            match answer.await.map_err(machine_error)? {
                Ok(checkpoint) => break checkpoint,
                Err(vault::Failure::Full) => tokio::time::sleep(FULL_PAUSE).await,
                Err(vault::Failure::Other(reason)) => return Err(machine_error(reason)),
            }
        };
        let meta = AboutWord::of(&checkpoint).map_err(machine_error)?.meta();
        // Guard G2: only now may the log be purged up to here.
        let index = meta.last_log_id.map_or(0, |id| id.index);
        self.covered.send_if_modified(|covered| {
            let more = index > *covered;
            *covered = (*covered).max(index);
            more
        });
        let snapshot = Box::new(SnapshotHandle::Stored(checkpoint));
        Ok(Snapshot { meta, snapshot })
    }
}

impl Builder {
    /// What happened up to the checkpoint is durable before the checkpoint is: afterwards the log
    /// may be purged, and the journal could not be written anew.
    async fn sync_journal(&self) -> Result<(), RaftStorageError> {
        let (done, answer) = oneshot::channel();
        self.journal.send(journal::Order::Sync(done)).await.map_err(machine_error)?;
        let (revision, head) = answer.await.map_err(machine_error)?.map_err(machine_error)?;
        let expected = self.ledger.revision().0;
        assert!(revision >= expected, "the journal holds every entry that was applied");
        if revision == expected {
            assert!(head == self.ledger.journal().head, "the journal is the ledger's");
        }
        Ok(())
    }
}
