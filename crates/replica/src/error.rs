//! What can go wrong, one list per operation, each saying what the caller may do.

use crate::member::{Member, NodeId};
use ledger::words::Revision;
use std::time::Duration;

/// Why a replica did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Something on disk cannot be used.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The newest checkpoint does not give back a ledger.
    #[error("checkpoint {number} cannot be restored: {reason}")]
    Checkpoint {
        /// Its number among this node's.
        number: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The settings contradict themselves.
    #[error("the settings contradict themselves: {reason}")]
    Settings {
        /// How.
        reason: String,
    },
    /// Agreement could not begin from what is on disk.
    #[error("agreement cannot begin from what is on disk: {reason}")]
    Agreement {
        /// What it said.
        reason: String,
    },
}

/// Why commands have no outcome that could be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposeError {
    /// No leader with a quorum could be reached. Nothing was carried out.
    #[error("there is no quorum; try again in {retry_after:?}")]
    NoQuorum {
        /// When to try again.
        retry_after: Duration,
    },
    /// This node has not begun, or belongs to no cluster yet. Nothing was carried out.
    #[error("this node is in no cluster yet: initialize it or let it join")]
    NotReady,
    /// The deadline passed while the commands were under way: they may or may not be carried out.
    #[error("the outcome was not known in time: ask what became of the request by its id")]
    OutcomeUnknown,
    /// More is waiting than this node takes. Nothing was carried out.
    #[error("too much is waiting; try again in {retry_after:?}")]
    Overloaded {
        /// When to try again.
        retry_after: Duration,
    },
    /// The disk is nearly full. Nothing was carried out.
    #[error("the disk of the leader or of this node is nearly full: free space on it")]
    Full,
    /// The call has no commands, or more than it may.
    #[error("{given} commands of {bytes} bytes in one call; 1 to {bound} and {bytes_bound}: split")]
    Size {
        /// Commands given.
        given: usize,
        /// The most there may be.
        bound: usize,
        /// Their bytes.
        bytes: usize,
        /// The most there may be.
        bytes_bound: usize,
    },
    /// Nodes disagree and no majority is known: nothing is taken until operators have looked.
    #[error("nodes disagree about the state and there is no majority: ask the operators")]
    Diverged,
    /// This node is stopping. Nothing was carried out.
    #[error("this node is stopping: ask another one")]
    Stopping,
}

/// Why there is no view as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No leader could confirm that it still leads.
    #[error("there is no quorum; try again in {retry_after:?}, or read at bounded staleness")]
    NoQuorum {
        /// When to try again.
        retry_after: Duration,
    },
    /// The revision had not come here in time.
    #[error("revision {wanted} has not come here in time; {newest} is the newest")]
    NotYet {
        /// The revision asked for.
        wanted: Revision,
        /// The newest one here.
        newest: Revision,
    },
    /// What is here may be older than was allowed.
    #[error("what is here may be {age:?} old, more than {age_max:?}")]
    TooOld {
        /// How old; the longest there is when no leader was ever heard.
        age: Duration,
        /// How old it may be.
        age_max: Duration,
    },
}

/// Why a watch does not begin or does not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WatchError {
    /// What happened after the revision is no longer here.
    #[error("events are kept from revision {first} on: read the state, then watch from there")]
    Compacted {
        /// The first revision whose events are here.
        first: Revision,
    },
    /// The revision has not come here yet.
    #[error("revision {newest} is the newest here: ask another node or wait")]
    Ahead {
        /// The newest one here.
        newest: Revision,
    },
    /// The reader was too slow; it may resume after this revision.
    #[error("the reader was too slow: resume after revision {resume}")]
    Slow {
        /// Where to resume.
        resume: Revision,
    },
    /// There are as many watchers as this node takes.
    #[error("there are too many watchers here: ask another node")]
    TooMany,
    /// This node is stopping.
    #[error("this node is stopping: resume at another one")]
    Stopping,
}

/// Why the membership stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MembershipError {
    /// This cluster has begun already.
    #[error("this cluster has begun already: let the node join instead")]
    Initialized,
    /// No leader with a quorum could be reached.
    #[error("there is no quorum; try again in {retry_after:?}")]
    NoQuorum {
        /// When to try again.
        retry_after: Duration,
    },
    /// Another node has this id or this address.
    #[error("node {} at {} is a member already", existing.id, existing.address)]
    Duplicate {
        /// The member that has it.
        existing: Member,
    },
    /// No such member.
    #[error("node {id} is no member")]
    Unknown {
        /// The id asked for.
        id: NodeId,
    },
    /// The node did not answer.
    #[error("node {id} does not answer: {reason}")]
    Unreachable {
        /// Which node.
        id: NodeId,
        /// What the network said.
        reason: String,
    },
    /// The node at this address says it is another one.
    #[error("the node at this address is {found}, not {expected}")]
    OtherNode {
        /// The id asked for.
        expected: NodeId,
        /// The id it has.
        found: NodeId,
    },
    /// The node belongs to another cluster.
    #[error("node {id} belongs to another cluster: give it an empty directory and a new id")]
    OtherCluster {
        /// Which node.
        id: NodeId,
    },
    /// The node has another configuration.
    #[error("node {id} has another cluster configuration: make the files equal")]
    OtherFingerprint {
        /// Which node.
        id: NodeId,
    },
    /// A list of members that cannot be: none, too many, or without this node.
    #[error("these members cannot begin a cluster: {reason}")]
    Members {
        /// What is wrong.
        reason: String,
    },
    /// Another change is under way, or this one did not end in time. It may be asked again.
    #[error("the change is not complete ({reason}): ask again, it resumes where it is")]
    Incomplete {
        /// How far it came.
        reason: String,
    },
    /// This node is stopping.
    #[error("this node is stopping: ask another one")]
    Stopping,
}

/// Why an incoming peer call has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// The caller belongs to another cluster.
    #[error("the caller belongs to another cluster")]
    OtherCluster,
    /// The caller has another configuration.
    #[error("the caller has another cluster configuration")]
    OtherFingerprint,
    /// The call is meant for data that this node does not have.
    #[error("this node does not have the data that it is known by")]
    OtherStore,
    /// The bytes are no such call.
    #[error("the call cannot be read: {reason}")]
    Malformed {
        /// What is wrong with them.
        reason: String,
    },
    /// This node cannot take it now.
    #[error("not now: {reason}")]
    Unavailable {
        /// Why.
        reason: String,
    },
    /// This node is stopping.
    #[error("this node is stopping")]
    Stopping,
}

/// Why there is no new checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Agreement has stopped.
    #[error("this node is stopping")]
    Stopping,
    /// It did not end in time.
    #[error("the checkpoint was not complete in time; it goes on")]
    Late,
}
