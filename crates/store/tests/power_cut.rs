//! Power cuts at random instants of random work, also while recovering from an earlier one.
//!
//! Every change is recorded; the image at a random cut point is rebuilt as a power cut leaves
//! it, opened and compared with what had been confirmed by then. `CUPO_POWER_CUTS=N` sets the
//! number of cuts for each structure; a failure names the seed that repeats it.

use std::collections::BTreeMap;
use std::sync::Arc;
use store::StoreError;
use store::checkpoint::Checkpoints;
use store::disk::{Disk, MemoryDisk, RecordingDisk};
use store::journal::{Journal, JournalEnd, JournalOptions};
use store::log::{Log, LogOptions, Payload};

/// Cuts for each structure in the normal run; each is followed by one during recovery.
const CUTS: u64 = 200;

/// Pieces of work before the power goes, at most.
const WORK: u64 = 40;

fn cuts() -> u64 {
    let wanted = std::env::var("CUPO_POWER_CUTS").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(CUTS)
}

/// The same small generator as the simulated disk's, so that a seed says everything.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }
}

/// A structure under test: how to work on it, and what must hold after a cut.
trait Subject {
    /// What had been confirmed at some instant.
    type Promise: Clone + Default;

    /// Opens what is on `disk`, does up to [`WORK`] random things and reports, with the number
    /// of recorded steps, each promise as it is made.
    fn work(
        disk: &RecordingDisk,
        former: &Self::Promise,
        random: &mut Random,
    ) -> Result<Vec<(usize, Self::Promise)>, StoreError>;

    /// Opens what a cut left and compares; an error says what was lost.
    fn check(disk: Arc<dyn Disk>, promise: &Self::Promise) -> Result<(), String>;
}

/// Works, cuts, recovers under a second recording, cuts that, checks, works on and cuts again.
fn run<S: Subject>(seed: u64, syncs_lie: bool) -> Result<(), String> {
    let mut random = Random(seed);
    let empty = MemoryDisk::new(seed);
    empty.set_syncs_lie(syncs_lie);
    let mut disk = RecordingDisk::over(&empty);
    let mut promise = S::Promise::default();
    for round in 0..3 {
        let made = S::work(&disk, &promise, &mut random)
            .map_err(|error| format!("work in round {round}: {error}"))?;
        let cut = random.below(disk.steps() as u64 + 1) as usize;
        // What had been confirmed when the power went; a cut before the first confirmation of
        // this round leaves the former promise standing.
        promise = made.into_iter().rfind(|(step, _)| *step <= cut).map_or(promise, |(_, p)| p);
        let image = disk.image(cut, random.below(u64::MAX)).map_err(|error| error.to_string())?;
        // The recovery itself is recorded and cut, twice, before it is allowed to finish.
        let mut image = image;
        for _ in 0..2 {
            let recovery = RecordingDisk::over(&image);
            S::check(Arc::new(recovery.clone()), &promise)
                .map_err(|error| format!("recovery in round {round}: {error}"))?;
            let cut = random.below(recovery.steps() as u64 + 1) as usize;
            image = cut_at(&recovery, cut, &mut random)?;
        }
        S::check(Arc::new(image.fork(seed)), &promise)
            .map_err(|error| format!("recovery after recovery in round {round}: {error}"))?;
        disk = RecordingDisk::over(&image);
    }
    Ok(())
}

/// Mostly the power goes; sometimes only the process dies, and the power at the next occasion.
fn cut_at(disk: &RecordingDisk, cut: usize, random: &mut Random) -> Result<MemoryDisk, String> {
    let (kill, seed) = (random.below(4) == 0, random.below(u64::MAX));
    let image = if kill { disk.image_of_kill(cut, seed) } else { disk.image(cut, seed) };
    image.map_err(|error| error.to_string())
}

fn expect_no_loss<S: Subject>() {
    for seed in 0..cuts() {
        if let Err(error) = run::<S>(seed, false) {
            panic!("seed {seed}: {error}");
        }
    }
}

/// The negative control: a disk whose syncs do nothing must be seen to lose.
fn expect_loss<S: Subject>() {
    let lost = (0..40).filter(|seed| run::<S>(*seed, true).is_err()).count();
    assert!(lost >= 10, "only {lost} of 40 cuts of a lying disk were noticed");
}

struct LogSubject;

/// What a log has confirmed. The unconfirmed may show or not, but never instead of these.
#[derive(Clone, Default)]
struct LogPromise {
    entries: BTreeMap<u64, Payload>,
    purged: Option<u64>,
    vote: u64,
    committed: u64,
    /// Everything ever written: index, then each payload that may stand there.
    written: BTreeMap<u64, Vec<Payload>>,
    /// The index that an append must have.
    next: u64,
    /// The lowest index from which later, unconfirmed work cuts entries off.
    floor: Option<u64>,
}

fn open_log(disk: Arc<dyn Disk>) -> Result<Log, StoreError> {
    Log::open(disk, "log", &LogOptions { segment_bytes: 6_000, tail_bytes: 2_000 })
}

fn number(bytes: Option<Payload>) -> u64 {
    bytes.and_then(|bytes| bytes[..].try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// What stands in the log now, as a promise.
fn log_state(log: &Log) -> Result<LogPromise, StoreError> {
    let reader = log.reader();
    let state = reader.state();
    let first = state.first.unwrap_or(0);
    let entries = reader.read(first..u64::MAX, u64::MAX)?;
    let entries: BTreeMap<u64, Payload> =
        entries.into_iter().map(|entry| (entry.index, entry.payload)).collect();
    let purged = state.purge.map(|(index, _)| index);
    let next = state.last.or(purged).map_or(0, |last| last + 1);
    let (vote, committed) = (number(state.vote), number(state.committed));
    Ok(LogPromise { entries, purged, vote, committed, next, ..LogPromise::default() })
}

fn log_step(log: &mut Log, state: &mut LogPromise, random: &mut Random) -> Result<(), StoreError> {
    match random.below(12) {
        0 => {
            state.vote += 1;
            log.save_vote(&state.vote.to_le_bytes())
        }
        1 => {
            state.committed += 1;
            log.save_committed(&state.committed.to_le_bytes())
        }
        2 => {
            let lowest = state.purged.map_or(0, |purged| purged + 1);
            let from = state.next.saturating_sub(random.below(6)).max(lowest);
            state.entries.retain(|index, _| *index < from);
            state.next = from;
            log.truncate_from(from)
        }
        3 => {
            let to = state.purged.unwrap_or(0) + random.below(20);
            if state.purged.is_none_or(|purged| to > purged) {
                state.entries.retain(|index, _| *index > to);
                state.purged = Some(to);
                state.next = state.next.max(to + 1);
            }
            log.purge_to(to, &to.to_le_bytes())
        }
        4 => log.reclaim().map(drop),
        _ => {
            let count = 1 + random.below(5);
            let size = 8 + random.below(1_500) as usize;
            let payload = |_| {
                let mut bytes = random.below(u64::MAX).to_le_bytes().to_vec();
                bytes.resize(size, 7);
                Payload::from(bytes)
            };
            let entries: Vec<Payload> = (0..count).map(payload).collect();
            log.append(state.next, &entries)?;
            for (index, entry) in (state.next..).zip(entries) {
                state.written.entry(index).or_default().push(entry.clone());
                state.entries.insert(index, entry);
            }
            state.next += count;
            Ok(())
        }
    }
}

impl Subject for LogSubject {
    type Promise = LogPromise;

    fn work(
        disk: &RecordingDisk,
        former: &LogPromise,
        random: &mut Random,
    ) -> Result<Vec<(usize, LogPromise)>, StoreError> {
        let mut log = open_log(Arc::new(disk.clone()))?;
        // What is found after a recovery counts as confirmed from here on, as it does for raft.
        let mut state = log_state(&log)?;
        state.written.clone_from(&former.written);
        let mut made = vec![(disk.steps(), state.clone())];
        for _ in 0..random.below(WORK) {
            let former_next = state.next;
            log_step(&mut log, &mut state, random)?;
            if state.next < former_next {
                for (_, promise) in &mut made {
                    promise.floor = Some(promise.floor.map_or(state.next, |f| f.min(state.next)));
                }
            }
            if random.below(3) == 0 {
                log.sync()?;
                made.push((disk.steps(), state.clone()));
            }
        }
        // Whatever was written later may show as well: the check must know it.
        let written = state.written;
        made.iter_mut().for_each(|(_, promise)| promise.written.clone_from(&written));
        Ok(made)
    }

    fn check(disk: Arc<dyn Disk>, promise: &LogPromise) -> Result<(), String> {
        let log = open_log(disk).map_err(|error| format!("does not open: {error}"))?;
        let found = log_state(&log).map_err(|error| format!("does not read: {error}"))?;
        if found.vote < promise.vote || found.committed < promise.committed {
            return Err(format!("vote {} went back to {}", promise.vote, found.vote));
        }
        if found.purged < promise.purged {
            return Err(format!("purge mark {:?} was lost", promise.purged));
        }
        if let Some((index, _)) = found.entries.first_key_value()
            && found.purged.is_some_and(|purged| *index != purged + 1)
        {
            return Err(format!("first entry {index} behind purge mark {:?}", found.purged));
        }
        let purged = |index: &u64| found.purged.is_some_and(|purged| *index <= purged);
        let floor = promise.floor.unwrap_or(u64::MAX);
        for (index, entry) in promise.entries.range(..floor) {
            if found.entries.get(index) != Some(entry) && !purged(index) {
                return Err(format!("confirmed entry {index} was lost"));
            }
        }
        for (index, entry) in &found.entries {
            let known = promise.written.get(index).is_some_and(|all| all.contains(entry));
            if !known && promise.entries.get(index) != Some(entry) {
                return Err(format!("entry {index} was never written"));
            }
        }
        Ok(())
    }
}

/// Logs that are only appended to: nothing confirmed may be missing, not one entry.
struct AppendSubject;

impl Subject for AppendSubject {
    type Promise = u64;

    fn work(
        disk: &RecordingDisk,
        _: &u64,
        random: &mut Random,
    ) -> Result<Vec<(usize, u64)>, StoreError> {
        let mut log = open_log(Arc::new(disk.clone()))?;
        let mut next = log.reader().state().last.map_or(0, |last| last + 1);
        let mut made = vec![(disk.steps(), next)];
        for _ in 0..random.below(WORK) {
            let mut bytes = next.to_le_bytes().to_vec();
            bytes.resize(8 + random.below(3_000) as usize, 7);
            log.append(next, &[bytes.into()])?;
            next += 1;
            if random.below(3) == 0 {
                log.sync()?;
                made.push((disk.steps(), next));
            }
        }
        Ok(made)
    }

    fn check(disk: Arc<dyn Disk>, promise: &u64) -> Result<(), String> {
        let log = open_log(disk).map_err(|error| format!("does not open: {error}"))?;
        let found = log_state(&log).map_err(|error| format!("does not read: {error}"))?;
        if found.next < *promise {
            return Err(format!("{promise} entries were confirmed, {} are here", found.next));
        }
        let numbered = |(index, entry): (&u64, &Payload)| entry[..8] == index.to_le_bytes();
        if !found.entries.iter().all(numbered) || found.entries.len() as u64 != found.next {
            return Err("an entry stands in another's place".to_owned());
        }
        Ok(())
    }
}

struct JournalSubject;

/// The heads confirmed, by revision, and the last revision that must be there.
#[derive(Clone, Default)]
struct JournalPromise {
    end: u64,
    heads: BTreeMap<u64, Vec<JournalEnd>>,
}

fn open_journal(disk: Arc<dyn Disk>) -> Result<Journal, StoreError> {
    Journal::open(disk, "journal", &JournalOptions { segment_bytes: 5_000 })
}

impl Subject for JournalSubject {
    type Promise = JournalPromise;

    fn work(
        disk: &RecordingDisk,
        former: &JournalPromise,
        random: &mut Random,
    ) -> Result<Vec<(usize, JournalPromise)>, StoreError> {
        let mut journal = open_journal(Arc::new(disk.clone()))?;
        let mut promise = JournalPromise { end: journal.end().revision, ..former.clone() };
        let mut made = vec![(disk.steps(), promise.clone())];
        for _ in 0..random.below(WORK) {
            if random.below(10) == 0 {
                // A rewind may show from the moment it begins.
                let ends: Vec<u64> = promise.heads.keys().copied().collect();
                let to = ends.get(random.below(ends.len() as u64) as usize).copied().unwrap_or(0);
                promise.end = promise.end.min(to);
                made.push((disk.steps(), promise.clone()));
                let inside =
                    matches!(journal.truncate_after(to), Err(StoreError::OutOfOrder { .. }));
                assert!(!inside || promise.heads.contains_key(&to));
            } else {
                let first = journal.end().revision + 1;
                let last = first + random.below(3);
                let payload = vec![random.below(256) as u8; random.below(1_500) as usize];
                journal.append(first, last, &payload)?;
                promise.heads.entry(last).or_default().push(journal.end());
            }
            if random.below(3) == 0 {
                journal.sync()?;
                promise.end = journal.end().revision;
                made.push((disk.steps(), promise.clone()));
            }
        }
        let heads = promise.heads;
        made.iter_mut().for_each(|(_, promise)| promise.heads.clone_from(&heads));
        Ok(made)
    }

    fn check(disk: Arc<dyn Disk>, promise: &JournalPromise) -> Result<(), String> {
        let journal = open_journal(disk).map_err(|error| format!("does not open: {error}"))?;
        let end = journal.end();
        if end.revision < promise.end {
            return Err(format!(
                "revision {} was confirmed, {} is here",
                promise.end, end.revision
            ));
        }
        let known = promise.heads.get(&end.revision).is_some_and(|heads| heads.contains(&end));
        if end.revision > 0 && !known {
            return Err(format!("the head at revision {} is none that was written", end.revision));
        }
        let verified = journal.reader().verify().map_err(|error| error.to_string())?;
        (verified == end).then_some(()).ok_or_else(|| "verifying leads elsewhere".to_owned())
    }
}

struct CheckpointSubject;

/// The number in the meta of the newest confirmed checkpoint.
#[derive(Clone, Default)]
struct CheckpointPromise {
    newest: u64,
}

fn open_checkpoints(disk: Arc<dyn Disk>) -> Result<Checkpoints, StoreError> {
    Checkpoints::open(disk, "checkpoint")
}

fn newest(checkpoints: &Checkpoints) -> u64 {
    number(checkpoints.reader().latest().map(|latest| latest.meta.clone()))
}

/// The bytes of chunk `slot` in checkpoint `newest`: some change often, some hardly ever.
fn chunk(newest: u64, slot: u64) -> Vec<u8> {
    let version = newest / (slot + 1);
    let mut bytes = (version * 100 + slot).to_le_bytes().to_vec();
    bytes.resize(8 + (slot * 170) as usize, slot as u8);
    bytes
}

impl Subject for CheckpointSubject {
    type Promise = CheckpointPromise;

    fn work(
        disk: &RecordingDisk,
        _: &CheckpointPromise,
        random: &mut Random,
    ) -> Result<Vec<(usize, CheckpointPromise)>, StoreError> {
        let mut checkpoints = open_checkpoints(Arc::new(disk.clone()))?;
        let mut newest = newest(&checkpoints);
        let mut made = vec![(disk.steps(), CheckpointPromise { newest })];
        for _ in 0..random.below(WORK / 4) {
            if random.below(3) == 0 {
                checkpoints.collect()?;
                continue;
            }
            newest += 1;
            let mut writer = checkpoints.write()?;
            for slot in 0..12 {
                writer.add(&format!("slot/{slot}"), &chunk(newest, slot))?;
            }
            writer.finish(&newest.to_le_bytes())?;
            made.push((disk.steps(), CheckpointPromise { newest }));
        }
        Ok(made)
    }

    fn check(disk: Arc<dyn Disk>, promise: &CheckpointPromise) -> Result<(), String> {
        let checkpoints =
            open_checkpoints(disk).map_err(|error| format!("does not open: {error}"))?;
        let found = newest(&checkpoints);
        if found < promise.newest {
            return Err(format!("checkpoint {} was confirmed, {found} is here", promise.newest));
        }
        let reader = checkpoints.reader();
        reader.verify().map_err(|error| error.to_string())?;
        let latest = reader.latest();
        for (slot, listed) in (0..).zip(latest.iter().flat_map(|latest| &latest.chunks)) {
            if reader.chunk(&listed.hash).map_err(|error| error.to_string())? != chunk(found, slot)
            {
                return Err(format!("chunk {slot} is another checkpoint's"));
            }
        }
        Ok(())
    }
}

#[test]
fn a_log_of_appends_loses_nothing() {
    expect_no_loss::<AppendSubject>();
}

#[test]
fn a_log_under_all_its_calls_keeps_its_word() {
    expect_no_loss::<LogSubject>();
}

#[test]
fn a_journal_loses_nothing() {
    expect_no_loss::<JournalSubject>();
}

#[test]
fn checkpoints_lose_nothing() {
    expect_no_loss::<CheckpointSubject>();
}

#[test]
fn a_disk_whose_syncs_do_nothing_is_seen_to_lose() {
    expect_loss::<AppendSubject>();
    expect_loss::<LogSubject>();
    expect_loss::<JournalSubject>();
    expect_loss::<CheckpointSubject>();
}

/// The plain control, without any of this crate's structures: append, sync, and count bytes.
#[test]
fn plain_appends_lose_nothing_on_an_honest_disk_and_much_on_a_lying_one() {
    let lost = |lie: bool| {
        let cut = |seed: u64| {
            let mut random = Random(seed);
            let disk = MemoryDisk::new(seed);
            disk.set_syncs_lie(lie);
            let recorder = RecordingDisk::over(&disk);
            let mut file = recorder.create("plain").expect("memory has room");
            recorder.sync_directory("").expect("no fault is set");
            let mut confirmed = vec![(0, 0)];
            for round in 1..=20_u64 {
                file.append(&[round as u8; 700]).expect("memory has room");
                file.sync().expect("no fault is set");
                confirmed.push((recorder.steps(), round));
            }
            let at = random.below(recorder.steps() as u64 + 1) as usize;
            let image = recorder.image(at, random.below(u64::MAX)).expect("it repeats");
            let promised = confirmed.iter().rfind(|(step, _)| *step <= at).map_or(0, |(_, r)| *r);
            let mut bytes = vec![0; 700 * promised as usize];
            let read = image.read_at("plain", 0, &mut bytes).unwrap_or(0);
            let whole = (1..=promised).all(|round| {
                let start = 700 * (round as usize - 1);
                bytes[start..start + 700].iter().all(|byte| u64::from(*byte) == round)
            });
            promised > 0 && (read < bytes.len() || !whole)
        };
        (0..cuts()).filter(|seed| cut(*seed)).count() as u64
    };
    assert_eq!(lost(false), 0);
    assert!(lost(true) > cuts() / 2);
}
