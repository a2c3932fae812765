//! Roads between the nodes that delay, throttle, fall silent one way or both, and tear.

use crate::support::proxy::Roads;
use crate::support::{Cluster, Desk, Load, Nation, verdict};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use std::time::{Duration, Instant};

/// How long the roads are bad in the normal run; `CUPO_SECONDS` asks for more.
const SECONDS: u64 = 8;

/// How long one request is asked for again and again: the longest fault, an election, and more.
const PATIENCE: Duration = Duration::from_secs(20);

/// Within this after the last fault somebody's booking is acknowledged.
const RECOVERY: Duration = Duration::from_secs(10);

/// What befalls roads.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Each piece takes up to this many milliseconds, one way.
    Slow { from: usize, to: usize, milliseconds: u64 },
    /// So many bytes pass in a second, one way.
    Narrow { from: usize, to: usize, rate: u32 },
    /// Nothing passes one way; connections stay open.
    OneWay { from: usize, to: usize },
    /// Nothing passes between two nodes; connections stay open, and new ones are let in.
    Between { one: usize, other: usize },
    /// A node speaks and hears nothing.
    Deaf { node: usize },
    /// A node hears and cannot speak.
    Mute { node: usize },
    /// A node neither hears nor speaks.
    Alone { node: usize },
    /// Connections one way are reset in the middle of a message.
    Torn { from: usize, to: usize },
}

/// Kinds of faults.
const KINDS: u8 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_links_do_what_was_acknowledged_is_there_once() {
    let number = |name| std::env::var(name).ok().and_then(|text: String| text.parse::<u64>().ok());
    let seed = number("CUPO_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let seconds = number("CUPO_SECONDS").unwrap_or(SECONDS);
    let story = format!("CUPO_SEED={seed} CUPO_SECONDS={seconds} cargo test -p tests links");
    eprintln!("draws the same again: {story}");

    let (mut cluster, proxy) = Cluster::behind_proxy(seed).await;
    // Some room for each second, so that there is something to give until the last.
    let clinics = 12 + u32::try_from(seconds).expect("not that long") / 8;
    let nation = Nation::found(&cluster.client(), clinics, 4).await;
    let desk = Desk::new(cluster.client(), nation, PATIENCE);
    let load = Load::start(&desk, 8, seed);
    let mut chance = StdRng::seed_from_u64(seed);
    let until = Instant::now() + Duration::from_secs(seconds);
    let (mut faults, mut kinds) = (0, Vec::new());
    while Instant::now() < until {
        if kinds.is_empty() {
            // Each kind once, in any order, before one comes again.
            kinds = (0..KINDS).collect();
            kinds.shuffle(&mut chance);
        }
        let kind = kinds.pop().expect("they were just filled up");
        let fault = Fault::drawn(kind, &mut chance);
        let before = desk.notes.given();
        fault.befall(&proxy.roads);
        tokio::time::sleep(Duration::from_millis(chance.random_range(200..1_200))).await;
        faults += 1;
        eprintln!("{fault:?}: {} given", desk.notes.given() - before);
        // Sometimes the next one comes on top of it.
        if chance.random_bool(0.7) {
            proxy.roads.heal();
            tokio::time::sleep(Duration::from_millis(chance.random_range(0..500))).await;
        }
    }
    proxy.roads.heal();
    let (healed, before) = (Instant::now(), desk.notes.given());
    while desk.notes.given() == before {
        assert!(healed.elapsed() < RECOVERY, "{story}: nothing is booked after all is well");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    eprintln!("{faults} faults; booked again {:?} after the last", healed.elapsed());
    assert!(desk.notes.given() > 50, "{story}: hardly anything was booked");
    verdict(&mut cluster, &desk, load, &story).await;
}

impl Fault {
    fn drawn(kind: u8, chance: &mut StdRng) -> Self {
        let node = chance.random_range(0..3);
        let (from, to) = (node, (node + chance.random_range(1..3)) % 3);
        match kind {
            0 => Self::Slow { from, to, milliseconds: chance.random_range(5..400) },
            1 => Self::Narrow { from, to, rate: chance.random_range(2_000..200_000) },
            2 => Self::OneWay { from, to },
            3 => Self::Between { one: from, other: to },
            4 => Self::Deaf { node },
            5 => Self::Mute { node },
            6 => Self::Alone { node },
            _ => Self::Torn { from, to },
        }
    }

    fn befall(self, roads: &Roads) {
        let hold = |from, to| roads.change(from, to, |road| road.held = true);
        let others = |node: usize| [(node + 1) % 3, (node + 2) % 3];
        match self {
            Self::Slow { from, to, milliseconds } => {
                let delay = Duration::from_millis(milliseconds);
                roads.change(from, to, |road| road.delay_max = delay);
            }
            Self::Narrow { from, to, rate } => {
                roads.change(from, to, |road| road.rate = Some(rate));
            }
            Self::OneWay { from, to } => hold(from, to),
            Self::Between { one, other } => {
                hold(one, other);
                hold(other, one);
            }
            Self::Deaf { node } => others(node).into_iter().for_each(|other| hold(other, node)),
            Self::Mute { node } => others(node).into_iter().for_each(|other| hold(node, other)),
            Self::Alone { node } => {
                Self::Deaf { node }.befall(roads);
                Self::Mute { node }.befall(roads);
            }
            Self::Torn { from, to } => roads.change(from, to, |road| road.torn += 1),
        }
    }
}
