//! Servers that die at any instant.

use crate::support::story::{said, seed};
use crate::support::{Cluster, Desk, Load, Nation, verdict};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::time::Duration;

/// Kills of the normal run; `CUPO_KILLS` asks for more.
const KILLS: u32 = 4;

/// How long one request is asked for again and again: an election, a restart, and some more.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_whenever_what_was_acknowledged_is_there_once() {
    let (seed, kills) = (seed(), said("CUPO_KILLS").unwrap_or(KILLS));
    let story = format!("CUPO_SEED={seed} CUPO_KILLS={kills} cargo test -p tests kill");
    eprintln!("draws the same again: {story}");
    let mut chance = StdRng::seed_from_u64(seed);

    let mut cluster = Cluster::start().await;
    // Some room for each kill, so that there is something to give until the last.
    let clinics = 12 + kills / 8;
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
    verdict(&mut cluster, &desk, load, &story).await;
    assert!(desk.notes.given() > 100, "{story}: hardly anything was booked");
}
