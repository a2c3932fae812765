//! A planned restart of everything, one after the other, under load.

use crate::support::observer::judge;
use crate::support::{Cluster, Desk, Load, Nation, desk};
use std::time::Duration;

/// Within this every request has its answer, whoever is restarted meanwhile.
const DEADLINE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarting_all_nodes_in_turn_under_load_refuses_nothing() {
    let mut cluster = Cluster::start().await;
    let nation = Nation::found(&cluster.client(), 12, 4).await;
    let desk = Desk::new(cluster.client(), nation, DEADLINE);
    let load = Load::start(&desk, 8, 7);
    tokio::time::sleep(Duration::from_millis(500)).await;
    // The leader goes last, so that leadership moves as late, and as little, as it can.
    let leader = cluster.leader().await;
    for at in [leader + 1, leader + 2, leader].map(|at| at % 3) {
        let before = desk.notes.given();
        cluster.nodes[at].stop().await;
        cluster.nodes[at].start();
        cluster.ready().await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let since = desk.notes.given() - before;
        assert!(since > 0, "nothing was booked while node {} was restarted", at + 1);
    }
    load.stop().await;
    tokio::time::sleep(Duration::from_secs(u64::from(desk::HOLD_SECONDS) + 1)).await;

    let pages = desk.notes.pages().clone();
    assert_eq!(pages.unanswered, [""; 0]);
    // A node that stops sends its callers to the next one; nobody says that nobody leads.
    for reason in pages.passing.keys() {
        let harmless = ["Stopping", "(Unavailable)", "(Unknown)", "(Cancelled)"];
        assert!(harmless.contains(&reason.as_str()), "on the way: {:?}", pages.passing);
    }
    assert!(pages.longest < DEADLINE, "somebody waited {:?}", pages.longest);
    cluster.agreed().await;
    for at in 0..3 {
        let broken = judge(&desk.client, at, &desk.nation, &pages).await;
        assert!(broken.is_empty(), "node {}:\n{}", at + 1, broken.join("\n"));
    }
}
