//! Reading and watching.

use crate::world::{World, in_seconds, pause, propose};
use ledger::words::Revision;
use replica::{Consistency, ReadError, WatchError};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn linearizable_reads_miss_nothing_on_any_node() {
    let mut world = World::new(3).await;
    for round in 0..20 {
        let written = world.put(1 + round % 3).await.revision;
        for id in 1..=3 {
            let view = world.node(id).read(Consistency::Linearizable, in_seconds(5)).await;
            assert!(view.unwrap().revision() >= written, "node {id} in round {round}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_writer_reads_its_own_write_anywhere() {
    let mut world = World::new(3).await;
    let written = world.put(1).await.revision;
    for id in 1..=3 {
        let want = Consistency::AtLeast(written);
        let view = world.node(id).read(want, in_seconds(5)).await.unwrap();
        assert!(view.revision() >= written);
    }
    let want = Consistency::AtLeast(Revision(written.0 + 1));
    let error = world.node(2).read(want, in_seconds(1)).await.unwrap_err();
    assert!(matches!(error, ReadError::NotYet { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_node_that_is_cut_off_reads_only_what_is_fresh_enough() {
    let mut world = World::new(3).await;
    world.put(1).await;
    let leader = world.leader().await;
    let stale = |seconds| Consistency::Stale { age_max: Duration::from_secs(seconds) };
    pause(500).await;
    for id in 1..=3 {
        world.node(id).read(stale(1), in_seconds(1)).await.unwrap();
    }
    world.mesh.set_cut(leader, true);
    pause(5_000).await;
    let node = world.node(leader);
    let error = node.read(Consistency::Linearizable, in_seconds(1)).await.unwrap_err();
    assert!(matches!(error, ReadError::NoQuorum { .. }), "{error}");
    let error = node.read(stale(1), in_seconds(1)).await.unwrap_err();
    assert!(matches!(error, ReadError::TooOld { .. }), "{error}");
    node.read(stale(60), in_seconds(1)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn watchers_are_told_everything_once_and_resume() {
    let mut world = World::new(3).await;
    let node = world.node(2);
    let mut watch = node.watch(Revision(0)).unwrap();
    for _ in 0..10 {
        world.put(1).await;
    }
    let mut told = Vec::new();
    while told.len() < 6 {
        told.extend(watch.next().await.unwrap().events.iter().map(|event| event.revision.0));
    }
    drop(watch);
    let mut watch = node.watch(Revision(6)).unwrap();
    told.truncate(6);
    while told.len() < 10 {
        told.extend(watch.next().await.unwrap().events.iter().map(|event| event.revision.0));
    }
    assert_eq!(told, (1..=10).collect::<Vec<_>>());
    let error = node.watch(Revision(99)).err();
    assert_eq!(error, Some(WatchError::Ahead { newest: Revision(10) }));
}

#[tokio::test(start_paused = true)]
async fn what_left_the_ring_comes_from_the_journal() {
    let mut world = World::tuned(1, |settings| settings.ring.events = 4).await;
    for _ in 0..40 {
        world.put(1).await;
    }
    // The journal shows what is durable.
    pause(1_000).await;
    let mut watch = world.node(1).watch(Revision(3)).unwrap();
    let mut told = Vec::new();
    while told.len() < 37 {
        told.extend(watch.next().await.unwrap().events.iter().map(|event| event.revision.0));
    }
    assert_eq!(told, (4..=40).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_slow_watcher_is_cut_where_it_may_resume() {
    let mut world = World::tuned(1, |settings| settings.ring.events = 4).await;
    let mut watch = world.node(1).watch(Revision(0)).unwrap();
    world.put(1).await;
    assert_eq!(watch.next().await.unwrap().through, Revision(1));
    for _ in 0..10 {
        world.put(1).await;
    }
    let error = watch.next().await.err();
    assert_eq!(error, Some(WatchError::Slow { resume: Revision(1) }));
    pause(1_000).await;
    let mut again = world.node(1).watch(Revision(1)).unwrap();
    assert_eq!(again.next().await.unwrap().through, Revision(2));
}

#[tokio::test(start_paused = true)]
async fn a_watch_inside_a_group_is_told_the_rest_of_it() {
    let mut world = World::new(1).await;
    let commands = (0..5).map(|_| world.command()).collect();
    propose(&world.node(1), commands).await.unwrap();
    let mut watch = world.node(1).watch(Revision(2)).unwrap();
    let next = watch.next().await.unwrap();
    let told: Vec<u64> = next.events.iter().map(|event| event.revision.0).collect();
    assert_eq!((told, next.through), (vec![3, 4, 5], Revision(5)));
}
