//! What a replica may be told to do differently: data only. Components are [`crate::Parts`].

use crate::member::{NodeId, Pact};
use std::time::Duration;

/// A replica's settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// This node.
    pub node: NodeId,
    /// This very set of data: a random number, never 0, that lies with them and so is another one
    /// once they were lost. Members know each other by it.
    pub store: u128,
    /// What is equal on all nodes.
    pub pact: Pact,
    /// The incarnation an empty ledger begins with; equal on all nodes.
    pub incarnation: u64,
    /// When leaders are doubted and replaced.
    pub election: Election,
    /// When a checkpoint is taken.
    pub checkpoint: CheckpointPolicy,
    /// How much of the recent past watchers find in memory.
    pub ring: RingBounds,
    /// How often nodes tell each other their clocks, digests and revisions.
    pub pulse_interval: Duration,
    /// The size at which a segment of the log or the journal is followed by another, in bytes.
    pub segment_bytes: u64,
    /// Free bytes on the disk below which nothing more is taken.
    pub free_bytes_min: u64,
    /// Events per second that the history takes in at most, so that it starves nobody.
    pub history_events_per_second: u32,
}

/// When leaders are doubted and replaced. A leader is not replaced before `lease` has passed since
/// its last word, then one follower stands for election within `spread`.
#[derive(Clone, Copy, Debug)]
pub struct Election {
    /// How often a leader says that it is there; also how long one append may take.
    pub heartbeat: Duration,
    /// The shortest time a follower waits after the lease.
    pub wait_min: Duration,
    /// The longest one, which is also the lease.
    pub wait_max: Duration,
}

/// When a checkpoint is taken: whichever comes first.
#[derive(Clone, Copy, Debug)]
pub struct CheckpointPolicy {
    /// After this many bytes of log.
    pub log_bytes: u64,
    /// After this many entries of log.
    pub log_entries: u64,
    /// But not sooner than this after the last one.
    pub interval_min: Duration,
    /// Entries that stay in the log after a checkpoint, for followers that are a little behind.
    pub entries_kept: u64,
}

/// How much of the recent past is kept in memory.
#[derive(Clone, Copy, Debug)]
pub struct RingBounds {
    /// Events.
    pub events: usize,
    /// Bytes of them as they are encoded in the journal.
    pub bytes: usize,
}

impl Settings {
    /// Settings that suit a node of a small machine; the caller names what has no default.
    #[must_use]
    pub fn new(node: NodeId, pact: Pact, incarnation: u64, store: u128) -> Self {
        Self {
            node,
            store,
            pact,
            incarnation,
            election: Election::default(),
            checkpoint: CheckpointPolicy::default(),
            ring: RingBounds::default(),
            pulse_interval: Duration::from_millis(500),
            segment_bytes: 64 << 20,
            free_bytes_min: crate::limits::FREE_BYTES_MIN,
            history_events_per_second: 20_000,
        }
    }
}

impl Default for Election {
    /// A lost leader is healed in about 0.85 s: the lease of 400 ms, 300 ms to 400 ms until the
    /// first of the others stands, and openraft's clock, which ticks every 150 ms. Chosen by the
    /// curve that `simulations failover` prints: waits of 100 ms to 150 ms elect thousands of times
    /// an hour once one sync in a hundred stalls for 400 ms, and a lease of one second doubles the
    /// time in which nobody is booked.
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_millis(100),
            wait_min: Duration::from_millis(300),
            wait_max: Duration::from_millis(400),
        }
    }
}

impl Default for CheckpointPolicy {
    fn default() -> Self {
        Self {
            log_bytes: 128 << 20,
            log_entries: 200_000,
            interval_min: Duration::from_secs(10),
            entries_kept: 2_000,
        }
    }
}

impl Default for RingBounds {
    fn default() -> Self {
        Self { events: 262_144, bytes: 64 << 20 }
    }
}
