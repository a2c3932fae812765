//! The bytes of the log, the journal, answers between nodes and checkpoints, and back.
//!
//! Enter at [`encode_command`], [`assemble_entry`] and [`decode_entry`]. The bytes are the protobuf
//! messages of `proto/cupo/internal/v1`, but the ledger's words are written and read field by
//! field, from tables (`act`, `outcome`, `event`, `record`): a command is decoded on every node,
//! and a detour through generated messages would cost it twice its allocations. The generated
//! messages ([`crate::messages`]) are what the tables are held against: the tests decode every
//! sample and every random value with them and ask for the same bytes back.
//!
//! Invariants: whatever is encoded decodes to an equal value; equal values have equal bytes;
//! decoding any bytes gives a value or a [`DecodeError`] and allocates no more than a constant
//! times their length.
//!
//! Absent: checksums (`store` has them), compression, and judgement of what a command asks for.

mod act;
mod command;
mod error;
mod event;
mod field;
pub mod limits;
mod message;
mod outcome;
mod record;
mod value;
mod wire;
mod word;

#[cfg(test)]
mod codec_test;

pub use command::{
    assemble_entry, decode_command, decode_entry, encode_command, encode_commands, encode_entry,
};
pub use error::{DecodeError, FieldPath};
pub use event::{decode_events, encode_events};
pub use outcome::{decode_applied, encode_applied};
pub(crate) use record::{ChunkWriter, Record, StreamReceipt, decode_meta, encode_meta, read_chunk};

/// The format of every top message that this version writes, and the newest it reads.
pub const FORMAT: u32 = 1;
