//! A disk that writes down everything done to it, so that the image at any earlier instant can
//! be rebuilt as a power cut would have left it.

use super::{Disk, DiskFile, MemoryDisk};
use crate::error::StoreError;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Wraps a disk and records every change made through it.
#[derive(Clone)]
pub struct RecordingDisk {
    inner: Arc<dyn Disk>,
    /// What the disk held when the recording began.
    base: MemoryDisk,
    record: Arc<Mutex<Record>>,
}

#[derive(Default)]
struct Record {
    steps: Vec<Step>,
    handle_next: u64,
}

#[derive(Debug, Clone)]
enum Step {
    CreateDirectory { directory: String },
    Create { file: String, handle: u64 },
    Open { file: String, handle: u64 },
    Append { handle: u64, bytes: Vec<u8> },
    Sync { handle: u64 },
    Truncate { handle: u64, size: u64 },
    Rename { from: String, to: String },
    Remove { file: String },
    SyncDirectory { directory: String },
}

impl RecordingDisk {
    /// Records over `inner`, which must be empty.
    pub fn new(inner: Arc<dyn Disk>) -> Self {
        Self { inner, base: MemoryDisk::new(0), record: Arc::default() }
    }

    /// Records over a memory disk that may already hold files, durable or not: the image after
    /// a cut, when the recovery itself is to be cut.
    pub fn over(memory: &MemoryDisk) -> Self {
        let inner = Arc::new(memory.clone());
        Self { inner, base: memory.fork(0), record: Arc::default() }
    }

    /// How many changes have been recorded: a cut point lies between 0 and this.
    pub fn steps(&self) -> usize {
        self.record().steps.len()
    }

    /// The disk as a power cut after the first `cut` changes leaves it, by the chance of `seed`.
    pub fn image(&self, cut: usize, seed: u64) -> Result<MemoryDisk, StoreError> {
        let image = self.repeat(cut, seed)?;
        image.power_cut();
        Ok(image)
    }

    /// The disk as the death of the process after the first `cut` changes leaves it: all there,
    /// but not all durable, as a power cut of this image would show.
    pub fn image_of_kill(&self, cut: usize, seed: u64) -> Result<MemoryDisk, StoreError> {
        let image = self.repeat(cut, seed)?;
        image.process_restart();
        Ok(image)
    }

    fn repeat(&self, cut: usize, seed: u64) -> Result<MemoryDisk, StoreError> {
        let image = self.base.fork(seed);
        let mut handles: BTreeMap<u64, Box<dyn DiskFile>> = BTreeMap::new();
        for step in self.record().steps.iter().take(cut) {
            step.repeat(&image, &mut handles)?;
        }
        Ok(image)
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, step: Step) {
        self.record().steps.push(step);
    }

    fn next_handle(&self) -> u64 {
        let mut record = self.record();
        record.handle_next += 1;
        record.handle_next
    }

    fn wrap(&self, inner: Box<dyn DiskFile>, handle: u64) -> Box<dyn DiskFile> {
        Box::new(RecordingFile { inner, handle, disk: self.clone() })
    }
}

impl Step {
    fn repeat(
        &self,
        image: &MemoryDisk,
        handles: &mut BTreeMap<u64, Box<dyn DiskFile>>,
    ) -> Result<(), StoreError> {
        let handle_of = "a handle is recorded before its use";
        match self {
            Self::CreateDirectory { directory } => image.create_directory(directory),
            Self::Create { file, handle } => {
                handles.insert(*handle, image.create(file)?);
                Ok(())
            }
            Self::Open { file, handle } => {
                handles.insert(*handle, image.open(file)?);
                Ok(())
            }
            Self::Append { handle, bytes } => {
                handles.get_mut(handle).expect(handle_of).append(bytes)
            }
            Self::Sync { handle } => handles.get_mut(handle).expect(handle_of).sync(),
            Self::Truncate { handle, size } => {
                handles.get_mut(handle).expect(handle_of).truncate(*size)
            }
            Self::Rename { from, to } => image.rename(from, to),
            Self::Remove { file } => image.remove(file),
            Self::SyncDirectory { directory } => image.sync_directory(directory),
        }
    }
}

impl Disk for RecordingDisk {
    fn create_directory(&self, directory: &str) -> Result<(), StoreError> {
        self.inner.create_directory(directory)?;
        self.note(Step::CreateDirectory { directory: directory.to_owned() });
        Ok(())
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, StoreError> {
        self.inner.list(directory)
    }

    fn create(&self, file: &str) -> Result<Box<dyn DiskFile>, StoreError> {
        let inner = self.inner.create(file)?;
        let handle = self.next_handle();
        self.note(Step::Create { file: file.to_owned(), handle });
        Ok(self.wrap(inner, handle))
    }

    fn open(&self, file: &str) -> Result<Box<dyn DiskFile>, StoreError> {
        let inner = self.inner.open(file)?;
        let handle = self.next_handle();
        self.note(Step::Open { file: file.to_owned(), handle });
        Ok(self.wrap(inner, handle))
    }

    fn read_at(&self, file: &str, offset: u64, buffer: &mut [u8]) -> Result<usize, StoreError> {
        self.inner.read_at(file, offset, buffer)
    }

    fn size(&self, file: &str) -> Result<u64, StoreError> {
        self.inner.size(file)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StoreError> {
        self.inner.rename(from, to)?;
        self.note(Step::Rename { from: from.to_owned(), to: to.to_owned() });
        Ok(())
    }

    fn remove(&self, file: &str) -> Result<(), StoreError> {
        self.inner.remove(file)?;
        self.note(Step::Remove { file: file.to_owned() });
        Ok(())
    }

    fn sync_directory(&self, directory: &str) -> Result<(), StoreError> {
        self.inner.sync_directory(directory)?;
        self.note(Step::SyncDirectory { directory: directory.to_owned() });
        Ok(())
    }

    fn free_bytes(&self) -> Result<u64, StoreError> {
        self.inner.free_bytes()
    }
}

struct RecordingFile {
    inner: Box<dyn DiskFile>,
    handle: u64,
    disk: RecordingDisk,
}

impl DiskFile for RecordingFile {
    fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.inner.append(bytes)?;
        self.disk.note(Step::Append { handle: self.handle, bytes: bytes.to_vec() });
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.inner.sync()?;
        self.disk.note(Step::Sync { handle: self.handle });
        Ok(())
    }

    fn truncate(&mut self, size: u64) -> Result<(), StoreError> {
        self.inner.truncate(size)?;
        self.disk.note(Step::Truncate { handle: self.handle, size });
        Ok(())
    }
}
