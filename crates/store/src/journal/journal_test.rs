//! What the journal chains, rewinds, seals and finds damaged.

use super::{Batch, GENESIS, Journal, JournalOptions, SealedSegment, chain};
use crate::disk::{Disk, MemoryDisk};
use crate::error::{InstallError, StoreError};
use crate::segments::{HEADER_BYTES, RECORD_HEADER_BYTES};
use proptest::prelude::*;
use std::sync::Arc;

fn open(disk: &MemoryDisk) -> Result<Journal, StoreError> {
    let options = JournalOptions { segment_bytes: 600 };
    Journal::open(Arc::new(disk.clone()), "journal", &options)
}

/// Batch number `n` covers two revisions: 2n+1 and 2n+2.
fn fill(journal: &mut Journal, batches: std::ops::Range<u64>) {
    for number in batches {
        let first = 2 * number + 1;
        journal.append(first, first + 1, &[number as u8; 40]).expect("in order");
    }
    journal.sync().expect("the disk syncs");
}

fn filled(batches: u64) -> MemoryDisk {
    let disk = MemoryDisk::new(1);
    fill(&mut open(&disk).expect("an empty disk opens"), 0..batches);
    disk
}

fn read(journal: &Journal, revision: u64) -> Vec<Batch> {
    journal.reader().read_from(revision).collect::<Result<_, _>>().expect("sound")
}

fn sealed_bytes(journal: &Journal, segment: &SealedSegment) -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    let count = journal.reader().read_sealed(segment.number, 0, &mut bytes).expect("it is there");
    bytes.truncate(count);
    bytes
}

#[test]
fn batches_read_back_from_any_revision_with_their_chain() {
    let disk = filled(20);
    let journal = open(&disk).expect("sound");
    assert!(journal.reader().sealed().len() >= 2);
    let mut head = GENESIS;
    for batch in read(&journal, 0) {
        head = chain(&head, batch.first, batch.last, &batch.payload);
        assert_eq!(batch.head, head);
    }
    assert_eq!(journal.end().head, head);
    for revision in 0..=42 {
        let batches = read(&journal, revision);
        let expected = if revision == 0 { 1 } else { (revision - 1) / 2 * 2 + 1 };
        let first = batches.first().map(|batch| batch.first);
        assert_eq!(first, (revision <= 40).then_some(expected), "from {revision}");
    }
    assert_eq!(journal.reader().verify().expect("sound"), journal.end());
}

#[test]
fn readers_see_only_what_is_durable() {
    let disk = MemoryDisk::new(1);
    let mut journal = open(&disk).expect("an empty disk opens");
    journal.append(1, 1, b"one").expect("in order");
    assert!(read(&journal, 1).is_empty());
    journal.sync().expect("the disk syncs");
    assert_eq!(read(&journal, 1).len(), 1);
}

#[test]
fn out_of_order_batches_are_refused() {
    let disk = filled(3);
    let mut journal = open(&disk).expect("sound");
    let end = journal.end();
    for (first, last) in [(6, 6), (8, 8), (7, 6), (0, 0), (7, u64::MAX)] {
        let refused = journal.append(first, last, b"");
        assert!(matches!(refused, Err(StoreError::OutOfOrder { .. })), "{first}..={last}");
        assert_eq!(journal.end(), end);
    }
}

#[test]
fn rewinding_reaches_any_batch_and_the_same_batches_give_the_same_head() {
    for kept in 0..20_u64 {
        let disk = filled(20);
        let mut journal = open(&disk).expect("sound");
        let former = journal.end();
        let sealed = journal.reader().sealed();
        let end = journal.truncate_after(2 * kept).expect("a batch ends there");
        assert_eq!(end.revision, 2 * kept);
        disk.power_cut();
        let mut journal = open(&disk).expect("sound");
        assert_eq!(journal.end(), end, "the rewind is durable");
        assert_eq!(read(&journal, 0).len() as u64, kept);
        fill(&mut journal, kept..20);
        assert_eq!(journal.end(), former);
        let again = journal.reader().sealed();
        let places = |all: &[SealedSegment]| {
            all.iter().map(|one| (one.number, one.first, one.last, one.head)).collect::<Vec<_>>()
        };
        assert_eq!(places(&again), places(&sealed), "segments roll at the same revisions");
        journal.reader().verify().expect("sound");
    }
}

#[test]
fn a_rewind_into_a_batch_is_refused() {
    let disk = filled(10);
    let mut journal = open(&disk).expect("sound");
    for revision in [1, 7, 19] {
        let refused = journal.truncate_after(revision);
        assert!(matches!(refused, Err(StoreError::OutOfOrder { .. })), "{revision}");
    }
    assert_eq!(journal.truncate_after(20).expect("nothing to do"), journal.end());
}

#[test]
fn a_joining_node_takes_over_segments_then_batches() {
    let source = open(&filled(30)).expect("sound");
    for already in [0, 1, 7, 12] {
        let disk = filled(already);
        let mut joining = open(&disk).expect("sound");
        joining.truncate_after(joining.segment_base()).expect("a batch ends there");
        for segment in source.reader().sealed() {
            if segment.number >= joining.segment_number() {
                let bytes = sealed_bytes(&source, &segment);
                joining.install(&segment, &bytes).expect("it continues");
                disk.power_cut();
                joining = open(&disk).expect("sound");
                assert_eq!(joining.end().revision, segment.last);
            }
        }
        for batch in read(&source, joining.end().revision + 1) {
            let head = joining.append(batch.first, batch.last, &batch.payload).expect("in order");
            assert_eq!(head, batch.head);
        }
        joining.sync().expect("the disk syncs");
        assert_eq!(joining.reader().verify().expect("sound"), source.end());
        assert_eq!(joining.reader().sealed(), source.reader().sealed());
    }
}

#[test]
fn a_segment_that_is_not_the_announced_one_is_refused() {
    let source = open(&filled(30)).expect("sound");
    let sealed = source.reader().sealed();
    let bytes = sealed_bytes(&source, &sealed[0]);
    let mut flipped = bytes.clone();
    flipped[200] ^= 1;
    let forged = SealedSegment { head: [9; 32], ..sealed[0].clone() };
    let second = sealed_bytes(&source, &sealed[1]);
    let rows = [
        ("turned bit", sealed[0].clone(), flipped, "announced content"),
        ("another head announced", forged, bytes, "announced content"),
        ("not the next", sealed[1].clone(), second, "not what is missing"),
    ];
    for (name, segment, bytes, expected) in rows {
        let disk = MemoryDisk::new(1);
        let mut joining = open(&disk).expect("an empty disk opens");
        let refused: Result<_, InstallError> = joining.install(&segment, &bytes);
        let text = refused.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains(expected), "{name}: {text}");
        assert_eq!(joining.end().revision, 0, "{name}");
        fill(&mut joining, 0..3);
        joining.reader().verify().expect("sound");
    }
}

#[test]
fn verifying_finds_what_opening_does_not_read() {
    let first = HEADER_BYTES as u64;
    let in_second_batch = first + (RECORD_HEADER_BYTES as u64 + 48 + 40) + 30;
    let rows = [
        ("payload of an early segment", "journal/00000001.seg", in_second_batch),
        ("end of an early segment", "journal/00000001.seg", first + 400),
        ("header of the second segment", "journal/00000002.seg", 50),
    ];
    for (name, file, offset) in rows {
        let disk = filled(20);
        let journal = open(&disk).expect("sound");
        disk.corrupt(file, offset, 4).expect("it is there");
        let reopened = open(&disk).map(|journal| journal.reader().verify());
        let found = reopened.and_then(|verified| verified).err();
        let named = matches!(&found, Some(StoreError::Damaged { file: bad, .. }) if bad == file);
        assert!(named, "{name}: {found:?}");
        assert!(file.ends_with("2.seg") || journal.reader().verify().is_err(), "{name}");
    }
}

#[test]
fn a_lost_beginning_is_damage() {
    let disk = filled(20);
    disk.remove("journal/00000001.seg").expect("it is there");
    assert!(matches!(open(&disk).err(), Some(StoreError::Damaged { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn flipped_bytes_never_panic_and_never_pass_unseen(
        segment in 1_u64..4,
        offset in 0_u64..700,
        mask in 1_u8..=255,
    ) {
        let disk = filled(20);
        let file = format!("journal/{segment:08}.seg");
        if offset < disk.size(&file).expect("it is there") {
            let whole = read(&open(&disk).expect("sound"), 0);
            disk.corrupt(&file, offset, mask).expect("it is there");
            if let Ok(journal) = open(&disk) {
                let batches = journal.reader().read_from(0);
                let read: Vec<Batch> = batches.map_while(Result::ok).collect();
                prop_assert!(whole.starts_with(&read), "only a prefix may be given out");
                let lost = read.len() < whole.len();
                prop_assert!(lost || journal.reader().verify().is_err());
            }
        }
    }
}

#[test]
fn readers_that_read_on_find_their_place_and_never_a_stale_one() {
    let mut journal = open(&filled(40)).expect("it opens");
    let reader = journal.reader();
    let firsts = |from: u64, count: usize| -> Vec<u64> {
        reader.read_from(from).take(count).map(|batch| batch.expect("sound").first).collect()
    };
    assert_eq!(firsts(1, 3), [1, 3, 5]);
    assert_eq!(firsts(7, 2), [7, 9]);
    assert_eq!(firsts(6, 2), [5, 7], "the batch that holds the revision comes first");
    assert_eq!(firsts(3, 1), [3], "reading back works as well");
    assert_eq!(firsts(79, 2), [79]);
    journal.truncate_after(10).expect("it is the end of a batch");
    for number in 5..20 {
        let first = 2 * number + 1;
        journal.append(first, first + 1, b"another length").expect("in order");
    }
    journal.sync().expect("the disk syncs");
    assert_eq!(firsts(35, 9), [35, 37, 39]);
}
