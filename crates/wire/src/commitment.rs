//! Holds and bookings as messages.

use crate::{names, request, time, v1};
use ledger::View;
use ledger::words::{Commitment, CommitmentId, Ending, Moment, Place, Status};

/// Where a commitment stands.
#[must_use]
pub const fn status_message(status: Status) -> v1::CommitmentStatus {
    match status {
        Status::Held => v1::CommitmentStatus::Held,
        Status::Booked => v1::CommitmentStatus::Booked,
        Status::Arrived => v1::CommitmentStatus::Arrived,
        Status::Ended(ending) => ending_message(ending),
    }
}

/// How a commitment ended.
#[must_use]
pub const fn ending_message(ending: Ending) -> v1::CommitmentStatus {
    match ending {
        Ending::Released => v1::CommitmentStatus::Released,
        Ending::Expired => v1::CommitmentStatus::Expired,
        Ending::Cancelled => v1::CommitmentStatus::Cancelled,
        Ending::Fulfilled => v1::CommitmentStatus::Fulfilled,
        Ending::NoShow => v1::CommitmentStatus::NoShow,
        Ending::Transferred => v1::CommitmentStatus::Transferred,
        Ending::Unreported => v1::CommitmentStatus::Unreported,
    }
}

/// A hold or booking as a message.
#[must_use]
pub fn message(view: &View, id: CommitmentId, found: &Commitment) -> v1::Commitment {
    let rare = found.rare.as_deref();
    let (service, slot) = (view.service_of(found.place), slot_times(view, found.place));
    let live = found.status.is_live();
    let facility = service.and_then(|(_, service)| view.facility(service.facility));
    let from = rare.and_then(|rare| rare.transferred_from);
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    v1::Commitment {
        name: names::commitment_name(found.status, id),
        id: id.0,
        place: names::place_name(view, found.place),
        service: service.map_or_else(String::new, |(id, _)| names::service_name(view, id)),
        number: found.number,
        status: status_message(found.status).into(),
        joint_index: found.joint.index.into(),
        joint_count: found.joint.count.into(),
        overdue: found.overdue,
        fencing: found.fencing.0,
        // An ended one keeps in its deadline when it ended.
        deadline_time: live.then(|| time::timestamp(found.deadline)).flatten(),
        end_time: (!live).then(|| time::timestamp(found.deadline)).flatten(),
        grant_time: time::timestamp(found.granted),
        slot_start_time: slot.and_then(|(start, _)| time::timestamp(start)),
        slot_end_time: slot.and_then(|(_, end)| time::timestamp(end)),
        person: request::person_bytes(found.person),
        author: found.author.map(request::author_message),
        basis: found.basis().map(request::basis_message),
        overcapacity_reason: text(rare.and_then(|rare| rare.overcapacity.as_deref())),
        dispute_reason: text(rare.and_then(|rare| rare.dispute.as_deref())),
        transferred_from: from.map_or_else(String::new, names::booking_name),
        time_zone: facility.map_or_else(String::new, |found| found.profile.zone.to_string()),
    }
}

fn slot_times(view: &View, place: Place) -> Option<(Moment, Moment)> {
    match place {
        Place::Bed(_) => None,
        Place::Slot(slot) => {
            let shape = view.agenda(slot.agenda)?.shape;
            Some((shape.slot_start(slot.index), shape.slot_end(slot.index)))
        }
    }
}
