//! A checkpoint of this node that is given away.

use crate::checkpoint;
use crate::raft::snapshot::AboutWord;
use ledger::Digest;
use ledger::words::Revision;
use std::sync::Arc;
use store::StoreError;
use store::checkpoint::{Checkpoint, CheckpointReader};

/// A checkpoint as it lies on this node's disk. While it is held its chunks stay, also when newer
/// ones take its place.
pub struct CheckpointCopy {
    reader: CheckpointReader,
    checkpoint: Arc<Checkpoint>,
    revision: Revision,
    digest: Digest,
}

impl CheckpointCopy {
    /// The newest there is.
    ///
    /// # Errors
    /// What it says of itself cannot be read.
    pub(crate) fn newest(reader: &CheckpointReader) -> Result<Option<Self>, String> {
        let Some(checkpoint) = reader.latest() else { return Ok(None) };
        let about = AboutWord::of(&checkpoint)?;
        let numbers = checkpoint::meta(&about.ledger).map_err(|error| error.to_string())?;
        let (revision, digest) = (numbers.revision, numbers.digest);
        Ok(Some(Self { reader: reader.clone(), checkpoint, revision, digest }))
    }

    /// The revision it is of.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// The digest of the state.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// What it says of itself, as it was written.
    #[must_use]
    pub fn meta(&self) -> &[u8] {
        &self.checkpoint.meta
    }

    /// How many chunks it has.
    #[must_use]
    pub fn chunk_count(&self) -> usize {
        self.checkpoint.chunks.len()
    }

    /// A chunk with its name, read from the disk; none behind the last.
    ///
    /// # Errors
    /// Its bytes are not what was written, or cannot be read.
    pub fn chunk(&self, at: usize) -> Option<Result<(&str, Vec<u8>), StoreError>> {
        let chunk = self.checkpoint.chunks.get(at)?;
        Some(self.reader.chunk(&chunk.hash).map(|bytes| (chunk.name.as_str(), bytes)))
    }
}
