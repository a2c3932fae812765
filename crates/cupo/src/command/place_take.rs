//! `cupo hold create`, `hold extend`, `booking create` and `booking transfer`: what takes places
//! and answers with their numbers.

use super::{Context, Failure, place_instead};
use crate::arguments::{BookingPlaces, Fenced, HoldCreate, Taking};
use crate::client::{Asked, ClientError};
use crate::exit::Exit;
use crate::sheets;
use bytes::Bytes;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::{
    BookRequest, CreateHoldRequest, ExtendHoldRequest, Grant, GrantResponse, Leg, Place,
    TransferBookingRequest, place,
};

/// Holds the first place that has room.
///
/// # Errors
/// Why none was held.
pub async fn hold(context: &Context, wanted: &HoldCreate) -> Result<Exit, Failure> {
    let request = CreateHoldRequest {
        legs: legs(&wanted.taking),
        hold_seconds: wanted.seconds,
        arrival_seconds: wanted.taking.arrival_seconds,
        person: person(&wanted.taking),
        author: context.session.author(),
        request_id: context.session.request_id().to_string(),
        ..Default::default()
    };
    let answer = context
        .session
        .ask(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { BookingServiceClient::new(asked.channel).create_hold(request).await }
        })
        .await;
    answered(context, answer, &wanted.taking.places).await
}

/// Books the first place that has room.
///
/// # Errors
/// Why none was booked.
pub async fn book(context: &Context, taking: &Taking) -> Result<Exit, Failure> {
    let request = BookRequest {
        legs: legs(taking),
        arrival_seconds: taking.arrival_seconds,
        person: person(taking),
        author: context.session.author(),
        request_id: context.session.request_id().to_string(),
        ..Default::default()
    };
    let answer = context
        .session
        .ask(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { BookingServiceClient::new(asked.channel).book(request).await }
        })
        .await;
    answered(context, answer, &taking.places).await
}

/// Moves a booking to the first place that has room.
///
/// # Errors
/// Why it was not moved.
pub async fn transfer(context: &Context, to: &BookingPlaces) -> Result<Exit, Failure> {
    let request = TransferBookingRequest {
        name: format!("bookings/{}", to.booking.booking),
        candidates: candidates(&to.places),
        arrival_seconds: to.arrival_seconds,
        author: context.session.author(),
        request_id: context.session.request_id().to_string(),
        ..Default::default()
    };
    let answer = context
        .session
        .ask(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { BookingServiceClient::new(asked.channel).transfer_booking(request).await }
        })
        .await;
    answered(context, answer, &to.places).await
}

/// Keeps a hold longer; its fencing number changes.
///
/// # Errors
/// Why it is not kept.
pub async fn extend(context: &Context, hold: &Fenced, seconds: u32) -> Result<Exit, Failure> {
    let request = ExtendHoldRequest {
        name: format!("holds/{}", hold.hold),
        fencing: hold.fencing,
        hold_seconds: seconds,
        author: context.session.author(),
        request_id: context.session.request_id().to_string(),
        ..Default::default()
    };
    let answer = context
        .session
        .ask(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { BookingServiceClient::new(asked.channel).extend_hold(request).await }
        })
        .await?;
    let grant = Grant { name: request.name, id: hold.hold, ..Default::default() };
    let answer = GrantResponse {
        grants: vec![grant],
        fencing: answer.fencing,
        revision: answer.revision,
        expire_time: answer.expire_time,
    };
    granted(context, answer).await
}

/// Prints what was taken of these places, or says where else there is room when all were taken.
async fn answered(
    context: &Context,
    answer: Result<GrantResponse, ClientError>,
    places: &[String],
) -> Result<Exit, Failure> {
    match answer {
        Ok(answer) => granted(context, answer).await,
        Err(error) => Err(place_instead::named(context, error, places).await),
    }
}

/// Prints what was taken. The answer names no time zone, so the first commitment is asked for it;
/// what was granted is told also when nobody says.
async fn granted(context: &Context, mut answer: GrantResponse) -> Result<Exit, Failure> {
    let mut zone = String::new();
    if let Some(first) = answer.grants.first_mut()
        && let Ok(taken) = context.commitment(&first.name, Some(answer.revision)).await
    {
        zone = taken.time_zone;
        first.place = taken.place;
    }
    let row = |grant| sheets::grant(grant, &answer, &zone);
    let rows: Vec<_> = answer.grants.iter().map(row).collect();
    match rows.as_slice() {
        [one] => context.thing(&sheets::GRANT, one)?,
        several => context.sheet(&sheets::GRANT, several)?,
    }
    Ok(Exit::Done)
}

fn legs(taking: &Taking) -> Vec<Leg> {
    let first = Leg { candidates: candidates(&taking.places) };
    let further = taking.also.iter().map(|options| {
        let options: Vec<String> = options.split(',').map(|one| one.trim().to_owned()).collect();
        Leg { candidates: candidates(&options) }
    });
    std::iter::once(first).chain(further).collect()
}

fn candidates(places: &[String]) -> Vec<Place> {
    let named = |name: &String| Place { place: Some(place::Place::Name(name.clone())) };
    places.iter().map(named).collect()
}

fn person(taking: &Taking) -> Bytes {
    taking.person.map(|id| Bytes::copy_from_slice(id.as_bytes())).unwrap_or_default()
}
