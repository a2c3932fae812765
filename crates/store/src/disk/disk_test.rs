//! Every house of the disk keeps the same promises.

use super::{
    Disk, MemoryDisk, Operation, RealDisk, RecordingDisk, Refusals, read_whole, write_atomically,
};
use crate::error::StoreError;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};

/// Runs one check against every house.
fn every_house(check: impl Fn(&dyn Disk)) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    check(&RealDisk::open(&directory.path().join("root")).expect("it is created"));
    check(&MemoryDisk::new(1));
    check(&RecordingDisk::new(Arc::new(MemoryDisk::new(1))));
}

fn write(disk: &dyn Disk, file: &str, bytes: &[u8]) {
    let mut handle = disk.create(file).expect("its directory is there");
    handle.append(bytes).expect("there is room");
}

#[test]
fn every_house_keeps_files_alike() {
    every_house(|disk| {
        disk.create_directory("a/b").expect("writable");
        disk.create_directory("a/b").expect("twice is once");
        write(disk, "a/b/two", b"0123456789");
        write(disk, "a/b/one", b"former");
        write(disk, "a/b/one", b"");
        write(disk, "a/other", b"x");
        assert_eq!(disk.list("a/b").expect("it is there"), ["one", "two"]);
        assert_eq!(disk.list("a").expect("it is there"), ["other"]);
        assert_eq!(disk.size("a/b/one").expect("it is there"), 0, "created means empty");

        let mut handle = disk.open("a/b/two").expect("it is there");
        handle.truncate(4).expect("writable");
        handle.append(b"AB").expect("there is room");
        handle.sync().expect("no fault is set");
        disk.sync_directory("a/b").expect("no fault is set");
        let mut buffer = [0; 4];
        for (offset, expected) in [(0, &b"0123"[..]), (3, b"3AB"), (6, b""), (99, b"")] {
            let read = disk.read_at("a/b/two", offset, &mut buffer).expect("it is there");
            assert_eq!(&buffer[..read], expected, "from {offset}");
        }

        disk.rename("a/b/two", "a/b/one").expect("it is there");
        handle.append(b"C").expect("a handle follows its file");
        assert_eq!(read_whole(disk, "a/b/one", 100).expect("it is there"), b"0123ABC");
        disk.remove("a/b/one").expect("it is there");
        assert!(disk.list("a/b").expect("it is there").is_empty());
        assert!(disk.free_bytes().expect("it can be measured") > 0);
    });
}

#[test]
fn every_house_names_what_is_missing() {
    every_house(|disk| {
        let mut buffer = [0; 1];
        let refusals = [
            disk.open("none").map(drop),
            disk.create("none/file").map(drop),
            disk.list("none").map(drop),
            disk.size("none").map(drop),
            disk.read_at("none", 0, &mut buffer).map(drop),
            disk.rename("none", "other"),
            disk.remove("none"),
        ];
        for (row, refusal) in refusals.into_iter().enumerate() {
            assert!(matches!(refusal, Err(StoreError::Missing { .. })), "row {row}: {refusal:?}");
        }
    });
}

#[test]
fn a_file_above_its_bound_is_not_read_whole() {
    let disk = MemoryDisk::new(1);
    write(&disk, "file", &[7; 10]);
    assert!(matches!(read_whole(&disk, "file", 9), Err(StoreError::TooLarge { .. })));
}

#[test]
fn a_power_cut_keeps_what_was_synced_and_some_of_the_rest() {
    let (mut shorter, mut whole, mut unnamed) = (0, 0, 0);
    for seed in 0..100 {
        let disk = MemoryDisk::new(seed);
        let mut handle = disk.create("file").expect("memory has room");
        handle.append(&[1; 1_000]).expect("memory has room");
        handle.sync().expect("no fault is set");
        disk.sync_directory("").expect("no fault is set");
        handle.append(&[2; 9_000]).expect("memory has room");
        write(&disk, "unsynced", b"");
        disk.power_cut();
        assert!(handle.append(b"late").is_err(), "a handle dies with its process");
        let bytes = read_whole(&disk, "file", 100_000).expect("its name was synced");
        assert!(bytes.len() >= 1_000 && bytes[..1_000].iter().all(|byte| *byte == 1));
        let all = bytes.len() == 10_000 && bytes[1_000..].iter().all(|byte| *byte == 2);
        shorter += u64::from(!all);
        whole += u64::from(all);
        unnamed += u64::from(disk.size("unsynced").is_err());
    }
    assert!(shorter > 30 && whole > 10, "{shorter} torn, {whole} whole");
    assert!((20..80).contains(&unnamed), "{unnamed} names were lost");
}

#[test]
fn what_a_failed_sync_covered_never_becomes_durable() {
    for seed in 0..20 {
        let disk = MemoryDisk::new(seed);
        disk.sync_directory("").expect("no fault is set");
        let mut handle = disk.create("file").expect("memory has room");
        disk.sync_directory("").expect("no fault is set");
        handle.append(&[1; 600]).expect("memory has room");
        disk.fail_sync_after(0);
        assert!(matches!(handle.sync(), Err(StoreError::SyncFailed { .. })));
        handle.append(&[2; 600]).expect("memory has room");
        handle.sync().expect("the fault was for one sync");
        assert_eq!(read_whole(&disk, "file", 2_000).expect("it is there")[0], 1, "still cached");
        disk.power_cut();
        let bytes = read_whole(&disk, "file", 2_000).expect("it is there");
        assert_eq!((bytes[0], bytes[599], bytes[600]), (0, 0, 2), "a hole is left");
    }
}

#[test]
fn faults_are_refused_by_their_name() {
    let disk = MemoryDisk::new(1);
    write(&disk, "file", &[1; 10]);
    disk.set_capacity(Some(15));
    assert_eq!(disk.free_bytes().expect("memory"), 5);
    let mut handle = disk.open("file").expect("it is there");
    assert!(matches!(handle.append(&[2; 6]), Err(StoreError::Full { .. })));
    assert_eq!(disk.used_bytes(), 15, "what fits is written, as a real disk does");
    disk.set_read_only(true);
    assert!(matches!(handle.append(&[2; 1]), Err(StoreError::ReadOnly { .. })));
    assert!(matches!(disk.create("other").map(drop), Err(StoreError::ReadOnly { .. })));
    assert!(matches!(disk.remove("file"), Err(StoreError::ReadOnly { .. })));
    disk.set_read_only(false);
    disk.fail_sync_after(0);
    assert!(matches!(handle.sync(), Err(StoreError::SyncFailed { .. })));
    assert_eq!(disk.refusals(), Refusals { syncs: 1, full: 1, read_only: 3 });
}

#[test]
fn the_hook_hears_of_every_write_and_sync() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let disk = MemoryDisk::new(1);
    let ear = heard.clone();
    disk.set_hook(Some(Arc::new(move |operation, file: &str| {
        ear.lock().expect("no panic").push((operation, file.to_owned()));
    })));
    write_atomically(&disk, "", "name", b"four").expect("memory has room");
    let heard = heard.lock().expect("no panic").clone();
    let operations: Vec<Operation> = heard.into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(operations, [Operation::Append(4), Operation::Sync, Operation::SyncDirectory]);
}

#[test]
fn a_refused_atomic_write_keeps_the_former_file() {
    let disk = MemoryDisk::new(1);
    write_atomically(&disk, "", "name", b"former").expect("memory has room");
    disk.set_capacity(Some(disk.used_bytes() + 3));
    let refused = write_atomically(&disk, "", "name", b"later");
    assert!(matches!(refused, Err(StoreError::Full { .. })));
    assert_eq!(disk.list("").expect("memory"), ["name"]);
    disk.power_cut();
    assert_eq!(read_whole(&disk, "name", 10).expect("it is there"), b"former");
}

proptest! {
    #[test]
    fn an_image_shows_exactly_what_was_synced_by_the_cut(
        sizes in prop::collection::vec(1_usize..2_000, 1..12),
        cut in 0_usize..40,
        seed in any::<u64>(),
    ) {
        let disk = RecordingDisk::new(Arc::new(MemoryDisk::new(0)));
        let mut handle = disk.create("file").expect("memory has room");
        disk.sync_directory("").expect("no fault is set");
        let mut confirmed = vec![(0, 0)];
        let mut total = 0;
        for size in sizes {
            handle.append(&vec![total as u8; size]).expect("memory has room");
            handle.sync().expect("no fault is set");
            total += size;
            confirmed.push((disk.steps(), total));
        }
        let cut = cut.min(disk.steps());
        let image = disk.image(cut, seed).expect("it repeats");
        let promised = confirmed.iter().rfind(|(step, _)| *step <= cut).map_or(0, |(_, n)| *n);
        let whole = read_whole(&disk, "file", 100_000).expect("it is there");
        let found = read_whole(&image, "file", 100_000).unwrap_or_default();
        prop_assert!(found.len() >= promised);
        prop_assert_eq!(&found[..promised], &whole[..promised]);
        let again = disk.image(cut, seed).expect("it repeats");
        let found_again = read_whole(&again, "file", 100_000).unwrap_or_default();
        prop_assert_eq!(found, found_again, "one seed, one image");
    }
}
