//! An open file of a simulated disk.

use super::super::DiskFile;
use super::{MemoryDisk, Operation, World};
use crate::error::StoreError;
use std::io;

/// A handle that dies with the process that opened it.
pub(super) struct MemoryFile {
    pub(super) disk: MemoryDisk,
    pub(super) file: String,
    pub(super) inode: u64,
    pub(super) generation: u64,
}

impl MemoryFile {
    fn change<T>(
        &self,
        operation: &'static str,
        act: impl FnOnce(&mut World, u64) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut world = self.disk.world();
        if world.generation != self.generation || !world.inodes.contains_key(&self.inode) {
            let source = io::Error::other("the handle outlived its process or its file");
            return Err(StoreError::Io { file: self.file.clone(), operation, source });
        }
        world.check_writable(&self.file)?;
        act(&mut world, self.inode)
    }
}

impl DiskFile for MemoryFile {
    fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.disk.tell(Operation::Append(bytes.len() as u64), &self.file);
        self.change("append", |world, number| {
            let capacity = world.faults.capacity_bytes;
            let room = capacity.map_or(u64::MAX, |bytes| bytes.saturating_sub(world.used_bytes()));
            let fits = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
            let inode = world.inodes.get_mut(&number).expect("checked by change");
            inode.append(&bytes[..fits]);
            if fits < bytes.len() {
                world.refusals.full += 1;
                return Err(StoreError::Full { file: self.file.clone() });
            }
            Ok(())
        })
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.disk.tell(Operation::Sync, &self.file);
        self.change("sync", |world, number| {
            let fails = world.sync_fails();
            let (lies, lingers) = (world.faults.syncs_lie, world.faults.syncs_linger);
            world.settle();
            let inode = world.inodes.get_mut(&number).expect("checked by change");
            if fails {
                inode.doom();
                return Err(StoreError::SyncFailed { file: self.file.clone() });
            }
            if !lies {
                inode.begin_sync();
            }
            if !lingers {
                inode.settle();
            }
            Ok(())
        })
    }

    fn truncate(&mut self, size: u64) -> Result<(), StoreError> {
        self.change("truncate", |world, number| {
            let inode = world.inodes.get_mut(&number).expect("checked by change");
            inode.truncate(usize::try_from(size).unwrap_or(usize::MAX));
            Ok(())
        })
    }
}
