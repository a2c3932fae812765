//! Holds and bookings as they stand.

use crate::admission::Call;
use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::limits::PAGE_SIZE_MAX;
use crate::live::live_of;
use crate::pages;
use ledger::words::CommitmentId;
use ledger::{Refusal, View};
use wire::{InputError, commitment, names, v1};

/// A hold or booking that is live, or ended not long ago.
pub(super) async fn find(
    edge: &Edge,
    call: &Call,
    asked: &v1::GetBookingRequest,
) -> Result<v1::GetBookingResponse, Complaint> {
    let id = names::commitment("name", &asked.name)?;
    let view = edge.read(call, asked.consistency.as_ref()).await?;
    let found = view.commitment(id).ok_or_else(|| missing(&view, id, &asked.name))?;
    let commitment = Some(commitment::message(&view, id, found));
    Ok(v1::GetBookingResponse { commitment, revision: view.revision().0 })
}

/// Why a commitment is not there: it ended long ago, or never was. Numbers are given in order, so
/// what lies before the newest was granted once.
fn missing(view: &View, id: CommitmentId, name: &str) -> InputError {
    let newest = view.meta().next_commitment;
    let refusal = if id.0 < newest { Refusal::Forgotten } else { Refusal::UnknownCommitment };
    InputError::unknown("name", name, refusal)
}

/// The live holds and bookings of a facility, by service and number.
pub(super) async fn live(
    edge: &Edge,
    call: &Call,
    asked: v1::ListBookingsRequest,
) -> Result<v1::ListBookingsResponse, Complaint> {
    let (size, consistency) = (pages::size(asked.page_size, PAGE_SIZE_MAX)?, asked.consistency);
    let of = v1::ListBookingsRequest { parent: asked.parent.clone(), ..Default::default() };
    let filter = pages::filter(&of);
    let page = edge.page(call, &asked.page_token, filter, consistency, View::revision);
    let (view, from) = page.await?;
    let facility = names::facility(&view, "parent", &asked.parent)?;
    let skipped = usize::try_from(from).unwrap_or(usize::MAX);
    let ids = live_of(&view, facility);
    let end = skipped.saturating_add(size).min(ids.len());
    let page = ids.get(skipped..end).unwrap_or_default();
    let commitments = page
        .iter()
        .filter_map(|id| view.commitment(*id).map(|found| commitment::message(&view, *id, found)))
        .collect();
    let next = (end < ids.len()).then_some(end as u64);
    let next_page_token = edge.next_page(&view, next, filter);
    Ok(v1::ListBookingsResponse { commitments, next_page_token, revision: view.revision().0 })
}
