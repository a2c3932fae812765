//! One batch of the journal, and the chain that binds it to all before it.

use crate::log::Payload;
use crate::segments::array;
use sha2::{Digest, Sha256};

/// The head of a chain: a SHA-256.
pub type Head = [u8; 32];

/// The head before the first batch.
pub const GENESIS: Head = [0; 32];

/// Keeps these hashes apart from every other use of SHA-256.
const DOMAIN: &[u8; 16] = b"cupo journal 1\n\0";

/// The only kind of record in a journal. The number is on disk and never changes its meaning.
pub(super) const BATCH: u8 = 1;

/// Bytes before a batch's payload: first and last revision, head.
pub(super) const PREFIX_BYTES: usize = 8 + 8 + 32;

/// The head after the batch of revisions `first..=last`: SHA-256 over the domain, `head`, both
/// revisions as 8 little-endian bytes, and `payload`. Pure: a replica computes it without writing.
pub fn chain(head: &Head, first: u64, last: u64, payload: &[u8]) -> Head {
    let mut hasher = Sha256::new();
    hasher.update(DOMAIN);
    hasher.update(head);
    hasher.update(first.to_le_bytes());
    hasher.update(last.to_le_bytes());
    hasher.update(payload);
    hasher.finalize().into()
}

/// A batch as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its first revision.
    pub first: u64,
    /// Its last revision.
    pub last: u64,
    /// The head of the chain after it.
    pub head: Head,
    /// Its bytes, as they were appended.
    pub payload: Payload,
}

/// A batch still lying in the buffer it was read into.
pub(super) struct RawBatch<'a> {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) head: Head,
    pub(super) payload: &'a [u8],
}

impl RawBatch<'_> {
    pub(super) fn to_batch(&self) -> Batch {
        let Self { first, last, head, payload } = *self;
        Batch { first, last, head, payload: Payload::from(payload) }
    }
}

pub(super) fn encode_prefix(first: u64, last: u64, head: &Head) -> [u8; PREFIX_BYTES] {
    let mut bytes = [0; PREFIX_BYTES];
    bytes[..8].copy_from_slice(&first.to_le_bytes());
    bytes[8..16].copy_from_slice(&last.to_le_bytes());
    bytes[16..].copy_from_slice(head);
    bytes
}

/// Reads a record as a batch; an error says what is wrong with it.
pub(super) fn decode_batch(kind: u8, payload: &[u8]) -> Result<RawBatch<'_>, &'static str> {
    if kind != BATCH {
        return Err("a journal record of an unknown kind");
    }
    if payload.len() < PREFIX_BYTES {
        return Err("a batch is too short for its prefix");
    }
    let first = u64::from_le_bytes(array(payload, 0));
    let last = u64::from_le_bytes(array(payload, 8));
    if first == 0 || last < first || last == u64::MAX {
        return Err("a batch with impossible revisions");
    }
    let head = array(payload, 16);
    Ok(RawBatch { first, last, head, payload: &payload[PREFIX_BYTES..] })
}

#[cfg(test)]
mod tests {
    use super::{BATCH, GENESIS, chain, decode_batch, encode_prefix};

    #[test]
    fn the_chain_depends_on_everything_and_is_golden() {
        let golden = chain(&GENESIS, 1, 2, b"payload");
        let shown: String = golden.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(shown, "4fc466e16c62f00e9313d68689fe473017991d52e19b15cea86f2140fe4b0fc5");
        let others = [
            chain(&[1; 32], 1, 2, b"payload"),
            chain(&GENESIS, 2, 2, b"payload"),
            chain(&GENESIS, 1, 3, b"payload"),
            chain(&GENESIS, 1, 2, b"payloae"),
        ];
        assert!(others.iter().all(|other| *other != golden));
    }

    #[test]
    fn impossible_batches_are_named() {
        let rows = [
            (BATCH, encode_prefix(1, 1, &GENESIS).to_vec(), None),
            (2, encode_prefix(1, 1, &GENESIS).to_vec(), Some("unknown kind")),
            (BATCH, vec![0; 47], Some("too short")),
            (BATCH, encode_prefix(0, 1, &GENESIS).to_vec(), Some("impossible revisions")),
            (BATCH, encode_prefix(3, 2, &GENESIS).to_vec(), Some("impossible revisions")),
            (BATCH, encode_prefix(3, u64::MAX, &GENESIS).to_vec(), Some("impossible revisions")),
        ];
        for (kind, bytes, expected) in rows {
            let found = decode_batch(kind, &bytes).err();
            assert_eq!(found.is_some(), expected.is_some());
            assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()));
        }
    }
}
