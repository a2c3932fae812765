//! `cupo booking get`.

use super::{Context, Failure};
use crate::arguments::Booked;
use crate::client::{Asked, ClientError};
use crate::exit::Exit;
use crate::sheets;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::consistency::Want;
use wire::v1::{Commitment, Consistency, GetBookingRequest};

/// Shows a hold or booking.
///
/// # Errors
/// Why it cannot be shown.
pub async fn run(context: &Context, booked: &Booked) -> Result<Exit, Failure> {
    let name = format!("bookings/{}", booked.booking);
    let commitment = context.commitment(&name, None).await?;
    context.thing(&sheets::COMMITMENT, &sheets::commitment(&commitment))?;
    Ok(Exit::Done)
}

impl Context {
    /// A hold or booking, as it stood at this revision or later.
    ///
    /// # Errors
    /// There is none, or nobody says.
    pub async fn commitment(
        &self,
        name: &str,
        revision: Option<u64>,
    ) -> Result<Commitment, ClientError> {
        let consistency =
            revision.map(|revision| Consistency { want: Some(Want::MinRevision(revision)) });
        let ask = |asked: Asked| {
            let name = name.to_owned();
            let request = asked.request(GetBookingRequest { name, consistency });
            async move { BookingServiceClient::new(asked.channel).get_booking(request).await }
        };
        let found = self.session.read(ask).await?;
        found.commitment.ok_or(ClientError::Incomplete { what: "commitment" })
    }
}
