//! The disk of the machine, rooted at one directory.

use super::{Disk, DiskFile};
use crate::error::StoreError;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Files below one directory of the machine's file system.
#[derive(Debug, Clone)]
pub struct RealDisk {
    root: PathBuf,
}

impl RealDisk {
    /// Takes `root` as the disk's root, creating it where absent.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        let disk = Self { root: root.to_owned() };
        create_durably(root)
            .map_err(|source| StoreError::from_io(&disk.shown(""), "create", source))?;
        Ok(disk)
    }

    fn path(&self, name: &str) -> PathBuf {
        assert!(!name.starts_with('/') && !name.split('/').any(|part| part == ".."));
        self.root.join(name)
    }

    fn shown(&self, name: &str) -> String {
        self.root.join(name).display().to_string()
    }

    fn append_handle(&self, file: &str, create: bool) -> Result<Box<dyn DiskFile>, StoreError> {
        let opened = OpenOptions::new().append(true).create(create).open(self.path(file));
        let handle =
            opened.map_err(|source| StoreError::from_io(&self.shown(file), "open", source))?;
        Ok(Box::new(RealFile { handle, shown: self.shown(file) }))
    }
}

impl Disk for RealDisk {
    fn create_directory(&self, directory: &str) -> Result<(), StoreError> {
        create_durably(&self.path(directory))
            .map_err(|source| StoreError::from_io(&self.shown(directory), "create", source))
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, StoreError> {
        let failed = |source| StoreError::from_io(&self.shown(directory), "list", source);
        let mut names = Vec::new();
        for entry in fs::read_dir(self.path(directory)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_type().map_err(failed)?.is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    fn create(&self, file: &str) -> Result<Box<dyn DiskFile>, StoreError> {
        let mut handle = self.append_handle(file, true)?;
        handle.truncate(0)?;
        Ok(handle)
    }

    fn open(&self, file: &str) -> Result<Box<dyn DiskFile>, StoreError> {
        self.append_handle(file, false)
    }

    fn read_at(&self, file: &str, offset: u64, buffer: &mut [u8]) -> Result<usize, StoreError> {
        let failed = |source| StoreError::from_io(&self.shown(file), "read", source);
        let handle = File::open(self.path(file)).map_err(failed)?;
        let mut read = 0;
        while read < buffer.len() {
            match handle.read_at(&mut buffer[read..], offset + read as u64) {
                Ok(0) => break,
                Ok(count) => read += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(read)
    }

    fn size(&self, file: &str) -> Result<u64, StoreError> {
        let metadata = fs::metadata(self.path(file));
        let metadata =
            metadata.map_err(|source| StoreError::from_io(&self.shown(file), "size", source))?;
        Ok(metadata.len())
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StoreError> {
        fs::rename(self.path(from), self.path(to))
            .map_err(|source| StoreError::from_io(&self.shown(from), "rename", source))
    }

    fn remove(&self, file: &str) -> Result<(), StoreError> {
        fs::remove_file(self.path(file))
            .map_err(|source| StoreError::from_io(&self.shown(file), "remove", source))
    }

    fn sync_directory(&self, directory: &str) -> Result<(), StoreError> {
        sync_names(&self.path(directory))
            .map_err(|_| StoreError::SyncFailed { file: self.shown(directory) })
    }

    fn free_bytes(&self) -> Result<u64, StoreError> {
        let space = rustix::fs::statvfs(&self.root)
            .map_err(|error| StoreError::from_io(&self.shown(""), "measure", error.into()))?;
        Ok(space.f_bavail.saturating_mul(space.f_frsize))
    }
}

struct RealFile {
    handle: File,
    shown: String,
}

impl DiskFile for RealFile {
    fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.handle
            .write_all(bytes)
            .map_err(|source| StoreError::from_io(&self.shown, "append", source))
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.handle.sync_data().map_err(|error| {
            tracing::error!(file = %self.shown, %error, "the disk refused a sync");
            StoreError::SyncFailed { file: self.shown.clone() }
        })
    }

    fn truncate(&mut self, size: u64) -> Result<(), StoreError> {
        self.handle
            .set_len(size)
            .map_err(|source| StoreError::from_io(&self.shown, "truncate", source))
    }
}

/// Creates a directory and its parents, each made durable in its own parent.
fn create_durably(directory: &Path) -> std::io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    create_durably(parent)?;
    match fs::create_dir(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    sync_names(parent)
}

fn sync_names(directory: &Path) -> std::io::Result<()> {
    File::open(directory)?.sync_all()
}
