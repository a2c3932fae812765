//! Who takes part: joining, replacing, and who is not let in.

use crate::world::{PACT, World, in_seconds, member, pause, propose};
use ledger::words::Revision;
use replica::{Fatal, Member, MembershipError, NodeId, Pact, ProposeError, Role, Settings};

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
        world.start_with(id, Settings::new(NodeId(id), pact, 1, 0)).await;
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
    pause(2_000).await;
    // The others called it, and it did not answer as the one it was.
    let fatal = world.fatal.lock().unwrap().clone();
    let told = Fatal::Lost { node: NodeId(lost) };
    assert!(!fatal.is_empty() && fatal.iter().all(|end| *end == (lost, told.clone())), "{fatal:?}");
    assert!(told.to_string().contains("rejoin under a new id with `cupo cluster replace`"));
    let status = world.node(lost).status();
    assert_eq!((status.term, status.log.last, status.members.len()), (0, 0, 0), "{status:?}");
    // Its process has ended; the same machine comes back as another node.
    world.stop(lost).await;
    world.start(4).await;
    world.node(leader).replace(NodeId(lost), member(4)).await.unwrap();
    world.put(4).await;
    world.converge().await;
}

#[tokio::test(start_paused = true)]
async fn a_voter_that_lost_its_disk_elects_nobody() {
    let mut world = World::new(3).await;
    world.put(1).await;
    let leader = world.leader().await;
    let lost = world.follower().await;
    let third = 6 - leader - lost;
    world.crash(leader).await;
    world.crash(lost).await;
    world.disks.remove(&lost);
    world.start(lost).await;
    // The third has a log and asks for votes; with that of the lost one it would lead.
    pause(10_000).await;
    assert_ne!(world.node(third).status().role, Role::Leader);
    let status = world.node(lost).status();
    assert_eq!((status.term, status.log.last), (0, 0), "{status:?}");
    assert!(world.fatal.lock().unwrap().contains(&(lost, Fatal::Lost { node: NodeId(lost) })));
    // With the disk of the other one there is a quorum again, and nothing is lost.
    world.start(leader).await;
    world.leader().await;
    world.put(third).await;
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
