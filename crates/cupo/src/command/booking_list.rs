//! `cupo booking list`.

use super::{Context, Failure, booking_history};
use crate::arguments::{BookingList, Page};
use crate::client::Asked;
use crate::exit::Exit;
use crate::sheets;
use ledger::words::Clues;
use wire::v1::ListBookingsRequest;
use wire::v1::booking_service_client::BookingServiceClient;

/// Lists the live holds and bookings of a facility, or what happened to those of a person or a
/// day.
///
/// # Errors
/// Why there is no list.
pub async fn run(context: &Context, whose: &BookingList) -> Result<Exit, Failure> {
    match (whose.facility, whose.person, whose.day) {
        (Some(clues), _, None) => live(context, clues, &whose.page).await,
        (Some(clues), _, Some(day)) => {
            booking_history::of_day(context, clues, day, &whose.page).await
        }
        (None, person, _) => {
            booking_history::of_person(context, person.unwrap_or_default(), &whose.page).await
        }
    }
}

async fn live(context: &Context, clues: Clues, page: &Page) -> Result<Exit, Failure> {
    let request = ListBookingsRequest {
        parent: format!("facilities/{clues}"),
        page_size: page.page_size,
        page_token: page.page_token.clone(),
        consistency: None,
    };
    let page = context
        .session
        .read(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { BookingServiceClient::new(asked.channel).list_bookings(request).await }
        })
        .await?;
    let rows: Vec<_> = page.commitments.iter().map(sheets::commitment).collect();
    context.sheet(&sheets::COMMITMENT, &rows)?;
    context.ends(rows.len(), page.next_page_token);
    Ok(Exit::Done)
}
