//! The history says what the journal says: page by page, behind it or caught up, and again after
//! its index was lost, damaged or exchanged.

use super::{
    By, DirectoryRoom, Follower, History, HistoryEntry, HistoryError, HistoryPage, HistoryQuery,
    HistoryToken, IndexRoom, MemoryRoom, PAGE_ENTRIES_MAX, Pace, Step,
};
use crate::codec::encode_events;
use crate::fixture::Nation;
use ledger::words::{CommitmentId, FacilityId, Moment, PersonId, Revision};
use ledger::{Event, Happening};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU128;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::StoreError;
use store::disk::MemoryDisk;
use store::index::{Change, Index, IndexError, Mark, MemoryIndex, Pair};
use store::journal::{Journal, JournalOptions, JournalReader};

const PACE: Pace = Pace { events_per_second: 20_000, events_per_step: 200 };

/// A nation whose events go to a journal, an entry at a time.
struct World {
    nation: Nation,
    journal: Journal,
    events: Vec<Event>,
}

impl World {
    fn new() -> Self {
        let mut world = Self { nation: Nation::new(10), journal: journal(), events: Vec::new() };
        world.write();
        world
    }

    /// A world with bookings, some of them cancelled.
    fn busy() -> Self {
        let mut world = Self::new();
        for _ in 0..6 {
            world.book(200);
            let newest = world.nation.ledger.meta().next_commitment;
            world.nation.cancel([newest - 1, newest - 50]);
            world.write();
        }
        world
    }

    fn book(&mut self, count: usize) {
        self.nation.book(count);
        self.write();
    }

    /// Everything since the last time, as one entry.
    fn write(&mut self) {
        let events = std::mem::take(&mut self.nation.events);
        let (first, last) = (self.journal.end().revision + 1, self.nation.ledger.revision().0);
        self.journal.append(first, last, &encode_events(&events)).expect("memory has room");
        self.journal.sync().expect("memory syncs");
        self.events.extend(events);
    }

    fn reader(&self) -> JournalReader {
        self.journal.reader()
    }

    /// What the history ought to say, from the events alone.
    fn expected(&self, keep: impl Fn(&Event) -> bool) -> BTreeSet<u64> {
        let granted = self.events.iter().filter(|event| keep(event));
        granted.filter_map(granted_in).map(|id| id.0).collect()
    }

    fn events_of(&self, id: CommitmentId) -> Vec<Event> {
        self.events.iter().filter(|event| about(event) == Some(id)).cloned().collect()
    }
}

fn journal() -> Journal {
    let options = JournalOptions { segment_bytes: 64 << 10 };
    Journal::open(Arc::new(MemoryDisk::new(1)), "journal", &options).expect("memory has room")
}

const fn granted_in(event: &Event) -> Option<CommitmentId> {
    match event.happening {
        Happening::Granted { commitment, .. } => Some(commitment),
        _ => None,
    }
}

const fn about(event: &Event) -> Option<CommitmentId> {
    match event.happening {
        Happening::Ended { commitment, .. } => Some(commitment),
        _ => granted_in(event),
    }
}

fn open(room: impl IndexRoom + 'static) -> (Arc<History>, Follower) {
    let history = Arc::new(History::new(Box::new(room)));
    (history.clone(), Follower::new(history, PACE))
}

/// Steps until the journal's end; gives every step taken.
#[track_caller]
fn catch_up(follower: &mut Follower, journal: &JournalReader) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        let step = follower.step(journal).expect("the journal is whole");
        steps.push(step);
        if step.behind == 0 {
            return steps;
        }
        assert!(steps.len() < 1_000, "the follower does not arrive: {step:?}");
    }
}

fn query(by: By, limit: usize) -> HistoryQuery {
    HistoryQuery { by, after: None, limit }
}

/// Reads all pages, with tokens going through bytes as they do outside.
#[track_caller]
fn all(history: &History, by: By, limit: usize) -> Vec<HistoryEntry> {
    let (mut entries, mut after) = (Vec::new(), None);
    loop {
        let page = history.query(&HistoryQuery { by, after, limit }).expect("the index is whole");
        assert!(page.entries.len() <= limit);
        entries.extend(page.entries);
        let Some(next) = page.next else { return entries };
        after = HistoryToken::from_bytes(&next.to_bytes());
        assert_eq!(after.as_ref(), Some(&next));
    }
}

fn ids(entries: &[HistoryEntry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.commitment.0).collect()
}

/// Every key and value, and the mark.
fn contents(history: &History) -> (BTreeMap<Vec<u8>, Vec<u8>>, Mark) {
    let index = history.index();
    let index = index.as_deref().expect("it is open");
    let (mut pairs, mut after) = (BTreeMap::new(), None::<Vec<u8>>);
    loop {
        let read = index.range(&[], after.as_deref(), 1_000).expect("the index is whole");
        let Some((last, _)) = read.last() else { break };
        after = Some(last.clone());
        pairs.extend(read);
    }
    (pairs, index.mark().expect("the index is whole"))
}

fn someone(world: &World) -> PersonId {
    let person = world.events.iter().find_map(|event| match event.happening {
        Happening::Granted { person, .. } => person,
        _ => None,
    });
    person.expect("somebody has a booking")
}

#[test]
fn a_person_is_found_newest_first_with_all_that_happened() {
    let world = World::busy();
    let (history, mut follower) = open(MemoryRoom);
    catch_up(&mut follower, &world.reader());
    let who = someone(&world);
    let expected = world.expected(
        |event| matches!(event.happening, Happening::Granted { person, .. } if person == Some(who)),
    );
    for limit in [1, 2, PAGE_ENTRIES_MAX] {
        let found = all(&history, By::Person(who), limit);
        let newest_first: Vec<u64> = expected.iter().rev().copied().collect();
        assert_eq!(ids(&found), newest_first);
        for entry in found {
            assert_eq!(entry.events, world.events_of(entry.commitment));
        }
    }
    let nobody = By::Person(PersonId(NonZeroU128::MAX));
    assert_eq!(all(&history, nobody, 10), []);
}

#[test]
fn a_facility_is_read_between_two_moments() {
    let world = World::busy();
    let (history, mut follower) = open(MemoryRoom);
    catch_up(&mut follower, &world.reader());
    let when = |event: &Event| match event.happening {
        Happening::Granted { start: Moment::ZERO, .. } => Some(event.moment),
        Happening::Granted { start, .. } => Some(start),
        _ => None,
    };
    let facility = FacilityId(3);
    let second_day = Moment::from_seconds(world.nation.seconds + 86_400);
    for (from, until) in [
        (Moment::ZERO, Moment::MAX),
        (Moment::ZERO, second_day),
        (second_day, second_day.plus_seconds(5 * 86_400)),
        (second_day, second_day),
        (Moment::MAX, Moment::ZERO),
    ] {
        let expected = world.expected(|event| {
            event.facility == Some(facility)
                && when(event).is_some_and(|at| from <= at && at < until)
        });
        for limit in [7, PAGE_ENTRIES_MAX] {
            let found = all(&history, By::Facility { facility, from, until }, limit);
            let times: Vec<_> = found.iter().filter_map(|entry| when(&entry.events[0])).collect();
            assert!(times.is_sorted(), "in the order of time");
            assert_eq!(ids(&found).into_iter().collect::<BTreeSet<_>>(), expected);
            assert_eq!(found.len(), expected.len());
        }
    }
}

#[test]
fn a_commitment_is_read_event_by_event() {
    let world = World::busy();
    let (history, mut follower) = open(MemoryRoom);
    catch_up(&mut follower, &world.reader());
    let ended =
        world.events.iter().find(|event| matches!(event.happening, Happening::Ended { .. }));
    let id = ended.and_then(about).expect("somebody cancelled");
    let expected = world.events_of(id);
    assert_eq!(expected.len(), 2);
    for limit in [1, 2, 3] {
        let found = all(&history, By::Commitment(id), limit);
        let events: Vec<Event> = found.into_iter().flat_map(|entry| entry.events).collect();
        assert_eq!(events, expected);
    }
    let unknown = By::Commitment(CommitmentId(u64::MAX));
    let page = history.query(&query(unknown, 5)).expect("the index is whole");
    let revision = world.nation.ledger.revision();
    assert_eq!(page, HistoryPage { entries: vec![], next: None, revision });
}

#[test]
fn a_page_token_pins_its_revision_and_its_query() {
    let mut world = World::busy();
    let (history, mut follower) = open(MemoryRoom);
    catch_up(&mut follower, &world.reader());
    let everything =
        By::Facility { facility: FacilityId(3), from: Moment::ZERO, until: Moment::MAX };
    let before = all(&history, everything, PAGE_ENTRIES_MAX);
    let first = history.query(&query(everything, 5)).expect("the index is whole");
    assert_eq!(first.revision, world.nation.ledger.revision());

    world.book(300);
    catch_up(&mut follower, &world.reader());
    assert!(all(&history, everything, PAGE_ENTRIES_MAX).len() > before.len());
    let (mut pinned, mut after) = (first.entries, first.next.clone());
    while let Some(token) = after {
        let next = HistoryQuery { by: everything, after: Some(token), limit: 5 };
        let page = history.query(&next).expect("the index is whole");
        assert_eq!(page.revision, first.revision);
        pinned.extend(page.entries);
        after = page.next;
    }
    assert_eq!(pinned, before);

    let elsewhere =
        By::Facility { facility: FacilityId(4), from: Moment::ZERO, until: Moment::MAX };
    let foreign = HistoryQuery { by: elsewhere, after: first.next.clone(), limit: 5 };
    assert!(matches!(history.query(&foreign), Err(HistoryError::ForeignToken)));
    let later = By::Facility { facility: FacilityId(3), from: Moment::MAX, until: Moment::MAX };
    let early = HistoryQuery { by: later, after: first.next.clone(), limit: 5 };
    assert!(matches!(history.query(&early), Err(HistoryError::ForeignToken)));
    assert_eq!(HistoryToken::from_bytes(&[0; 7]), None);

    follower.rebuild(&world.reader()).expect("memory has room");
    let again = HistoryQuery { by: everything, after: first.next, limit: 5 };
    assert!(matches!(history.query(&again), Err(HistoryError::Behind { revision: 0, .. })));
}

#[test]
fn steps_are_bounded_and_say_how_far_behind_they_are() {
    let world = World::busy();
    let (history, mut follower) = open(MemoryRoom);
    assert!(matches!(
        history.query(&query(By::Commitment(CommitmentId(1)), 1)),
        Err(HistoryError::NotReady)
    ));
    assert!(matches!(history.revision(), Err(HistoryError::NotReady)));

    let steps = catch_up(&mut follower, &world.reader());
    assert!(steps.len() > 3, "{steps:?}");
    let end = world.journal.end().revision;
    for step in &steps {
        assert_eq!(step.revision + step.behind, end);
        assert!(!step.renewed);
    }
    let events: usize = steps.iter().map(|step| step.events).sum();
    assert_eq!(events, world.events.len());
    assert_eq!(history.revision().expect("it is open"), Revision(end));
    let idle = Step { events: 0, revision: end, behind: 0, renewed: false };
    assert_eq!(follower.step(&world.reader()).expect("it is whole"), idle);

    assert_eq!(PACE.rest(0), Duration::ZERO);
    assert_eq!(PACE.rest(20_000), Duration::from_secs(1));
    assert_eq!(Pace { events_per_second: 0, ..PACE }.rest(2), Duration::from_secs(2));
}

#[test]
fn a_rebuilt_index_equals_the_one_that_followed_all_along() {
    let mut world = World::new();
    let (history, mut follower) = open(MemoryRoom);
    for _ in 0..5 {
        world.book(100);
        catch_up(&mut follower, &world.reader());
    }
    let original = contents(&history);
    assert!(original.0.len() > 1_000);
    let step = follower.rebuild(&world.reader()).expect("memory has room");
    assert_eq!((step.revision, step.behind, step.renewed), (0, world.journal.end().revision, true));
    assert_eq!(contents(&history), (BTreeMap::new(), Mark::GENESIS));
    catch_up(&mut follower, &world.reader());
    assert_eq!(contents(&history), original);
}

/// An index that is opened in a state made for it, with an event that cannot be read.
struct Prepared(Mark);

const LEFT_OVER: [u8; 9] = *b"c\0\0\0\0\0\0\0\x09";

impl IndexRoom for Prepared {
    fn open(&self) -> Result<Box<dyn Index>, IndexError> {
        let index = MemoryRoom.open()?;
        let change = Change::Put { key: LEFT_OVER.to_vec(), value: vec![0x08, 2] };
        index.apply_batch(&[change], self.0)?;
        Ok(index)
    }

    fn renew(&self) -> Result<Box<dyn Index>, IndexError> {
        MemoryRoom.renew()
    }
}

/// An index whose disk is full for a while, and which then writes nothing until it is opened again.
#[derive(Clone, Default)]
struct Narrow {
    kept: Arc<MemoryIndex>,
    full: Arc<AtomicBool>,
    failed: Arc<AtomicBool>,
}

impl IndexRoom for Narrow {
    fn open(&self) -> Result<Box<dyn Index>, IndexError> {
        self.failed.store(false, Ordering::Relaxed);
        Ok(Box::new(self.clone()))
    }

    fn renew(&self) -> Result<Box<dyn Index>, IndexError> {
        panic!("what was taken in is not thrown away")
    }
}

impl Index for Narrow {
    fn apply_batch(&self, changes: &[Change], mark: Mark) -> Result<(), IndexError> {
        let full = self.full.load(Ordering::Relaxed);
        if self.failed.fetch_or(full, Ordering::Relaxed) || full {
            return Err(StoreError::Full { file: String::from("the index") }.into());
        }
        self.kept.apply_batch(changes, mark)
    }

    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError> {
        self.kept.value(key)
    }

    fn range(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: u64,
    ) -> Result<Vec<Pair>, IndexError> {
        self.kept.range(prefix, after, limit)
    }

    fn mark(&self) -> Result<Mark, IndexError> {
        self.kept.mark()
    }
}

#[test]
fn a_full_disk_holds_the_history_up_only_while_it_is_full() {
    let mut world = World::new();
    let room = Narrow::default();
    let (history, mut follower) = open(room.clone());
    world.book(100);
    catch_up(&mut follower, &world.reader());
    world.book(100);
    room.full.store(true, Ordering::Relaxed);
    for _ in 0..2 {
        let error = follower.step(&world.reader()).expect_err("there is no room");
        assert!(error.to_string().contains("no space left"), "{error}");
    }
    room.full.store(false, Ordering::Relaxed);
    let steps = catch_up(&mut follower, &world.reader());
    assert!(steps.iter().all(|step| !step.renewed), "{steps:?}");
    assert_eq!(contents(&history).1.revision, world.journal.end().revision);
}

#[test]
fn an_index_that_is_not_the_journals_is_filled_again() {
    let world = World::busy();
    let (expected, mut first) = open(MemoryRoom);
    catch_up(&mut first, &world.reader());
    let end = world.journal.end();
    let revisions: Vec<u64> =
        world.reader().read_from(1).map(|batch| batch.expect("it is whole").last).collect();
    for mark in [
        Mark { revision: revisions[2], head: [7; 32] },
        Mark { revision: revisions[2] - 1, head: [7; 32] },
        Mark { revision: end.revision, head: [7; 32] },
    ] {
        let (history, mut follower) = open(Prepared(mark));
        let steps = catch_up(&mut follower, &world.reader());
        assert_eq!(steps.iter().filter(|step| step.renewed).count(), 1, "{mark:?}");
        assert_eq!(contents(&history), contents(&expected));
    }
}

#[test]
fn an_index_in_which_a_reader_meets_damage_is_filled_again() {
    let world = World::busy();
    let first = world.reader().read_from(1).next().expect("there are events");
    let first = first.expect("it is whole");
    let (history, mut follower) = open(Prepared(Mark { revision: first.last, head: first.head }));
    let steps = catch_up(&mut follower, &world.reader());
    assert!(steps.iter().all(|step| !step.renewed), "the follower does not look behind: {steps:?}");

    let damaged = query(By::Commitment(CommitmentId(9)), 5);
    assert!(matches!(history.query(&damaged), Err(HistoryError::Unreadable { .. })));
    let steps = catch_up(&mut follower, &world.reader());
    assert!(steps[0].renewed);
    assert!(steps[1..].iter().all(|step| !step.renewed));
    let page = history.query(&damaged).expect("it was filled again");
    assert_eq!(page.entries[0].events, world.events_of(CommitmentId(9)));
}

#[test]
fn an_index_ahead_of_a_rewound_journal_waits_for_it() {
    let mut world = World::busy();
    let ahead = world.reader();
    let heads: Vec<_> = ahead.read_from(1).map(|batch| batch.expect("it is whole")).collect();
    let mark = Mark { revision: heads[4].last, head: heads[4].head };
    let payloads: Vec<_> = heads.iter().map(|b| (b.first, b.last, b.payload.clone())).collect();
    world.journal = journal();
    let (history, mut follower) = open(Prepared(mark));
    for (place, (first, last, payload)) in payloads.iter().enumerate() {
        world.journal.append(*first, *last, payload).expect("memory has room");
        world.journal.sync().expect("memory syncs");
        let step = follower.step(&world.reader()).expect("it is whole");
        let revision = mark.revision.max(*last);
        assert_eq!((step.revision, step.renewed), (revision, false), "batch {place}");
    }
    assert!(contents(&history).0.contains_key(LEFT_OVER.as_slice()));
}

#[test]
fn a_directory_that_is_lost_or_damaged_is_filled_again() {
    let world = World::busy();
    let (expected, mut first) = open(MemoryRoom);
    catch_up(&mut first, &world.reader());
    let folder = tempfile::tempdir().expect("there is room for a directory");
    let room = DirectoryRoom { path: folder.path().join("history") };

    let (history, mut follower) = open(room.clone());
    catch_up(&mut follower, &world.reader());
    assert_eq!(contents(&history), contents(&expected));
    drop((history, follower));

    // As it was left: nothing is read again.
    let (history, mut follower) = open(room.clone());
    let steps = catch_up(&mut follower, &world.reader());
    assert_eq!((steps.len(), steps[0].events), (1, 0));
    drop((history, follower));

    std::fs::write(room.path.join("db"), [0x5a; 70_000]).expect("the file can be written");
    std::fs::write(room.path.join("conf"), "no configuration").expect("the file can be written");
    let (history, mut follower) = open(room.clone());
    let steps = catch_up(&mut follower, &world.reader());
    assert!(steps[0].renewed, "{steps:?}");
    assert_eq!(contents(&history), contents(&expected));
    drop((history, follower));

    std::fs::remove_dir_all(&room.path).expect("the directory is there");
    let (history, mut follower) = open(room);
    catch_up(&mut follower, &world.reader());
    assert_eq!(contents(&history), contents(&expected));
}

#[test]
fn events_that_cannot_be_read_stop_the_history_and_say_where() {
    let mut world = World::new();
    let last = world.journal.end().revision;
    world.journal.append(last + 1, last + 2, b"\x08\x02").expect("memory has room");
    world.journal.sync().expect("memory syncs");
    let (_, mut follower) = open(MemoryRoom);
    let mut results = (0..10).map(|_| follower.step(&world.reader()));
    let error = results.find_map(Result::err).expect("the last entry is not readable");
    let expected = format!("the events at revision {} cannot be read: events.format 2", last + 1);
    assert!(error.to_string().starts_with(&expected), "{error}");
}
