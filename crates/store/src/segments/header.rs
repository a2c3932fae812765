//! The first bytes of a segment file: what it is and what it continues.

use crate::error::StoreError;

/// Length of the encoded header.
pub(crate) const HEADER_BYTES: usize = 112;

const MAGIC: [u8; 8] = *b"CUPOSEG\n";
const FORMAT: u32 = 1;

/// Free bytes in which a stream keeps what a reader must know before the first record.
pub(crate) type Tag = [u8; 64];

/// What a segment file says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// Its place in the stream, from 1, without gaps.
    pub(crate) number: u64,
    /// The stream's own counter just before the first record.
    pub(crate) base: u64,
    /// The stream's own bytes.
    pub(crate) tag: Tag,
}

impl Header {
    pub(crate) fn encode(&self, stream: &str) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&FORMAT.to_le_bytes());
        bytes[12..28].copy_from_slice(&stream_bytes(stream));
        bytes[28..36].copy_from_slice(&self.number.to_le_bytes());
        bytes[36..44].copy_from_slice(&self.base.to_le_bytes());
        bytes[44..108].copy_from_slice(&self.tag);
        let crc = crc32fast::hash(&bytes[..108]);
        bytes[108..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads the header of segment `number` of `stream`; `file` names it in the error.
    pub(crate) fn decode(
        bytes: &[u8],
        stream: &str,
        number: u64,
        file: &str,
    ) -> Result<Self, StoreError> {
        let damaged = |offset, reason| Err(StoreError::damaged(file, offset, reason));
        let Some(bytes) = bytes.first_chunk::<HEADER_BYTES>() else {
            return damaged(bytes.len() as u64, "the segment header is cut short");
        };
        if bytes[..8] != MAGIC {
            return damaged(0, "it does not begin as a segment");
        }
        let crc = u32::from_le_bytes(array(bytes, 108));
        if crc32fast::hash(&bytes[..108]) != crc {
            return damaged(0, "the segment header does not match its checksum");
        }
        if u32::from_le_bytes(array(bytes, 8)) != FORMAT {
            return damaged(8, "the segment was written in a format this program does not know");
        }
        if bytes[12..28] != stream_bytes(stream) {
            return damaged(12, "the segment belongs to another stream");
        }
        let header = Self {
            number: u64::from_le_bytes(array(bytes, 28)),
            base: u64::from_le_bytes(array(bytes, 36)),
            tag: array(bytes, 44),
        };
        if header.number != number {
            return damaged(28, "the segment's number is not the one in its name");
        }
        Ok(header)
    }
}

fn stream_bytes(stream: &str) -> [u8; 16] {
    assert!(stream.len() <= 16, "stream names are constants of this room");
    let mut bytes = [0; 16];
    bytes[..stream.len()].copy_from_slice(stream.as_bytes());
    bytes
}

/// The `N` bytes at `offset`, which the caller knows to be there.
pub(crate) fn array<const N: usize>(bytes: &[u8], offset: usize) -> [u8; N] {
    let mut taken = [0; N];
    taken.copy_from_slice(&bytes[offset..offset + N]);
    taken
}

#[cfg(test)]
mod tests {
    use super::{HEADER_BYTES, Header};
    use proptest::prelude::*;

    fn header() -> Header {
        Header { number: 3, base: 41, tag: [7; 64] }
    }

    #[test]
    fn a_header_reads_back_and_knows_its_place() {
        let bytes = header().encode("log");
        let rows = [
            ("log", 3, bytes.len(), Ok(())),
            ("journal", 3, bytes.len(), Err("another stream")),
            ("log", 4, bytes.len(), Err("not the one in its name")),
            ("log", 3, 50, Err("cut short")),
        ];
        for (stream, number, length, expected) in rows {
            let read = Header::decode(&bytes[..length], stream, number, "f");
            match expected {
                Ok(()) => assert_eq!(read.ok(), Some(header())),
                Err(reason) => {
                    let text = read.err().map(|error| error.to_string()).unwrap_or_default();
                    assert!(text.contains(reason), "{stream} {number}: {text}");
                }
            }
        }
    }

    #[test]
    fn every_flipped_bit_is_found() {
        for position in 0..HEADER_BYTES * 8 {
            let mut bytes = header().encode("log");
            bytes[position / 8] ^= 1 << (position % 8);
            assert!(Header::decode(&bytes, "log", 3, "f").is_err(), "bit {position}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Header::decode(&bytes, "log", 1, "f").is_err());
        }
    }
}
