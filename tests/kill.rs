//! Servers that die at any instant.

use crate::support::observer::judge;
use crate::support::{Cluster, Desk, Load, Nation, desk};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::time::Duration;

/// Kills of the normal run; `CUPO_KILLS` asks for more.
const KILLS: u32 = 4;

/// How long one request is asked for again and again: an election, a restart, and some more.
const PATIENCE: Duration = Duration::from_secs(20);

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_whenever_what_was_acknowledged_is_there_once() {
    let seed = number("CUPO_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let kills = number("CUPO_KILLS").unwrap_or(KILLS.into());
    eprintln!("draws the same again: CUPO_SEED={seed} CUPO_KILLS={kills}");
    let mut chance = StdRng::seed_from_u64(seed);

    let mut cluster = Cluster::start().await;
    // Some room for each kill, so that there is something to give until the last.
    let clinics = 12 + u32::try_from(kills).expect("not that many") / 8;
    let nation = Nation::found(&cluster.client(), clinics, 4).await;
    let desk = Desk::new(cluster.client(), nation, PATIENCE);
    let load = Load::start(&desk, 8, seed);
    for kill in 1..=kills {
        let before = desk.notes.given();
        tokio::time::sleep(Duration::from_millis(chance.random_range(200..1_800))).await;
        let victim = chance.random_range(0..cluster.nodes.len());
        cluster.nodes[victim].kill();
        // Sometimes the others go on alone for a while, sometimes it is back before they noticed.
        tokio::time::sleep(Duration::from_millis(chance.random_range(0..1_500))).await;
        cluster.nodes[victim].start();
        // Half of the next kills come before this one has caught up.
        if chance.random_bool(0.5) {
            cluster.ready().await;
        }
        eprintln!("kill {kill}: node {}, {} given since", victim + 1, desk.notes.given() - before);
    }
    cluster.ready().await;
    load.stop().await;
    // What nobody confirmed ends by itself.
    tokio::time::sleep(Duration::from_secs(u64::from(desk::HOLD_SECONDS) + 1)).await;

    let pages = desk.notes.pages().clone();
    eprintln!(
        "{} requests, {} given, on the way {:?}, longest {:?}",
        pages.told.len(),
        desk.notes.given(),
        pages.passing,
        pages.longest
    );
    assert_eq!(pages.unanswered, [""; 0], "seed {seed}");
    assert!(desk.notes.given() > 100, "seed {seed}: hardly anything was booked");
    let statuses = cluster.agreed().await;
    assert_eq!(statuses.len(), 3);
    let mut answers = Vec::new();
    for at in 0..3 {
        let broken = judge(&desk.client, at, &desk.nation, &pages).await;
        assert!(broken.is_empty(), "seed {seed}, node {}:\n{}", at + 1, broken.join("\n"));
        answers.push(crate::support::observer::live(&desk.client, at, &desk.nation).await);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "seed {seed}: answers differ");
}
