//! What an outside observer wrote down, and how it compares with what a node says afterwards.

use super::client::{Client, within};
use super::nation::Nation;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tonic::Status;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::consistency::Want;
use wire::v1::{
    Commitment, CommitmentStatus, Consistency, ErrorReason, GetBookingRequest, ListBookingsRequest,
};

/// How long the ledger remembers what has ended.
const REMEMBERED: Duration = Duration::from_secs(600);

/// A person in a request, another one for each, so that a booking names the request it came from.
pub type Person = Vec<u8>;

/// What became of one request, as far as the observer was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It was sent, and nothing was answered yet.
    Nothing,
    /// Its place was given and confirmed.
    Booked { id: u64, place: String },
    /// Its place is held, since then, and nobody will confirm it.
    Abandoned { id: u64, since: Instant },
    /// Its hold was given back, or its booking cancelled.
    Ended { id: u64 },
    /// It was refused: nothing may come of it.
    Refused,
}

/// The observer's notes.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Pages>);

/// What stands in them.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// What became of each request.
    pub told: BTreeMap<Person, Told>,
    /// Requests that had no answer within their time, with what was seen last.
    pub unanswered: Vec<String>,
    /// Answers that did not settle the matter, by their reason.
    pub passing: BTreeMap<String, u32>,
    /// The longest that anybody waited for an answer.
    pub longest: Duration,
}

impl Notes {
    /// Writes down what became of a request.
    pub fn tell(&self, person: &[u8], told: Told) {
        self.pages().told.insert(person.to_vec(), told);
    }

    /// Writes down that nobody answered in time.
    pub fn unanswered(&self, status: &Status) {
        self.pages().unanswered.push(status.to_string());
    }

    /// Writes down that somebody answered without settling the matter.
    pub fn passing(&self, status: &Status) {
        let reason = super::reason_of(status)
            .map_or_else(|| format!("({:?})", status.code()), |reason| format!("{reason:?}"));
        *self.pages().passing.entry(reason).or_default() += 1;
    }

    /// Writes down how long somebody waited.
    pub fn waited(&self, time: Duration) {
        let mut pages = self.pages();
        pages.longest = pages.longest.max(time);
    }

    /// Takes over what another observer of the same nation was told.
    pub fn take_over(&self, others: Pages) {
        self.pages().told.extend(others.told);
    }

    /// How many places were given, whatever became of them.
    pub fn given(&self) -> usize {
        let pages = self.pages();
        pages.told.values().filter(|told| !matches!(told, Told::Nothing | Told::Refused)).count()
    }

    /// The notes as they stand.
    pub fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every live hold and booking that a node has at the nation's facilities, with nothing that was
/// acknowledged before left out.
pub async fn live(client: &Client, at: usize, nation: &Nation) -> Vec<Commitment> {
    let mut bookings = BookingServiceClient::new(client.channel(at));
    let mut found = Vec::new();
    for facility in &nation.facilities {
        let mut page_token = String::new();
        loop {
            let request = ListBookingsRequest {
                parent: facility.clone(),
                page_size: 1_000,
                page_token,
                consistency: Some(Consistency { want: Some(Want::Linearizable(true)) }),
            };
            let page = bookings.list_bookings(within(Duration::from_secs(10), request)).await;
            let page = page.expect("a node that is ready lists its bookings").into_inner();
            found.extend(page.commitments);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
    }
    found
}

/// Compares what was written down with what a node says: every sentence is a broken promise.
pub async fn judge(client: &Client, at: usize, nation: &Nation, pages: &Pages) -> Vec<String> {
    let live = live(client, at, nation).await;
    let mut broken = misplaced(nation, pages, &live);
    let mut by_person: BTreeMap<&[u8], Vec<&Commitment>> = BTreeMap::new();
    for one in &live {
        by_person.entry(&one.person).or_default().push(one);
    }
    let mut answered = BTreeSet::new();
    for (person, told) in &pages.told {
        let found = by_person.get(person.as_slice()).map_or(&[][..], Vec::as_slice);
        match told {
            Told::Booked { id, place } => {
                if !answered.insert(*id) {
                    broken.push(format!("{id} was the answer to two requests"));
                }
                match found {
                    [one] if one.id == *id && one.place == *place => {}
                    [] => broken.push(format!("{id} was acknowledged and is not there")),
                    other => broken.push(format!("{id} at {place} became {other:?}")),
                }
            }
            Told::Abandoned { id, since } => {
                if !answered.insert(*id) {
                    broken.push(format!("{id} was the answer to two requests"));
                }
                let ending = ending(client, at, *id).await;
                let expired = match ending {
                    Ok(status) => status == CommitmentStatus::Expired,
                    Err(reason) => {
                        reason == Some(ErrorReason::Forgotten) && since.elapsed() > REMEMBERED
                    }
                };
                if !found.is_empty() || !expired {
                    broken.push(format!("nobody confirmed {id}, and it is {ending:?}"));
                }
            }
            Told::Ended { id } if !found.is_empty() => {
                broken.push(format!("{id} was ended and lives on: {found:?}"));
            }
            Told::Refused if !found.is_empty() => {
                broken.push(format!("a refused request came to {found:?}"));
            }
            Told::Nothing if found.len() > 1 => {
                broken.push(format!("one request came to {found:?}"));
            }
            Told::Ended { .. } | Told::Refused | Told::Nothing => {}
        }
    }
    broken
}

/// What is wrong with live commitments whoever they are for.
fn misplaced(nation: &Nation, pages: &Pages, live: &[Commitment]) -> Vec<String> {
    let mut broken = Vec::new();
    let mut taken: BTreeMap<&str, u32> = BTreeMap::new();
    for one in live {
        *taken.entry(&one.place).or_default() += 1;
        if !pages.told.contains_key(one.person.as_ref()) {
            broken.push(format!("nobody asked for {one:?}"));
        }
        if one.status() == CommitmentStatus::Held {
            broken.push(format!("a hold did not end: {one:?}"));
        }
    }
    for (place, count) in taken {
        let room = nation.room.get(place).copied().unwrap_or(0);
        if count > room {
            broken.push(format!("{place} has {count} commitments and room for {room}"));
        }
    }
    broken
}

/// How a commitment stands, or why that is not told.
async fn ending(
    client: &Client,
    at: usize,
    id: u64,
) -> Result<CommitmentStatus, Option<ErrorReason>> {
    let mut bookings = BookingServiceClient::new(client.channel(at));
    let consistency = Some(Consistency { want: Some(Want::Linearizable(true)) });
    let request = GetBookingRequest { name: format!("holds/{id}"), consistency };
    let found = bookings.get_booking(within(Duration::from_secs(10), request)).await;
    let found = found.map_err(|status| super::reason_of(&status))?.into_inner();
    Ok(found.commitment.map_or(CommitmentStatus::Unspecified, |one| one.status()))
}
