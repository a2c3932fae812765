//! Desks that take places, and what they write down of it.

use super::client::{Client, reason_of, request_id};
use super::nation::{Nation, somebody};
use super::observer::{Notes, Told};
use bytes::Bytes;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tonic::Status;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::{
    BookRequest, CancelBookingRequest, ConfirmHoldRequest, CreateHoldRequest, ErrorReason,
    GrantResponse, Leg, Place, ReleaseHoldRequest, place,
};

/// How long a hold is kept: the least there may be, so that abandoned ones end within the test.
pub const HOLD_SECONDS: u32 = 5;

/// The pause between two people at one desk.
const PAUSE: Duration = Duration::from_millis(5);

/// Places that everybody wants: they are soon full, and what is refused there must stay refused.
const WANTED: usize = 64;

/// Somebody who takes places at a nation's facilities.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Whom it asks.
    pub client: Arc<Client>,
    /// Where.
    pub nation: Arc<Nation>,
    /// Where it writes down what it was told.
    pub notes: Arc<Notes>,
    /// How long it goes on asking for one answer.
    pub patience: Duration,
}

/// Desks at work until they are told to stop.
pub struct Load {
    stop: Arc<AtomicBool>,
    desks: JoinSet<()>,
}

impl Load {
    /// So many desks, each drawing its people from the seed.
    pub fn start(desk: &Desk, desks: u64, seed: u64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut load = Self { stop: Arc::clone(&stop), desks: JoinSet::new() };
        for number in 0..desks {
            let (desk, stop) = (desk.clone(), Arc::clone(&stop));
            let mut chance = StdRng::seed_from_u64(seed.wrapping_mul(1_000).wrapping_add(number));
            load.desks.spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    desk.serve(&mut chance).await;
                    tokio::time::sleep(PAUSE).await;
                }
            });
        }
        load
    }

    /// Lets everybody finish.
    pub async fn stop(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        while let Some(ended) = self.desks.join_next().await {
            ended.expect("a desk does not panic");
        }
    }
}

impl Desk {
    /// A desk that writes into notes of its own.
    pub fn new(client: Client, nation: Nation, patience: Duration) -> Self {
        let (client, nation) = (Arc::new(client), Arc::new(nation));
        Self { client, nation, notes: Arc::default(), patience }
    }

    /// Serves one person.
    pub async fn serve(&self, chance: &mut StdRng) {
        let (legs, person) = (self.legs(chance), somebody());
        let what = chance.random_range(0..100);
        self.notes.tell(&person, Told::Nothing);
        let began = Instant::now();
        let told = match what {
            0..60 => self.book(legs, &person).await.map(booked),
            60..70 => self.book_and_cancel(legs, &person).await,
            70..90 => self.hold_and_confirm(legs, &person).await,
            90..95 => self.hold_and_release(legs, &person).await,
            _ => self.hold(legs, &person).await.map(abandoned),
        };
        self.notes.waited(began.elapsed());
        match told {
            Ok(told) => self.notes.tell(&person, told),
            Err(status) if reason_of(&status).is_some_and(super::client::settles) => {
                self.notes.tell(&person, Told::Refused);
            }
            Err(status) => self.notes.unanswered(&status),
        }
    }

    /// Up to four places, half of the time among those that everybody wants.
    fn legs(&self, chance: &mut StdRng) -> Vec<Leg> {
        let all: Vec<&String> = self.nation.room.keys().collect();
        let some = if chance.random_bool(0.5) { &all[..WANTED.min(all.len())] } else { &all };
        let count = chance.random_range(1..=4);
        legs(some.choose_multiple(chance, count).copied())
    }

    /// Books the first place that has room.
    pub async fn book(&self, legs: Vec<Leg>, person: &Bytes) -> Result<GrantResponse, Status> {
        let request = booking(legs, person);
        let passing = |status: &Status| self.notes.passing(status);
        let book = |channel, request| async move {
            BookingServiceClient::new(channel).book(request).await
        };
        self.client.insist(request, self.patience, passing, book).await
    }

    async fn book_and_cancel(&self, legs: Vec<Leg>, person: &Bytes) -> Result<Told, Status> {
        let granted = self.book(legs, person).await?;
        let name = format!("bookings/{}", id(&granted));
        let request = CancelBookingRequest { name, request_id: request_id(), ..Default::default() };
        let passing = |status: &Status| self.notes.passing(status);
        let cancel = |channel, request| async move {
            BookingServiceClient::new(channel).cancel_booking(request).await
        };
        match self.client.insist(request, self.patience, passing, cancel).await {
            Ok(_) => Ok(Told::Ended { id: id(&granted) }),
            // It waited past its deadline and was not carried out: the booking stands.
            Err(status) if reason_of(&status) == Some(ErrorReason::TooLate) => Ok(booked(granted)),
            Err(status) => Err(status),
        }
    }

    async fn hold(&self, legs: Vec<Leg>, person: &Bytes) -> Result<GrantResponse, Status> {
        let request = CreateHoldRequest {
            legs,
            hold_seconds: HOLD_SECONDS,
            person: person.clone(),
            request_id: request_id(),
            ..Default::default()
        };
        let passing = |status: &Status| self.notes.passing(status);
        let hold = |channel, request| async move {
            BookingServiceClient::new(channel).create_hold(request).await
        };
        self.client.insist(request, self.patience, passing, hold).await
    }

    async fn hold_and_confirm(&self, legs: Vec<Leg>, person: &Bytes) -> Result<Told, Status> {
        let held = self.hold(legs, person).await?;
        let (name, fencing) = (held.grants[0].name.clone(), held.fencing);
        let request =
            ConfirmHoldRequest { name, fencing, request_id: request_id(), ..Default::default() };
        let passing = |status: &Status| self.notes.passing(status);
        let confirm = |channel, request| async move {
            BookingServiceClient::new(channel).confirm_hold(request).await
        };
        // A hold that expires while nobody answers is refused, and leaves nothing.
        self.client.insist(request, self.patience, passing, confirm).await?;
        Ok(booked(held))
    }

    async fn hold_and_release(&self, legs: Vec<Leg>, person: &Bytes) -> Result<Told, Status> {
        let held = self.hold(legs, person).await?;
        let (name, fencing) = (held.grants[0].name.clone(), held.fencing);
        let request =
            ReleaseHoldRequest { name, fencing, request_id: request_id(), ..Default::default() };
        let passing = |status: &Status| self.notes.passing(status);
        let release = |channel, request| async move {
            BookingServiceClient::new(channel).release_hold(request).await
        };
        self.client.insist(request, self.patience, passing, release).await?;
        Ok(Told::Ended { id: id(&held) })
    }
}

/// What asks for the first of these places that has room.
pub fn legs<'a>(places: impl IntoIterator<Item = &'a String>) -> Vec<Leg> {
    let place = |name: &String| Place { place: Some(place::Place::Name(name.clone())) };
    vec![Leg { candidates: places.into_iter().map(place).collect() }]
}

/// A request of its own to book for somebody.
pub fn booking(legs: Vec<Leg>, person: &Bytes) -> BookRequest {
    let (person, request_id) = (person.clone(), request_id());
    BookRequest { legs, person, request_id, ..Default::default() }
}

fn id(granted: &GrantResponse) -> u64 {
    granted.grants[0].id
}

fn abandoned(held: GrantResponse) -> Told {
    Told::Abandoned { id: id(&held), since: Instant::now() }
}

fn booked(granted: GrantResponse) -> Told {
    Told::Booked { id: id(&granted), place: granted.grants[0].place.clone() }
}
