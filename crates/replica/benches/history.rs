//! How fast the history follows, how large it becomes, and what a page costs, in a real directory.
//!
//! `cargo bench -p replica --bench history --profile dev`

use criterion::Criterion;
use ledger::Happening;
use ledger::words::{FacilityId, Moment};
use replica::codec::encode_events;
use replica::history::{By, DirectoryRoom, Follower, History, HistoryQuery, Pace};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use store::disk::RealDisk;
use store::journal::{Journal, JournalOptions};

#[path = "../src/fixture.rs"]
#[allow(dead_code, reason = "shared with the tests, which use the rest")]
mod fixture;

const ENTRIES: usize = 400;
const BOOKINGS_PER_ENTRY: usize = 256;

fn main() {
    let folder = tempfile::tempdir().expect("there is room for a directory");
    let disk = Arc::new(RealDisk::open(folder.path()).expect("the directory is there"));
    let mut journal =
        Journal::open(disk, "journal", &JournalOptions::default()).expect("it is empty");
    let mut nation = fixture::Nation::new(3_000);
    let mut person = None;
    for _ in 0..ENTRIES {
        nation.book(BOOKINGS_PER_ENTRY);
        let events = std::mem::take(&mut nation.events);
        let (first, last) = (journal.end().revision + 1, nation.ledger.revision().0);
        journal.append(first, last, &encode_events(&events)).expect("there is room");
        person = events.iter().find_map(|event| match event.happening {
            Happening::Granted { person, .. } => person,
            _ => None,
        });
    }
    journal.sync().expect("the disk takes it");

    let path = folder.path().join("history");
    let history = Arc::new(History::new(Box::new(DirectoryRoom { path: path.clone() })));
    let mut follower = Follower::new(history.clone(), Pace::default());
    let (started, mut events) = (Instant::now(), 0);
    loop {
        let step = follower.step(&journal.reader()).expect("the journal is whole");
        events += step.events;
        if step.behind == 0 {
            break;
        }
    }
    let rate = events as f64 / started.elapsed().as_secs_f64();
    println!("{events} events followed, {rate:.0} events/s without a pace");
    println!(
        "{:.0} B of journal and {:.0} B of index per event",
        size(&folder.path().join("journal")) as f64 / events as f64,
        size(&path) as f64 / events as f64
    );

    let mut criterion = Criterion::default().configure_from_args().sample_size(20);
    let person = person.expect("somebody has a booking");
    let facility = By::Facility { facility: FacilityId(7), from: Moment::ZERO, until: Moment::MAX };
    for (name, by) in [("a person", By::Person(person)), ("a facility", facility)] {
        let query = HistoryQuery { by, after: None, limit: 20 };
        let found = history.query(&query).expect("the index is whole").entries.len();
        criterion.bench_function(&format!("a page of {found} of {name}"), |bencher| {
            bencher.iter(|| history.query(&query));
        });
    }
    criterion.final_summary();
}

fn size(path: &Path) -> u64 {
    let entries = std::fs::read_dir(path).expect("the directory is there");
    let sizes = entries.map(|entry| {
        let entry = entry.expect("it can be read");
        let about = entry.metadata().expect("it can be read");
        if about.is_dir() { size(&entry.path()) } else { about.len() }
    });
    sizes.sum()
}
