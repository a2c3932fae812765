//! The same structures on the machine's own disk: what was synced is there after reopening.

use std::path::Path;
use std::sync::Arc;
use store::checkpoint::Checkpoints;
use store::disk::{Disk, RealDisk};
use store::journal::{Journal, JournalOptions};
use store::log::{Log, LogOptions, Payload};

fn disk(root: &Path) -> Arc<dyn Disk> {
    Arc::new(RealDisk::open(root).expect("a temporary directory"))
}

fn payload(index: u64) -> Payload {
    index.to_le_bytes().repeat(20).into()
}

fn open_log(root: &Path) -> Log {
    let options = LogOptions { segment_bytes: 4_000, tail_bytes: 1_000 };
    Log::open(disk(root), "log", &options).expect("sound")
}

#[test]
fn a_log_reopens_and_is_read_while_it_grows() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut log = open_log(directory.path());
    let reader = log.reader();
    std::thread::scope(|scope| {
        // The reader sees every entry once, in order, while the writer writes and purges.
        let reading = scope.spawn(move || {
            let mut next = 0;
            while next < 2_000 {
                let purged = reader.state().purge.map_or(0, |(index, _)| index + 1);
                next = next.max(purged);
                for entry in reader.read(next..2_000, 3_000).expect("sound") {
                    assert_eq!((entry.index, &entry.payload), (next, &payload(next)));
                    next += 1;
                }
            }
        });
        for index in 0..2_000 {
            log.append(index, &[payload(index)]).expect("there is room");
            if index % 50 == 49 {
                log.sync().expect("the disk works");
            }
            if index % 400 == 399 {
                log.purge_to(index - 300, b"mark").expect("there is room");
                log.reclaim().expect("the disk works");
            }
        }
        reading.join().expect("the reader found everything");
    });
    drop(log);
    let state = open_log(directory.path()).reader().state();
    assert_eq!((state.first, state.last), (Some(1_700), Some(1_999)));
}

#[test]
fn a_journal_and_checkpoints_reopen() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let options = JournalOptions { segment_bytes: 4_000 };
    let open = || Journal::open(disk(directory.path()), "journal", &options).expect("sound");
    let mut journal = open();
    for revision in 1..=200 {
        journal.append(revision, revision, &payload(revision)).expect("in order");
    }
    journal.sync().expect("the disk works");
    let end = journal.end();
    drop(journal);
    let mut journal = open();
    assert_eq!(journal.end(), end);
    assert_eq!(journal.reader().verify().expect("sound"), end);
    let middle = journal.truncate_after(77).expect("a batch ends there");
    drop(journal);
    assert_eq!(open().end(), middle);

    let open = || Checkpoints::open(disk(directory.path()), "checkpoint").expect("sound");
    let mut checkpoints = open();
    for round in 0..5_u64 {
        let mut writer = checkpoints.write().expect("usable");
        for part in 0..20 {
            writer.add(&part.to_string(), &payload(part * (round + 1))).expect("there is room");
        }
        writer.finish(&[round as u8]).expect("the disk works");
        checkpoints.collect().expect("the disk works");
    }
    let checkpoints = open();
    let reader = checkpoints.reader();
    let latest = reader.latest().expect("there is one");
    assert_eq!(latest.meta[..], [4]);
    assert_eq!(reader.chunk(&latest.chunks[3].hash).expect("sound")[..], payload(15)[..]);
    reader.verify().expect("sound");
}
