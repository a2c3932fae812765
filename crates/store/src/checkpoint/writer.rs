//! Writing one checkpoint.

use super::Checkpoints;
use super::manifest::{Checkpoint, Chunk, Hash, Manifest};
use super::pack::{PackWriter, part_file};
use crate::error::StoreError;
use crate::limits::{CHUNK_BYTES_MAX, CHUNK_NAME_BYTES_MAX, CHUNKS_MAX};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A checkpoint being written. Dropped unfinished, it leaves nothing behind.
pub struct CheckpointWriter<'a> {
    checkpoints: &'a mut Checkpoints,
    manifest: Manifest,
    pack: Option<PackWriter>,
    packed: BTreeSet<Hash>,
}

impl<'a> CheckpointWriter<'a> {
    pub(super) fn new(checkpoints: &'a mut Checkpoints) -> Self {
        let manifest = Manifest::default();
        Self { checkpoints, manifest, pack: None, packed: BTreeSet::new() }
    }

    /// Adds the next chunk under `name` and returns its hash. Bytes that are already on disk
    /// are not written again.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for a name, a chunk or a number of chunks above its bound.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<Hash, StoreError> {
        StoreError::check_bound("a chunk", bytes.len() as u64, CHUNK_BYTES_MAX)?;
        StoreError::check_bound("a chunk's name", name.len() as u64, CHUNK_NAME_BYTES_MAX)?;
        let count = self.manifest.chunks.len() as u64 + 1;
        StoreError::check_bound("the number of chunks", count, CHUNKS_MAX)?;
        let hash: Hash = Sha256::digest(bytes).into();
        let chunk = Chunk { name: name.to_owned(), hash, length: bytes.len() as u32 };
        let known = self.packed.contains(&hash) || self.checkpoints.shared.read().holds(&chunk);
        if !known {
            if self.pack.is_none() {
                self.pack = Some(self.checkpoints.new_pack()?);
            }
            if let Some(pack) = &mut self.pack {
                let added = pack.add(hash, bytes);
                self.checkpoints.noting_failure(added)?;
            }
            self.packed.insert(hash);
        }
        self.manifest.chunks.push(chunk);
        Ok(hash)
    }

    /// Makes the checkpoint durable and the newest: chunks first, then the manifest.
    pub fn finish(mut self, meta: &[u8]) -> Result<Arc<Checkpoint>, StoreError> {
        self.manifest.meta = meta.to_vec();
        self.manifest.check_bounds()?;
        if let Some(pack) = &mut self.pack {
            self.checkpoints.seal(pack)?;
        }
        self.pack = None;
        self.checkpoints.commit(std::mem::take(&mut self.manifest))
    }
}

impl Drop for CheckpointWriter<'_> {
    fn drop(&mut self) {
        if let Some(pack) = self.pack.take() {
            let file = part_file(&self.checkpoints.directory, pack.number());
            if let Err(error) = self.checkpoints.disk.remove(&file) {
                tracing::warn!(%file, %error, "an unfinished pack stays until the next start");
            }
        }
    }
}
