//! `cupo booking list`.

use super::{Context, Failure};
use crate::arguments::BookingList;
use crate::client::Asked;
use crate::exit::Exit;
use crate::sheets;
use bytes::Bytes;
use ledger::words::Clues;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::list_booking_history_request::By;
use wire::v1::{FacilityDays, ListBookingHistoryRequest, ListBookingsRequest};

/// Lists the live holds and bookings of a facility, or what happened to those of a person or a
/// day.
///
/// # Errors
/// Why there is no list.
pub async fn run(context: &Context, whose: &BookingList) -> Result<Exit, Failure> {
    let by = match (&whose.facility, whose.person, whose.day) {
        (Some(clues), _, None) => return live(context, whose, *clues).await,
        (Some(clues), _, Some(day)) => By::FacilityDays(FacilityDays {
            facility: format!("facilities/{clues}"),
            first_day: day,
            last_day: day,
        }),
        (None, person, _) => {
            let id = person.unwrap_or_default();
            By::Person(Bytes::copy_from_slice(id.as_bytes()))
        }
    };
    let request = ListBookingHistoryRequest {
        by: Some(by),
        page_size: whose.page.page_size,
        page_token: whose.page.page_token.clone(),
    };
    let page =
        context
            .session
            .ask(|asked: Asked| {
                let request = asked.request(request.clone());
                async move {
                    BookingServiceClient::new(asked.channel).list_booking_history(request).await
                }
            })
            .await?;
    let rows: Vec<_> = page.events.iter().map(sheets::event).collect();
    context.sheet(&sheets::EVENT, &rows)?;
    context.ends(rows.len(), page.next_page_token);
    Ok(Exit::Done)
}

async fn live(context: &Context, whose: &BookingList, clues: Clues) -> Result<Exit, Failure> {
    let request = ListBookingsRequest {
        parent: format!("facilities/{clues}"),
        page_size: whose.page.page_size,
        page_token: whose.page.page_token.clone(),
        consistency: None,
    };
    let page = context
        .session
        .ask(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { BookingServiceClient::new(asked.channel).list_bookings(request).await }
        })
        .await?;
    let rows: Vec<_> = page.commitments.iter().map(sheets::commitment).collect();
    context.sheet(&sheets::COMMITMENT, &rows)?;
    context.ends(rows.len(), page.next_page_token);
    Ok(Exit::Done)
}
