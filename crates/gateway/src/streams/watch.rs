//! Watches: what stands first, where asked for, and then what happens.

use super::happenings::{self, Interest, Told};
use super::{Answer, until_closing};
use crate::admission::Call;
use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::limits::STATE_PER_MESSAGE_MAX;
use futures::StreamExt;
use ledger::words::{FacilityId, Moment, Revision, ServiceId};
use ledger::{Event, Happening, View};
use std::sync::Arc;
use v1::watch_capacity_response::Message as Capacity;
use v1::watch_response::Message as Anything;
use wire::{capacity, event, names, v1};

/// A watch of beds and slots.
pub(crate) type CapacityWatch = Answer<v1::WatchCapacityResponse>;
/// A watch of everything.
pub(crate) type Watch = Answer<v1::WatchResponse>;

/// Opens a watch of beds and slots.
pub(crate) async fn open_capacity(
    edge: &Arc<Edge>,
    call: &Call,
    asked: &v1::WatchCapacityRequest,
) -> Result<CapacityWatch, Complaint> {
    let permit = edge.admission.stream()?;
    let view = edge.replica.view();
    let facility = read_facility(&view, &asked.facility)?;
    let (from, current) = match asked.resume_after_revision {
        Some(revision) => (Revision(revision), Vec::new()),
        None => (view.revision(), current(&view, facility, edge.now(&view))),
    };
    let watching = edge.watch_after(from, call.until).await?;
    let interest = Interest { facility, message: beds_and_slots };
    let language = call.language;
    let changes = happenings::told(Arc::clone(edge), watching, from, interest).map(move |told| {
        let _as_long_as_the_stream = &permit;
        told.map_err(|complaint| complaint.status(language)).map(|told| match told {
            Told::Events(events) => Capacity::Events(events),
            Told::Bookmark(bookmark) => Capacity::Bookmark(bookmark),
        })
    });
    let current =
        futures::stream::iter(current.into_iter().map(|part| Ok(Capacity::Current(part))));
    let messages = current
        .chain(changes)
        .map(|message| Ok(v1::WatchCapacityResponse { message: Some(message?) }));
    Ok(until_closing(edge, language, messages))
}

/// Opens a watch of everything.
pub(crate) async fn open(
    edge: &Arc<Edge>,
    call: &Call,
    asked: &v1::WatchRequest,
) -> Result<Watch, Complaint> {
    let permit = edge.admission.stream()?;
    let view = edge.replica.view();
    let facility = read_facility(&view, &asked.facility)?;
    let from = asked.resume_after_revision.map_or(view.revision(), Revision);
    let watching = edge.watch_after(from, call.until).await?;
    let interest = Interest { facility, message: happenings::everything };
    let language = call.language;
    let messages = happenings::told(Arc::clone(edge), watching, from, interest).map(move |told| {
        let _as_long_as_the_stream = &permit;
        let message = match told.map_err(|complaint| complaint.status(language))? {
            Told::Events(events) => Anything::Events(events),
            Told::Bookmark(bookmark) => Anything::Bookmark(bookmark),
        };
        Ok(v1::WatchResponse { message: Some(message) })
    });
    Ok(until_closing(edge, language, messages))
}

fn read_facility(view: &View, name: &str) -> Result<Option<FacilityId>, Complaint> {
    if name.is_empty() {
        return Ok(None);
    }
    Ok(Some(names::facility(view, "facility", name)?))
}

/// The beds as they stand, in parts.
fn current(view: &View, facility: Option<FacilityId>, now: Moment) -> Vec<v1::CurrentCapacities> {
    let services = view.services_from(ServiceId(0));
    let wanted = services.filter(|(_, found)| facility.is_none_or(|id| id == found.facility));
    let capacities: Vec<_> =
        wanted.filter_map(|(id, found)| capacity::message(view, id, found, now)).collect();
    let revision = view.revision().0;
    let part = |part: &[v1::Capacity]| v1::CurrentCapacities {
        capacities: part.to_vec(),
        revision,
        complete: false,
    };
    let mut parts: Vec<_> = capacities.chunks(STATE_PER_MESSAGE_MAX).map(part).collect();
    if parts.is_empty() {
        parts.push(part(&[]));
    }
    if let Some(last) = parts.last_mut() {
        last.complete = true;
    }
    parts
}

/// What changes how much room there is; whose room it is stays untold.
fn beds_and_slots(view: &View, happened: &Event) -> Option<v1::Event> {
    let changes_room = matches!(
        happened.happening,
        Happening::CapacityProposed { .. }
            | Happening::CapacityConfirmed { .. }
            | Happening::ClaimHeld { .. }
            | Happening::BedsChanged { .. }
            | Happening::Returned { .. }
            | Happening::AgendaPublished { .. }
            | Happening::SlotsBlocked { .. }
            | Happening::AgendaWithdrawn { .. }
            | Happening::ServiceClosed { .. }
            | Happening::Granted { .. }
            | Happening::Ended { .. }
    );
    if !changes_room {
        return None;
    }
    let mut message = event::message(view, happened);
    message.author = None;
    if let Some(v1::event::Happening::Commitment(commitment)) = &mut message.happening {
        commitment.person.clear();
        commitment.basis = None;
    }
    Some(message)
}
