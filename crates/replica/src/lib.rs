//! Agreement: stamps time, groups commands, replicates them with openraft and publishes the view.

pub mod codec;
pub mod messages;

mod answer;
mod background;
mod checkpoint;
mod clocks;
mod digests;
mod envelope;
mod error;
mod forward;
mod handover;
mod hello;
mod incoming;
mod journal;
mod keeper;
pub mod limits;
mod member;
mod membership;
mod parts;
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
mod stamp;
mod start;
mod state;
mod status;
mod submission;
mod vault;
mod waiting;
mod watch;

pub use background::{Announcements, Background, Job, Tasks, Threads};
pub use error::{
    CheckpointError, MembershipError, PeerError, ProposeError, ReadError, StartError, WatchError,
};
pub use member::{Member, NodeId, Pact};
pub use parts::{Clock, Fatal, Network, Parts, PeerCall, SystemClock, Unreachable};
pub use read::Consistency;
pub use replica::Replica;
pub use ring::Happenings;
pub use runtime::Instant;
pub use settings::{CheckpointPolicy, Election, RingBounds, Settings};
pub use status::{LogStatus, MemberStatus, Role, Status};
pub use watch::Watch;
