//! A planned restart of everything, one after the other, under load.

use crate::support::{Client, Cluster, Desk, Load, Nation, verdict};
use std::time::Duration;

/// Within this every request has its answer, whoever is restarted meanwhile.
const DEADLINE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarting_all_nodes_in_turn_under_load_refuses_nothing() {
    let mut cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 12, 4).await;
    let desk = Desk::new(cluster.client(), nation, DEADLINE);
    let load = Load::start(&desk, 4, 7);
    // The leader goes last, so that leadership moves as late, and as little, as it can.
    let leader = cluster.leader().await;
    for at in [leader + 1, leader + 2, leader].map(|at| at % 3) {
        let before = desk.notes.given();
        restart(&mut cluster, &desk, at).await;
        let since = desk.notes.given() - before;
        assert!(since > 0, "nothing was booked while node {} was restarted", at + 1);
    }
    let pages = verdict(&mut cluster, &desk, load, "all nodes restarted in turn").await;
    // A node that stops sends its callers to the next one; nobody says that nobody leads.
    for reason in pages.passing.keys() {
        let harmless = ["Stopping", "(Unavailable)", "(Unknown)", "(Cancelled)"];
        assert!(harmless.contains(&reason.as_str()), "on the way: {:?}", pages.passing);
    }
    assert!(pages.longest < DEADLINE, "somebody waited {:?}", pages.longest);
}

/// Restarts one node. Whoever is connected to one of the other two notices nothing at all: each
/// request is sent once, to that node, and is answered within its deadline, though the leader that
/// it is forwarded to goes.
async fn restart(cluster: &mut Cluster, desk: &Desk, at: usize) {
    let leader = cluster.leader().await;
    let mut loyal = Vec::new();
    for other in [(at + 1) % 3, (at + 2) % 3] {
        let client = Client::new([cluster.nodes[other].address.as_str()].into_iter());
        let nation = Nation::clone(&desk.nation);
        let own = Desk::new(client, nation, DEADLINE);
        let load = Load::start(&own, 4, other as u64);
        loyal.push((other, own, load));
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    cluster.nodes[at].stop().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    cluster.nodes[at].start();
    cluster.ready().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    for (other, own, load) in loyal {
        load.stop().await;
        let pages = own.notes.pages().clone();
        let story = format!("node {} restarted, node {} led", at + 1, leader + 1);
        eprintln!(
            "{story}: through node {}, {} given, longest {:?}",
            other + 1,
            own.notes.given(),
            pages.longest
        );
        assert!(own.notes.given() > 10, "{story}: node {} hardly booked", other + 1);
        assert_eq!(pages.unanswered, [""; 0], "{story}: through node {}", other + 1);
        assert!(
            pages.passing.is_empty(),
            "{story}: through node {}: {:?}",
            other + 1,
            pages.passing
        );
        assert!(pages.longest < DEADLINE, "{story}: somebody waited {:?}", pages.longest);
        desk.notes.take_over(pages);
    }
}
