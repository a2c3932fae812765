//! Bytes on disk: raft log, checkpoints, journal and the rebuildable index.
//!
//! Synchronous, and knowing bytes, indices and revisions only. Enter at [`disk`] (the one door
//! to files, with a real and a faulty house), then [`log`], [`journal`], [`checkpoint`],
//! [`index`] and [`identity`].
//!
//! # Invariants
//! - What a `sync` confirmed survives any later loss of power, also one during recovery.
//! - A purge mark is durable before any purged byte leaves, and purged entries stay unseen.
//! - A checkpoint has its name only once every chunk it refers to is durable.
//! - Damage to durable bytes is an explicit error wherever a later byte proves it; only the
//!   unproven end of a last segment is cut off.
//! - After a failed sync a structure refuses all further work.
//! - Memory is bounded by [`limits`].
//!
//! Damage to the very last synced group of a stream, with nothing written after it, cannot be
//! told from a write that the power interrupted.
//!
//! # Absent
//! Clocks, threads, randomness, consensus, and any idea of what the bytes mean.

pub mod checkpoint;
pub mod disk;
pub mod identity;
pub mod index;
pub mod journal;
pub mod limits;
pub mod log;

mod error;
mod random;
mod segments;

pub use error::{InstallError, StoreError};
