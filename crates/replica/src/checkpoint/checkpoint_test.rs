//! Checkpoints: what is written comes back whole, in pieces that stay the same where nothing
//! changed, and nothing else is taken for it.

use super::{CHUNK_BYTES_TARGET, Restoration, RestorationError, meta, write};
use crate::fixture::Nation;
use ledger::Ledger;
use std::collections::BTreeSet;
use std::convert::Infallible;

struct Written {
    meta: Vec<u8>,
    chunks: Vec<(String, Vec<u8>)>,
}

fn written(ledger: &Ledger) -> Written {
    let mut chunks = Vec::new();
    let meta = write(ledger, |name, bytes| {
        chunks.push((name.to_owned(), bytes.to_vec()));
        Ok::<(), Infallible>(())
    });
    Written { meta: meta.unwrap_or_else(|never| match never {}), chunks }
}

fn restored(written: &Written) -> Result<Ledger, RestorationError> {
    let mut restoration = Restoration::begin(&written.meta)?;
    for (_, bytes) in &written.chunks {
        restoration.take(bytes)?;
    }
    restoration.finish()
}

/// Bookings, some ended, over several entries; with requests of every kind.
fn nation() -> Nation {
    let mut nation = Nation::new(40);
    nation.book(6_000);
    let first = nation.ledger.commitments_from(ledger::words::CommitmentId(0)).next();
    let first = first.map_or(0, |(id, _)| id.0);
    nation.cancel(first..first + 500);
    nation.book(3_000);
    nation
}

#[test]
fn a_restored_ledger_is_the_same_and_goes_on_the_same_way() {
    let mut nation = nation();
    let written_once = written(&nation.ledger);
    let mut back = restored(&written_once).expect("what was written fits together");

    assert_eq!(meta(&written_once.meta), Ok(nation.ledger.meta()));
    assert_eq!(back.meta(), nation.ledger.meta());
    assert_eq!(back.recomputed_digest(), nation.ledger.digest());
    assert_eq!(back.violation(), None);
    assert_eq!(back.next_due(), nation.ledger.next_due());
    let written_again = written(&back);
    assert_eq!(written_again.meta, written_once.meta);
    assert_eq!(written_again.chunks, written_once.chunks);

    let commands: Vec<_> = (0..500).map(|_| nation.booking()).collect();
    let moment = ledger::words::Moment::from_seconds(nation.seconds);
    let (mut events, mut events_back) = (Vec::new(), Vec::new());
    let applied = nation.ledger.apply(moment, &commands, &mut events);
    assert_eq!(back.apply(moment, &commands, &mut events_back), applied);
    assert_eq!(events_back, events);
    assert_eq!(back.digest(), nation.ledger.digest());
}

#[test]
fn an_empty_ledger_has_numbers_and_no_chunk() {
    let ledger = Ledger::new(9);
    let written = written(&ledger);
    assert!(written.chunks.is_empty());
    assert_eq!(restored(&written).expect("it fits together").meta(), ledger.meta());
}

#[test]
fn every_table_is_there_under_names_that_are_told_apart() {
    let chunks = written(&nation().ledger).chunks;
    let tables: BTreeSet<&str> =
        chunks.iter().filter_map(|(name, _)| name.split('-').next()).collect();
    let expected = [
        "agendas",
        "commitments",
        "ended",
        "facilities",
        "institutions",
        "receipts",
        "services",
        "streams",
        "uniques",
    ];
    assert_eq!(tables, BTreeSet::from(expected));
    let names: BTreeSet<&String> = chunks.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), chunks.len());
    assert!(chunks.iter().all(|(_, bytes)| bytes.len() < 2 * CHUNK_BYTES_TARGET));
}

#[test]
fn what_did_not_change_has_the_same_bytes() {
    let mut nation = nation();
    let before: BTreeSet<_> = written(&nation.ledger).chunks.into_iter().collect();
    let newest = nation.ledger.meta().next_commitment;
    nation.book(300);
    nation.cancel([newest - 1]);
    let after = written(&nation.ledger).chunks;

    let changed: Vec<&str> = after
        .iter()
        .filter(|chunk| !before.contains(chunk))
        .map(|(name, _)| name.as_str())
        .collect();
    let commitments = after.iter().filter(|(name, _)| name.starts_with("commitments")).count();
    let of_commitments = changed.iter().filter(|name| name.starts_with("commitments")).count();
    assert!(commitments >= 3, "{commitments} chunks of commitments");
    assert_eq!(of_commitments, 1, "only the newest commitments changed: {changed:?}");
    for table in ["institutions", "facilities", "agendas"] {
        assert!(!changed.iter().any(|name| name.starts_with(table)), "{table}: {changed:?}");
    }
}

#[test]
fn the_first_error_of_the_taker_stops_the_writing() {
    let mut taken = 0;
    let result = write(&nation().ledger, |_, _| {
        taken += 1;
        if taken == 3 { Err("full") } else { Ok(()) }
    });
    assert_eq!((result, taken), (Err("full"), 3));
}

#[test]
fn what_does_not_fit_together_is_refused() {
    #[track_caller]
    fn check(change: impl Fn(&mut Written), expected: &str) {
        let mut changed = written(&nation().ledger);
        change(&mut changed);
        let error = restored(&changed).expect_err("it does not fit together").to_string();
        assert!(error.contains(expected), "{error}");
    }
    let place = |written: &Written, table: &str| {
        let found = written.chunks.iter().position(|(name, _)| name.starts_with(table));
        found.expect("every table is there")
    };
    check(|written| written.meta.truncate(20), "cannot be read: checkpoint");
    check(|written| written.meta[1] = 2, "checkpoint.format 2 was written by a newer version");
    check(|written| drop(written.chunks.remove(place(written, "commitments"))), "of ended comes");
    check(|written| drop(written.chunks.remove(place(written, "uniques"))), "digest is");
    check(|written| drop(written.chunks.remove(place(written, "institutions"))), "digest is");
    check(|written| drop(written.chunks.remove(place(written, "services"))), "of agendas comes");
    check(|written| drop(written.chunks.remove(place(written, "streams"))), "of stream receipts");
    check(|written| written.chunks.reverse(), "comes twice or belongs to nothing");
    check(|written| written.chunks[0].1.truncate(20), "chunk.Institution");
    check(|written| written.chunks[0].1.push(0x5a), "chunk");
    check(
        |written| written.chunks[0].1.resize(super::super::codec::limits::CHUNK_BYTES_MAX + 1, 0),
        "chunk has 4194305; at most 4194304 are allowed",
    );
}
