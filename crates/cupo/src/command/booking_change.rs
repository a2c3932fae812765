//! `cupo hold release`, `booking confirm`, `cancel`, `arrive`, `discharge`, `fulfil`, `no-show`
//! and `dispute`: what changes a commitment and has nothing more to say.

use super::{Context, Failure};
use crate::arguments::{BookingChange, Fenced};
use crate::client::Asked;
use crate::exit::Exit;
use crate::output::{Cell, Column};
use tonic::{Response, Status};
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::{
    Author, CancelBookingRequest, ChangeResponse, ConfirmHoldRequest, DisputeBookingRequest,
    RecordArrivalRequest, RecordDischargeRequest, RecordFulfilmentRequest, RecordNoShowRequest,
    ReleaseHoldRequest,
};

/// Gives a hold back.
///
/// # Errors
/// Why it was not taken back.
pub async fn release(context: &Context, hold: &Fenced) -> Result<Exit, Failure> {
    let request = ReleaseHoldRequest {
        name: format!("holds/{}", hold.hold),
        fencing: hold.fencing,
        author: context.session.author(),
        request_id: context.session.request_id().to_string(),
        ..Default::default()
    };
    let answer = context
        .session
        .ask(|asked: Asked| {
            let request = asked.request(request.clone());
            async move { BookingServiceClient::new(asked.channel).release_hold(request).await }
        })
        .await?;
    context.changed(&request.name, answer.revision)
}

/// Changes a booking.
///
/// # Errors
/// Why it was not changed.
pub async fn run(context: &Context, change: &BookingChange) -> Result<Exit, Failure> {
    let said = Said {
        name: match change {
            BookingChange::Confirm(hold) => format!("holds/{}", hold.hold),
            BookingChange::Cancel(booked)
            | BookingChange::Arrive(booked)
            | BookingChange::Discharge(booked)
            | BookingChange::Fulfil(booked)
            | BookingChange::NoShow(booked)
            | BookingChange::Dispute { booking: booked, .. } => {
                format!("bookings/{}", booked.booking)
            }
        },
        author: context.session.author(),
        request_id: context.session.request_id().to_string(),
    };
    let answer = context.session.ask(|asked| send(asked, change, said.clone())).await?;
    context.changed(&said.name, answer.revision)
}

/// What every change says.
#[derive(Clone)]
struct Said {
    name: String,
    author: Option<Author>,
    request_id: String,
}

/// Makes a request of what every change says, and of fields of its own.
macro_rules! request {
    ($asked:ident, $message:ident, $said:ident $(, $field:ident: $value:expr)*) => {{
        let Said { name, author, request_id } = $said;
        $asked.request($message {
            name,
            author,
            request_id,
            policy_version: None,
            $($field: $value,)*
        })
    }};
}

async fn send(
    asked: Asked,
    change: &BookingChange,
    said: Said,
) -> Result<Response<ChangeResponse>, Status> {
    let mut client = BookingServiceClient::new(asked.channel.clone());
    match change {
        BookingChange::Confirm(hold) => {
            let fencing = hold.fencing;
            client.confirm_hold(request!(asked, ConfirmHoldRequest, said, fencing: fencing)).await
        }
        BookingChange::Cancel(_) => {
            client.cancel_booking(request!(asked, CancelBookingRequest, said)).await
        }
        BookingChange::Arrive(_) => {
            client.record_arrival(request!(asked, RecordArrivalRequest, said)).await
        }
        BookingChange::Discharge(_) => {
            client.record_discharge(request!(asked, RecordDischargeRequest, said)).await
        }
        BookingChange::Fulfil(_) => {
            client.record_fulfilment(request!(asked, RecordFulfilmentRequest, said)).await
        }
        BookingChange::NoShow(_) => {
            client.record_no_show(request!(asked, RecordNoShowRequest, said)).await
        }
        BookingChange::Dispute { reason, .. } => {
            let reason = reason.clone();
            client
                .dispute_booking(request!(asked, DisputeBookingRequest, said, reason: reason))
                .await
        }
    }
}

const CHANGED: [Column; 2] =
    [Column::new("name", "nombre", "name"), Column::new("revision", "revisión", "revision")];

impl Context {
    /// Prints what was changed, and at which revision.
    ///
    /// # Errors
    /// stdout's.
    pub fn changed(&self, name: &str, revision: u64) -> Result<Exit, Failure> {
        self.thing(&CHANGED, &[Cell::text(name), Cell::Number(revision)])?;
        Ok(Exit::Done)
    }
}
