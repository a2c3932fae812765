//! What the raft log keeps, forgets and never forgets.

use super::{Log, LogOptions, LogState, Payload};
use crate::disk::{Disk, MemoryDisk};
use crate::error::StoreError;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

fn open_with(disk: &MemoryDisk, tail_bytes: u64) -> Result<Log, StoreError> {
    let options = LogOptions { segment_bytes: 500, tail_bytes };
    Log::open(Arc::new(disk.clone()), "log", &options)
}

fn open(disk: &MemoryDisk) -> Log {
    open_with(disk, 200).expect("a sound log opens")
}

fn payload(index: u64, size: usize) -> Payload {
    let mut bytes = index.to_le_bytes().to_vec();
    bytes.resize(size.max(8), 0xAB);
    bytes.into()
}

fn fill(log: &mut Log, range: std::ops::Range<u64>) {
    for index in range {
        log.append(index, &[payload(index, 60)]).expect("there is room");
    }
    log.sync().expect("the disk syncs");
}

fn bounds(state: &LogState) -> (Option<u64>, Option<u64>, Option<u64>) {
    (state.first, state.last, state.purge.as_ref().map(|(index, _)| *index))
}

#[test]
fn entries_are_read_from_memory_and_from_disk_alike() {
    let disk = MemoryDisk::new(1);
    let mut log = open(&disk);
    fill(&mut log, 0..40);
    log.append(40, &[payload(40, 60), payload(41, 60)]).expect("there is room");
    let reader = log.reader();
    // (range, most bytes, indices expected)
    let rows = [
        (0..3, 1_000, 0..3),
        (0..42, 1_000_000, 0..42),
        (35..100, 1_000_000, 35..42),
        (5..9, 1, 5..6),
        (5..9, 140, 5..7),
        (42..50, 1_000, 42..42),
        (7..7, 1_000, 7..7),
    ];
    for (range, bytes_max, expected) in rows {
        let read = reader.read(range.clone(), bytes_max).expect("sound");
        let indices: Vec<u64> = read.iter().map(|entry| entry.index).collect();
        assert_eq!(indices, expected.collect::<Vec<_>>(), "{range:?} up to {bytes_max}");
        assert!(read.iter().all(|entry| entry.payload == payload(entry.index, 60)));
    }
}

#[test]
fn out_of_order_calls_are_refused_and_change_nothing() {
    let disk = MemoryDisk::new(1);
    let mut log = open(&disk);
    fill(&mut log, 3..9);
    log.purge_to(5, b"five").expect("there is room");
    let before = log.reader().state();
    type Call = fn(&mut Log) -> Result<(), StoreError>;
    let rows: [(&str, Call); 4] = [
        ("a gap", |log| log.append(10, &[payload(10, 8)])),
        ("a repetition", |log| log.append(8, &[payload(8, 8)])),
        ("the last purged entry", |log| log.truncate_from(5)),
        ("an older purged entry", |log| log.truncate_from(0)),
    ];
    for (name, call) in rows {
        assert!(matches!(call(&mut log), Err(StoreError::OutOfOrder { .. })), "{name}");
        assert_eq!(log.reader().state(), before, "{name}");
    }
    let huge = log.purge_to(u64::MAX, b"");
    assert!(matches!(huge, Err(StoreError::TooLarge { .. })));
}

#[test]
fn votes_and_marks_outlive_the_segment_they_were_written_in() {
    let disk = MemoryDisk::new(1);
    let mut log = open(&disk);
    log.save_vote(b"vote").expect("there is room");
    log.save_committed(b"committed").expect("there is room");
    fill(&mut log, 1..60);
    log.purge_to(55, b"mark").expect("there is room");
    let before = disk.list("log").expect("it is there").len();
    let removed = log.reclaim().expect("the disk works");
    let after = disk.list("log").expect("it is there");
    assert!(removed > 3 && after.len() as u64 == before as u64 - removed, "{removed} {after:?}");
    disk.power_cut();
    let state = open(&disk).reader().state();
    assert_eq!(bounds(&state), (Some(56), Some(59), Some(55)));
    assert_eq!(state.vote.as_deref(), Some(&b"vote"[..]));
    assert_eq!(state.committed.as_deref(), Some(&b"committed"[..]));
    assert_eq!(state.purge.map(|(_, mark)| mark.to_vec()), Some(b"mark".to_vec()));
}

#[test]
fn a_segment_has_the_vote_and_marks_even_if_the_power_goes_right_after_a_roll() {
    let disk = MemoryDisk::new(1);
    let mut log = open(&disk);
    log.save_vote(b"vote").expect("there is room");
    fill(&mut log, 1..6);
    let segments = disk.list("log").expect("it is there").len();
    log.append(6, &[payload(6, 60)]).expect("there is room");
    assert_eq!(disk.list("log").expect("it is there").len(), segments + 1, "it has rolled");
    disk.power_cut();
    let mut log = open(&disk);
    log.purge_to(5, b"mark").expect("there is room");
    assert_eq!(log.reclaim().expect("the disk works"), segments as u64);
    let state = open(&disk).reader().state();
    assert_eq!(state.vote.as_deref(), Some(&b"vote"[..]));
}

#[test]
fn nothing_is_removed_before_its_purge_mark_is_durable() {
    let disk = MemoryDisk::new(1);
    let mut log = open(&disk);
    fill(&mut log, 1..60);
    log.purge_to(55, b"mark").expect("there is room");
    disk.fail_sync_after(0);
    let before = disk.list("log").expect("it is there");
    assert!(matches!(log.reclaim(), Err(StoreError::SyncFailed { .. })));
    assert_eq!(disk.list("log").expect("it is there"), before);
}

#[test]
fn purging_beyond_the_end_empties_the_log_and_sets_its_next_index() {
    let disk = MemoryDisk::new(1);
    let mut log = open(&disk);
    fill(&mut log, 1..10);
    log.purge_to(100, b"installed").expect("there is room");
    assert!(log.append(10, &[payload(10, 8)]).is_err());
    fill(&mut log, 101..104);
    assert!(log.reader().read(5..8, 1_000).expect("sound").is_empty(), "purged stays purged");
    log.reclaim().expect("the disk works");
    assert_eq!(bounds(&open(&disk).reader().state()), (Some(101), Some(103), Some(100)));
}

#[test]
fn a_log_cut_off_wholly_keeps_its_segments_until_a_purge_mark_accounts_for_them() {
    let disk = MemoryDisk::new(1);
    let mut log = open(&disk);
    fill(&mut log, 0..30);
    log.truncate_from(0).expect("nothing is purged");
    fill(&mut log, 0..30);
    assert_eq!(log.reclaim().expect("the disk works"), 0);
    assert_eq!(bounds(&open(&disk).reader().state()), (Some(0), Some(29), None));
    let mut log = open(&disk);
    log.purge_to(0, b"mark").expect("there is room");
    assert!(log.reclaim().expect("the disk works") > 2);
    assert_eq!(bounds(&open(&disk).reader().state()), (Some(1), Some(29), Some(0)));
}

#[test]
fn a_lost_head_is_damage() {
    for purged in [None, Some(3)] {
        let disk = MemoryDisk::new(1);
        let mut log = open(&disk);
        fill(&mut log, 1..30);
        if let Some(index) = purged {
            log.purge_to(index, b"mark").expect("there is room");
            log.sync().expect("the disk syncs");
        }
        disk.remove("log/00000001.seg").expect("it is there");
        let found = open_with(&disk, 0).err();
        assert!(matches!(found, Some(StoreError::Damaged { .. })), "{purged:?}: {found:?}");
    }
}

/// The system drops the pages of a failed sync and shows them all the same: a process that starts
/// again reads them, acknowledges upon them, and must not lose them to a power cut.
#[test]
fn what_a_failed_sync_left_readable_survives_the_next_power_cut() {
    for seed in 0..50 {
        let disk = MemoryDisk::new(seed);
        let mut log = open(&disk);
        fill(&mut log, 0..3);
        log.append(3, &[payload(3, 60)]).expect("there is room");
        disk.fail_sync_after(0);
        assert!(matches!(log.sync(), Err(StoreError::SyncFailed { .. })));
        drop(log);
        disk.process_restart();
        let log = open(&disk);
        let last = log.reader().state().last;
        drop(log);
        disk.power_cut();
        assert_eq!(open(&disk).reader().state().last, last, "seed {seed}");
    }
}

#[test]
fn a_failed_sync_stops_the_log_and_its_readers() {
    let disk = MemoryDisk::new(1);
    let mut log = open(&disk);
    fill(&mut log, 1..3);
    let reader = log.reader();
    log.append(3, &[payload(3, 8)]).expect("memory has room");
    disk.fail_sync_after(0);
    assert!(matches!(log.sync(), Err(StoreError::SyncFailed { .. })));
    let refusals = [
        log.sync(),
        log.append(4, &[payload(4, 8)]),
        log.save_vote(b"v"),
        log.truncate_from(2),
        log.purge_to(2, b""),
        reader.read(1..3, 100).map(drop),
    ];
    for (row, refusal) in refusals.into_iter().enumerate() {
        assert!(matches!(refusal, Err(StoreError::SyncFailed { .. })), "row {row}");
    }
}

#[test]
fn a_full_disk_refuses_and_recovers() {
    let disk = MemoryDisk::new(1);
    let mut log = open(&disk);
    fill(&mut log, 1..5);
    disk.set_capacity(Some(disk.used_bytes()));
    log.append(5, &[payload(5, 8)]).expect("memory has room");
    assert!(matches!(log.sync(), Err(StoreError::Full { .. })));
    disk.process_restart();
    let refused = open_with(&disk, 200).err();
    assert!(matches!(refused, Some(StoreError::Full { .. })), "the last segment needs its room");
    disk.set_capacity(Some(2 * disk.used_bytes()));
    let state = open_with(&disk, 200).expect("there is room again").reader().state();
    assert_eq!(state.last, Some(4), "a refused group is wholly absent");
}

/// One call against the log and its model.
#[derive(Debug, Clone)]
enum Call {
    Append { count: u64, size: usize },
    Truncate { back: u64 },
    Purge { ahead: u64 },
    Vote(u8),
    Committed(u8),
    Sync,
    Reclaim,
    Reopen,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let call = prop_oneof![
        6 => (1_u64..6, 0_usize..150).prop_map(|(count, size)| Call::Append { count, size }),
        1 => (1_u64..8).prop_map(|back| Call::Truncate { back }),
        2 => (1_u64..12).prop_map(|ahead| Call::Purge { ahead }),
        1 => any::<u8>().prop_map(Call::Vote),
        1 => any::<u8>().prop_map(Call::Committed),
        1 => Just(Call::Sync),
        1 => Just(Call::Reclaim),
        1 => Just(Call::Reopen),
    ];
    prop::collection::vec(call, 1..60)
}

#[derive(Default)]
struct Model {
    entries: BTreeMap<u64, Payload>,
    next: u64,
    purged: Option<u64>,
    vote: Option<Payload>,
    committed: Option<Payload>,
}

impl Model {
    fn call(&mut self, log: &mut Log, call: &Call) {
        match call {
            Call::Append { count, size } => {
                let entries: Vec<Payload> =
                    (self.next..self.next + count).map(|index| payload(index, *size)).collect();
                log.append(self.next, &entries).expect("in order");
                self.entries.extend((self.next..).zip(entries));
                self.next += count;
            }
            Call::Truncate { back } => {
                let lowest = self.purged.map_or(0, |purged| purged + 1);
                let from = self.next.saturating_sub(*back).max(lowest);
                log.truncate_from(from).expect("not purged");
                self.entries.retain(|index, _| *index < from);
                self.next = from;
            }
            Call::Purge { ahead } => {
                let to = self.purged.map_or(0, |purged| purged + 1) + ahead;
                log.purge_to(to, &to.to_le_bytes()).expect("there is room");
                self.entries.retain(|index, _| *index > to);
                self.purged = Some(to);
                self.next = self.next.max(to + 1);
            }
            Call::Vote(vote) => {
                log.save_vote(&[*vote]).expect("there is room");
                self.vote = Some(Payload::from([*vote]));
            }
            Call::Committed(mark) => {
                log.save_committed(&[*mark]).expect("there is room");
                self.committed = Some(Payload::from([*mark]));
            }
            Call::Sync => log.sync().expect("the disk syncs"),
            Call::Reclaim => drop(log.reclaim().expect("the disk works")),
            Call::Reopen => log.sync().expect("the disk syncs"),
        }
    }

    fn compare(&self, log: &Log) {
        let reader = log.reader();
        let state = reader.state();
        let (first, last) = (self.entries.keys().next(), self.entries.keys().next_back());
        let bounds_expected = (first.copied(), last.copied(), self.purged);
        assert_eq!(bounds(&state), bounds_expected);
        assert_eq!((state.vote, state.committed), (self.vote.clone(), self.committed.clone()));
        let start = first.copied().unwrap_or(0);
        let read = reader.read(start..u64::MAX, u64::MAX).expect("sound");
        let read: BTreeMap<u64, Payload> =
            read.into_iter().map(|entry| (entry.index, entry.payload)).collect();
        assert_eq!(read, self.entries);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_log_equals_its_model_after_any_calls(calls in calls(), tail in 0_u64..600) {
        let disk = MemoryDisk::new(1);
        let mut log = open_with(&disk, tail).expect("an empty disk opens");
        let mut model = Model::default();
        for call in &calls {
            model.call(&mut log, call);
            if matches!(call, Call::Reopen) {
                disk.power_cut();
                log = open_with(&disk, tail).expect("a sound log opens");
            }
            model.compare(&log);
        }
    }

    #[test]
    fn arbitrary_records_never_panic(
        records in prop::collection::vec((0_u8..8, any::<[u8; 2]>(), 0_usize..12), 0..40),
    ) {
        use crate::segments::{Replay, Segments, Stream};
        let disk: Arc<dyn Disk> = Arc::new(MemoryDisk::new(1));
        let stream = Stream {
            name: "log",
            directory: "log".to_owned(),
            segment_bytes: 500,
            hashed: false,
        };
        let everything = Replay::Everything;
        let mut segments =
            Segments::open(disk.clone(), stream, (0, [0; 64]), everything, &mut |_, _, _| Ok(()))
                .expect("an empty disk opens");
        for (kind, [low, high], length) in records {
            let mut bytes = vec![low % 8, 0, 0, 0, 0, 0, 0, if high > 250 { 255 } else { 0 }, 1];
            bytes.resize(length, 255);
            segments.push(kind, &[&bytes]);
        }
        segments.sync().expect("the disk syncs");
        if let Ok(mut log) = Log::open(disk, "log", &LogOptions::default()) {
            let reader = log.reader();
            let state = reader.state();
            let range = state.first.unwrap_or(0)..u64::MAX;
            prop_assert!(reader.read(range, u64::MAX).is_ok());
            prop_assert!(log.reclaim().is_ok());
        }
    }
}
