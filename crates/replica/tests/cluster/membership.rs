//! Who takes part: joining, replacing, and who is not let in.

use crate::world::{PACT, World, in_seconds, member, pause, propose};
use ledger::words::Revision;
use replica::{Member, MembershipError, NodeId, Pact, ProposeError, Settings};

#[tokio::test(start_paused = true)]
async fn a_node_joins_after_the_log_was_purged() {
    let mut world = World::new(3).await;
    for _ in 0..40 {
        world.put(1).await;
    }
    let leader = world.leader().await;
    world.node(leader).checkpoint_now().await.unwrap();
    pause(500).await;
    world.start(4).await;
    let follower = world.follower().await;
    world.node(follower).join(member(4)).await.unwrap();
    let status = world.node(leader).status();
    let joined = status.members.iter().find(|m| m.member.id == NodeId(4)).unwrap();
    assert!(joined.votes);
    world.converge().await;
    pause(1_000).await;
    let mut watch = world.node(4).watch(Revision(0)).unwrap();
    assert_eq!(watch.next().await.unwrap().events[0].revision, Revision(1));
    // Asking again changes nothing.
    world.node(follower).join(member(4)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_dead_node_is_replaced() {
    let mut world = World::new(3).await;
    world.put(1).await;
    let dead = world.follower().await;
    world.crash(dead).await;
    world.start(4).await;
    let leader = world.leader().await;
    world.node(leader).replace(NodeId(dead), member(4)).await.unwrap();
    let ids: Vec<u64> = world.node(leader).status().members.iter().map(|m| m.member.id.0).collect();
    assert!(!ids.contains(&dead) && ids.contains(&4), "{ids:?}");
    world.put(4).await;
    world.converge().await;
    let error = world.node(leader).remove(NodeId(dead)).await.unwrap_err();
    assert_eq!(error, MembershipError::Unknown { id: NodeId(dead) });
}

#[tokio::test(start_paused = true)]
async fn strangers_are_not_let_in() {
    let mut world = World::new(3).await;
    world.put(1).await;
    let leader = world.leader().await;
    let strange = [(4, Pact { cluster: 8, ..PACT }), (5, Pact { fingerprint: [9; 32], ..PACT })];
    for (id, pact) in strange {
        world.start_with(id, Settings::new(NodeId(id), pact, 1)).await;
    }
    world.start(6).await;
    let node = world.node(leader);
    let rows = [
        (member(4), "another cluster:"),
        (member(5), "another cluster configuration"),
        (Member { id: NodeId(6), address: member(1).address }, "is a member already"),
        (Member { id: NodeId(1), address: member(6).address }, "is a member already"),
        (member(9), "does not answer"),
    ];
    for (stranger, expected) in rows {
        let error = node.join(stranger.clone()).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{stranger:?}: {error}");
    }
    let again = node.initialize((1..=3).map(member).collect()).await.unwrap_err();
    assert_eq!(again, MembershipError::Initialized);
}

#[tokio::test(start_paused = true)]
async fn a_voter_that_lost_its_disk_needs_a_new_id() {
    let mut world = World::new(3).await;
    world.put(1).await;
    let lost = world.follower().await;
    world.crash(lost).await;
    world.disks.remove(&lost);
    world.mesh.set_cut(lost, true);
    world.start(lost).await;
    let leader = world.leader().await;
    // Asked before it hears of its old cluster again.
    world.mesh.set_cut(lost, false);
    let error = world.node(leader).join(member(lost)).await.unwrap_err();
    assert!(matches!(error, MembershipError::Duplicate { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_node_without_a_cluster_takes_nothing() {
    let mut world = World::new(3).await;
    let alone = world.start(4).await;
    let command = world.command();
    let error = propose(&alone, vec![command.clone()]).await.unwrap_err();
    assert_eq!(error, ProposeError::NotReady);
    world.node(1).propose(vec![command], in_seconds(5)).await.unwrap();
}
