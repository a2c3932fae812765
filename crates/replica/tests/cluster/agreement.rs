//! Proposing: at any node, once, in order, whatever happens to leaders.

use crate::world::{World, command, in_seconds, pause, propose};
use ledger::words::{RequestId, Revision};
use ledger::{Done, Outcome};
use replica::{ProposeError, Role};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn any_node_takes_commands() {
    let mut world = World::new(3).await;
    for id in [1, 2, 3, 1, 2, 3] {
        let applied = world.put(id).await;
        assert_eq!(applied.outcome, Outcome::Done(Done::Plain));
    }
    world.converge().await;
    assert_eq!(world.node(1).view().revision(), Revision(6));
    world.assert_nothing_fatal();
}

#[tokio::test(start_paused = true)]
async fn the_same_request_has_one_outcome() {
    let mut world = World::new(3).await;
    let command = world.command();
    let mut seen = Vec::new();
    for id in [1, 2, 3] {
        seen.extend(propose(&world.node(id), vec![command.clone()]).await.unwrap());
    }
    assert!(seen.iter().all(|applied| *applied == seen[0]), "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn calls_keep_their_order_and_get_their_own_outcomes() {
    let mut world = World::new(3).await;
    let leader = world.leader().await;
    let follower = world.follower().await;
    let mut calls = Vec::new();
    for call in 0..100_usize {
        let commands = (0..=call % 7).map(|_| world.command()).collect::<Vec<_>>();
        let node = world.node(if call % 2 == 0 { leader } else { follower });
        calls.push(tokio::spawn(async move {
            (commands.len(), propose(&node, commands).await.unwrap())
        }));
    }
    for call in calls {
        let (asked, applied) = call.await.unwrap();
        assert_eq!(applied.len(), asked);
        let revisions: Vec<u64> = applied.iter().map(|applied| applied.revision.0).collect();
        assert!(revisions.windows(2).all(|pair| pair[1] == pair[0] + 1), "{revisions:?}");
    }
    world.converge().await;
}

#[tokio::test(start_paused = true)]
async fn impossible_calls_are_refused_at_once() {
    let mut world = World::new(1).await;
    let node = world.node(1);
    let many = (0..8_193).map(|number| command(RequestId::Natural, number)).collect();
    for commands in [vec![], many] {
        let error = propose(&node, commands).await.unwrap_err();
        assert!(matches!(error, ProposeError::Size { .. }), "{error}");
    }
    let most = (0..8_192).map(|_| world.command()).collect();
    assert_eq!(propose(&node, most).await.unwrap().len(), 8_192);
}

#[tokio::test(start_paused = true)]
async fn without_a_quorum_nothing_is_acknowledged_and_all_heals() {
    let mut world = World::new(3).await;
    world.put(1).await;
    let leader = world.leader().await;
    for id in world.nodes() {
        if id != leader {
            world.mesh.set_cut(id, true);
        }
    }
    pause(3_000).await;
    for id in world.nodes() {
        let command = world.command();
        let error = world.node(id).propose(vec![command], in_seconds(2)).await.unwrap_err();
        let expected =
            matches!(error, ProposeError::NoQuorum { .. } | ProposeError::OutcomeUnknown);
        assert!(expected, "node {id}: {error}");
    }
    for id in world.nodes() {
        world.mesh.set_cut(id, false);
    }
    for id in world.nodes() {
        world.put(id).await;
    }
    world.converge().await;
    world.assert_nothing_fatal();
}

#[tokio::test(start_paused = true)]
async fn commands_wait_through_an_election() {
    let mut world = World::new(3).await;
    let follower = world.follower().await;
    let leader = world.leader().await;
    world.put(follower).await;
    world.crash(leader).await;
    let begun = tokio::time::Instant::now();
    world.put(follower).await;
    assert!(begun.elapsed() < Duration::from_millis(1_500), "{:?}", begun.elapsed());
    world.start(leader).await;
    world.converge().await;
}

#[tokio::test(start_paused = true)]
async fn a_planned_stop_of_the_leader_refuses_nothing() {
    let mut world = World::new(3).await;
    let leader = world.leader().await;
    let follower = world.follower().await;
    let node = world.node(follower);
    let commands: Vec<_> = (0..300).map(|_| world.command()).collect();
    let load = tokio::spawn(async move {
        let mut slowest = Duration::ZERO;
        for command in commands {
            let begun = tokio::time::Instant::now();
            propose(&node, vec![command]).await.unwrap();
            slowest = slowest.max(begun.elapsed());
            pause(5).await;
        }
        slowest
    });
    pause(300).await;
    let begun = tokio::time::Instant::now();
    world.stop(leader).await;
    let stopping = begun.elapsed();
    let slowest = load.await.unwrap();
    assert!(stopping < Duration::from_secs(2), "stopping took {stopping:?}");
    assert!(slowest < Duration::from_millis(1_200), "somebody waited {slowest:?}");
    world.start(leader).await;
    world.converge().await;
    assert_eq!(world.node(leader).view().revision(), Revision(300));
}

#[tokio::test(start_paused = true)]
async fn a_stopping_node_says_so() {
    let mut world = World::new(1).await;
    world.put(1).await;
    let node = world.node(1);
    node.stop().await;
    let command = world.command();
    let error = propose(&node, vec![command]).await.unwrap_err();
    assert_eq!(error, ProposeError::Stopping);
    assert_eq!(node.status().role, Role::Stopped);
    world.assert_nothing_fatal();
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_far_off_does_not_lead_and_moves_nobody() {
    let mut world = World::new(3).await;
    world.put(1).await;
    let leader = world.leader().await;
    let wrong = 365 * 86_400 * 1_000;
    let clock = world.clocks[&leader].clone();
    clock.wrong_millis.store(wrong, std::sync::atomic::Ordering::Relaxed);
    pause(3_000).await;
    assert_ne!(world.leader().await, leader);
    world.put(leader).await;
    world.converge().await;
    let other = world.leader().await;
    let right = replica::Clock::now(&*world.clocks[&other]);
    let moment = world.node(other).view().moment();
    assert!(moment.micros() < right.micros() + 2_000_000, "{moment} is far from {right}");
}
