//! Checkpoints: a state as an ordered list of named chunks, each known by its SHA-256.
//!
//! A chunk that is already on disk is referenced, not written again; new chunks of a checkpoint
//! go into one pack file. A checkpoint exists once its manifest has its name, and by then all it
//! refers to is durable. The newest two are kept. A manifest says nothing about packs, so it is
//! the same on every node and tells a peer what to ask for.

mod collect;
mod install;
mod manifest;
mod pack;
mod reader;
mod writer;

pub use manifest::{Checkpoint, Chunk, Hash};
pub use reader::CheckpointReader;
pub use writer::CheckpointWriter;

use crate::disk::{Disk, join, read_whole, write_atomically};
use crate::error::StoreError;
use crate::limits::MANIFEST_BYTES_MAX;
use install::Install;
use manifest::Manifest;
use pack::{PackWriter, salvage, scan_pack};
use reader::{Shared, State};
use std::sync::{Arc, Weak};

/// The checkpoints of one directory; one thread at a time writes them.
pub struct Checkpoints {
    disk: Arc<dyn Disk>,
    directory: String,
    shared: Arc<Shared>,
    next_pack: u64,
    next_checkpoint: u64,
    install: Option<Install>,
    /// Checkpoints no longer kept that a reader may still hold: their chunks stay meanwhile.
    retired: Vec<Weak<Checkpoint>>,
    /// The file whose sync failed; set once, then nothing is written any more.
    failed: Option<String>,
}

impl Checkpoints {
    /// Opens the checkpoints in `directory`. Chunks of an interrupted install are kept as far as
    /// they verify; what else was left unfinished is removed.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a manifest does not verify or refers to an absent chunk.
    pub fn open(disk: Arc<dyn Disk>, directory: &str) -> Result<Self, StoreError> {
        disk.create_directory(directory)?;
        let mut state = State::default();
        let (mut next_pack, mut next_checkpoint) = (1, 1);
        let mut manifests = Vec::new();
        for name in disk.list(directory)? {
            let file = join(directory, &name);
            if name.ends_with(".tmp") {
                disk.remove(&file)?;
            } else if let Some(number) = number_of(&name, ".manifest") {
                manifests.push((number, file));
                next_checkpoint = next_checkpoint.max(number + 1);
            } else if let Some(number) = number_of(&name, ".pack") {
                state.add_pack(number, scan_pack(&*disk, &file, number)?);
                next_pack = next_pack.max(number + 1);
            } else if let Some(number) = number_of(&name, ".part") {
                state.add_pack(number, salvage(&*disk, directory, number)?);
                next_pack = next_pack.max(number + 1);
            } else {
                tracing::warn!(directory, %name, "neither manifest nor pack: left alone");
            }
        }
        disk.sync_directory(directory)?;
        manifests.sort_unstable();
        for (number, file) in manifests {
            let bytes = read_whole(&*disk, &file, MANIFEST_BYTES_MAX)?;
            let manifest =
                Manifest::decode(&bytes).map_err(|reason| StoreError::damaged(&file, 0, reason))?;
            if !manifest.chunks.iter().all(|chunk| state.holds(chunk)) {
                let reason = "the manifest refers to a chunk that is not here";
                return Err(StoreError::damaged(&file, 0, reason));
            }
            state.checkpoints.push(Arc::new(Checkpoint::new(number, manifest, bytes)));
        }
        let shared = Arc::new(Shared::new(disk.clone(), directory, state));
        let directory = directory.to_owned();
        let (install, retired, failed) = (None, Vec::new(), None);
        Ok(Self { disk, directory, shared, next_pack, next_checkpoint, install, retired, failed })
    }

    /// A handle for reading beside the writer.
    pub fn reader(&self) -> CheckpointReader {
        CheckpointReader::new(self.shared.clone())
    }

    /// Whether these checkpoints still take anything.
    ///
    /// # Errors
    /// [`StoreError::SyncFailed`] once a sync has failed, for as long as the process lives.
    pub fn check_usable(&self) -> Result<(), StoreError> {
        match &self.failed {
            Some(file) => Err(StoreError::SyncFailed { file: file.clone() }),
            None => Ok(()),
        }
    }

    /// Begins a checkpoint. Nothing of it shows before [`CheckpointWriter::finish`].
    pub fn write(&mut self) -> Result<CheckpointWriter<'_>, StoreError> {
        self.check_usable()?;
        Ok(CheckpointWriter::new(self))
    }

    /// Commits a manifest whose chunks are all durable.
    fn commit(&mut self, manifest: Manifest) -> Result<Arc<Checkpoint>, StoreError> {
        assert!(
            manifest.chunks.iter().all(|chunk| self.shared.read().holds(chunk)),
            "every chunk is durable before the manifest"
        );
        let number = self.next_checkpoint;
        let bytes = manifest.encode();
        let name = manifest_name(number);
        let written = write_atomically(&*self.disk, &self.directory, &name, &bytes);
        self.noting_failure(written)?;
        self.next_checkpoint += 1;
        let checkpoint = Arc::new(Checkpoint::new(number, manifest, bytes));
        self.shared.write().checkpoints.push(checkpoint.clone());
        Ok(checkpoint)
    }

    fn new_pack(&mut self) -> Result<PackWriter, StoreError> {
        let pack = PackWriter::create(&*self.disk, &self.directory, self.next_pack)?;
        self.next_pack += 1;
        Ok(pack)
    }

    /// Makes a pack durable and its chunks findable.
    fn seal(&mut self, pack: &mut PackWriter) -> Result<(), StoreError> {
        let sealed = pack.seal(&*self.disk, &self.directory);
        let frames = self.noting_failure(sealed)?;
        self.shared.write().add_pack(pack.number(), frames);
        Ok(())
    }

    fn noting_failure<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(StoreError::SyncFailed { file }) = &result {
            self.failed = Some(file.clone());
        }
        result
    }
}

/// The number in a name like `00000012.pack`; none for other names.
fn number_of(name: &str, suffix: &str) -> Option<u64> {
    let number: u64 = name.strip_suffix(suffix)?.parse().ok()?;
    (format!("{number:08}{suffix}") == name && number < u64::MAX).then_some(number)
}

fn manifest_name(number: u64) -> String {
    format!("{number:08}.manifest")
}

#[cfg(test)]
mod checkpoint_test;
