//! Finding places, holding and booking them.

use super::{bookings_list, history};
use crate::admission::Call;
use crate::changing::Changing;
use crate::complaint::Complaint;
use crate::edge::{Changed, Edge};
use crate::streams;
use crate::streams::bookings::{self, Answers};
use ledger::acts::{Arrive, Cancel, Confirm, Discharge, Dispute, Extend, Fulfil, NoShow, Release};
use ledger::words::{CommitmentId, Moment, Place, RequestId, Revision, Status as Stands};
use ledger::{Act, Done, Granted, View};
use std::sync::Arc;
use tonic::{Request, Response, Status, Streaming};
use v1::booking_service_server::BookingService;
use wire::{FieldError, booking, names, outcome, place, request, time, v1};

/// The booking service.
pub(crate) struct Booking(pub Arc<Edge>);

#[tonic::async_trait]
impl BookingService for Booking {
    type StreamBookingsStream = Answers;

    async fn search_places(
        &self,
        request: Request<v1::SearchPlacesRequest>,
    ) -> Result<Response<v1::SearchPlacesResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let found = async {
            let view = self.0.read(&call, asked.consistency.as_ref()).await?;
            self.0.search(&view, &asked).await
        };
        call.answer(found.await)
    }

    async fn create_hold(
        &self,
        request: Request<v1::CreateHoldRequest>,
    ) -> Result<Response<v1::GrantResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let held = async {
            let act = |view: &View, asked: &_| booking::hold(view, asked).map(Act::Hold);
            let changed = self.0.change(&call, &asked, act).await?;
            let view = self.0.at_least(&call, changed.revision).await;
            let view = view.unwrap_or_else(|| self.0.replica.view());
            let legs = |leg: usize, choice: usize| asked.legs.get(leg)?.candidates.get(choice);
            let mut response = granted(&view, &changed, Stands::Held, legs)?;
            response.expire_time = expiry(&view, &changed.done).and_then(time::timestamp);
            Ok(response)
        };
        call.answer(held.await)
    }

    async fn book(
        &self,
        request: Request<v1::BookRequest>,
    ) -> Result<Response<v1::GrantResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let booked = async {
            let act = |view: &View, asked: &_| booking::book(view, asked).map(Act::Hold);
            let changed = self.0.change(&call, &asked, act).await?;
            let legs = |leg: usize, choice: usize| asked.legs.get(leg)?.candidates.get(choice);
            granted(&self.0.replica.view(), &changed, Stands::Booked, legs)
        };
        call.answer(booked.await)
    }

    async fn confirm_hold(
        &self,
        request: Request<v1::ConfirmHoldRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        self.one(
            request,
            |asked| &asked.name,
            |commitment, asked| {
                Ok(Act::Confirm(Confirm { commitment, fencing: Revision(asked.fencing) }))
            },
        )
        .await
    }

    async fn release_hold(
        &self,
        request: Request<v1::ReleaseHoldRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        self.one(
            request,
            |asked| &asked.name,
            |commitment, asked| {
                Ok(Act::Release(Release { commitment, fencing: Revision(asked.fencing) }))
            },
        )
        .await
    }

    async fn cancel_booking(
        &self,
        request: Request<v1::CancelBookingRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        self.one(
            request,
            |asked| &asked.name,
            |commitment, _| Ok(Act::Cancel(Cancel { commitment })),
        )
        .await
    }

    async fn record_arrival(
        &self,
        request: Request<v1::RecordArrivalRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        self.one(
            request,
            |asked| &asked.name,
            |commitment, _| Ok(Act::Arrive(Arrive { commitment })),
        )
        .await
    }

    async fn record_discharge(
        &self,
        request: Request<v1::RecordDischargeRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        self.one(
            request,
            |asked| &asked.name,
            |commitment, _| Ok(Act::Discharge(Discharge { commitment })),
        )
        .await
    }

    async fn record_fulfilment(
        &self,
        request: Request<v1::RecordFulfilmentRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        self.one(
            request,
            |asked| &asked.name,
            |commitment, _| Ok(Act::Fulfil(Fulfil { commitment })),
        )
        .await
    }

    async fn record_no_show(
        &self,
        request: Request<v1::RecordNoShowRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        self.one(
            request,
            |asked| &asked.name,
            |commitment, _| Ok(Act::NoShow(NoShow { commitment })),
        )
        .await
    }

    async fn dispute_booking(
        &self,
        request: Request<v1::DisputeBookingRequest>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        self.one(
            request,
            |asked| &asked.name,
            |commitment, asked| {
                let reason = booking::reason("reason", &asked.reason)?;
                Ok(Act::Dispute(Dispute { commitment, reason }))
            },
        )
        .await
    }

    async fn extend_hold(
        &self,
        request: Request<v1::ExtendHoldRequest>,
    ) -> Result<Response<v1::ExtendHoldResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let extended = async {
            let act = |_: &View, asked: &v1::ExtendHoldRequest| {
                Ok(Act::Extend(Extend {
                    commitment: names::commitment("name", &asked.name)?,
                    fencing: Revision(asked.fencing),
                    seconds: asked.hold_seconds,
                }))
            };
            let changed = self.0.change(&call, &asked, act).await?;
            let view = self.0.at_least(&call, changed.revision).await;
            let expiry = view.and_then(|view| expiry(&view, &changed.done));
            Ok(v1::ExtendHoldResponse {
                fencing: grant(&changed)?.fencing.0,
                revision: changed.revision.0,
                expire_time: expiry.and_then(time::timestamp),
            })
        };
        call.answer(extended.await)
    }

    async fn transfer_booking(
        &self,
        request: Request<v1::TransferBookingRequest>,
    ) -> Result<Response<v1::GrantResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let moved = async {
            let act = |view: &View, asked: &_| booking::transfer(view, asked).map(Act::Transfer);
            let changed = self.0.change(&call, &asked, act).await?;
            let candidate = |_: usize, choice: usize| asked.candidates.get(choice);
            granted(&self.0.replica.view(), &changed, Stands::Booked, candidate)
        };
        call.answer(moved.await)
    }

    async fn get_booking(
        &self,
        request: Request<v1::GetBookingRequest>,
    ) -> Result<Response<v1::GetBookingResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(bookings_list::find(&self.0, &call, &asked).await)
    }

    async fn list_bookings(
        &self,
        request: Request<v1::ListBookingsRequest>,
    ) -> Result<Response<v1::ListBookingsResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(bookings_list::live(&self.0, &call, asked).await)
    }

    async fn list_booking_history(
        &self,
        request: Request<v1::ListBookingHistoryRequest>,
    ) -> Result<Response<v1::ListBookingHistoryResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(history::page(&self.0, &asked).await)
    }

    async fn look_up_request(
        &self,
        request: Request<v1::LookUpRequestRequest>,
    ) -> Result<Response<v1::LookUpRequestResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        call.answer(look_up(&self.0, &call, &asked).await)
    }

    async fn stream_bookings(
        &self,
        request: Request<Streaming<v1::StreamBookingsRequest>>,
    ) -> Result<Response<Self::StreamBookingsStream>, Status> {
        let caller = streams::caller(&request);
        let (call, messages) = self.0.begin(request)?;
        call.answer(bookings::open(&self.0, call.language, caller, messages))
    }
}

impl Booking {
    /// A change of one commitment that answers only where it took effect.
    async fn one<T: Changing + Send + Sync>(
        &self,
        request: Request<T>,
        name: fn(&T) -> &str,
        act: fn(CommitmentId, &T) -> Result<Act, FieldError>,
    ) -> Result<Response<v1::ChangeResponse>, Status> {
        let (call, asked) = self.0.begin(request)?;
        let act = |_: &View, asked: &T| {
            let commitment = names::commitment("name", name(asked))?;
            Ok(act(commitment, asked)?)
        };
        call.answer(self.0.plain(&call, &asked, act).await)
    }
}

/// What was granted, in the words of the request.
fn granted<'a>(
    view: &View,
    changed: &Changed,
    status: Stands,
    asked: impl Fn(usize, usize) -> Option<&'a v1::Place>,
) -> Result<v1::GrantResponse, Complaint> {
    let grant = grant(changed)?;
    let taken = |leg: usize, choice: usize| -> Option<Place> {
        place::from_message(view, asked(leg, choice)?).ok()
    };
    Ok(v1::GrantResponse {
        grants: booking::grants(view, grant, status, taken),
        fencing: grant.fencing.0,
        revision: changed.revision.0,
        expire_time: None,
    })
}

fn grant(changed: &Changed) -> Result<&Granted, Complaint> {
    match &changed.done {
        Done::Granted(granted) => Ok(granted),
        _ => Err(ledger::Refusal::Internal.into()),
    }
}

/// When what was granted expires, as long as it is remembered.
fn expiry(view: &View, done: &Done) -> Option<Moment> {
    match done {
        Done::Granted(granted) => {
            let commitment = view.commitment(granted.first)?;
            (commitment.status == Stands::Held).then_some(commitment.deadline)
        }
        _ => None,
    }
}

/// What became of a request: asked of a picture that certainly has whatever was acknowledged.
async fn look_up(
    edge: &Edge,
    call: &Call,
    asked: &v1::LookUpRequestRequest,
) -> Result<v1::LookUpRequestResponse, Complaint> {
    let uuid = request::uuid("request_id", &asked.request_id)?;
    let id = match asked.sequence {
        0 => RequestId::Unique(uuid),
        sequence => RequestId::Stream { stream: uuid, sequence },
    };
    let view = edge.replica.read(replica::Consistency::Linearizable, call.until).await?;
    let receipt = view.receipt(&id).ok_or(Complaint::UnknownRequest)?;
    let applied = ledger::Applied { revision: receipt.revision, outcome: receipt.outcome.clone() };
    let outcome = Some(outcome::message(asked.sequence, &applied));
    Ok(v1::LookUpRequestResponse { outcome, revision: view.revision().0 })
}
