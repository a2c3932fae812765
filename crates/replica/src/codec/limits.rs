//! Every bound of the codec, with its reason.

/// Bytes of one entry of the log. It is held in memory whole on every node, several times over
/// while it is replicated, and read in one piece by a follower that is behind.
pub const ENTRY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Bytes of one command: a facility with all its services and codes is well below it, and a hold
/// of all legs and candidates takes a tenth.
pub const COMMAND_BYTES_MAX: usize = 1024 * 1024;

/// Bytes of the answers to one entry's commands; a refusal that names commitments is the largest.
pub const ANSWERS_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Bytes of the events of one entry. One command can end many commitments, and much may fall due
/// at once, so the bound is wider than the entry's.
pub const EVENTS_BYTES_MAX: usize = 128 * 1024 * 1024;

/// Bytes after which a chunk of a checkpoint is cut even inside a region.
pub const CHUNK_BYTES_TARGET: usize = 512 * 1024;

/// Bytes of one chunk that are read. The largest single record, a ward whose every commitment
/// awaits its return, has a fifth of a megabyte.
pub const CHUNK_BYTES_MAX: usize = 4 * 1024 * 1024;

const _: () = {
    assert!(COMMAND_BYTES_MAX < ENTRY_BYTES_MAX);
    // The last record goes in before the cut.
    assert!(2 * CHUNK_BYTES_TARGET < CHUNK_BYTES_MAX);
    assert!(ledger::limits::LIVE_PER_WARD_MAX * 10 < CHUNK_BYTES_TARGET);
};
