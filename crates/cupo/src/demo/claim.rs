//! Who uses a demo's directory: one at a time, or the files of the first would be written over.

use super::error::DemoError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use store::identity::{DirectoryLock, IdentityError};

/// What a demo locks, and writes its process id into.
const FILE: &str = "demo.lock";

/// The exclusive use of a demo's directory, until dropped.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    /// Held open: the system releases the lock with it, also when the process is killed.
    _file: File,
}

impl Claim {
    /// Claims a directory for this process. Servers may outlive a demo that was killed; while one
    /// of them runs on data in `nodes`, nobody may have the directory either.
    ///
    /// # Errors
    /// When somebody uses it, or the disk refuses.
    pub fn of(directory: &Path, nodes: &[PathBuf]) -> Result<Self, DemoError> {
        let busy = |process: Option<u32>| DemoError::Busy {
            directory: directory.display().to_string(),
            process,
        };
        let path = directory.join(FILE);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        let mut file = options.open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                file.read_to_string(&mut process)?;
                return Err(busy(process.trim().parse().ok()));
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        for node in nodes.iter().filter(|node| node.exists()) {
            match DirectoryLock::acquire(node) {
                Ok(_released_at_once) => {}
                Err(IdentityError::Locked { .. }) => return Err(busy(None)),
                Err(error) => return Err(io::Error::other(error).into()),
            }
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())?;
        Ok(Self { path, _file: file })
    }

    /// Removes what was locked.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
    }
}
