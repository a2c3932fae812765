//! `cupo booking history`, which tells what happened, and `cupo booking list` by person or by day,
//! which lists what that came to.

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
use wire::v1::commitment_change::Kind;
use wire::v1::event::Happening;
use wire::v1::list_booking_history_request::By;
use wire::v1::{
    BookingHistory, Commitment, FacilityTimes, ListBookingHistoryRequest,
    ListBookingHistoryResponse,
};

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

/// Lists a person's bookings, wherever they are; so times are in UTC.
///
/// # Errors
/// Why there is no list.
pub async fn of_person(context: &Context, person: Uuid, page: &Page) -> Result<Exit, Failure> {
    let by = By::Person(Bytes::copy_from_slice(person.as_bytes()));
    let found = ask(context, by, page).await?;
    list(context, found, "")
}

/// Lists the bookings to which something happened on a facility's day, from midnight to midnight
/// there.
///
/// # Errors
/// Why there is no list.
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
    list(context, found, &facility.time_zone)
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

/// A row for each booking, of the same form as for live ones.
fn list(context: &Context, found: ListBookingHistoryResponse, zone: &str) -> Result<Exit, Failure> {
    let bookings = found.histories.iter().map(|history| as_told(history, zone));
    let rows: Vec<_> = bookings.map(|booking| sheets::commitment(&booking)).collect();
    context.sheet(&sheets::COMMITMENT, &rows)?;
    context.ends(rows.len(), found.next_page_token);
    Ok(Exit::Done)
}

/// A booking as its history leaves it. What a history does not tell, such as the fencing number,
/// stays out.
fn as_told(history: &BookingHistory, zone: &str) -> Commitment {
    let mut told = Commitment {
        name: history.name.clone(),
        id: history.id,
        time_zone: zone.to_owned(),
        ..Commitment::default()
    };
    for event in &history.events {
        let Some(Happening::Commitment(change)) = &event.happening else { continue };
        told.name.clone_from(&change.name);
        told.status = change.status;
        told.deadline_time = change.deadline_time;
        told.overdue = change.kind() == Kind::Overdue;
        // Some changes do not repeat what is known by then.
        if !change.place.is_empty() {
            told.place.clone_from(&change.place);
        }
        if !change.person.is_empty() {
            told.person = change.person.clone();
        }
        told.slot_start_time = change.slot_start_time.or(told.slot_start_time);
        match change.kind() {
            Kind::Granted => told.grant_time = event.time,
            Kind::Ended => told.end_time = event.time,
            _ => {}
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::v1::{CommitmentChange, CommitmentStatus, Event};

    #[test]
    fn a_history_comes_to_one_booking() {
        let at = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
        let event =
            |seconds, kind: Kind, status: CommitmentStatus, name: &str, place: &str| Event {
                time: at(seconds),
                happening: Some(Happening::Commitment(CommitmentChange {
                    kind: kind.into(),
                    status: status.into(),
                    name: name.to_owned(),
                    place: place.to_owned(),
                    ..CommitmentChange::default()
                })),
                ..Event::default()
            };
        let held = CommitmentStatus::Held;
        let mut history = BookingHistory {
            name: "bookings/7".to_owned(),
            id: 7,
            events: vec![
                event(1, Kind::Granted, held, "holds/7", "a bed"),
                event(2, Kind::Booked, CommitmentStatus::Booked, "bookings/7", ""),
                event(3, Kind::Overdue, CommitmentStatus::Booked, "bookings/7", ""),
            ],
        };
        let told = as_told(&history, "UTC");
        assert_eq!((told.name.as_str(), told.place.as_str()), ("bookings/7", "a bed"));
        assert_eq!((told.grant_time, told.end_time, told.overdue), (at(1), None, true));
        let ended = CommitmentStatus::Cancelled;
        history.events.push(event(4, Kind::Ended, ended, "bookings/7", "a bed"));
        let told = as_told(&history, "UTC");
        assert_eq!((told.status(), told.end_time, told.overdue), (ended, at(4), false));
    }
}
