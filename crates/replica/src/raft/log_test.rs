//! Guards G1 to G3, each by itself.

use crate::background::{Announcements, Worker, desk};
use crate::raft::config::{Entry, LogId, Proposal, Vote};
use crate::raft::log::LogStore;
use crate::raft::waiting::Waiting;
use crate::raft::writer::{Order, Writer};
use bytes::Bytes;
use openraft::storage::{RaftLogReader, RaftLogStorage, RaftLogStorageExt};
use openraft::{CommittedLeaderId, EntryPayload};
use std::sync::Arc;
use std::time::Duration;
use store::disk::MemoryDisk;
use store::log::{Log, LogOptions};
use tokio::sync::{mpsc, oneshot, watch};

const NODE: u64 = 2;

struct Bench {
    store: LogStore,
    covered: watch::Sender<u64>,
    orders: mpsc::Sender<Order>,
}

/// The log as it is found on the disk, with its writer as a task.
fn open(disk: &MemoryDisk) -> Bench {
    let options = LogOptions { segment_bytes: 4 << 10, ..LogOptions::default() };
    let log = Log::open(Arc::new(disk.clone()), "log", &options).unwrap();
    let reader = log.reader();
    let (orders, mut job) = desk(Writer::new(log, Arc::new(|_| {})), 64);
    tokio::spawn(async move {
        use crate::background::Job;
        while job.ready().await {
            job.work().announce();
        }
    });
    let covered = watch::Sender::new(0);
    let waiting = Arc::new(Waiting::new().0);
    let store = LogStore::new(NODE, reader, orders.clone(), waiting, covered.subscribe());
    Bench { store, covered, orders }
}

fn place(index: u64) -> LogId {
    LogId::new(CommittedLeaderId::new(1, 1), index)
}

fn entries(indices: std::ops::RangeInclusive<u64>) -> Vec<Entry> {
    let payload =
        |_| EntryPayload::Normal(Proposal { entry: Bytes::from(vec![7; 300]), ticket: 0 });
    indices.map(|index| Entry { log_id: place(index), payload: payload(index) }).collect()
}

#[tokio::test]
async fn g1_a_leader_that_starts_again_was_never_elected_and_others_were() {
    let rows = [
        (Vote::new_committed(5, NODE), Vote::new(5, NODE)),
        (Vote::new(5, NODE), Vote::new(5, NODE)),
        (Vote::new_committed(5, 3), Vote::new_committed(5, 3)),
        (Vote::new(5, 3), Vote::new(5, 3)),
    ];
    for (stored, expected) in rows {
        let disk = MemoryDisk::new(1);
        open(&disk).store.save_vote(&stored).await.unwrap();
        disk.power_cut();
        assert_eq!(open(&disk).store.read_vote().await.unwrap(), Some(expected), "{stored}");
    }
}

#[tokio::test]
async fn g1_the_committed_mark_is_synced_with_whatever_comes_next() {
    let disk = MemoryDisk::new(1);
    let mut bench = open(&disk);
    bench.store.blocking_append(entries(1..=3)).await.unwrap();
    bench.store.save_committed(Some(place(2))).await.unwrap();
    bench.store.save_vote(&Vote::new(1, 1)).await.unwrap();
    disk.power_cut();
    assert_eq!(open(&disk).store.read_committed().await.unwrap(), Some(place(2)));
}

#[tokio::test(start_paused = true)]
async fn g2_a_purge_waits_for_the_checkpoint_that_covers_it_and_is_remembered() {
    let disk = MemoryDisk::new(1);
    let mut bench = open(&disk);
    bench.store.blocking_append(entries(1..=40)).await.unwrap();
    bench.covered.send_replace(19);
    let early = tokio::time::timeout(Duration::from_secs(60), bench.store.purge(place(20))).await;
    assert!(early.is_err(), "it was purged although the checkpoint covers only 19");
    assert_eq!(bench.store.try_get_log_entries(1..2).await.unwrap().len(), 1);
    bench.covered.send_replace(20);
    bench.store.purge(place(20)).await.unwrap();
    disk.power_cut();
    let state = open(&disk).store.get_log_state().await.unwrap();
    assert_eq!((state.last_purged_log_id, state.last_log_id), (Some(place(20)), Some(place(40))));
}

#[tokio::test]
async fn g3_a_range_whose_head_is_gone_is_read_as_nothing() {
    let disk = MemoryDisk::new(1);
    let mut bench = open(&disk);
    bench.store.blocking_append(entries(1..=40)).await.unwrap();
    let mut reader = bench.store.get_log_reader().await;
    bench.covered.send_replace(40);
    bench.store.purge(place(20)).await.unwrap();
    // First and last index asked for, and how many come.
    let rows = [(5, 30, 0), (20, 30, 0), (21, 30, 9), (41, 50, 0), (39, 50, 2), (7, 7, 0)];
    for (start, end, expected) in rows {
        let found = reader.limited_get_log_entries(start, end).await.unwrap();
        assert_eq!(found.len(), expected, "{start}..{end}");
        assert!(found.first().is_none_or(|first| first.log_id.index == start));
    }
}

#[tokio::test]
async fn entries_and_truncations_come_back_as_they_were() {
    let disk = MemoryDisk::new(1);
    let mut bench = open(&disk);
    bench.store.blocking_append(entries(1..=9)).await.unwrap();
    bench.store.truncate(place(6)).await.unwrap();
    let (done, synced) = oneshot::channel();
    bench.orders.send(Order::Finish(done)).await.unwrap();
    synced.await.unwrap().unwrap();
    disk.power_cut();
    let mut store = open(&disk).store;
    assert_eq!(store.try_get_log_entries(1..6).await.unwrap(), entries(1..=5));
    assert_eq!(store.get_log_state().await.unwrap().last_log_id, Some(place(5)));
}

#[tokio::test]
async fn after_a_failed_sync_nothing_is_taken_any_more() {
    let disk = MemoryDisk::new(1);
    let log = Log::open(Arc::new(disk.clone()), "log", &LogOptions::default()).unwrap();
    let told = Arc::new(std::sync::Mutex::new(0));
    let count = told.clone();
    let mut writer = Writer::new(log, Arc::new(move |_| *count.lock().unwrap() += 1));
    disk.fail_sync_after(0);
    for _ in 0..2 {
        let (done, answer) = oneshot::channel();
        let mut announcements = Announcements::default();
        let vote = store::log::Payload::from(&b"vote"[..]);
        writer.work(vec![Order::Vote(vote, done)], &mut announcements);
        announcements.announce();
        assert!(answer.await.unwrap().is_err());
    }
    assert_eq!(*told.lock().unwrap(), 1);
}
