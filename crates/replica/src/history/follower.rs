//! Follows the journal into the index.

use super::error::HistoryError;
use super::{History, key};
use crate::codec::{decode_events, encode_events};
use ledger::words::{CommitmentId, Moment, Revision};
use ledger::{Event, Happening};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use store::StoreError;
use store::index::{Change, IndexError, Mark};
use store::journal::{Batch, JournalReader, chain};

/// How fast a history that is behind catches up, so that it starves nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Events of a second, on average.
    pub events_per_second: u32,
    /// Events and entries after which a step ends; an entry's events are never parted.
    pub events_per_step: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { events_per_second: 20_000, events_per_step: 1_024 }
    }
}

impl Pace {
    /// How long to rest after a step of this many events.
    #[must_use]
    pub fn rest(&self, events: usize) -> Duration {
        let events = u32::try_from(events).unwrap_or(u32::MAX);
        Duration::from_secs(1) * events / self.events_per_second.max(1)
    }
}

/// What a step did, and what is left to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Events taken in.
    pub events: usize,
    /// The revision at which the history stands now.
    pub revision: u64,
    /// Revisions by which it is behind the journal's durable end.
    pub behind: u64,
    /// Whether the index was thrown away and is being filled again from the beginning.
    pub renewed: bool,
}

/// Follows the journal into the index, step by step. Its driver rests between steps as [`Pace`]
/// says, and waits for news when a step finds it no longer behind.
pub struct Follower {
    history: Arc<History>,
    pace: Pace,
}

impl Follower {
    /// A follower of this history; there is one of each.
    #[must_use]
    pub const fn new(history: Arc<History>, pace: Pace) -> Self {
        Self { history, pace }
    }

    /// Takes in some events, or makes the index ready to. An index that is unusable or does not
    /// agree with the journal is thrown away here.
    ///
    /// # Errors
    /// When the journal cannot be read or the index cannot be worked on; the next step tries again.
    pub fn step(&mut self, journal: &JournalReader) -> Result<Step, HistoryError> {
        if self.history.suspect.load(Ordering::Relaxed) {
            tracing::warn!("the history's index could not be read and is thrown away");
            return self.rebuild(journal);
        }
        match self.advance(journal) {
            Ok(Some(step)) => Ok(step),
            Ok(None) => self.rebuild(journal),
            Err(HistoryError::Index(error @ IndexError::Unusable { .. })) => {
                tracing::warn!(%error, "the history's index is thrown away");
                self.rebuild(journal)
            }
            Err(HistoryError::Index(error @ IndexError::Store(StoreError::Full { .. }))) => {
                // sled writes nothing any more once a write has failed, whatever room there is
                // later; and what it holds in memory may be ahead of what it has written.
                self.history.close();
                Err(error.into())
            }
            Err(error) => Err(error),
        }
    }

    /// Throws the index away; the steps that follow fill it again from the journal's beginning.
    ///
    /// # Errors
    /// When no new index can be made.
    pub fn rebuild(&mut self, journal: &JournalReader) -> Result<Step, HistoryError> {
        self.history.replace(|room| Ok(room.renew()?))?;
        let behind = journal.end().revision;
        Ok(Step { events: 0, revision: 0, behind, renewed: true })
    }

    /// One step; nothing when the index does not agree with the journal.
    fn advance(&self, journal: &JournalReader) -> Result<Option<Step>, HistoryError> {
        if self.history.index().is_none() {
            self.history.replace(|room| Ok(room.open()?))?;
        }
        let index = self.history.index();
        let index = index.as_deref().ok_or(HistoryError::NotReady)?;
        let mark = index.mark()?;
        let end = journal.end();
        if end.revision <= mark.revision {
            // After a restart the journal may still be on its way to where the index was.
            let agrees = end.revision < mark.revision || end.head == mark.head;
            let step = Step { events: 0, revision: mark.revision, behind: 0, renewed: false };
            return Ok(agrees.then_some(step));
        }
        let Some(taken) = self.take(journal, mark)? else {
            return Ok(None);
        };
        index.apply_batch(&taken.changes, taken.mark)?;
        let (events, revision) = (taken.events, taken.mark.revision);
        let behind = end.revision.saturating_sub(revision);
        Ok(Some(Step { events, revision, behind, renewed: false }))
    }

    /// Reads on from the mark; nothing when the journal does not continue it.
    fn take(&self, journal: &JournalReader, mark: Mark) -> Result<Option<Taken>, HistoryError> {
        let mut taken = Taken { changes: Vec::new(), events: 0, batches: 0, mark };
        for batch in journal.read_from(mark.revision + 1) {
            let batch = batch?;
            if taken.batches == 0 && !continues(&batch, mark) {
                let begins_later = batch.first > mark.revision + 1;
                if begins_later && mark == Mark::GENESIS {
                    let (first, revision) = (batch.first, mark.revision);
                    return Err(HistoryError::JournalBegins { first, revision });
                }
                return Ok(None);
            }
            taken.add(&batch)?;
            if taken.events + taken.batches >= self.pace.events_per_step {
                break;
            }
        }
        Ok((taken.batches > 0).then_some(taken))
    }
}

/// Whether a batch's head is the chain's next one after the mark: then the mark is on the chain.
fn continues(batch: &Batch, mark: Mark) -> bool {
    batch.first == mark.revision + 1
        && chain(&mark.head, batch.first, batch.last, &batch.payload) == batch.head
}

/// What a step has read.
struct Taken {
    changes: Vec<Change>,
    events: usize,
    /// Counted as work too: most reports that change nothing leave batches without events.
    batches: usize,
    mark: Mark,
}

impl Taken {
    fn add(&mut self, batch: &Batch) -> Result<(), HistoryError> {
        let events = decode_events(&batch.payload)
            .map_err(|source| HistoryError::Unreadable { revision: batch.first, source })?;
        let (mut revision, mut place) = (Revision::ZERO, 0);
        for event in &events {
            place = if event.revision == revision { place + 1 } else { 0 };
            revision = event.revision;
            self.index(event, place);
        }
        self.events += events.len();
        self.batches += 1;
        self.mark = Mark { revision: batch.last, head: batch.head };
        Ok(())
    }

    fn index(&mut self, event: &Event, place: u32) {
        let Some(commitment) = commitment_of(&event.happening) else {
            return;
        };
        let value = encode_events(std::slice::from_ref(event)).to_vec();
        self.put(key::event(commitment, event.revision, place), value);
        if let Happening::Granted { person, start, .. } = event.happening {
            if let Some(person) = person {
                self.put(key::person(person, event.revision, commitment), Vec::new());
            }
            if let Some(facility) = event.facility {
                let when = if start == Moment::ZERO { event.moment } else { start };
                self.put(key::facility(facility, when, commitment), Vec::new());
            }
        }
    }

    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.changes.push(Change::Put { key, value });
    }
}

/// The commitment that an event is about; each new happening must say whether it is about one.
const fn commitment_of(happening: &Happening) -> Option<CommitmentId> {
    match happening {
        Happening::Granted { commitment, .. }
        | Happening::Booked { commitment, .. }
        | Happening::Extended { commitment, .. }
        | Happening::Arrived { commitment }
        | Happening::Overdue { commitment }
        | Happening::Disputed { commitment }
        | Happening::Ended { commitment, .. } => Some(*commitment),
        Happening::InstitutionPut { .. }
        | Happening::FacilityPut { .. }
        | Happening::FacilityClosed { .. }
        | Happening::FacilityMerged { .. }
        | Happening::ServiceClosed { .. }
        | Happening::CapacityProposed { .. }
        | Happening::CapacityConfirmed { .. }
        | Happening::ClaimHeld { .. }
        | Happening::BedsChanged { .. }
        | Happening::AgendaPublished { .. }
        | Happening::SlotsBlocked { .. }
        | Happening::AgendaWithdrawn { .. }
        | Happening::Returned { .. } => None,
    }
}
