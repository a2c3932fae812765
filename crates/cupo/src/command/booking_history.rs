//! `cupo booking history`, and `cupo booking list` by person or by day: what happened.

use super::{Context, Failure};
use crate::arguments::{Booked, Page};
use crate::client::Asked;
use crate::exit::Exit;
use crate::limits;
use crate::sheets;
use bytes::Bytes;
use calendar::{LocalDate, LocalTime, Zone};
use ledger::words::{Clues, Moment};
use uuid::Uuid;
use wire::time::timestamp;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::list_booking_history_request::By;
use wire::v1::{FacilityTimes, ListBookingHistoryRequest, ListBookingHistoryResponse};

/// Tells what happened to one booking.
///
/// # Errors
/// Why it cannot be told.
pub async fn of_one(context: &Context, booked: &Booked) -> Result<Exit, Failure> {
    let by = By::Name(format!("bookings/{}", booked.booking));
    let page = Page { page_size: limits::HISTORY_PAGE_MAX, page_token: String::new() };
    let found = ask(context, by, &page).await?;
    let mut events = found.histories.iter().flat_map(|history| &history.events);
    let facility = events.find_map(|event| event.facility.strip_prefix("facilities/"));
    let clues = facility.and_then(|code| Clues::parse(code).ok());
    let zone = match clues {
        Some(clues) => context.facility(clues).await?.time_zone,
        None => String::new(),
    };
    show(context, found, &zone)
}

/// Tells what happened to a person's bookings, wherever they are; so times are in UTC.
///
/// # Errors
/// Why it cannot be told.
pub async fn of_person(context: &Context, person: Uuid, page: &Page) -> Result<Exit, Failure> {
    let by = By::Person(Bytes::copy_from_slice(person.as_bytes()));
    let found = ask(context, by, page).await?;
    show(context, found, "")
}

/// Tells what happened to the bookings of a facility's day, from midnight to midnight there.
///
/// # Errors
/// Why it cannot be told.
pub async fn of_day(
    context: &Context,
    clues: Clues,
    day: LocalDate,
    page: &Page,
) -> Result<Exit, Failure> {
    let facility = context.facility(clues).await?;
    let midnight = |day: LocalDate| -> Option<Moment> {
        let zone = Zone::parse(&facility.time_zone).ok()?;
        zone.moment_or_next(day, LocalTime::new(0, 0, 0).ok()?).ok()
    };
    let by = By::FacilityTimes(FacilityTimes {
        facility: facility.name.clone(),
        start_time: midnight(day).and_then(timestamp),
        end_time: day.plus_days(1).and_then(midnight).and_then(timestamp),
    });
    let found = ask(context, by, page).await?;
    show(context, found, &facility.time_zone)
}

async fn ask(
    context: &Context,
    by: By,
    page: &Page,
) -> Result<ListBookingHistoryResponse, Failure> {
    let request = ListBookingHistoryRequest {
        by: Some(by),
        page_size: page.page_size.min(limits::HISTORY_PAGE_MAX),
        page_token: page.page_token.clone(),
    };
    let ask = |asked: Asked| {
        let request = asked.request(request.clone());
        let mut client = BookingServiceClient::new(asked.channel);
        async move { client.list_booking_history(request).await }
    };
    Ok(context.session.read(ask).await?)
}

fn show(context: &Context, found: ListBookingHistoryResponse, zone: &str) -> Result<Exit, Failure> {
    let events = found.histories.iter().flat_map(|history| &history.events);
    let rows: Vec<_> = events.map(|event| sheets::event(event, zone)).collect();
    context.sheet(&sheets::EVENT, &rows)?;
    context.ends(rows.len(), found.next_page_token);
    Ok(Exit::Done)
}
