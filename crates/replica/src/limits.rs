//! Every bound of agreement, with its reason. A bound met is a clear refusal, never a crash.

use std::time::Duration;

/// Commands of one call. The largest bulk request anybody measures us by has 8,189.
pub const CALL_COMMANDS_MAX: usize = 8_192;

/// Encoded bytes of one call: the largest call at a generous 512 bytes per command.
pub const CALL_BYTES_MAX: usize = 4 << 20;

/// Commands of one group, unless a single call is larger: a group is applied without a pause, at
/// about a microsecond per command, and nobody else should wait longer than a few milliseconds.
pub const GROUP_COMMANDS_MAX: usize = 8_192;

/// Encoded bytes of one group, unless a single call is larger.
pub const GROUP_BYTES_MAX: usize = 2 << 20;

/// Groups of the leader whose outcome is awaited. While the first is replicated the second is
/// synced at home; a third keeps the pipeline full when answers are late.
pub const GROUPS_IN_FLIGHT_MAX: usize = 3;

/// Commands of a group that leaves while others are under way. openraft 0.9 has one append under
/// way to each follower, so that a smaller group would only wait there, at the price of a sync.
pub const GROUP_BESIDE_COMMANDS_MIN: usize = 512;

/// Turns given to those who are ready before a first group leaves; it ends with the first turn
/// that brings nothing.
pub const GATHER_TURNS_MAX: usize = 16;

/// Forwarded groups whose answer is awaited: the leader has its own grouping behind them.
pub const FORWARDS_IN_FLIGHT_MAX: usize = 8;

/// Commands waiting on one node: two seconds of full load. Beyond it callers are told to wait.
pub const QUEUE_COMMANDS_MAX: usize = 262_144;

/// Bytes waiting on one node.
pub const QUEUE_BYTES_MAX: usize = 64 << 20;

/// Bytes of entries in one append to a follower: it must arrive within a heartbeat.
pub const APPEND_BYTES_MAX: u64 = 4 << 20;

/// Entries in one append to a follower.
pub const APPEND_ENTRIES_MAX: u64 = 64;

/// Bytes of a peer call or its answer: the largest entry, chunk or page of the journal, and what
/// wraps it.
pub const PEER_BODY_BYTES_MAX: usize = 24 << 20;

/// Bytes of one page of the journal sent to a joining node, unless one batch is larger.
pub const JOURNAL_PAGE_BYTES: usize = 1 << 20;

/// Batches of events on their way to the journal's file. Beyond it applying waits for the disk.
pub const JOURNAL_QUEUE_MAX: usize = 4_096;

/// Orders on their way to the log's file. openraft has few of them open at a time.
pub const LOG_QUEUE_MAX: usize = 4_096;

/// Revisions between two digests that are compared among nodes.
pub const DIGEST_INTERVAL: u64 = 256;

/// Digests that are remembered: some seconds of full load, so that a node that is a little behind
/// still finds what the others said.
pub const DIGESTS_MAX: usize = 1_024;

/// Digests sent with one pulse, the newest.
pub const DIGESTS_PER_PULSE_MAX: usize = 64;

/// How far a stamp may run ahead of elapsed time and of a quorum's clocks.
pub const CLOCK_AHEAD_MAX: Duration = Duration::from_secs(1);

/// A node whose clock is further than this from the middle of all clocks refuses to lead.
pub const CLOCK_OFF_MAX: Duration = Duration::from_millis(500);

/// What one node knows of another's clock is not used after this time.
pub const CLOCK_SAMPLE_AGE_MAX: Duration = Duration::from_secs(10);

/// The shortest time between two empty passings of time, so that an entry in flight is not
/// followed by a second one for the same deadline.
pub const TICK_INTERVAL_MIN: Duration = Duration::from_millis(20);

/// How long a node waits before it asks a leader again that did not take a group.
pub const RETRY_PAUSE: Duration = Duration::from_millis(20);

/// How long callers are told to wait when there is no quorum: an election's time.
pub const NO_QUORUM_RETRY: Duration = Duration::from_secs(1);

/// How long callers are told to wait when the queue is full: the time to empty it.
pub const OVERLOADED_RETRY: Duration = Duration::from_millis(500);

/// Free bytes on the disk below which nothing more is taken: the log's segment in use, a
/// checkpoint's pack and the journal still fit, and so does the last segment of each when a node
/// starts and writes it once more.
pub const FREE_BYTES_MIN: u64 = 128 << 20;

/// How often the disk's free space is looked at.
pub const FREE_BYTES_INTERVAL: Duration = Duration::from_millis(500);

/// How often marks that ride along with the next sync get one of their own when nothing else
/// comes.
pub const LOG_TIDY_INTERVAL: Duration = Duration::from_millis(50);

/// How often the journal is synced. Nothing depends on it but readers of old revisions: a restart
/// writes it anew from checkpoint and log.
pub const JOURNAL_SYNC_INTERVAL: Duration = Duration::from_millis(500);

/// Members of a cluster, voters and learners.
pub const MEMBERS_MAX: usize = 32;

/// Bytes of a member's address.
pub const ADDRESS_BYTES_MAX: usize = 256;

/// Entries by which a learner may be behind and still become a voter.
pub const CAUGHT_UP_ENTRIES: u64 = 64;

/// Watchers of one node.
pub const WATCHERS_MAX: usize = 4_096;

const _: () = {
    assert!(CALL_COMMANDS_MAX <= ledger::limits::COMMANDS_PER_ENTRY_MAX);
    assert!(GROUP_COMMANDS_MAX + CALL_COMMANDS_MAX <= ledger::limits::COMMANDS_PER_ENTRY_MAX);
    assert!(GROUP_COMMANDS_MAX <= QUEUE_COMMANDS_MAX);
    assert!(CALL_BYTES_MAX <= QUEUE_BYTES_MAX);
    // A single large call travels as one entry, wrapped a few times.
    assert!(CALL_BYTES_MAX + GROUP_BYTES_MAX + (1 << 20) <= PEER_BODY_BYTES_MAX);
    assert!(JOURNAL_PAGE_BYTES < PEER_BODY_BYTES_MAX);
    assert!(APPEND_BYTES_MAX as usize + CALL_BYTES_MAX < PEER_BODY_BYTES_MAX);
    assert!(DIGESTS_PER_PULSE_MAX <= DIGESTS_MAX);
};
