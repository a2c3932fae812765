//! Reading checkpoints beside their writer, and the table of where each chunk lies.

use super::manifest::{Checkpoint, Chunk, Hash};
use super::pack::{Frame, pack_file, read_chunk};
use crate::disk::Disk;
use crate::error::StoreError;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The writer's and the readers' common ground.
pub(super) struct Shared {
    disk: Arc<dyn Disk>,
    directory: String,
    state: RwLock<State>,
}

impl Shared {
    pub(super) fn new(disk: Arc<dyn Disk>, directory: &str, state: State) -> Self {
        Self { disk, directory: directory.to_owned(), state: RwLock::new(state) }
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads and verifies the chunk with this hash.
    pub(super) fn chunk(&self, hash: &Hash) -> Result<Vec<u8>, StoreError> {
        loop {
            let place = self.read().places.get(hash).copied();
            let shown: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            let place = place.ok_or(StoreError::Missing { file: format!("chunk {shown}") })?;
            let file = pack_file(&self.directory, place.pack);
            match read_chunk(&*self.disk, &file, &place.frame) {
                // Garbage collection moved the chunk meanwhile; the table knows where to.
                Err(StoreError::Missing { .. }) if self.read().places.get(hash) != Some(&place) => {
                }
                Err(error) => return Err(error),
                Ok(Some(bytes)) => return Ok(bytes),
                Ok(None) => {
                    let reason = "a chunk does not match its hash";
                    return Err(StoreError::damaged(&file, place.frame.offset, reason));
                }
            }
        }
    }
}

/// What is on disk.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) places: BTreeMap<Hash, ChunkPlace>,
    /// Chunk bytes in each pack, referenced or not.
    pub(super) packs: BTreeMap<u64, u64>,
    /// Oldest first.
    pub(super) checkpoints: Vec<Arc<Checkpoint>>,
}

/// Where a chunk lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChunkPlace {
    pub(super) pack: u64,
    pub(super) frame: Frame,
}

impl State {
    pub(super) fn add_pack(&mut self, pack: u64, frames: Vec<Frame>) {
        if frames.is_empty() {
            return;
        }
        self.packs.insert(pack, frames.iter().map(|frame| u64::from(frame.length)).sum());
        let places = frames.into_iter().map(|frame| (frame.hash, ChunkPlace { pack, frame }));
        self.places.extend(places);
    }

    /// Whether the chunk is durable here.
    pub(super) fn holds(&self, chunk: &Chunk) -> bool {
        self.places.get(&chunk.hash).is_some_and(|place| place.frame.length == chunk.length)
    }
}

/// A handle for reading from any thread; clones are cheap. As long as a checkpoint is held, its
/// chunks stay readable, even after newer ones have taken its place.
#[derive(Clone)]
pub struct CheckpointReader {
    shared: Arc<Shared>,
}

impl CheckpointReader {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The newest checkpoint.
    pub fn latest(&self) -> Option<Arc<Checkpoint>> {
        self.shared.read().checkpoints.last().cloned()
    }

    /// The bytes of the chunk with this hash, verified.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when no checkpoint refers to it any more,
    /// [`StoreError::Damaged`] when its bytes are not what its hash says.
    pub fn chunk(&self, hash: &Hash) -> Result<Vec<u8>, StoreError> {
        self.shared.chunk(hash)
    }

    /// Reads and verifies every chunk of every checkpoint kept; the error names the first bad
    /// place. Returns how many bytes were read.
    pub fn verify(&self) -> Result<u64, StoreError> {
        let checkpoints = self.shared.read().checkpoints.clone();
        let mut bytes = 0;
        for chunk in checkpoints.iter().flat_map(|checkpoint| &checkpoint.chunks) {
            bytes += self.shared.chunk(&chunk.hash)?.len() as u64;
        }
        Ok(bytes)
    }
}
