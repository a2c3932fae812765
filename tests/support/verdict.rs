//! The end of a story told under faults: the desks go home, and all nodes are judged.

use super::observer::{Pages, judge, live};
use super::{Cluster, Desk, Load, desk};
use std::time::Duration;

/// Lets everybody finish, waits until what nobody confirmed has ended, and compares what was
/// written down with what each node says. Answers the notes, for what else is to be seen in them.
///
/// The story names itself, with what repeats it, in everything that is said of a broken promise.
pub async fn verdict(cluster: &mut Cluster, desk: &Desk, load: Load, story: &str) -> Pages {
    cluster.ready().await;
    load.stop().await;
    tokio::time::sleep(Duration::from_secs(u64::from(desk::HOLD_SECONDS) + 1)).await;
    let pages = desk.notes.pages().clone();
    eprintln!(
        "{story}: {} requests, {} given, on the way {:?}, longest {:?}",
        pages.told.len(),
        desk.notes.given(),
        pages.passing,
        pages.longest
    );
    assert_eq!(pages.unanswered, [""; 0], "{story}");
    let statuses = cluster.agreed().await;
    assert_eq!(statuses.len(), cluster.nodes.len(), "{story}");
    let mut answers = Vec::new();
    for at in 0..cluster.nodes.len() {
        let broken = judge(&desk.client, at, &desk.nation, &pages).await;
        assert!(broken.is_empty(), "{story}, node {}:\n{}", at + 1, broken.join("\n"));
        answers.push(live(&desk.client, at, &desk.nation).await);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{story}: answers differ");
    pages
}
