//! A story of many faults that are drawn by lot, and told the same again from its seed.

use super::{Cluster, Desk, Load, Nation, verdict};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use std::fmt::Debug;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// How long one request is asked for again and again: the longest fault, an election, and more.
const PATIENCE: Duration = Duration::from_secs(20);

/// Within this after the last fault somebody's booking is acknowledged.
const RECOVERY: Duration = Duration::from_secs(10);

/// What whoever runs the tests says in a variable of the environment, if it is said at all.
#[track_caller]
pub fn said<T: FromStr>(variable: &str) -> Option<T> {
    let text = std::env::var(variable).ok()?;
    let read = text.parse().ok();
    assert!(read.is_some(), "{variable} is {text:?}, and a number is expected");
    read
}

/// What everything is drawn from: `CUPO_SEED`, or another number each time.
pub fn seed() -> u64 {
    said("CUPO_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()))
}

/// Faults between nodes, one after the other, under load.
pub struct Story {
    /// What it is drawn from.
    pub seed: u64,
    seconds: u64,
    /// What tells it again.
    name: String,
}

impl Story {
    /// A story of so many seconds, unless `CUPO_SECONDS` says otherwise. The command repeats it.
    pub fn drawn(seconds: u64, command: &str) -> Self {
        let (seed, seconds) = (seed(), said("CUPO_SECONDS").unwrap_or(seconds));
        let name = format!("CUPO_SEED={seed} CUPO_SECONDS={seconds} {command}");
        eprintln!("draws the same again: {name}");
        Self { seed, seconds, name }
    }

    /// Lets one fault after the other befall the nodes while desks book, heals what is left of
    /// them, and judges. Each of the kinds comes once, in any order, before one comes again; the
    /// one who lets it befall sees to it that it lasts.
    pub async fn tell<F: Debug>(
        self,
        cluster: &mut Cluster,
        kinds: u8,
        mut befall: impl AsyncFnMut(u8, &mut StdRng) -> F,
        heal: impl FnOnce(),
    ) {
        let Self { seed, seconds, name } = self;
        // Some room for each second, so that there is something to give until the last.
        let clinics = 12 + u32::try_from(seconds).expect("not that long") / 8;
        let nation = Nation::found(&cluster.client(), clinics, 4).await;
        let desk = Desk::new(cluster.client(), nation, PATIENCE);
        let load = Load::start(&desk, 8, seed);
        let mut chance = StdRng::seed_from_u64(seed);
        let until = Instant::now() + Duration::from_secs(seconds);
        let (mut faults, mut left) = (0, Vec::new());
        while Instant::now() < until {
            if left.is_empty() {
                left = (0..kinds).collect();
                left.shuffle(&mut chance);
            }
            let kind = left.pop().expect("they were just filled up");
            let before = desk.notes.given();
            let fault = befall(kind, &mut chance).await;
            faults += 1;
            eprintln!("{fault:?}: {} given", desk.notes.given() - before);
        }
        heal();
        let (healed, before) = (Instant::now(), desk.notes.given());
        while desk.notes.given() == before {
            assert!(healed.elapsed() < RECOVERY, "{name}: nothing is booked after all is well");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        eprintln!("{faults} faults; booked again {:?} after the last", healed.elapsed());
        assert!(desk.notes.given() > 50, "{name}: hardly anything was booked");
        verdict(cluster, &desk, load, &name).await;
    }
}

/// One node and another one, of three.
pub fn two_of_three(chance: &mut StdRng) -> (usize, usize) {
    let one = chance.random_range(0..3);
    (one, (one + chance.random_range(1..3)) % 3)
}
