//! What a replica is given to reach the world: clock, disk, network, threads, and a way to end.

use crate::background::{Background, Threads};
use crate::history::IndexRoom;
use crate::member::{Member, NodeId};
use crate::runtime::Instant;
use async_trait::async_trait;
use bytes::Bytes;
use ledger::words::Moment;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::StoreError;

/// A replica's components. The simulator gives others than the binary does.
pub struct Parts {
    /// Where log, journal and checkpoints lie.
    pub disk: Arc<dyn store::disk::Disk>,
    /// Where the history lies; it can be rebuilt from the journal.
    pub index: Box<dyn IndexRoom>,
    /// How peers are reached.
    pub network: Arc<dyn Network>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where blocking work runs.
    pub background: Arc<dyn Background>,
    /// Called once when this node must not go on. The binary ends its process at once and its
    /// supervisor starts it again; a node that lived on would be a zombie.
    pub fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
}

impl Parts {
    /// Parts with real time and real threads.
    #[must_use]
    pub fn new(
        disk: Arc<dyn store::disk::Disk>,
        index: Box<dyn IndexRoom>,
        network: Arc<dyn Network>,
        fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
    ) -> Self {
        let clock = Arc::new(SystemClock::default());
        Self { disk, index, network, clock, background: Arc::new(Threads), fatal }
    }
}

/// Why a node must not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fatal {
    /// The disk refused or lost something.
    #[error("the disk failed: {reason}")]
    Disk {
        /// What it said.
        reason: String,
    },
    /// What is on the disk is not what was written. Another node serves what this one cannot.
    #[error("the disk holds something else than was written: {reason}")]
    Damaged {
        /// What was found, and where.
        reason: String,
    },
    /// This node's state is not that of the majority.
    #[error(
        "at revision {revision} this node's state differs from the majority's: \
         keep its directory for examination and rejoin under a new id"
    )]
    Diverged {
        /// Where it was seen.
        revision: u64,
    },
    /// The cluster knows this node by data that are gone: its votes are lost, and it must not vote
    /// again under its id.
    #[error(
        "node {node} lost its disk: its cluster knows it by other data; \
         rejoin under a new id with `cupo cluster replace`"
    )]
    Lost {
        /// Its number.
        node: NodeId,
    },
    /// An assertion failed while a command was applied, or an entry could not be read.
    #[error("entry {index} could not be applied: {reason}")]
    Apply {
        /// The entry in the log.
        index: u64,
        /// What failed.
        reason: String,
    },
    /// Agreement stopped by itself.
    #[error("agreement stopped: {reason}; the process must be started again")]
    Agreement {
        /// What it said.
        reason: String,
    },
}

impl Fatal {
    /// Whether a node must not go on after what it met when it read from its disk.
    pub(crate) fn of_reading(error: &StoreError) -> Option<Self> {
        let damaged = matches!(error, StoreError::Damaged { .. });
        damaged.then(|| Self::Damaged { reason: error.to_string() })
    }
}

/// Tells the time. Only stamps and their guards look at it.
pub trait Clock: Send + Sync {
    /// What this node believes the time is; it may jump.
    fn now(&self) -> Moment;

    /// Time since some fixed point; it never jumps and never goes back.
    fn monotonic(&self) -> Duration;
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { start: std::time::Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment::from_micros(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }
}

/// What one node asks of another. Numbers are part of the wire's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u32)]
pub enum PeerCall {
    /// Who are you; asked before a node is let in.
    Hello = 1,
    /// A candidate asks for a vote.
    Vote = 2,
    /// A leader sends entries or a heartbeat.
    Append = 3,
    /// A leader offers a checkpoint.
    Offer = 4,
    /// A leader sends one chunk of it.
    Chunk = 5,
    /// A leader asks to install what was offered.
    Install = 6,
    /// A node asks for a page of the journal.
    Journal = 7,
    /// A follower forwards commands.
    Forward = 8,
    /// A follower asks up to where it must have applied to read the truth.
    ReadIndex = 9,
    /// Clocks, digests and revisions.
    Pulse = 10,
    /// A leader that goes asks another node to stand for election.
    Elect = 11,
    /// A node asks the leader to change the membership.
    Membership = 12,
}

impl PeerCall {
    /// All calls, in the order of their numbers.
    pub const ALL: [Self; 12] = [
        Self::Hello,
        Self::Vote,
        Self::Append,
        Self::Offer,
        Self::Chunk,
        Self::Install,
        Self::Journal,
        Self::Forward,
        Self::ReadIndex,
        Self::Pulse,
        Self::Elect,
        Self::Membership,
    ];

    /// Whether it takes part in agreement, where only the data that a member came with may answer.
    #[must_use]
    pub const fn is_of_agreement(self) -> bool {
        matches!(self, Self::Vote | Self::Append | Self::Offer | Self::Chunk | Self::Install)
    }

    /// The call's number on the wire.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The call of this number, if there is one.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.number() == number)
    }
}

/// Carries calls between nodes. Every call honours its deadline, whatever the peer does.
#[async_trait]
pub trait Network: Send + Sync {
    /// Calls `to` and waits for its answer until then.
    ///
    /// # Errors
    /// When there is no answer; the error says whether the call may have arrived.
    async fn call(
        &self,
        to: &Member,
        call: PeerCall,
        body: Bytes,
        until: Instant,
    ) -> Result<Bytes, Unreachable>;
}

/// A peer that did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// The call never left, or was refused before anything happened.
    #[error("not reached: {reason}")]
    NotSent {
        /// Why.
        reason: String,
    },
    /// The call may have arrived, and what became of it is unknown.
    #[error("no answer: {reason}")]
    Unknown {
        /// Why.
        reason: String,
    },
}
