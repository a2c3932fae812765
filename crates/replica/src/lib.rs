//! Agreement: stamps time, groups commands, replicates them with openraft and publishes the view.
//!
//! Enter at [`Replica`]: [`Replica::start`] with [`Settings`] (data) and [`Parts`] (clock, disk,
//! network, threads), then [`Replica::propose`], [`Replica::read`], [`Replica::watch`].
//! Inside, follow a command: `proposer` groups and stamps, `raft::log` makes it durable,
//! `raft::machine` applies, `published` shows.
//!
//! Invariants: a group is acknowledged only once a quorum has synced it (`raft::writer`); a
//! command with an id is carried out once, whatever is retried (`submission`, `raft::waiting`, the
//! ledger); moments never go back nor run ahead of a quorum's clocks (`stamp`); the log is purged
//! only below a durable checkpoint (`raft::log`); equal revision, equal digest, or the minority
//! stops (`digests`); everything that waits is bounded (`limits`).
//!
//! Absent: sled, tonic, time zones, and any type of openraft in what is public.

pub mod checkpoint;
pub mod codec;
pub mod history;
pub mod limits;
pub mod messages;

mod answer;
mod background;
mod clocks;
mod copy;
mod core;
mod digests;
mod envelope;
mod error;
#[cfg(test)]
mod fixture;
mod forward;
mod gate;
mod handover;
mod hello;
mod incoming;
mod inner;
mod journal;
mod keeper;
mod member;
mod membership;
mod open;
mod parts;
mod past;
mod peers;
mod proposer;
mod published;
mod pulse;
mod raft;
mod read;
mod replica;
mod ring;
mod runtime;
mod settings;
mod soundness;
mod stamp;
mod start;
mod status;
mod submission;
mod watch;

pub use background::{Announcements, Background, Job, Tasks, Threads};
pub use copy::CheckpointCopy;
pub use error::{
    CheckpointError, MembershipError, PeerError, ProposeError, ReadError, StartError, WatchError,
};
pub use member::{Member, NodeId, Pact};
pub use parts::{Clock, Fatal, Network, Parts, PeerCall, SystemClock, Unreachable};
pub use read::Consistency;
pub use replica::Replica;
pub use ring::Happenings;
pub use runtime::{House, Instant};
pub use settings::{CheckpointPolicy, Election, RingBounds, Settings};
pub use soundness::Soundness;
pub use status::{LogStatus, MemberStatus, Role, Status};
pub use watch::Watch;
