//! Any bytes as the small files of a node's directory: the identity, and a checkpoint's manifest
//! and pack.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::Arc;
use store::checkpoint::Checkpoints;
use store::disk::{Disk, MemoryDisk};
use store::identity::read_identity;

fn put(disk: &MemoryDisk, directory: &str, name: &str, bytes: &[u8]) {
    disk.create_directory(directory).expect("the disk is writable");
    let mut file = disk.create(&format!("{directory}/{name}")).expect("the disk is writable");
    file.append(bytes).expect("there is room");
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    let disk = MemoryDisk::new(1);
    if kind % 4 == 0 {
        put(&disk, "node", "identity", bytes);
        drop(read_identity(&disk, "node"));
        return;
    }
    let name = ["00000001.manifest", "00000001.pack", "00000001.part"][usize::from(kind % 4) - 1];
    put(&disk, "checkpoints", name, bytes);
    if let Ok(mut checkpoints) = Checkpoints::open(Arc::new(disk), "checkpoints") {
        drop(checkpoints.reader().verify());
        drop(checkpoints.begin_install(bytes));
    }
});
