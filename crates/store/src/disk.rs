//! The one door to files: every byte of the log, the journal and the checkpoints goes through it.
//!
//! Names are relative, `/`-separated and never leave the disk's root. Two promises matter:
//! bytes are durable once [`DiskFile::sync`] returned, and the creation, renaming or removal of
//! a file is durable once [`Disk::sync_directory`] of its directory returned; before that,
//! a power cut may keep or lose each of them separately.

mod memory;
mod real;
mod recording;

pub use memory::{MemoryDisk, Operation, OperationHook, Refusals};
pub use real::RealDisk;
pub use recording::RecordingDisk;

use crate::error::StoreError;

/// A directory tree of append-only files.
pub trait Disk: Send + Sync {
    /// Creates `directory` and its parents where absent; durable on return.
    fn create_directory(&self, directory: &str) -> Result<(), StoreError>;

    /// The names of the files directly in `directory`, sorted by bytes.
    fn list(&self, directory: &str) -> Result<Vec<String>, StoreError>;

    /// Creates `file` empty, replacing a former file of that name, open for appending.
    fn create(&self, file: &str) -> Result<Box<dyn DiskFile>, StoreError>;

    /// Opens the existing `file` for appending.
    fn open(&self, file: &str) -> Result<Box<dyn DiskFile>, StoreError>;

    /// Reads into `buffer` from byte `offset` of `file`; fewer bytes only at the file's end.
    fn read_at(&self, file: &str, offset: u64, buffer: &mut [u8]) -> Result<usize, StoreError>;

    /// The length of `file` in bytes.
    fn size(&self, file: &str) -> Result<u64, StoreError>;

    /// Gives `from` the name `to`, replacing a former file of that name, in one step.
    fn rename(&self, from: &str, to: &str) -> Result<(), StoreError>;

    /// Removes `file`.
    fn remove(&self, file: &str) -> Result<(), StoreError>;

    /// Makes the names in `directory` durable.
    fn sync_directory(&self, directory: &str) -> Result<(), StoreError>;

    /// Bytes that can still be written.
    fn free_bytes(&self) -> Result<u64, StoreError>;
}

/// A file open for appending. Dropping it closes it without a sync.
pub trait DiskFile: Send {
    /// Adds `bytes` at the end. After an error a part of them may be there.
    fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError>;

    /// Makes the content and the length durable. After an error nothing unsynced may be trusted.
    fn sync(&mut self) -> Result<(), StoreError>;

    /// Cuts the file down to `size` bytes.
    fn truncate(&mut self, size: u64) -> Result<(), StoreError>;
}

/// The name of `name` inside `directory`, which is empty for the disk's root.
pub(crate) fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// Reads the whole of `file`, refusing more than `bytes_max`.
pub(crate) fn read_whole(
    disk: &dyn Disk,
    file: &str,
    bytes_max: u64,
) -> Result<Vec<u8>, StoreError> {
    let size = disk.size(file)?;
    StoreError::check_bound("a file read whole", size, bytes_max)?;
    let mut bytes = vec![0; usize::try_from(size).expect("bounded by bytes_max")];
    let read = disk.read_at(file, 0, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}

/// Writes a file that is either wholly there or not at all, durably: the bytes go to a
/// temporary name, are synced, and only then take their own name.
pub(crate) fn write_atomically(
    disk: &dyn Disk,
    directory: &str,
    name: &str,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let file = join(directory, name);
    let temporary = format!("{file}.tmp");
    let mut handle = disk.create(&temporary)?;
    if let Err(error) = handle.append(bytes) {
        drop(handle);
        // The half-written temporary only takes room; openers remove what stays behind.
        disk.remove(&temporary).unwrap_or_else(|error| {
            tracing::warn!(%error, "a temporary file stays behind until the next start");
        });
        return Err(error);
    }
    handle.sync()?;
    disk.rename(&temporary, &file)?;
    disk.sync_directory(directory)
}

#[cfg(test)]
mod disk_test;
