//! `cupo booking get`.

use super::{Context, Failure};
use crate::arguments::Booked;
use crate::client::{Asked, ClientError};
use crate::exit::Exit;
use crate::sheets;
use wire::v1::GetBookingRequest;
use wire::v1::booking_service_client::BookingServiceClient;

/// Shows a hold or booking.
///
/// # Errors
/// Why it cannot be shown.
pub async fn run(context: &Context, booked: &Booked) -> Result<Exit, Failure> {
    let name = format!("bookings/{}", booked.booking);
    let found = context
        .session
        .ask(|asked: Asked| {
            let request =
                asked.request(GetBookingRequest { name: name.clone(), consistency: None });
            async move { BookingServiceClient::new(asked.channel).get_booking(request).await }
        })
        .await?;
    let commitment = found.commitment.ok_or(ClientError::Incomplete { what: "commitment" })?;
    context.thing(&sheets::COMMITMENT, &sheets::commitment(&commitment))?;
    Ok(Exit::Done)
}
