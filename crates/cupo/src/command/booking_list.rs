//! `cupo booking list`.

use super::{Context, Failure};
use crate::arguments::BookingList;
use crate::client::Asked;
use crate::exit::Exit;
use crate::sheets;
use wire::v1::ListBookingsRequest;
use wire::v1::booking_service_client::BookingServiceClient;

/// Lists the live holds and bookings of a facility.
///
/// # Errors
/// Why there is no list.
pub async fn run(context: &Context, whose: &BookingList) -> Result<Exit, Failure> {
    let request = ListBookingsRequest {
        parent: format!("facilities/{}", whose.facility),
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
