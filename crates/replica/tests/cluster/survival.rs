//! Restarts, power cuts, checkpoints, nodes that are far behind.

use crate::world::{World, in_seconds, pause, propose};
use ledger::words::Revision;
use replica::{Consistency, Fatal, PeerCall, ProposeError};

#[tokio::test(start_paused = true)]
async fn what_was_acknowledged_survives_a_power_cut_of_all() {
    let mut world = World::new(3).await;
    for round in 0..5 {
        let mut acknowledged = Revision(0);
        for put in 0..20 {
            acknowledged = world.put(1 + put % 3).await.revision;
        }
        if round == 2 {
            world.node(1).checkpoint_now().await.unwrap();
        }
        for id in 1..=3 {
            world.crash(id).await;
        }
        for id in 1..=3 {
            world.start(id).await;
        }
        world.leader().await;
        let view = world.node(2).read(Consistency::Linearizable, in_seconds(10)).await.unwrap();
        assert!(view.revision() >= acknowledged, "round {round}");
        world.converge().await;
    }
    world.assert_nothing_fatal();
}

#[tokio::test(start_paused = true)]
async fn a_restart_begins_with_the_checkpoint_and_the_journal_goes_on() {
    let mut world = World::new(1).await;
    for _ in 0..30 {
        world.put(1).await;
    }
    world.node(1).checkpoint_now().await.unwrap();
    for _ in 0..30 {
        world.put(1).await;
    }
    let before = world.node(1).status();
    assert!(before.log.covered > 0 && before.log.purged > 0, "{before:?}");
    world.crash(1).await;
    world.start(1).await;
    world.leader().await;
    let view = world.node(1).read(Consistency::Linearizable, in_seconds(5)).await.unwrap();
    assert_eq!(view.digest(), before.digest);
    assert_eq!(view.revision(), Revision(60));
    // The journal leads through it all without a gap.
    pause(1_000).await;
    let mut watch = world.node(1).watch(Revision(0)).unwrap();
    let mut told = Vec::new();
    while told.len() < 60 {
        told.extend(watch.next().await.unwrap().events.iter().map(|event| event.revision.0));
    }
    assert_eq!(told, (1..=60).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_node_that_is_far_behind_gets_a_checkpoint_and_the_journal() {
    let mut world = World::new(3).await;
    let behind = world.follower().await;
    world.put(1).await;
    world.mesh.set_cut(behind, true);
    let leader = world.leader().await;
    for _ in 0..50 {
        world.put(leader).await;
    }
    world.node(leader).checkpoint_now().await.unwrap();
    for _ in 0..5 {
        world.put(leader).await;
    }
    let purged = world.node(leader).status().log.purged;
    assert!(purged > world.node(behind).status().log.last, "the log still holds what is missing");
    world.mesh.set_cut(behind, false);
    world.converge().await;
    assert!(world.mesh.count(PeerCall::Install) > 0);
    pause(1_000).await;
    let mut watch = world.node(behind).watch(Revision(0)).unwrap();
    let mut told = Vec::new();
    while told.len() < 56 {
        told.extend(watch.next().await.unwrap().events.iter().map(|event| event.revision.0));
    }
    assert_eq!(told, (1..=56).collect::<Vec<_>>());
    // It is a full member again, also after a power cut right now.
    world.crash(behind).await;
    world.start(behind).await;
    world.converge().await;
    world.assert_nothing_fatal();
}

#[tokio::test(start_paused = true)]
async fn checkpoints_come_by_themselves_and_the_log_is_purged() {
    let mut world = World::tuned(1, |settings| settings.checkpoint.log_entries = 20).await;
    for _ in 0..200 {
        world.put(1).await;
        pause(10).await;
    }
    pause(1_000).await;
    let log = world.node(1).status().log;
    assert!(log.covered + 60 > log.last, "{log:?}");
    assert!(log.purged + 80 > log.last, "{log:?}");
    world.assert_nothing_fatal();
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_fails_a_sync_ends_the_node() {
    let mut world = World::new(1).await;
    world.put(1).await;
    world.disks[&1].fail_sync_after(0);
    let command = world.command();
    let error = world.node(1).propose(vec![command], in_seconds(1)).await.unwrap_err();
    assert_eq!(error, ProposeError::OutcomeUnknown);
    let fatal = world.fatal.lock().unwrap().clone();
    assert!(matches!(fatal[0], (1, Fatal::Disk { .. })), "{fatal:?}");
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_a_clear_refusal() {
    let mut world = World::tuned(1, |settings| settings.free_bytes_min = 1 << 20).await;
    world.put(1).await;
    let used = world.disks[&1].used_bytes();
    world.disks[&1].set_capacity(Some(used + 1_000));
    pause(1_000).await;
    let command = world.command();
    let error = propose(&world.node(1), vec![command.clone()]).await.unwrap_err();
    assert_eq!(error, ProposeError::Full);
    world.disks[&1].set_capacity(None);
    pause(1_000).await;
    propose(&world.node(1), vec![command]).await.unwrap();
    world.assert_nothing_fatal();
}

#[tokio::test(start_paused = true)]
async fn a_node_whose_state_differs_from_the_majoritys_is_told_to_end() {
    // Another incarnation stands for whatever might make a ledger differ.
    let differ = |settings: &mut replica::Settings| {
        settings.incarnation = if settings.node.0 == 3 { 2 } else { 1 };
    };
    let mut world = World::tuned(3, differ).await;
    for _ in 0..20 {
        let commands = (0..20).map(|_| world.command()).collect();
        propose(&world.node(1), commands).await.unwrap();
    }
    pause(3_000).await;
    let fatal = world.fatal.lock().unwrap().clone();
    assert!(!fatal.is_empty(), "nobody has noticed");
    assert!(
        fatal.iter().all(|(id, fatal)| *id == 3 && matches!(fatal, Fatal::Diverged { .. })),
        "{fatal:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn without_a_majority_nothing_more_is_taken() {
    let differ = |settings: &mut replica::Settings| settings.incarnation = settings.node.0;
    let mut world = World::tuned(3, differ).await;
    for _ in 0..20 {
        let commands = (0..20).map(|_| world.command()).collect();
        propose(&world.node(1), commands).await.unwrap();
    }
    pause(3_000).await;
    for id in 1..=3 {
        let command = world.command();
        let error = propose(&world.node(id), vec![command]).await.unwrap_err();
        assert_eq!(error, ProposeError::Diverged, "node {id}");
    }
}
