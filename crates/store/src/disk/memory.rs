//! A disk in memory that can lose power, fill up, refuse syncs and rot, all from one seed.

mod file;
mod inode;
mod names;

use super::{Disk, DiskFile};
use crate::error::StoreError;
use crate::random::Random;
use file::MemoryFile;
use inode::Inode;
use names::{Names, parent};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An operation about to happen, told to the hook of [`MemoryDisk::set_hook`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// That many bytes are appended.
    Append(u64),
    /// A file is synced.
    Sync,
    /// A directory is synced.
    SyncDirectory,
}

/// Called before an operation with the file's name: a simulator accounts for time here.
pub type OperationHook = Arc<dyn Fn(Operation, &str) + Send + Sync>;

/// A deterministic disk in memory. Clones share one disk, as processes share a machine's.
#[derive(Clone)]
pub struct MemoryDisk {
    shared: Arc<Mutex<World>>,
}

#[derive(Clone)]
struct World {
    inodes: BTreeMap<u64, Inode>,
    inode_next: u64,
    names: Names,
    directories: BTreeSet<String>,
    /// Counts the restarts: a handle from before the last one no longer works.
    generation: u64,
    random: Random,
    faults: Faults,
    refusals: Refusals,
}

/// What a disk has refused because of the faults it was told to have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    /// Syncs that failed.
    pub syncs: u64,
    /// Appends for which there was no room.
    pub full: u64,
    /// Changes while it was read-only.
    pub read_only: u64,
}

#[derive(Clone, Default)]
struct Faults {
    capacity_bytes: Option<u64>,
    read_only: bool,
    syncs_lie: bool,
    /// Whether a sync that returned is only over with [`MemoryDisk::settle`].
    syncs_linger: bool,
    /// How many syncs still succeed before one fails.
    sync_fails_after: Option<u64>,
    hook: Option<OperationHook>,
}

impl MemoryDisk {
    /// An empty disk whose every later choice follows from `seed`.
    pub fn new(seed: u64) -> Self {
        let world = World {
            inodes: BTreeMap::new(),
            inode_next: 1,
            names: Names::default(),
            directories: BTreeSet::from([String::new()]),
            generation: 0,
            random: Random::new(seed),
            faults: Faults::default(),
            refusals: Refusals::default(),
        };
        Self { shared: Arc::new(Mutex::new(world)) }
    }

    /// A separate disk with the same content and faults, drawing its later choices from `seed`.
    pub fn fork(&self, seed: u64) -> Self {
        let mut world = self.world().clone();
        world.random = Random::new(seed);
        Self { shared: Arc::new(Mutex::new(world)) }
    }

    /// The power goes and comes back: what was synced stays, of the rest a random subset, and
    /// every open handle is dead.
    pub fn power_cut(&self) {
        let mut world = self.world();
        let World { inodes, names, random, generation, .. } = &mut *world;
        names.power_cut(random);
        for inode in inodes.values_mut() {
            inode.power_cut(random);
        }
        *generation += 1;
        world.forget_unreachable();
    }

    /// The process dies and starts again on a machine that stayed up: nothing written is lost,
    /// and every open handle is dead.
    pub fn process_restart(&self) {
        self.world().generation += 1;
    }

    /// Bounds the sum of all file sizes; an append beyond it writes what fits and is refused.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.world().faults.capacity_bytes = bytes;
    }

    /// Refuses every change while set.
    pub fn set_read_only(&self, read_only: bool) {
        self.world().faults.read_only = read_only;
    }

    /// Makes one sync fail after `successes` more have succeeded. What that sync covered will
    /// never reach the platter, even if a later sync succeeds.
    pub fn fail_sync_after(&self, successes: u64) {
        self.world().faults.sync_fails_after = Some(successes);
    }

    /// Makes syncs claim success and do nothing: the negative control of a power-cut test.
    pub fn set_syncs_lie(&self, lie: bool) {
        self.world().faults.syncs_lie = lie;
    }

    /// Lets a power cut still find the last sync under way although it has returned, until
    /// [`MemoryDisk::settle`]: for a simulator, in which a program's step takes no time and the
    /// time of its syncs passes afterwards, before anybody is told.
    pub fn set_syncs_linger(&self, linger: bool) {
        self.world().faults.syncs_linger = linger;
    }

    /// Whatever was synced has reached the platter.
    pub fn settle(&self) {
        self.world().settle();
    }

    /// Whether a sync is still under way.
    pub fn is_syncing(&self) -> bool {
        self.world().inodes.values().any(Inode::is_syncing)
    }

    /// Calls `hook` before each append and sync, for a simulator to account for their time.
    pub fn set_hook(&self, hook: Option<OperationHook>) {
        self.world().faults.hook = hook;
    }

    /// Turns the bits of `mask` in the byte at `offset` of `file`: bit rot.
    pub fn corrupt(&self, file: &str, offset: u64, mask: u8) -> Result<(), StoreError> {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        self.world().inode(file)?.corrupt(offset, mask);
        Ok(())
    }

    /// What it has refused so far: a fault that nothing met has broken nothing.
    pub fn refusals(&self) -> Refusals {
        self.world().refusals
    }

    /// The sum of all file sizes, in bytes.
    pub fn used_bytes(&self) -> u64 {
        self.world().used_bytes()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, operation: Operation, file: &str) {
        // The hook runs outside the lock, so that it may look at the disk.
        let hook = self.world().faults.hook.clone();
        if let Some(hook) = hook {
            hook(operation, file);
        }
    }
}

impl World {
    fn inode(&mut self, file: &str) -> Result<&mut Inode, StoreError> {
        let missing = || StoreError::Missing { file: file.to_owned() };
        let number = self.names.find(file).ok_or_else(missing)?;
        self.inodes.get_mut(&number).ok_or_else(missing)
    }

    fn used_bytes(&self) -> u64 {
        self.inodes.values().map(|inode| inode.current.len() as u64).sum()
    }

    fn check_writable(&mut self, file: &str) -> Result<(), StoreError> {
        if self.faults.read_only {
            self.refusals.read_only += 1;
            return Err(StoreError::ReadOnly { file: file.to_owned() });
        }
        Ok(())
    }

    fn sync_fails(&mut self) -> bool {
        let Some(left) = self.faults.sync_fails_after else {
            return false;
        };
        self.faults.sync_fails_after = left.checked_sub(1);
        self.refusals.syncs += u64::from(left == 0);
        left == 0
    }

    /// Ends the syncs under way: whoever synced and goes on relies on it.
    fn settle(&mut self) {
        self.inodes.values_mut().for_each(Inode::settle);
    }

    fn forget_unreachable(&mut self) {
        let names = &self.names;
        self.inodes.retain(|number, _| names.refers_to(*number));
    }
}

impl Disk for MemoryDisk {
    fn create_directory(&self, directory: &str) -> Result<(), StoreError> {
        let mut world = self.world();
        if world.directories.contains(directory) {
            return Ok(());
        }
        world.check_writable(directory)?;
        let mut path = directory;
        while !path.is_empty() {
            world.directories.insert(path.to_owned());
            path = parent(path);
        }
        Ok(())
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, StoreError> {
        let world = self.world();
        if !world.directories.contains(directory) {
            return Err(StoreError::Missing { file: directory.to_owned() });
        }
        Ok(world.names.list(directory))
    }

    fn create(&self, file: &str) -> Result<Box<dyn DiskFile>, StoreError> {
        let mut world = self.world();
        world.check_writable(file)?;
        if !world.directories.contains(parent(file)) {
            return Err(StoreError::Missing { file: parent(file).to_owned() });
        }
        let inode = world.inode_next;
        world.inode_next += 1;
        world.inodes.insert(inode, Inode::default());
        world.names.link(file, inode);
        let generation = world.generation;
        drop(world);
        Ok(Box::new(MemoryFile { disk: self.clone(), file: file.to_owned(), inode, generation }))
    }

    fn open(&self, file: &str) -> Result<Box<dyn DiskFile>, StoreError> {
        let mut world = self.world();
        world.inode(file)?;
        let inode = world.names.find(file).expect("its inode was just found by that name");
        let generation = world.generation;
        drop(world);
        Ok(Box::new(MemoryFile { disk: self.clone(), file: file.to_owned(), inode, generation }))
    }

    fn read_at(&self, file: &str, offset: u64, buffer: &mut [u8]) -> Result<usize, StoreError> {
        let mut world = self.world();
        let content = &world.inode(file)?.current;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(content.len());
        let count = buffer.len().min(content.len() - start);
        buffer[..count].copy_from_slice(&content[start..start + count]);
        Ok(count)
    }

    fn size(&self, file: &str) -> Result<u64, StoreError> {
        Ok(self.world().inode(file)?.current.len() as u64)
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StoreError> {
        let mut world = self.world();
        world.check_writable(from)?;
        world.settle();
        let missing = || StoreError::Missing { file: from.to_owned() };
        let inode = world.names.find(from).ok_or_else(missing)?;
        world.names.rename(from, to, inode);
        Ok(())
    }

    fn remove(&self, file: &str) -> Result<(), StoreError> {
        let mut world = self.world();
        world.check_writable(file)?;
        world.settle();
        world.inode(file)?;
        world.names.unlink(file);
        Ok(())
    }

    fn sync_directory(&self, directory: &str) -> Result<(), StoreError> {
        self.tell(Operation::SyncDirectory, directory);
        let mut world = self.world();
        if world.sync_fails() {
            return Err(StoreError::SyncFailed { file: directory.to_owned() });
        }
        world.settle();
        if !world.faults.syncs_lie {
            world.names.sync(directory);
            world.forget_unreachable();
        }
        Ok(())
    }

    fn free_bytes(&self) -> Result<u64, StoreError> {
        let world = self.world();
        let capacity = world.faults.capacity_bytes.unwrap_or(u64::MAX);
        Ok(capacity.saturating_sub(world.used_bytes()))
    }
}
