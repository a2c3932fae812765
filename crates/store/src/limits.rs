//! Every bound of this room, each with its reason.

/// A segment is closed once it has grown to this many bytes. Large enough that rolling (three
/// syncs) is rare, small enough that dropping the head frees space in useful steps.
pub const SEGMENT_BYTES: u64 = 64 << 20;

/// The largest segment size that may be configured: offsets inside a segment are 32-bit.
pub const SEGMENT_BYTES_MAX: u64 = 1 << 30;

/// The largest payload of one record: sixteen times the biggest group of commands, and still
/// small enough to hold in memory whole while it is checked.
pub const RECORD_BYTES_MAX: u64 = 32 << 20;

/// The most payload bytes of one append of several entries, which all go into one segment.
pub const APPEND_BYTES_MAX: u64 = 256 << 20;

/// Unwritten bytes above this are handed to the operating system before more are taken.
pub const BUFFER_BYTES: usize = 4 << 20;

/// How much is read at once when a file is read from front to back.
pub const BLOCK_BYTES: usize = 256 << 10;

/// Payload bytes of the newest entries that a log keeps in memory for its readers: some seconds
/// of full load, so that a follower that keeps up is never served from disk.
pub const TAIL_BYTES: u64 = 64 << 20;

/// Live entries of a log. Each costs 12 bytes of memory for its place on disk (48 MiB in all).
pub const LOG_ENTRIES_MAX: u64 = 4 << 20;

/// The largest chunk of a checkpoint: one message between peers carries it.
pub const CHUNK_BYTES_MAX: u64 = 16 << 20;

/// Chunks of one checkpoint. Each costs about 100 bytes of memory while it is known.
pub const CHUNKS_MAX: u64 = 1 << 20;

/// The longest name of a chunk, in bytes.
pub const CHUNK_NAME_BYTES_MAX: u64 = 256;

/// The free-form part of a checkpoint's manifest.
pub const META_BYTES_MAX: u64 = 16 << 20;

/// A manifest as a whole.
pub const MANIFEST_BYTES_MAX: u64 = 512 << 20;

/// How many checkpoints are kept: the newest, and the one a peer may still be reading.
pub const CHECKPOINTS_KEPT: usize = 2;

/// The longest key of the index. sled keeps keys inline in its tree nodes.
pub const INDEX_KEY_BYTES_MAX: u64 = 1 << 10;

/// The longest value of the index. Above this sled spills values into separate files, which lost
/// data in 97 of 100 simulated power cuts.
pub const INDEX_VALUE_BYTES_MAX: u64 = 64 << 10;

/// The most entries one read of the index returns.
pub const INDEX_RANGE_MAX: u64 = 10_000;

/// sled's own segments: the largest size with which its file still shrinks.
pub const INDEX_SEGMENT_BYTES: usize = 8 << 20;

/// Memory that sled may use for pages.
pub const INDEX_CACHE_BYTES: u64 = 64 << 20;

/// The identity file, which is a few lines of text.
pub const IDENTITY_BYTES_MAX: u64 = 4 << 10;

// Offsets fit 32 bits even when a full append follows a nearly full segment.
const _: () = assert!(SEGMENT_BYTES_MAX + APPEND_BYTES_MAX * 2 < u32::MAX as u64);
const _: () = assert!(SEGMENT_BYTES <= SEGMENT_BYTES_MAX);
const _: () = assert!(RECORD_BYTES_MAX <= APPEND_BYTES_MAX);
const _: () = assert!(BLOCK_BYTES < RECORD_BYTES_MAX as usize);
const _: () = assert!(CHUNK_BYTES_MAX <= RECORD_BYTES_MAX);
const _: () = assert!(META_BYTES_MAX + CHUNKS_MAX * 40 < MANIFEST_BYTES_MAX);
const _: () = assert!(CHECKPOINTS_KEPT >= 2);
