//! How a command is known again when it is sent twice.

use core::fmt;

/// What makes a command itself, so that a retry has the first one's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestId {
    /// The command's own numbers identify it (a report's sequence, the passing of time).
    Natural,
    /// A UUIDv7 (RFC 9562): its first 48 bits are milliseconds, by which it ages.
    Unique(u128),
    /// One command of a bulk stream.
    Stream {
        /// The stream: a UUIDv7, made when it was first opened.
        stream: u128,
        /// The command's number in it, from 1, without gaps on the sender's side.
        sequence: u64,
    },
}

/// Milliseconds since 1970 in a UUIDv7.
#[must_use]
pub const fn uuid_millis(uuid: u128) -> u64 {
    (uuid >> 80) as u64
}

/// Whether these 128 bits are a UUID of version 7 and the RFC's variant.
#[must_use]
pub const fn is_uuid_v7(uuid: u128) -> bool {
    (uuid >> 76) & 0xf == 7 && (uuid >> 62) & 0b11 == 0b10
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Natural => f.write_str("natural"),
            Self::Unique(uuid) => write!(f, "{uuid:032x}"),
            Self::Stream { stream, sequence } => write!(f, "{stream:032x}/{sequence}"),
        }
    }
}
