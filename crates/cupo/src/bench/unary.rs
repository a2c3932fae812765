//! One booking per call.

use super::echo::person;
use super::measure::Measure;
use super::pool::Pool;
use crate::client::{reason_of, settles};
use crate::demo::Doors;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tonic::transport::Channel;
use tonic::{Request, Status};
use uuid::Uuid;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::place::Place as PlaceName;
use wire::v1::{BookRequest, CancelBookingRequest, Leg, Place};

/// The deadline of a call.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Bookings each worker keeps before it cancels the oldest, in a steady state.
const KEPT: usize = 16;

/// Ticks a second of an open loop.
const TICKS_PER_SECOND: u32 = 500;

/// How calls are made.
#[derive(Clone, Copy, Debug)]
pub struct Calls {
    /// How many at once.
    pub in_flight: u32,
    /// How long.
    pub seconds: Duration,
    /// Whether each booking is cancelled later. An operation is then a booking or a cancellation.
    pub steady: bool,
}

/// Keeps so many calls under way: each worker asks again when it is answered.
pub async fn closed_loop(doors: &Doors, pool: &Arc<Pool>, calls: Calls) -> (Measure, Vec<u64>) {
    let mut workers = JoinSet::new();
    for worker in 0..calls.in_flight {
        let channel = doors.door(worker as usize);
        workers.spawn(work(channel, Arc::clone(pool), u64::from(worker), calls));
    }
    let (mut all, mut booked) = (Measure::new(), Vec::new());
    while let Some(Ok((measure, live))) = workers.join_next().await {
        all.add(&measure);
        booked.extend(live);
    }
    (all, booked)
}

async fn work(channel: Channel, pool: Arc<Pool>, worker: u64, calls: Calls) -> (Measure, Vec<u64>) {
    let mut client = BookingServiceClient::new(channel);
    let mut measure = Measure::new();
    let mut live = VecDeque::new();
    let began = Instant::now();
    for number in 0.. {
        if began.elapsed() >= calls.seconds {
            break;
        }
        let place = if calls.steady { pool.cycle() } else { pool.take() };
        let Some(place) = place else { break };
        let asked = Instant::now();
        let answer = client.book(book(place, worker, number)).await;
        match answer {
            Ok(granted) => {
                measure.answered(asked.elapsed());
                measure.operations += 1;
                measure.counted += 1;
                live.extend(granted.into_inner().grants.first().map(|grant| grant.id));
            }
            Err(status) => count_error(&mut measure, &status),
        }
        if calls.steady && live.len() > KEPT {
            let oldest = live.pop_front().unwrap_or_default();
            match client.cancel_booking(cancel(oldest)).await {
                Ok(_) => measure.operations += 1,
                Err(status) => count_error(&mut measure, &status),
            }
        }
    }
    measure.took = began.elapsed();
    (measure, live.into())
}

/// Sends so many calls a second, whether or not answers arrive. A latency counts from when the
/// call was due, so that a server that stalls is not spared the calls it kept waiting.
pub async fn open_loop(
    doors: &Doors,
    pool: &Arc<Pool>,
    calls: Calls,
    rate: u32,
) -> (Measure, Vec<u64>) {
    let ticks = rate.min(TICKS_PER_SECOND);
    let mut timer = tokio::time::interval(Duration::from_secs(1) / ticks);
    timer.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let room = Arc::new(Semaphore::new(calls.in_flight as usize));
    let mut under_way = JoinSet::new();
    let (mut all, mut booked) = (Measure::new(), Vec::new());
    let began = Instant::now();
    let (mut owed, mut number) = (0, 0_u64);
    while began.elapsed() < calls.seconds {
        let due = timer.tick().await.into_std();
        owed += rate;
        while owed >= ticks {
            owed -= ticks;
            number += 1;
            let Some(place) = pool.take() else { break };
            let mut client = BookingServiceClient::new(doors.door(number as usize));
            let room = Arc::clone(&room);
            under_way.spawn(async move {
                let mut measure = Measure::new();
                let Ok(_permit) = room.acquire_owned().await else { return (measure, None) };
                match client.book(book(place, u64::MAX - 1, number)).await {
                    Ok(granted) => {
                        measure.answered(due.elapsed());
                        measure.operations += 1;
                        measure.counted += 1;
                        (measure, granted.into_inner().grants.first().map(|grant| grant.id))
                    }
                    Err(status) => {
                        count_error(&mut measure, &status);
                        (measure, None)
                    }
                }
            });
        }
        while let Some(Ok((measure, live))) = under_way.try_join_next() {
            all.add(&measure);
            booked.extend(live);
        }
    }
    while let Some(Ok((measure, live))) = under_way.join_next().await {
        all.add(&measure);
        booked.extend(live);
    }
    all.took = began.elapsed();
    (all, booked)
}

/// A booking of one place, as a desk sends it.
#[must_use]
pub fn book(place: u64, worker: u64, number: u64) -> Request<BookRequest> {
    let candidate = Place { place: Some(PlaceName::Number(place)) };
    let mut request = Request::new(BookRequest {
        legs: vec![Leg { candidates: vec![candidate] }],
        person: person(worker, number),
        request_id: Uuid::now_v7().to_string(),
        ..BookRequest::default()
    });
    request.set_timeout(TIMEOUT);
    request
}

fn cancel(id: u64) -> Request<CancelBookingRequest> {
    let mut request = Request::new(CancelBookingRequest {
        name: format!("bookings/{id}"),
        request_id: Uuid::now_v7().to_string(),
        ..CancelBookingRequest::default()
    });
    request.set_timeout(TIMEOUT);
    request
}

fn count_error(measure: &mut Measure, status: &Status) {
    match reason_of(status).is_some_and(settles) {
        true => measure.refused += 1,
        false => measure.failed += 1,
    }
}
