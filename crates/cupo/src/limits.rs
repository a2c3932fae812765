//! Every bound of the binary, with its reason.

use std::time::Duration;

/// Bytes of a cluster's name: it stands in prompts and log lines.
pub const CLUSTER_NAME_BYTES_MAX: usize = 32;

/// Members a cluster may begin with. More voters make every write slower and none safer.
pub const MEMBERS_MAX: usize = 9;

/// Threads that serve calls. More than a large machine has cores is a slip of the finger.
pub const WORKER_THREADS_MAX: u64 = 256;

/// Calls being answered at once: each may hold a message of its largest size in memory.
pub const IN_FLIGHT_MAX: u64 = 65_536;

/// How long a server may take to accept a connection: on the same machine it is microseconds, and
/// across the country well under this.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How often a silent connection is asked whether it lives.
pub const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(2);

/// How long it may take to say so: a server that is stopped, not dead, is left after both.
pub const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(2);

/// The shortest wait before all servers are asked again: an election takes several of these.
pub const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// The longest wait, whatever a server advises: an election is over sooner than most advice.
pub const RETRY_PAUSE_MAX: Duration = Duration::from_millis(500);

const _: () = assert!(RETRY_PAUSE.as_millis() <= RETRY_PAUSE_MAX.as_millis());

/// The part of a deadline that one server is given before the next one is asked: enough for an
/// answer across the country and for a short election, little enough that a server that hangs costs
/// no more than this. Each time around the servers it is doubled.
pub const ATTEMPT_SHARE: u32 = 8;

/// What one server is given at least, however short the deadline.
pub const ATTEMPT_MIN: Duration = Duration::from_millis(250);

/// How long servers are asked again on whose ports nobody listens: one that is being started binds
/// its port within this, and nobody should wait longer to be told of a wrong address.
pub const FUTILE_PATIENCE: Duration = Duration::from_millis(500);

const _: () = assert!(FUTILE_PATIENCE.as_millis() >= RETRY_PAUSE_MAX.as_millis());

/// Bytes of a message between peers: the largest body and what names it.
pub const PEER_MESSAGE_BYTES_MAX: usize = replica::limits::PEER_BODY_BYTES_MAX + 4_096;

/// Bytes that may be under way to a peer before it has said that it read them: a few groups of
/// commands, so that a connection is never the bound.
pub const PEER_WINDOW_BYTES: u32 = 8 << 20;

/// Peers whose connections are kept. More than a cluster has members.
pub const PEERS_MAX: usize = 64;

/// Calls of agreement under way to one peer: appends are few, pulses and read indices small.
pub const PEER_AGREEMENT_CALLS_MAX: usize = 64;

/// Forwarded groups under way to one peer; the replica has fewer of its own accord.
pub const PEER_FORWARDING_CALLS_MAX: usize = 32;

/// Chunks and pages under way to one peer: enough to fill a disk, few enough to spare memory.
pub const PEER_BULK_CALLS_MAX: usize = 4;

/// Calls a peer may have open on one connection.
pub const PEER_STREAMS_MAX: u32 = 256;

const _: () = {
    assert!(PEER_AGREEMENT_CALLS_MAX <= PEER_STREAMS_MAX as usize);
    assert!(PEER_FORWARDING_CALLS_MAX <= PEER_STREAMS_MAX as usize);
    assert!(replica::limits::FORWARDS_IN_FLIGHT_MAX <= PEER_FORWARDING_CALLS_MAX);
    assert!(replica::limits::MEMBERS_MAX <= PEERS_MAX);
    assert!(MEMBERS_MAX <= replica::limits::MEMBERS_MAX);
};

/// Connections of peers: three lanes each way with every member, and those that are being replaced.
pub const PEER_CONNECTIONS_MAX: usize = 256;

/// Descriptors that callers do not get: the peers' connections, the segments of log and journal, a
/// checkpoint that is written and one that is read, the index.
pub const DESCRIPTORS_KEPT: usize = 512;

/// Connections of callers, however many descriptors there are: an idle one takes 34 KiB of memory
/// (`tests/idle.rs` measures it), so that all of them take about a gigabyte.
pub const CONNECTIONS_MAX: usize = 32_768;

const _: () = {
    assert!(3 * 2 * replica::limits::MEMBERS_MAX <= PEER_CONNECTIONS_MAX);
    assert!(PEER_CONNECTIONS_MAX < DESCRIPTORS_KEPT);
};

/// Bytes of a message that carries a chunk of a checkpoint, and what names it.
pub const CHUNK_MESSAGE_BYTES_MAX: usize = replica::codec::limits::CHUNK_BYTES_MAX + 4_096;

/// How often a starting server looks whether somebody leads.
pub const READY_INTERVAL: Duration = Duration::from_millis(50);

/// Records of one page of a list: what a server gives at most.
pub const PAGE_SIZE_MAX: i32 = 1_000;

// A facility's services come on one page.
const _: () = assert!(ledger::limits::SERVICES_PER_FACILITY_MAX <= PAGE_SIZE_MAX as usize);

/// Bookings of one page of history: what a server gives at most.
pub const HISTORY_PAGE_MAX: i32 = 500;
