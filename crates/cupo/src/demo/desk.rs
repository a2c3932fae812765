//! Desks that look for places and book them, at a steady rate.
//!
//! A request goes on under one identity until it is answered: an answer that was lost in a crash is
//! asked for again, and never booked twice.

use super::figures::Figures;
use super::notebook::{Notebook, Person, Told};
use crate::client::{Asked, ClientError, Session, reason_of, settles};
use crate::nation::{Chance, STATES};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::need::Kind;
use wire::v1::place::Place as PlaceName;
use wire::v1::{
    AgeGroup, BedArea, BedNeed, BookRequest, CancelBookingRequest, ConfirmHoldRequest,
    CreateHoldRequest, GrantResponse, Leg, Need, Place, Position, SearchPlacesRequest, SlotNeed,
    Specialty,
};

/// Requests under way at most; more wait for their turn, and the rate is what it can be.
const IN_FLIGHT_MAX: usize = 512;

/// Candidates asked for and named in order.
const CANDIDATES: i32 = 8;

/// How often a lost answer is asked for again before the request counts as unanswered.
const TRIES_MAX: usize = 6;

/// The most ticks of a second: below a millisecond a timer is not steady.
const TICKS_PER_SECOND: u32 = 100;

/// Bookings kept before the oldest are cancelled, as many as a minute makes.
const KEPT_SECONDS: u32 = 60;

/// Desks, all of them.
#[derive(Debug)]
pub struct Desks {
    session: Arc<Session>,
    figures: Arc<Figures>,
    notebook: Arc<Notebook>,
    kept: Arc<Mutex<VecDeque<Kept>>>,
    kept_max: usize,
}

/// A booking that will be cancelled some day.
#[derive(Clone, Copy, Debug)]
struct Kept {
    id: u64,
    person: Person,
}

impl Desks {
    /// Desks that ask through this session.
    #[must_use]
    pub fn new(
        session: Arc<Session>,
        figures: Arc<Figures>,
        notebook: Arc<Notebook>,
        rate: u32,
    ) -> Self {
        let kept_max = usize::try_from(rate * KEPT_SECONDS).unwrap_or(usize::MAX);
        let kept = Arc::new(Mutex::new(VecDeque::new()));
        Self { session, figures, notebook, kept, kept_max }
    }

    /// Sends so many requests a second until told to stop, and then waits for those under way. A
    /// request that fails is counted.
    pub async fn run(&self, rate: u32, seed: u64, stop: CancellationToken) {
        let ticks = rate.clamp(1, TICKS_PER_SECOND);
        let mut timer = tokio::time::interval(Duration::from_secs(1) / ticks);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let room = Arc::new(Semaphore::new(IN_FLIGHT_MAX));
        let mut chance = Chance::new(seed, 1 << 41);
        let mut under_way = JoinSet::new();
        let mut owed = 0;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = timer.tick() => owed += rate,
                Some(_) = under_way.join_next() => continue,
            }
            while owed >= ticks {
                owed -= ticks;
                let Ok(permit) = Arc::clone(&room).try_acquire_owned() else { break };
                let wish = Wish::draw(&mut chance);
                let desk = self.desk();
                under_way.spawn(async move {
                    desk.serve(wish).await;
                    drop(permit);
                });
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    fn desk(&self) -> Desk {
        Desk {
            session: Arc::clone(&self.session),
            figures: Arc::clone(&self.figures),
            notebook: Arc::clone(&self.notebook),
            kept: Arc::clone(&self.kept),
            kept_max: self.kept_max,
        }
    }
}

/// What somebody comes to a desk with.
#[derive(Clone, Debug)]
struct Wish {
    person: Person,
    need: Need,
    /// Whether the desk holds a place first and confirms it, as people do who think.
    in_two_steps: bool,
}

impl Wish {
    fn draw(chance: &mut Chance) -> Self {
        let state = chance.weighted(STATES.iter().map(|state| state.thousands));
        let town = chance.weighted(STATES[state].towns.iter().map(|town| town.thousands));
        let town = &STATES[state].towns[town];
        let near = Position {
            latitude: f64::from(town.north_e2) / 100.0,
            longitude: -f64::from(town.west_e2) / 100.0,
        };
        let slot =
            |specialty: Specialty| SlotNeed { specialty: specialty.into(), ..SlotNeed::default() };
        let bed = |area: BedArea, age: AgeGroup| {
            let (area, age_group) = (area.into(), age.into());
            Kind::Bed(BedNeed { area, age_group, ..BedNeed::default() })
        };
        let kind = match chance.below(100) {
            0..10 => bed(BedArea::General, AgeGroup::Adult),
            10..14 => bed(BedArea::Intensive, AgeGroup::Adult),
            14..18 => bed(BedArea::Emergency, AgeGroup::Adult),
            18..20 => bed(BedArea::General, AgeGroup::Paediatric),
            20..55 => Kind::Outpatient(slot(Specialty::FamilyMedicine)),
            55..75 => Kind::Outpatient(slot(Specialty::GeneralPractice)),
            75..85 => Kind::Outpatient(slot(Specialty::InternalMedicine)),
            85..92 => Kind::Outpatient(slot(Specialty::GynaecologyObstetrics)),
            _ => Kind::Teleconsultation(slot(Specialty::FamilyMedicine)),
        };
        let need = Need { kind: Some(kind), near: Some(near), ..Need::default() };
        let person = chance.bits().to_be_bytes();
        Self { person, need, in_two_steps: chance.percent(40) }
    }
}

/// One desk, serving one person.
#[derive(Debug)]
struct Desk {
    session: Arc<Session>,
    figures: Arc<Figures>,
    notebook: Arc<Notebook>,
    kept: Arc<Mutex<VecDeque<Kept>>>,
    kept_max: usize,
}

impl Desk {
    async fn serve(&self, wish: Wish) {
        let person = wish.person;
        let Some(legs) = self.search(wish.need).await else { return };
        self.notebook.asking(person);
        let began = Instant::now();
        let answer = match wish.in_two_steps {
            true => self.hold_and_confirm(legs, person).await,
            false => self.book(legs, person).await,
        };
        match answer {
            Ok(granted) => {
                let Some(grant) = granted.grants.first() else { return self.figures.failed() };
                self.figures.booked(began.elapsed());
                let told = Told::Booked { id: grant.id, place: grant.place_number };
                self.notebook.told(person, told);
                self.keep(Kept { id: grant.id, person }).await;
            }
            Err(error) if is_settled(&error) => {
                self.figures.refused();
                self.notebook.told(person, Told::Refused);
            }
            Err(_) => self.figures.failed(),
        }
    }

    /// The nearest places that have room; none where there are none, or nobody answers.
    async fn search(&self, need: Need) -> Option<Vec<Leg>> {
        let request = SearchPlacesRequest {
            need: Some(need),
            limit: CANDIDATES,
            ..SearchPlacesRequest::default()
        };
        let found = self
            .session
            .read(|asked: Asked| {
                let request = asked.request(request.clone());
                let mut client = BookingServiceClient::new(asked.channel);
                async move { client.search_places(request).await }
            })
            .await;
        let Ok(found) = found else {
            self.figures.failed();
            return None;
        };
        let by_number = |number| Place { place: Some(PlaceName::Number(number)) };
        let candidates: Vec<Place> =
            found.candidates.iter().map(|found| by_number(found.place_number)).collect();
        if candidates.is_empty() {
            self.figures.refused();
            return None;
        }
        Some(vec![Leg { candidates }])
    }

    async fn book(&self, legs: Vec<Leg>, person: Person) -> Result<GrantResponse, ClientError> {
        let request = BookRequest {
            legs,
            person: Bytes::copy_from_slice(&person),
            request_id: Uuid::now_v7().to_string(),
            ..BookRequest::default()
        };
        insist(|| {
            self.session.ask(|asked: Asked| {
                let request = asked.request(request.clone());
                let mut client = BookingServiceClient::new(asked.channel);
                async move { client.book(request).await }
            })
        })
        .await
    }

    async fn hold_and_confirm(
        &self,
        legs: Vec<Leg>,
        person: Person,
    ) -> Result<GrantResponse, ClientError> {
        let request = CreateHoldRequest {
            legs,
            person: Bytes::copy_from_slice(&person),
            request_id: Uuid::now_v7().to_string(),
            ..CreateHoldRequest::default()
        };
        let granted = insist(|| {
            self.session.ask(|asked: Asked| {
                let request = asked.request(request.clone());
                let mut client = BookingServiceClient::new(asked.channel);
                async move { client.create_hold(request).await }
            })
        })
        .await?;
        let name = granted.grants.first().map(|grant| grant.name.clone()).unwrap_or_default();
        let request = ConfirmHoldRequest {
            name,
            fencing: granted.fencing,
            request_id: Uuid::now_v7().to_string(),
            ..ConfirmHoldRequest::default()
        };
        insist(|| {
            self.session.ask(|asked: Asked| {
                let request = asked.request(request.clone());
                let mut client = BookingServiceClient::new(asked.channel);
                async move { client.confirm_hold(request).await }
            })
        })
        .await?;
        Ok(granted)
    }

    /// Keeps a booking, and cancels the oldest when there are enough.
    async fn keep(&self, booking: Kept) {
        let oldest = {
            let mut kept = self.kept.lock().await;
            kept.push_back(booking);
            if kept.len() > self.kept_max { kept.pop_front() } else { None }
        };
        let Some(Kept { id, person }) = oldest else { return };
        self.notebook.told(person, Told::Cancelled { id, surely: false });
        let request = CancelBookingRequest {
            name: format!("bookings/{id}"),
            request_id: Uuid::now_v7().to_string(),
            ..CancelBookingRequest::default()
        };
        let answer = insist(|| {
            self.session.ask(|asked: Asked| {
                let request = asked.request(request.clone());
                let mut client = BookingServiceClient::new(asked.channel);
                async move { client.cancel_booking(request).await }
            })
        })
        .await;
        if answer.is_ok() {
            self.notebook.told(person, Told::Cancelled { id, surely: true });
        }
    }
}

/// Asks again under the same identity until there is an answer that settles the matter.
async fn insist<T, A>(ask: impl Fn() -> A) -> Result<T, ClientError>
where
    A: Future<Output = Result<T, ClientError>>,
{
    let mut answer = ask().await;
    for _ in 1..TRIES_MAX {
        match &answer {
            Err(error) if !is_settled(error) => answer = ask().await,
            _ => break,
        }
    }
    answer
}

/// Whether an error settles the matter: the cluster decided, and will not decide otherwise.
fn is_settled(error: &ClientError) -> bool {
    match error {
        ClientError::Refused { status, .. } => reason_of(status).is_some_and(settles),
        _ => false,
    }
}
