//! A lost node is replaced by a new one, which takes everything from the others.

use crate::support::nation::put_institution;
use crate::support::observer::judge;
use crate::support::{Client, Cluster, Desk, Load, Nation, desk};
use std::fs;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Entries of the log that a checkpoint leaves in it: with more, a new node cannot have all of them
/// and gets the checkpoint.
const ENTRIES_KEPT: u64 = 2_000;

/// How long writing that many may take.
const WRITING: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_node_takes_the_place_of_a_lost_one_and_has_everything() {
    let mut cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 6, 2).await;
    let desk = Desk::new(cluster.client(), nation, Duration::from_secs(20));
    let load = Load::start(&desk, 2, 5);
    let leader = cluster.leader().await;
    write_much(&desk, leader).await;
    cluster.ask(&["snapshot", "save"]).await.done();
    purged(&desk.client, leader).await;

    let lost = (leader + 1) % 3;
    cluster.nodes[lost].kill();
    let (dead, new) = (cluster.nodes[lost].number.to_string(), 4);
    cluster.add(new).start();
    let address = cluster.nodes[3].address.clone();
    let client = cluster.client();
    let until = Instant::now() + Duration::from_secs(10);
    while client.status(3).await.is_err() {
        assert!(Instant::now() < until, "{}", cluster.nodes[3].last_words());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let replace = ["cluster", "replace", "--dead", &dead, "--node", "4", "--address", &address];
    cluster.ask(&[&replace[..], &["--timeout", "30s"]].concat()).await.done();
    cluster.ready().await;
    load.stop().await;
    tokio::time::sleep(Duration::from_secs(u64::from(desk::HOLD_SECONDS) + 1)).await;

    let pages = desk.notes.pages().clone();
    assert_eq!(pages.unanswered, [""; 0]);
    let statuses = cluster.agreed().await;
    assert_eq!(statuses.len(), 3);
    let fourth = statuses.iter().find(|status| status.node_id == new).expect("it runs");
    let voters: Vec<u64> = fourth.members.iter().filter(|m| m.voter).map(|m| m.id).collect();
    assert!(voters.len() == 3 && voters.contains(&new), "{voters:?}");
    assert!(!voters.contains(&cluster.nodes[lost].number), "{voters:?}");
    assert!(figure(fourth, "log.purged") > 0, "it was given a checkpoint: {fourth:?}");
    for at in (0..4).filter(|at| *at != lost) {
        let broken = judge(&client, at, &desk.nation, &pages).await;
        assert!(broken.is_empty(), "node {}:\n{}", at + 1, broken.join("\n"));
    }
    wiped(&mut cluster, leader).await;
}

/// A node that lost its disk is not let in again under its number, since its votes are lost too.
async fn wiped(cluster: &mut Cluster, leader: usize) {
    let node = &mut cluster.nodes[leader];
    node.kill();
    fs::remove_dir_all(&node.data).expect("a directory can be removed");
    node.start();
    let (number, address) = (node.number.to_string(), node.address.clone());
    tokio::time::sleep(Duration::from_secs(3)).await;
    eprintln!("WIPED {:?}", cluster.client().status(leader).await);
    eprintln!("LIVES {} {}", cluster.nodes[leader].lives(), cluster.nodes[leader].last_words());
    let said = cluster.ask(&["cluster", "join", "--node", &number, "--address", &address]).await;
    eprintln!("{said:?}");
}

/// Writes more entries than a checkpoint leaves in the log.
async fn write_much(desk: &Desk, leader: usize) {
    let until = Instant::now() + WRITING;
    loop {
        let status = desk.client.status(leader).await.expect("the leader says how it stands");
        if figure(&status, "log.last") > ENTRIES_KEPT + 200 {
            return;
        }
        assert!(Instant::now() < until, "{status:?}");
        let mut writers = JoinSet::new();
        for _ in 0..3 {
            let client = std::sync::Arc::clone(&desk.client);
            writers.spawn(async move {
                for _ in 0..50 {
                    put_institution(&client, "IMB").await;
                }
            });
        }
        while let Some(ended) = writers.join_next().await {
            ended.expect("a writer does not panic");
        }
    }
}

/// Waits until the head of a node's log is gone.
async fn purged(client: &Client, at: usize) {
    let until = Instant::now() + WRITING;
    loop {
        let status = client.status(at).await.expect("a node says how it stands");
        if figure(&status, "log.purged") > 0 {
            return;
        }
        assert!(Instant::now() < until, "{status:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn figure(status: &wire::v1::GetStatusResponse, name: &str) -> u64 {
    status.figures.get(name).and_then(|figure| figure.parse().ok()).expect("a known figure")
}
