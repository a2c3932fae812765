//! Every bound of the codec, with its reason.

/// Bytes of one entry of the log. It is held in memory whole on every node, several times over
/// while it is replicated, and read in one piece by a follower that is behind.
pub const ENTRY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes of one command: a facility with all its services and codes is well below it, and a hold
/// of all legs and candidates takes a tenth.
pub const COMMAND_BYTES_MAX: usize = 1024 * 1024;

/// Bytes of the answers to one entry's commands; a refusal that names commitments is the largest.
pub const ANSWERS_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Bytes of events that are read at once: as much as the journal keeps in one batch.
pub const EVENTS_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Bytes after which a chunk of a checkpoint is cut even inside a region.
pub const CHUNK_BYTES_TARGET: usize = 512 * 1024;

/// Bytes of one chunk that are read. The largest single record, a ward whose every commitment
/// awaits its return, has a fifth of a megabyte.
pub const CHUNK_BYTES_MAX: usize = 4 * 1024 * 1024;

const _: () = {
    assert!(COMMAND_BYTES_MAX < ENTRY_BYTES_MAX);
    // Raft's own words stand beside an entry in the log's record.
    assert!(2 * ENTRY_BYTES_MAX as u64 <= store::limits::RECORD_BYTES_MAX);
    assert!(EVENTS_BYTES_MAX as u64 <= store::limits::RECORD_BYTES_MAX);
    assert!(CHUNK_BYTES_MAX as u64 <= store::limits::CHUNK_BYTES_MAX);
    // The last record goes in before the cut.
    assert!(2 * CHUNK_BYTES_TARGET < CHUNK_BYTES_MAX);
    assert!(ledger::limits::LIVE_PER_WARD_MAX * 10 < CHUNK_BYTES_TARGET);
};
