//! What a checkpoint consists of, as bytes that are equal on every node.

use crate::error::StoreError;
use crate::limits::{CHUNK_BYTES_MAX, CHUNK_NAME_BYTES_MAX, CHUNKS_MAX, META_BYTES_MAX};
use crate::log::Payload;
use crate::segments::array;
use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

const MAGIC: [u8; 8] = *b"CUPOMAN\n";
const FORMAT: u32 = 1;

/// One named part of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// What the part is called inside its checkpoint.
    pub name: String,
    /// SHA-256 of its bytes.
    pub hash: Hash,
    /// How many bytes it has.
    pub length: u32,
}

/// A finished checkpoint.
#[derive(Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Counts the checkpoints of this directory; says nothing to other nodes.
    pub number: u64,
    /// The free-form part, as it was given.
    pub meta: Payload,
    /// The chunks, in the order in which they were added.
    pub chunks: Vec<Chunk>,
    /// The encoded manifest: what a peer needs to begin an install.
    pub manifest: Payload,
}

impl Checkpoint {
    pub(super) fn new(number: u64, manifest: Manifest, encoded: Vec<u8>) -> Self {
        let meta = Payload::from(manifest.meta);
        Self { number, meta, chunks: manifest.chunks, manifest: Payload::from(encoded) }
    }
}

/// A checkpoint's content before it has a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) meta: Vec<u8>,
    pub(super) chunks: Vec<Chunk>,
}

impl Manifest {
    pub(super) fn check_bounds(&self) -> Result<(), StoreError> {
        StoreError::check_bound("a checkpoint's meta", self.meta.len() as u64, META_BYTES_MAX)?;
        let count = self.chunks.len() as u64;
        StoreError::check_bound("the number of chunks", count, CHUNKS_MAX)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.meta.len() + self.chunks.len() * 64);
        let count = |length: usize| (length as u32).to_le_bytes();
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&count(self.meta.len()));
        bytes.extend_from_slice(&self.meta);
        bytes.extend_from_slice(&count(self.chunks.len()));
        for chunk in &self.chunks {
            bytes.extend_from_slice(&count(chunk.name.len()));
            bytes.extend_from_slice(chunk.name.as_bytes());
            bytes.extend_from_slice(&chunk.hash);
            bytes.extend_from_slice(&chunk.length.to_le_bytes());
        }
        let seal = Sha256::digest(&bytes);
        bytes.extend_from_slice(&seal);
        bytes
    }

    /// Reads a manifest; an error says what is wrong with it.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, &'static str> {
        let (body, seal) = bytes.split_last_chunk::<32>().ok_or("the manifest is cut short")?;
        if Sha256::digest(body)[..] != seal[..] {
            return Err("the manifest does not match its hash");
        }
        let mut cursor = Cursor { rest: body };
        if cursor.take(8)? != MAGIC {
            return Err("it does not begin as a manifest");
        }
        if cursor.number()? != FORMAT {
            return Err("the manifest was written in a format this program does not know");
        }
        let meta_length = cursor.bounded(META_BYTES_MAX)?;
        let meta = cursor.take(meta_length)?.to_vec();
        let count = cursor.bounded(CHUNKS_MAX)?;
        let mut chunks = Vec::with_capacity(count.min(cursor.rest.len() / 40));
        for _ in 0..count {
            let name_length = cursor.bounded(CHUNK_NAME_BYTES_MAX)?;
            let name = String::from_utf8(cursor.take(name_length)?.to_vec());
            let name = name.map_err(|_| "a chunk's name is not text")?;
            let hash = array(cursor.take(32)?, 0);
            let length = cursor.bounded(CHUNK_BYTES_MAX)? as u32;
            chunks.push(Chunk { name, hash, length });
        }
        if !cursor.rest.is_empty() {
            return Err("the manifest has bytes behind its end");
        }
        Ok(Self { meta, chunks })
    }
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], &'static str> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or("the manifest is cut short")?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, &'static str> {
        Ok(u32::from_le_bytes(array(self.take(4)?, 0)))
    }

    fn bounded(&mut self, bound: u64) -> Result<usize, &'static str> {
        let number = self.number()?;
        if u64::from(number) > bound {
            return Err("the manifest holds a number above its bound");
        }
        Ok(number as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{Chunk, Manifest};
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    fn manifest() -> Manifest {
        let chunk = |name: &str, byte| Chunk { name: name.to_owned(), hash: [byte; 32], length: 7 };
        Manifest { meta: b"meta".to_vec(), chunks: vec![chunk("facilities/0", 1), chunk("", 2)] }
    }

    #[test]
    fn a_manifest_reads_back_and_every_flipped_bit_is_found() {
        let bytes = manifest().encode();
        assert_eq!(Manifest::decode(&bytes), Ok(manifest()));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Manifest::decode(&flipped).is_err(), "bit {bit}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(
            mut bytes in prop::collection::vec(any::<u8>(), 0..120),
            keep in 0_usize..40,
        ) {
            // A valid beginning and a valid seal lead the reader as deep as it goes.
            let valid = manifest().encode();
            bytes.splice(0..0, valid[..keep.min(valid.len())].iter().copied());
            prop_assert!(Manifest::decode(&bytes).is_err());
            let seal = Sha256::digest(&bytes);
            bytes.extend_from_slice(&seal);
            if let Ok(read) = Manifest::decode(&bytes) {
                prop_assert_eq!(read.encode(), bytes);
            }
        }
    }
}
