//! Reading the history, a page at a time.

use super::error::HistoryError;
use super::{ENTRY_EVENTS_MAX, History, PAGE_ENTRIES_MAX, key};
use crate::codec::decode_events;
use ledger::Event;
use ledger::words::{CommitmentId, FacilityId, Moment, PersonId, Revision};
use std::sync::atomic::Ordering;
use store::index::Index;

/// What is asked of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Of whom or of what.
    pub by: By,
    /// Where the page before ended; nothing for the first one.
    pub after: Option<HistoryToken>,
    /// How many entries at most; from 1 to [`PAGE_ENTRIES_MAX`], and brought within.
    pub limit: usize,
}

/// Of whom or of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A person's bookings, newest first.
    Person(PersonId),
    /// The bookings at a facility, in the order of time: those in slots by when the slot begins,
    /// those in beds by when they were granted.
    Facility {
        /// Which.
        facility: FacilityId,
        /// From this moment on …
        from: Moment,
        /// … and before this one.
        until: Moment,
    },
    /// One commitment's events, oldest first.
    Commitment(CommitmentId),
}

/// Where a page ended. It pins the revision of the first page, so that what happens meanwhile does
/// not shift or mix into the pages that follow; and it fits no other query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryToken {
    revision: Revision,
    key: Vec<u8>,
}

impl HistoryToken {
    /// The token as bytes that mean nothing to whoever carries them.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.revision.0.to_be_bytes(), self.key.as_slice()].concat()
    }

    /// The token in these bytes; nothing when they are too few. Whether it fits its query is seen
    /// when that is asked.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (revision, key) = bytes.split_first_chunk()?;
        Some(Self { revision: Revision(u64::from_be_bytes(*revision)), key: key.to_vec() })
    }
}

/// A page of history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    /// What was found; a page may have fewer entries than were asked for and still have a next one.
    pub entries: Vec<HistoryEntry>,
    /// Where the next page begins; nothing when there is none.
    pub next: Option<HistoryToken>,
    /// The revision up to which the page is complete.
    pub revision: Revision,
}

/// A commitment and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Which.
    pub commitment: CommitmentId,
    /// What happened, in order; by person and facility the first [`ENTRY_EVENTS_MAX`] of it.
    pub events: Vec<Event>,
}

impl History {
    /// A page of history, as far as the index has come.
    ///
    /// # Errors
    /// When there is no index at the moment, the token is another query's, or the index cannot be
    /// read: then the follower's next step throws it away.
    pub fn query(&self, query: &HistoryQuery) -> Result<HistoryPage, HistoryError> {
        let index = self.index();
        let index = index.as_deref().ok_or(HistoryError::NotReady)?;
        let page = read_page(index, query);
        if let Err(HistoryError::Unreadable { .. } | HistoryError::Index(_)) = &page {
            // The follower touches only what is new, and would never see it.
            self.suspect.store(true, Ordering::Relaxed);
        }
        page
    }

    /// The revision at which the history stands.
    ///
    /// # Errors
    /// When there is no index at the moment, or it cannot be read.
    pub fn revision(&self) -> Result<Revision, HistoryError> {
        let index = self.index();
        let index = index.as_deref().ok_or(HistoryError::NotReady)?;
        Ok(Revision(index.mark()?.revision))
    }
}

fn read_page(index: &dyn Index, query: &HistoryQuery) -> Result<HistoryPage, HistoryError> {
    let range = Range::of(index, query)?;
    match query.by {
        By::Commitment(commitment) => events_page(index, &range, commitment),
        By::Person(_) => bookings_page(index, &range, |_| true),
        By::Facility { facility, until, .. } => {
            let end = key::facility_from(facility, until);
            bookings_page(index, &range, |key| key < end.as_slice())
        }
    }
}

/// The part of the index that a page reads.
struct Range {
    prefix: Vec<u8>,
    after: Option<Vec<u8>>,
    limit: u64,
    revision: Revision,
}

impl Range {
    fn of(index: &dyn Index, query: &HistoryQuery) -> Result<Self, HistoryError> {
        let (prefix, mut after) = match query.by {
            By::Person(person) => (key::of_person(person), None),
            By::Commitment(commitment) => (key::events_of(commitment), None),
            By::Facility { facility, from, .. } => {
                (key::of_facility(facility), Some(key::facility_from(facility, from)))
            }
        };
        let mut revision = Revision(index.mark()?.revision);
        if let Some(token) = &query.after {
            let fits = token.key.starts_with(&prefix)
                && after.as_ref().is_none_or(|after| token.key >= *after);
            if !fits {
                return Err(HistoryError::ForeignToken);
            }
            if token.revision > revision {
                let (revision, wanted) = (revision.0, token.revision.0);
                return Err(HistoryError::Behind { revision, wanted });
            }
            revision = token.revision;
            after = Some(token.key.clone());
        }
        let limit = query.limit.clamp(1, PAGE_ENTRIES_MAX) as u64;
        Ok(Self { prefix, after, limit, revision })
    }

    /// The key behind which the next page begins, when this page was filled.
    fn next(&self, read: usize, last: Option<&[u8]>) -> Option<HistoryToken> {
        let last = last.filter(|_| read as u64 == self.limit)?;
        Some(HistoryToken { revision: self.revision, key: last.to_vec() })
    }
}

fn events_page(
    index: &dyn Index,
    range: &Range,
    commitment: CommitmentId,
) -> Result<HistoryPage, HistoryError> {
    let pairs = index.range(&range.prefix, range.after.as_deref(), range.limit)?;
    let next = range.next(pairs.len(), pairs.last().map(|(key, _)| key.as_slice()));
    let events = read_events(pairs, range.revision)?;
    let entries =
        if events.is_empty() { Vec::new() } else { vec![HistoryEntry { commitment, events }] };
    Ok(HistoryPage { entries, next, revision: range.revision })
}

fn bookings_page(
    index: &dyn Index,
    range: &Range,
    within: impl Fn(&[u8]) -> bool,
) -> Result<HistoryPage, HistoryError> {
    let pairs = index.range(&range.prefix, range.after.as_deref(), range.limit)?;
    let last = pairs.last().map(|(key, _)| key.as_slice()).filter(|key| within(key));
    let next = range.next(pairs.len(), last);
    let mut entries = Vec::with_capacity(pairs.len());
    for (key, _) in pairs.iter().take_while(|(key, _)| within(key)) {
        let Some(commitment) = key::commitment(key) else { continue };
        let found = index.range(&key::events_of(commitment), None, ENTRY_EVENTS_MAX as u64)?;
        let events = read_events(found, range.revision)?;
        // One that was granted after the first page was read has no events yet.
        if !events.is_empty() {
            entries.push(HistoryEntry { commitment, events });
        }
    }
    Ok(HistoryPage { entries, next, revision: range.revision })
}

/// The events up to a revision in the index's values.
fn read_events(
    pairs: Vec<store::index::Pair>,
    revision: Revision,
) -> Result<Vec<Event>, HistoryError> {
    let mut events = Vec::with_capacity(pairs.len());
    for (_, value) in pairs {
        let read = decode_events(&value)
            .map_err(|source| HistoryError::Unreadable { revision: revision.0, source })?;
        events.extend(read.into_iter().filter(|event| event.revision <= revision));
    }
    Ok(events)
}
