//! What a checkpoint keeps, shares, refuses and survives.

use super::{Checkpoint, Checkpoints, Hash};
use crate::disk::{Disk, MemoryDisk};
use crate::error::{InstallError, StoreError};
use proptest::prelude::*;
use std::sync::Arc;

fn open(disk: &MemoryDisk) -> Result<Checkpoints, StoreError> {
    Checkpoints::open(Arc::new(disk.clone()), "checkpoint")
}

fn chunk(name: u64) -> Vec<u8> {
    vec![name as u8; 300 + name as usize]
}

/// Writes a checkpoint whose chunks are the given numbers.
fn write(checkpoints: &mut Checkpoints, chunks: &[u64]) -> Result<Arc<Checkpoint>, StoreError> {
    let mut writer = checkpoints.write()?;
    for number in chunks {
        writer.add(&format!("chunk/{number}"), &chunk(*number))?;
    }
    writer.finish(format!("{chunks:?}").as_bytes())
}

fn content(checkpoints: &Checkpoints, checkpoint: &Checkpoint) -> Vec<Vec<u8>> {
    let reader = checkpoints.reader();
    let read = |hash: &Hash| reader.chunk(hash).expect("sound");
    checkpoint.chunks.iter().map(|chunk| read(&chunk.hash)).collect()
}

fn expect_latest(checkpoints: &Checkpoints, chunks: &[u64]) {
    let latest = checkpoints.reader().latest().expect("there is one");
    assert_eq!(&latest.meta[..], format!("{chunks:?}").as_bytes());
    let expected: Vec<Vec<u8>> = chunks.iter().map(|number| chunk(*number)).collect();
    assert_eq!(content(checkpoints, &latest), expected);
}

fn files(disk: &MemoryDisk, suffix: &str) -> usize {
    let names = disk.list("checkpoint").expect("it is there");
    names.iter().filter(|name| name.ends_with(suffix)).count()
}

#[test]
fn unchanged_chunks_are_referenced_and_not_written_again() {
    let disk = MemoryDisk::new(1);
    let mut checkpoints = open(&disk).expect("an empty disk opens");
    assert!(checkpoints.reader().latest().is_none());
    write(&mut checkpoints, &[1, 2, 3, 2]).expect("there is room");
    let used = disk.used_bytes();
    write(&mut checkpoints, &[3, 1, 2]).expect("there is room");
    assert_eq!(files(&disk, ".pack"), 1);
    assert!(disk.used_bytes() - used < 300, "only a manifest was written");
    write(&mut checkpoints, &[1, 4]).expect("there is room");
    assert_eq!(files(&disk, ".pack"), 2);
    disk.power_cut();
    expect_latest(&open(&disk).expect("sound"), &[1, 4]);
}

#[test]
fn an_unfinished_checkpoint_leaves_nothing_behind() {
    let disk = MemoryDisk::new(1);
    let mut checkpoints = open(&disk).expect("an empty disk opens");
    write(&mut checkpoints, &[1]).expect("there is room");
    let used = disk.used_bytes();
    let mut writer = checkpoints.write().expect("usable");
    writer.add("chunk", &chunk(9)).expect("there is room");
    drop(writer);
    assert_eq!(disk.list("checkpoint").expect("it is there").len(), 2);
    assert!(disk.used_bytes() <= used);
    expect_latest(&checkpoints, &[1]);
}

#[test]
fn collecting_keeps_two_checkpoints_and_rewrites_sparse_packs() {
    let disk = MemoryDisk::new(1);
    let mut checkpoints = open(&disk).expect("an empty disk opens");
    write(&mut checkpoints, &[1, 2, 3, 4, 5]).expect("there is room");
    let held = checkpoints.reader().latest().expect("there is one");
    write(&mut checkpoints, &[1, 6]).expect("there is room");
    write(&mut checkpoints, &[1, 7]).expect("there is room");
    checkpoints.collect().expect("the disk works");
    assert_eq!(files(&disk, ".manifest"), 2);
    assert_eq!(content(&checkpoints, &held).len(), 5, "a held checkpoint stays readable");
    drop(held);
    assert!(checkpoints.collect().expect("the disk works") > 1_000);
    expect_latest(&checkpoints, &[1, 7]);
    disk.power_cut();
    let checkpoints = open(&disk).expect("sound");
    expect_latest(&checkpoints, &[1, 7]);
    let total = [1, 6, 7].map(|number| chunk(number).len() as u64).iter().sum::<u64>();
    assert_eq!(checkpoints.packed_bytes(), total, "only needed chunks are left");
}

fn received(source: &Checkpoints, target: &mut Checkpoints, missing: &[Hash]) {
    for hash in missing {
        let bytes = source.reader().chunk(hash).expect("sound");
        target.accept_chunk(hash, &bytes).expect("it was missing");
    }
}

#[test]
fn an_install_fetches_only_what_is_missing_and_resumes() {
    let mut source = open(&MemoryDisk::new(1)).expect("an empty disk opens");
    let wanted = write(&mut source, &[1, 2, 3, 4]).expect("there is room");
    let disk = MemoryDisk::new(2);
    let mut target = open(&disk).expect("an empty disk opens");
    write(&mut target, &[2, 9]).expect("there is room");
    let missing = target.begin_install(&wanted.manifest).expect("sound");
    assert_eq!(missing.len(), 3);
    received(&source, &mut target, &missing[..1]);
    let incomplete = target.finish_install().err();
    assert!(matches!(incomplete, Some(InstallError::Incomplete { missing: 2 })));
    // Begun again in the same process: what was received counts.
    let missing = target.begin_install(&wanted.manifest).expect("sound");
    assert_eq!(missing.len(), 2);
    target.collect().expect("the disk works");
    received(&source, &mut target, &missing);
    let installed = target.finish_install().expect("complete");
    assert_eq!(installed.manifest, wanted.manifest);
    disk.power_cut();
    expect_latest(&open(&disk).expect("sound"), &[1, 2, 3, 4]);
}

#[test]
fn an_install_resumes_after_a_crash_with_what_survived() {
    let mut source = open(&MemoryDisk::new(1)).expect("an empty disk opens");
    let numbers: Vec<u64> = (0..200).collect();
    let wanted = write(&mut source, &numbers).expect("there is room");
    for cut in [false, true] {
        let disk = MemoryDisk::new(2);
        let mut target = open(&disk).expect("an empty disk opens");
        let missing = target.begin_install(&wanted.manifest).expect("sound");
        received(&source, &mut target, &missing[..150]);
        target.begin_install(&wanted.manifest).expect("sound");
        received(&source, &mut target, &missing[150..190]);
        if cut {
            disk.power_cut();
        } else {
            disk.process_restart();
        }
        let mut target = open(&disk).expect("sound");
        let left = target.begin_install(&wanted.manifest).expect("sound");
        assert!(left.len() <= 50 && left.len() >= 10, "{} are left", left.len());
        received(&source, &mut target, &left);
        target.finish_install().expect("complete");
        expect_latest(&target, &numbers);
    }
}

#[test]
fn of_an_unfinished_pack_only_whole_chunks_are_kept() {
    let mut source = open(&MemoryDisk::new(1)).expect("an empty disk opens");
    let wanted = write(&mut source, &[1, 2, 3]).expect("there is room");
    // (byte to turn, chunks that are then missing): 24 bytes of header, 40 before each chunk.
    let rows = [(None, 0), (Some(900), 1), (Some(500), 2), (Some(100), 3), (Some(30), 3)];
    for (offset, missing) in rows {
        let disk = MemoryDisk::new(1);
        write(&mut open(&disk).expect("an empty disk opens"), &[1, 2, 3]).expect("there is room");
        disk.remove("checkpoint/00000001.manifest").expect("it is there");
        disk.rename("checkpoint/00000001.pack", "checkpoint/00000001.part").expect("it is there");
        if let Some(offset) = offset {
            disk.corrupt("checkpoint/00000001.part", offset, 1).expect("it is there");
        }
        let mut target = open(&disk).expect("an unfinished pack is no damage");
        let found = target.begin_install(&wanted.manifest).expect("sound");
        assert_eq!(found.len(), missing, "byte {offset:?}");
        received(&source, &mut target, &found);
        target.finish_install().expect("complete");
        disk.power_cut();
        expect_latest(&open(&disk).expect("sound"), &[1, 2, 3]);
    }
}

#[test]
fn what_a_peer_sends_is_checked() {
    let mut source = open(&MemoryDisk::new(1)).expect("an empty disk opens");
    let wanted = write(&mut source, &[1, 2]).expect("there is room");
    let mut target = open(&MemoryDisk::new(2)).expect("an empty disk opens");
    let hash = wanted.chunks[0].hash;
    let unasked = target.accept_chunk(&hash, &chunk(1)).err();
    assert!(matches!(unasked, Some(InstallError::NotExpected { .. })));
    assert!(matches!(target.finish_install(), Err(InstallError::NotExpected { .. })));
    let mut manifest = wanted.manifest.to_vec();
    manifest[20] ^= 1;
    let refused = target.begin_install(&manifest).err();
    assert!(matches!(refused, Some(InstallError::ContentMismatch { .. })));
    target.begin_install(&wanted.manifest).expect("sound");
    let rows: [(Hash, Vec<u8>, bool); 3] =
        [(hash, chunk(2), false), ([0; 32], chunk(1), false), (hash, chunk(1), true)];
    for (hash, bytes, taken) in rows {
        assert_eq!(target.accept_chunk(&hash, &bytes).is_ok(), taken);
    }
    assert_eq!(target.missing_chunks(), [wanted.chunks[1].hash]);
}

#[test]
fn damage_is_found() {
    // (name, file, byte, found when opened rather than when verified)
    let rows = [
        ("manifest", "checkpoint/00000001.manifest", 30, true),
        ("pack header", "checkpoint/00000001.pack", 3, true),
        ("chunk header", "checkpoint/00000001.pack", 26, true),
        ("chunk bytes", "checkpoint/00000001.pack", 100, false),
    ];
    for (name, file, offset, on_open) in rows {
        let disk = MemoryDisk::new(1);
        let mut checkpoints = open(&disk).expect("an empty disk opens");
        write(&mut checkpoints, &[1, 2]).expect("there is room");
        assert_eq!(checkpoints.reader().verify().expect("sound"), 603);
        disk.corrupt(file, offset, 1).expect("it is there");
        let opened = open(&disk);
        assert_eq!(opened.is_err(), on_open, "{name}");
        let found = opened.and_then(|opened| opened.reader().verify());
        assert!(matches!(found, Err(StoreError::Damaged { .. })), "{name}");
    }
    let disk = MemoryDisk::new(1);
    write(&mut open(&disk).expect("an empty disk opens"), &[1]).expect("there is room");
    disk.remove("checkpoint/00000001.pack").expect("it is there");
    assert!(matches!(open(&disk).err(), Some(StoreError::Damaged { .. })), "a missing pack");
}

#[test]
fn a_full_disk_refuses_a_checkpoint_and_keeps_the_former() {
    for spare in [0, 100, 700, 760] {
        let disk = MemoryDisk::new(1);
        let mut checkpoints = open(&disk).expect("an empty disk opens");
        write(&mut checkpoints, &[1]).expect("there is room");
        disk.set_capacity(Some(disk.used_bytes() + spare));
        let refused = write(&mut checkpoints, &[2, 3]);
        assert!(matches!(refused, Err(StoreError::Full { .. })), "{spare}");
        expect_latest(&checkpoints, &[1]);
        disk.set_capacity(None);
        write(&mut checkpoints, &[2, 4]).expect("there is room again");
        disk.power_cut();
        expect_latest(&open(&disk).expect("sound"), &[2, 4]);
    }
}

#[test]
fn a_failed_sync_ends_all_writing() {
    for successes in 0..4 {
        let disk = MemoryDisk::new(1);
        let mut checkpoints = open(&disk).expect("an empty disk opens");
        disk.fail_sync_after(successes);
        let failed = write(&mut checkpoints, &[1]);
        assert!(matches!(failed, Err(StoreError::SyncFailed { .. })), "after {successes}");
        let refused = write(&mut checkpoints, &[1]);
        assert!(matches!(refused, Err(StoreError::SyncFailed { .. })), "after {successes}");
        assert!(matches!(checkpoints.collect(), Err(StoreError::SyncFailed { .. })));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_newest_two_checkpoints_are_whole_after_any_history(
        history in prop::collection::vec(
            (prop::collection::vec(0_u64..12, 0..8), any::<bool>(), any::<bool>()), 1..12),
    ) {
        let disk = MemoryDisk::new(5);
        let mut checkpoints = open(&disk).expect("an empty disk opens");
        for (chunks, collect, reopen) in history {
            write(&mut checkpoints, &chunks).expect("there is room");
            if collect {
                checkpoints.collect().expect("the disk works");
            }
            if reopen {
                disk.power_cut();
                checkpoints = open(&disk).expect("sound");
            }
            expect_latest(&checkpoints, &chunks);
            prop_assert!(checkpoints.reader().verify().is_ok());
        }
    }

    #[test]
    fn arbitrary_packs_never_panic(
        noise in prop::collection::vec(any::<u8>(), 1..60),
        offset in 0_u64..700,
        unfinished in any::<bool>(),
    ) {
        let disk = MemoryDisk::new(1);
        write(&mut open(&disk).expect("an empty disk opens"), &[1, 2]).expect("there is room");
        for (index, mask) in noise.iter().enumerate() {
            disk.corrupt("checkpoint/00000001.pack", offset + index as u64, *mask)
                .expect("it is there");
        }
        if unfinished {
            disk.rename("checkpoint/00000001.pack", "checkpoint/00000001.part")
                .expect("it is there");
        }
        if let Ok(checkpoints) = open(&disk) && checkpoints.reader().verify().is_ok() {
            expect_latest(&checkpoints, &[1, 2]);
        }
    }
}
