//! Time from the death of a leader to the next acknowledged booking, and whether anything was lost
//! or doubled on the way.

use super::measure::Measure;
use super::pool::Pool;
use super::unary::book;
use crate::client::{reason_of, settles};
use crate::demo::check::{Broken, Room, judge, read};
use crate::demo::founding::{Founded, status, wait_for};
use crate::demo::notebook::{Notebook, Told};
use crate::demo::{DemoError, Doors, Servers};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wire::v1::booking_service_client::BookingServiceClient;

/// Callers that book all the time.
const CALLERS: u64 = 32;

/// The pause of a caller between two bookings: a thousand bookings a second or so, which leaves the
/// machine to the election.
const PAUSE: Duration = Duration::from_millis(25);

/// The pause before a caller tries the next server.
const RETRY_PAUSE: Duration = Duration::from_millis(10);

/// The deadline of one try.
const TRY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long everything runs undisturbed before the next death.
const CALM: Duration = Duration::from_secs(2);

/// How long the next booking may take at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was found.
#[derive(Clone, Debug)]
pub struct Deaths {
    /// From each death to the next acknowledged booking that was asked for after it.
    pub gaps: Vec<Duration>,
    /// Bookings acknowledged.
    pub booked: usize,
    /// Requests never answered.
    pub unanswered: usize,
    /// Promises found broken.
    pub broken: BTreeSet<Broken>,
}

/// A death, and when the first booking asked for after it was acknowledged.
#[derive(Clone, Copy, Debug)]
struct Death {
    at: Instant,
    next: Option<Instant>,
}

type Shared = Arc<Mutex<Option<Death>>>;

/// Kills leaders while callers book, and compares every node with what the callers were told.
///
/// # Errors
/// When the cluster does not come back.
pub async fn failover(
    servers: &Servers,
    doors: &Doors,
    founded: &Founded,
    kills: u32,
) -> Result<(Deaths, Measure), DemoError> {
    let pool = Arc::new(Pool::of(&founded.agendas));
    let notebook = Arc::new(Notebook::default());
    let shared: Shared = Arc::default();
    let stop = CancellationToken::new();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let caller = Caller {
            doors: doors.clone(),
            pool: Arc::clone(&pool),
            notebook: Arc::clone(&notebook),
            shared: Arc::clone(&shared),
            stop: stop.clone(),
            number: caller,
        };
        callers.spawn(caller.run());
    }
    let mut gaps = Vec::new();
    for _ in 0..kills {
        tokio::time::sleep(CALM).await;
        gaps.push(kill_leader(servers, doors, &shared).await?);
        let nodes = servers.lives().len();
        for node in 0..nodes {
            wait_for(&doors.door(node), true).await?;
        }
    }
    tokio::time::sleep(CALM).await;
    stop.cancel();
    let mut measure = Measure::new();
    while let Some(Ok(counted)) = callers.join_next().await {
        measure.add(&counted);
    }
    let deaths = compare(servers, doors, founded, &notebook, gaps).await?;
    Ok((deaths, measure))
}

async fn kill_leader(
    servers: &Servers,
    doors: &Doors,
    shared: &Shared,
) -> Result<Duration, DemoError> {
    let leader = status(&doors.door(0)).await?.leader_id.unwrap_or(1);
    let at = Instant::now();
    *shared.lock().unwrap_or_else(PoisonError::into_inner) = Some(Death { at, next: None });
    servers.kill(leader).await;
    while at.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let death = *shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(next) = death.and_then(|death| death.next) {
            return Ok(next - at);
        }
    }
    Err(DemoError::NoLeader { timeout: PATIENCE })
}

async fn compare(
    servers: &Servers,
    doors: &Doors,
    founded: &Founded,
    notebook: &Notebook,
    gaps: Vec<Duration>,
) -> Result<Deaths, DemoError> {
    let notes = notebook.pages();
    let room = Room::of(founded);
    let facilities: BTreeSet<String> = founded.facilities.iter().cloned().collect();
    let mut broken = BTreeSet::new();
    for node in 0..servers.lives().len() {
        let found = read(doors, node, &facilities).await?;
        broken.extend(judge(&notes, &found, &room));
    }
    let count = |wanted: fn(&Told) -> bool| notes.values().filter(|told| wanted(told)).count();
    Ok(Deaths {
        gaps,
        booked: count(|told| matches!(told, Told::Booked { .. })),
        unanswered: count(|told| matches!(told, Told::Nothing)),
        broken,
    })
}

/// Somebody who books all the time, and asks again under the same identity until answered.
struct Caller {
    doors: Doors,
    pool: Arc<Pool>,
    notebook: Arc<Notebook>,
    shared: Shared,
    stop: CancellationToken,
    number: u64,
}

impl Caller {
    async fn run(self) -> Measure {
        let mut measure = Measure::new();
        let began = Instant::now();
        for nth in 0.. {
            if self.stop.is_cancelled() {
                break;
            }
            let Some(place) = self.pool.take() else { break };
            self.one(place, nth, &mut measure).await;
            tokio::time::sleep(PAUSE).await;
        }
        measure.took = began.elapsed();
        measure
    }

    async fn one(&self, place: u64, nth: u64, measure: &mut Measure) {
        let message = book(place, self.number, nth).into_inner();
        let mut person = [0; 16];
        person.copy_from_slice(&message.person);
        self.notebook.asking(person);
        let asked = Instant::now();
        for turn in 0.. {
            if asked.elapsed() > PATIENCE {
                measure.failed += 1;
                return;
            }
            let door = self.doors.door(self.number as usize + turn);
            let mut request = tonic::Request::new(message.clone());
            request.set_timeout(TRY_TIMEOUT);
            match BookingServiceClient::new(door).book(request).await {
                Ok(answer) => {
                    let answer = answer.into_inner();
                    let Some(grant) = answer.grants.first() else { return };
                    let told = Told::Booked { id: grant.id, place: grant.place_number };
                    self.notebook.told(person, told);
                    self.acknowledged(asked);
                    measure.answered(asked.elapsed());
                    measure.operations += 1;
                    measure.counted += 1;
                    return;
                }
                Err(status) if reason_of(&status).is_some_and(settles) => {
                    self.notebook.told(person, Told::Refused);
                    measure.refused += 1;
                    return;
                }
                Err(_) => tokio::time::sleep(RETRY_PAUSE).await,
            }
        }
    }

    fn acknowledged(&self, asked: Instant) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(death) = shared.as_mut()
            && asked >= death.at
            && death.next.is_none()
        {
            death.next = Some(Instant::now());
        }
    }
}
