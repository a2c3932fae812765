//! How this node sees itself and its cluster.

use crate::member::{Member, NodeId};
use ledger::Digest;
use ledger::words::{Moment, Revision};
use std::fmt;
use std::time::Duration;

/// A node's standing at one instant.
#[derive(Clone, Debug)]
pub struct Status {
    /// This node.
    pub node: NodeId,
    /// What it is.
    pub role: Role,
    /// Who leads, as far as this node knows.
    pub leader: Option<Member>,
    /// The term of leadership.
    pub term: u64,
    /// All members.
    pub members: Vec<MemberStatus>,
    /// The last command applied here.
    pub revision: Revision,
    /// The moment of the last entry applied here.
    pub moment: Moment,
    /// The state's digest at that revision.
    pub digest: Digest,
    /// The log.
    pub log: LogStatus,
    /// Up to where the history has taken in what happened; none while it is not open.
    pub history: Option<Revision>,
    /// How long ago a quorum confirmed this leader, or a leader was heard whose word this node has
    /// caught up with; none when that never was.
    pub age: Option<Duration>,
    /// Commands waiting here.
    pub waiting: usize,
    /// Whether the disk has too little room to take commands.
    pub full: bool,
    /// Whether this node's clock is too far from the others' to lead.
    pub clock_off: bool,
    /// Whether nodes disagree about the state and no majority is known.
    pub diverged: bool,
}

/// What a node is in its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It leads.
    Leader,
    /// It votes and follows.
    Follower,
    /// It stands for election.
    Candidate,
    /// It follows and does not vote.
    Learner,
    /// It has stopped.
    Stopped,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Leader => "leader",
            Self::Follower => "follower",
            Self::Candidate => "candidate",
            Self::Learner => "learner",
            Self::Stopped => "stopped",
        })
    }
}

/// A member, as this node knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberStatus {
    /// Who it is.
    pub member: Member,
    /// Whether it votes.
    pub votes: bool,
    /// The last command it said it had applied; none when it has said nothing yet.
    pub revision: Option<Revision>,
    /// The last entry of the log that it holds, as a leader knows it.
    pub holds: Option<u64>,
}

/// The log's figures. Numbers are entries' indices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogStatus {
    /// The last entry.
    pub last: u64,
    /// The last entry applied.
    pub applied: u64,
    /// The last entry that the newest checkpoint covers; 0 before the first.
    pub covered: u64,
    /// The last entry that has left the log; 0 before the first.
    pub purged: u64,
}
