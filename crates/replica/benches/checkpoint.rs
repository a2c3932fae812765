//! A checkpoint of the nation: how long it takes to write and to restore, how large it is, and how
//! much of the next one is new.
//!
//! `cargo bench -p replica --bench checkpoint --profile dev`; `CUPO_BENCH_SCALE=0.1` makes a tenth
//! of the nation.

use criterion::Criterion;
use replica::checkpoint::{Restoration, write};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Instant;

#[path = "../src/fixture.rs"]
#[allow(dead_code, reason = "shared with the tests, which use the rest")]
mod fixture;

const FACILITIES: f64 = 30_000.0;
const BOOKINGS: f64 = 1_000_000.0;

struct Written {
    meta: Vec<u8>,
    chunks: Vec<Vec<u8>>,
}

impl Written {
    fn of(nation: &fixture::Nation) -> Self {
        let mut chunks = Vec::new();
        let meta = write(&nation.ledger, |_, bytes| {
            chunks.push(bytes.to_vec());
            Ok::<(), Infallible>(())
        });
        Self { meta: meta.unwrap_or_else(|never| match never {}), chunks }
    }

    fn bytes(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    fn restore(&self) -> ledger::Ledger {
        let mut restoration = Restoration::begin(&self.meta).expect("it was just written");
        for chunk in &self.chunks {
            restoration.take(chunk).expect("it was just written");
        }
        restoration.finish().expect("it was just written")
    }
}

fn main() {
    let scale = std::env::var("CUPO_BENCH_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1.0);
    let mut nation = fixture::Nation::new((FACILITIES * scale) as u32);
    while (nation.ledger.live_count() as f64) < BOOKINGS * scale {
        nation.book(10_000);
        nation.events.clear();
    }
    println!(
        "{} facilities, {} live commitments, {} requests",
        nation.ledger.facility_count(),
        nation.ledger.live_count(),
        nation.ledger.request_counts().0
    );

    let started = Instant::now();
    let first = Written::of(&nation);
    let (wrote, megabytes) = (started.elapsed(), first.bytes() as f64 / 1e6);
    println!("written in {wrote:?}: {} chunks, {megabytes:.1} MB", first.chunks.len());
    let started = Instant::now();
    let back = first.restore();
    println!("restored in {:?}", started.elapsed());
    assert_eq!(back.digest(), nation.ledger.digest());
    drop(back);

    nation.book(10_000);
    let before: BTreeSet<&[u8]> = first.chunks.iter().map(Vec::as_slice).collect();
    let next = Written::of(&nation);
    let new = next.chunks.iter().filter(|chunk| !before.contains(chunk.as_slice()));
    let new_bytes: usize = new.map(Vec::len).sum();
    println!(
        "10,000 bookings later {:.1} MB of {:.1} are new",
        new_bytes as f64 / 1e6,
        next.bytes() as f64 / 1e6
    );

    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    criterion.bench_function("write a checkpoint", |b| b.iter(|| Written::of(&nation)));
    criterion.bench_function("restore a checkpoint", |b| b.iter(|| next.restore()));
    criterion.final_summary();
}
