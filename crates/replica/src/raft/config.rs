//! The types openraft works with here, and its settings.

use crate::limits::APPEND_ENTRIES_MAX;
use crate::raft::snapshot::SnapshotHandle;
use crate::runtime::Runtime;
use crate::settings::Settings;
use bytes::Bytes;
use openraft::{AnyError, SnapshotPolicy, StorageError, StorageIOError};
use std::fmt;
use std::sync::Arc;

/// openraft's types of this crate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Types;

impl openraft::RaftTypeConfig for Types {
    type D = Proposal;
    type R = ();
    type NodeId = u64;
    type Node = Node;
    type Entry = openraft::Entry<Self>;
    type SnapshotData = SnapshotHandle;
    type AsyncRuntime = Runtime;
    type Responder = openraft::impls::OneshotResponder<Self>;
}

pub(crate) type Raft = openraft::Raft<Types>;
pub(crate) type Entry = openraft::Entry<Types>;
pub(crate) type LogId = openraft::LogId<u64>;
pub(crate) type Vote = openraft::Vote<u64>;
pub(crate) type StoredMembership = openraft::StoredMembership<u64, Node>;
pub(crate) type Metrics = openraft::RaftMetrics<u64, Node>;
pub(crate) type RaftStorageError = StorageError<u64>;

/// A member as the membership records it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    /// Where its peers reach it.
    pub address: String,
    /// The data it was let in with: who has others under its id has lost them, and what it voted.
    pub store: u128,
}

/// One group of commands on its way into the log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Proposal {
    /// The encoded entry.
    pub entry: Bytes,
    /// Whose group it is, on the node that proposed it; 0 everywhere else. It never leaves the
    /// process, and tells the one who applies the entry who is waiting for it.
    pub ticket: u64,
}

impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.entry.len())
    }
}

/// openraft's settings.
///
/// # Errors
/// What contradicts itself.
pub(crate) fn config(settings: &Settings) -> Result<Arc<openraft::Config>, String> {
    let election = settings.election;
    let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let config = openraft::Config {
        cluster_name: format!("{:032x}", settings.pact.cluster),
        heartbeat_interval: millis(election.heartbeat),
        election_timeout_min: millis(election.wait_min),
        election_timeout_max: millis(election.wait_max),
        max_payload_entries: APPEND_ENTRIES_MAX,
        // Checkpoints are asked for by bytes and entries, see `machine`; openraft then purges.
        snapshot_policy: SnapshotPolicy::Never,
        max_in_snapshot_log_to_keep: settings.checkpoint.entries_kept,
        // A follower behind the log is told by the log itself that it needs a checkpoint.
        replication_lag_threshold: u64::MAX,
        ..openraft::Config::default()
    };
    config.validate().map(Arc::new).map_err(|error| error.to_string())
}

/// A failed write of the log, in openraft's words.
pub(crate) fn write_error(error: impl fmt::Display) -> RaftStorageError {
    StorageIOError::write_logs(AnyError::error(error.to_string())).into()
}

/// A failed read of the log, in openraft's words.
pub(crate) fn read_error(error: impl fmt::Display) -> RaftStorageError {
    StorageIOError::read_logs(AnyError::error(error.to_string())).into()
}

/// A failure of the state machine, in openraft's words.
pub(crate) fn machine_error(error: impl fmt::Display) -> RaftStorageError {
    StorageIOError::write_state_machine(AnyError::error(error.to_string())).into()
}
