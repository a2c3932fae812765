//! One record inside a segment: a sealed header, then the payload.
//!
//! The header's checksum also covers the segment's number and the record's own offset, so bytes
//! that look like a record but lie in a wrong place (a stale block, a copy inside a payload)
//! are never taken for one. Each record further says how much of its segment was known to be
//! durable when it was written: that is how a later record proves an earlier bad one to be
//! damage, and not the remains of a write that the power interrupted.

use super::header::array;
use crate::limits::RECORD_BYTES_MAX;

/// Length of the encoded record header.
pub(crate) const RECORD_HEADER_BYTES: usize = 17;

/// What stands before a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecordHeader {
    /// Payload bytes.
    pub(crate) length: u32,
    /// Bytes of the segment that had been synced when this record was written.
    pub(crate) synced: u32,
    /// Checksum of the payload.
    pub(crate) payload_crc: u32,
    /// The stream's own kind of record.
    pub(crate) kind: u8,
}

impl RecordHeader {
    pub(crate) fn encode(&self, number: u64, offset: u64) -> [u8; RECORD_HEADER_BYTES] {
        let mut bytes = [0; RECORD_HEADER_BYTES];
        bytes[..4].copy_from_slice(&self.length.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.synced.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.payload_crc.to_le_bytes());
        bytes[12] = self.kind;
        let crc = seal(&bytes[..13], number, offset);
        bytes[13..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The header at `offset` of segment `number`; none when these bytes are not one.
    pub(crate) fn decode(
        bytes: &[u8; RECORD_HEADER_BYTES],
        number: u64,
        offset: u64,
    ) -> Option<Self> {
        let header = Self {
            length: u32::from_le_bytes(array(bytes, 0)),
            synced: u32::from_le_bytes(array(bytes, 4)),
            payload_crc: u32::from_le_bytes(array(bytes, 8)),
            kind: bytes[12],
        };
        // The cheap bounds come first: a search tries every offset of a torn tail.
        let plausible =
            u64::from(header.length) <= RECORD_BYTES_MAX && u64::from(header.synced) <= offset;
        let crc = u32::from_le_bytes(array(bytes, 13));
        (plausible && seal(&bytes[..13], number, offset) == crc).then_some(header)
    }

    /// Bytes of header and payload together.
    pub(crate) fn bytes_total(&self) -> u64 {
        RECORD_HEADER_BYTES as u64 + u64::from(self.length)
    }
}

/// Adds a record to `bytes` for its place (segment, offset, bytes synced so far), and returns
/// the length of its payload.
pub(crate) fn encode_record(
    bytes: &mut Vec<u8>,
    (number, offset, synced): (u64, u64, u64),
    kind: u8,
    parts: &[&[u8]],
) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    parts.iter().for_each(|part| hasher.update(part));
    let length = parts.iter().map(|part| part.len() as u64).sum();
    assert!(length <= RECORD_BYTES_MAX, "callers bound their records");
    let (length, synced, payload_crc) = (narrow(length), narrow(synced), hasher.finalize());
    let header = RecordHeader { length, synced, payload_crc, kind };
    let before = bytes.len() as u64;
    bytes.extend_from_slice(&header.encode(number, offset));
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    assert_eq!(bytes.len() as u64, before + header.bytes_total());
    length
}

/// An offset or length inside a segment.
pub(crate) fn narrow(value: u64) -> u32 {
    u32::try_from(value).expect("segments and appends are bounded so that offsets fit 32 bits")
}

fn seal(fields: &[u8], number: u64, offset: u64) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(&offset.to_le_bytes());
    hasher.update(fields);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::RecordHeader;

    #[test]
    fn a_record_header_is_valid_only_in_its_own_place() {
        let header = RecordHeader { length: 5, synced: 112, payload_crc: 9, kind: 1 };
        let bytes = header.encode(2, 300);
        assert_eq!(RecordHeader::decode(&bytes, 2, 300), Some(header));
        assert_eq!(RecordHeader::decode(&bytes, 2, 301), None);
        assert_eq!(RecordHeader::decode(&bytes, 3, 300), None);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(RecordHeader::decode(&flipped, 2, 300), None, "bit {bit}");
        }
        assert_eq!(RecordHeader::decode(&[0; 17], 2, 300), None, "zeros are no record");
    }
}
