//! A lost node is replaced by a new one, which takes everything from the others.

use crate::support::nation::put_institution;
use crate::support::observer::judge;
use crate::support::{Client, Cluster, Desk, Load, Nation, desk};
use std::fs;
use std::path::Path;
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
    answers(&cluster, &client, 3).await;
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
    doubled(&mut cluster, new).await;
    strangers(&mut cluster).await;
}

/// A member that lost its data voted in ways that nobody remembers: under its old number it does
/// not start again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_lost_its_disk_does_not_return_under_its_number() {
    let mut cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 1, 1).await;
    let wiped = (cluster.leader().await + 1) % 3;
    cluster.nodes[wiped].kill();
    fs::remove_dir_all(&cluster.nodes[wiped].data).expect("its data are there");
    cluster.nodes[wiped].start();
    let end = cluster.nodes[wiped].ended().await;
    let words = cluster.nodes[wiped].last_words();
    assert!(!end.success(), "{end}: {words}");
    assert!(words.contains("FATAL_LOST_DISK"), "{words}");
    assert!(words.contains("cupo cluster replace"), "{words}");

    let dead = cluster.nodes[wiped].number.to_string();
    cluster.add(4).start();
    let address = cluster.nodes[3].address.clone();
    answers(&cluster, &cluster.client(), 3).await;
    let replace = ["cluster", "replace", "--dead", &dead, "--node", "4", "--address", &address];
    cluster.ask(&[&replace[..], &["--timeout", "30s"]].concat()).await.done();
    cluster.ready().await;
    let statuses = cluster.agreed().await;
    assert_eq!(statuses.len(), 3);
    assert!(statuses.iter().all(|status| status.revision > 0), "{statuses:?}");
    drop(nation);
}

/// A member's number is its own: another node that has it is not let in.
async fn doubled(cluster: &mut Cluster, new: u64) {
    cluster.add(new);
    let double = cluster.nodes.last_mut().expect("one was just added");
    double.start();
    let address = double.address.clone();
    let client = cluster.client();
    answers(cluster, &client, cluster.nodes.len() - 1).await;
    let number = new.to_string();
    let said = cluster.ask(&["cluster", "join", "--node", &number, "--address", &address]).await;
    assert_eq!(said.code, Some(5), "{}", said.err);
    assert_eq!(said.told("reason"), Some("MEMBERSHIP_REFUSED"), "{}", said.err);
    let stranger = client.status(cluster.nodes.len() - 1).await.expect("it answers");
    assert!(!stranger.ready && stranger.members.is_empty(), "{stranger:?}");
}

/// A node with other settings, or of another cluster, is not let in, and told why.
async fn strangers(cluster: &mut Cluster) {
    for (number, own, theirs, why) in [
        (6, "name = \"three\"", "name = \"four\"", "another cluster"),
        (7, "heartbeat_milliseconds = 100", "heartbeat_milliseconds = 90", "configuration"),
    ] {
        let file = cluster.directory().join(format!("cluster-of-{number}.toml"));
        copy_with(&cluster.file(), &file, own, theirs);
        let stranger = cluster.add(number);
        stranger.cluster = Some(file);
        stranger.start();
        let address = stranger.address.clone();
        let client = cluster.client();
        answers(cluster, &client, cluster.nodes.len() - 1).await;
        let number = number.to_string();
        let join = ["cluster", "join", "--node", &number, "--address", &address];
        let said = cluster.ask(&join).await;
        assert_eq!(said.told("reason"), Some("MEMBERSHIP_REFUSED"), "{}", said.err);
        assert_eq!(said.code, Some(5), "{}", said.err);
        assert!(said.err.contains(why), "{}", said.err);
        cluster.nodes.last_mut().expect("one was just added").kill();
    }
}

fn copy_with(from: &Path, to: &Path, own: &str, theirs: &str) {
    let text = fs::read_to_string(from).expect("a file to copy");
    assert!(text.contains(own), "{own:?} is not in {text}");
    fs::write(to, text.replace(own, theirs)).expect("a new file");
}

/// Waits until a new node answers.
async fn answers(cluster: &Cluster, client: &Client, at: usize) {
    let until = Instant::now() + Duration::from_secs(10);
    while client.status(at).await.is_err() {
        assert!(Instant::now() < until, "{}", cluster.nodes[at].last_words());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
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
