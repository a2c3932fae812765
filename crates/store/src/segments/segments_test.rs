//! Where segments end, tear and are damaged.

use super::{HEADER_BYTES, Position, RECORD_HEADER_BYTES, Replay, Segments, Stream};
use crate::disk::{Disk, MemoryDisk};
use crate::error::StoreError;
use proptest::prelude::*;
use std::sync::Arc;

fn stream() -> Stream {
    let directory = "log".to_owned();
    Stream { name: "log", directory, segment_bytes: 400, hashed: true }
}

type Seen = Vec<(u8, Vec<u8>)>;

fn open(disk: &MemoryDisk) -> Result<(Segments, Seen), StoreError> {
    let mut seen = Seen::new();
    let mut visit = |_: Position, kind: u8, payload: &[u8]| {
        seen.push((kind, payload.to_vec()));
        Ok(())
    };
    let disk = Arc::new(disk.clone());
    let segments = Segments::open(disk, stream(), (0, [0; 64]), Replay::Everything, &mut visit)?;
    Ok((segments, seen))
}

fn push(segments: &mut Segments, payload: &[u8]) -> Result<(), StoreError> {
    if segments.is_due() {
        segments.roll(0, [0; 64], &[])?;
    }
    segments.prepare(payload.len() as u64)?;
    segments.push(1, &[payload]);
    Ok(())
}

/// Three groups of two records of 50 bytes each per segment, in two segments; all synced.
fn filled() -> MemoryDisk {
    let disk = MemoryDisk::new(1);
    let (mut segments, _) = open(&disk).expect("an empty disk opens");
    for number in 0..10_u8 {
        push(&mut segments, &[number; 50]).expect("there is room");
        if number % 2 == 1 {
            segments.sync().expect("the disk syncs");
        }
    }
    disk
}

#[test]
fn records_come_back_in_order_over_several_segments() {
    let disk = filled();
    let (segments, seen) = open(&disk).expect("a sound stream opens");
    let expected: Seen = (0..10_u8).map(|number| (1, vec![number; 50])).collect();
    assert_eq!(seen, expected);
    assert_eq!(segments.sealed().count(), 1);
    assert_eq!(segments.active().number, 2);
}

/// What a bit turned at one place makes of the stream.
#[derive(Debug, PartialEq)]
enum Found {
    Damaged,
    Whole(usize),
}

#[test]
fn a_turned_bit_is_damage_unless_it_may_be_a_torn_end() {
    let record = (RECORD_HEADER_BYTES + 50) as u64;
    let first = HEADER_BYTES as u64;
    let (one, two) = ("log/00000001.seg", "log/00000002.seg");
    let rows = [
        ("earlier header", one, 3, Found::Damaged),
        ("earlier header checksum", one, first - 1, Found::Damaged),
        ("earlier length", one, first, Found::Damaged),
        ("earlier record checksum", one, first + 14, Found::Damaged),
        ("earlier payload", one, first + 30, Found::Damaged),
        ("end of an earlier segment", one, first + 4 * record + 30, Found::Damaged),
        ("last header", two, 0, Found::Damaged),
        ("synced length before a later group", two, first + record + 1, Found::Damaged),
        ("synced payload before a later group", two, first + 30, Found::Damaged),
        ("kind before a later group", two, first + record + 12, Found::Damaged),
        ("length in the last group", two, first + 4 * record, Found::Whole(9)),
        ("payload in the last group", two, first + 4 * record + 20, Found::Whole(9)),
    ];
    for (name, file, offset, expected) in rows {
        let disk = filled();
        disk.corrupt(file, offset, 0x10).expect("the file is there");
        let found = match open(&disk) {
            Ok((_, seen)) => Found::Whole(seen.len()),
            Err(StoreError::Damaged { .. }) => Found::Damaged,
            Err(error) => panic!("{name}: {error}"),
        };
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a_missing_segment_is_damage() {
    let disk = filled();
    let (mut segments, _) = open(&disk).expect("sound");
    segments.roll(0, [0; 64], &[]).expect("there is room");
    drop(segments);
    disk.remove("log/00000002.seg").expect("it is there");
    assert!(matches!(open(&disk), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_full_disk_refuses_and_goes_on_once_there_is_room() {
    let disk = filled();
    let (mut segments, _) = open(&disk).expect("sound");
    for spare in [0, 1, 30, 66] {
        disk.set_capacity(Some(disk.used_bytes() + spare));
        segments.prepare(50).expect("memory has room");
        segments.push(1, &[&[77; 50]]);
        assert!(matches!(segments.sync(), Err(StoreError::Full { .. })), "{spare} bytes spare");
        disk.set_capacity(None);
        segments.sync().expect("there is room again");
    }
    disk.power_cut();
    let (_, seen) = open(&disk).expect("sound");
    assert_eq!(seen.len(), 14);
    assert!(seen[10..].iter().all(|(_, payload)| *payload == vec![77; 50]));
}

#[test]
fn a_full_disk_stops_a_roll_halfway_and_nothing_is_lost() {
    let disk = filled();
    let (mut segments, _) = open(&disk).expect("sound");
    for spare in [0, 1, HEADER_BYTES as u64 - 1] {
        disk.set_capacity(Some(disk.used_bytes() + spare));
        let refused = segments.roll(0, [0; 64], &[]);
        assert!(matches!(refused, Err(StoreError::Full { .. })));
        assert_eq!(segments.active().number, 2);
        disk.set_capacity(None);
    }
    push(&mut segments, &[8; 50]).expect("the old segment still takes records");
    segments.sync().expect("the disk syncs");
    assert_eq!(open(&disk).expect("sound").1.len(), 11);
}

#[test]
fn a_failed_sync_ends_all_work() {
    let disk = filled();
    let (mut segments, _) = open(&disk).expect("sound");
    push(&mut segments, &[9; 50]).expect("memory has room");
    disk.fail_sync_after(0);
    assert!(matches!(segments.sync(), Err(StoreError::SyncFailed { .. })));
    assert!(matches!(segments.sync(), Err(StoreError::SyncFailed { .. })), "it stays refused");
    assert!(matches!(segments.prepare(1), Err(StoreError::SyncFailed { .. })));
    assert!(matches!(segments.remove_oldest(), Err(StoreError::SyncFailed { .. })));
}

#[test]
fn a_read_only_disk_is_named() {
    let disk = MemoryDisk::new(1);
    disk.set_read_only(true);
    assert!(matches!(open(&disk).err(), Some(StoreError::ReadOnly { .. })));
}

#[test]
fn cutting_reaches_back_into_a_complete_segment() {
    let disk = filled();
    let (mut segments, _) = open(&disk).expect("sound");
    let offset = HEADER_BYTES as u64 + 2 * (RECORD_HEADER_BYTES as u64 + 50);
    segments.cut(1, offset).expect("the disk works");
    assert_eq!(segments.active().number, 1);
    push(&mut segments, b"after").expect("there is room");
    segments.sync().expect("the disk syncs");
    let digest = segments.digest();
    disk.power_cut();
    let (segments, seen) = open(&disk).expect("sound");
    assert_eq!(seen.len(), 3);
    assert_eq!(seen[2].1, b"after");
    assert_eq!(segments.digest(), digest, "the running digest follows the cut");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_bytes_never_panic(
        header in any::<bool>(),
        noise in prop::collection::vec(any::<u8>(), 0..600),
        overwrite_at in 0_u64..700,
    ) {
        let disk = if header { filled() } else { MemoryDisk::new(3) };
        disk.create_directory("log").expect("memory");
        if header {
            for (index, mask) in noise.iter().take(40).enumerate() {
                disk.corrupt("log/00000002.seg", overwrite_at + index as u64, *mask)
                    .expect("the file is there");
            }
        } else {
            disk.create("log/00000001.seg").expect("memory").append(&noise).expect("memory");
        }
        // Either outcome is fine; what is read must then be a prefix of what was written.
        if let Ok((_, seen)) = open(&disk) {
            for (index, (_, payload)) in seen.iter().enumerate() {
                prop_assert_eq!(payload, &vec![u8::try_from(index).expect("few"); 50]);
            }
        }
    }
}
