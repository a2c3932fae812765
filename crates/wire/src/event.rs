//! What happened, as messages.

use crate::{agenda, commitment, names, request, time, v1};
use ledger::words::{CommitmentId, Moment, Place, ServiceId, Status};
use ledger::{Event, Happening, View};
use v1::event::Happening as Said;
use v1::{agenda_change, capacity_change, catalogue_change, commitment_change};

/// An event in names: the view may be newer than the event, and gives the names of what is still
/// there.
#[must_use]
pub fn message(view: &View, event: &Event) -> v1::Event {
    let facility = event.facility;
    v1::Event {
        revision: event.revision.0,
        time: time::timestamp(event.moment),
        facility: facility.map_or_else(String::new, |id| names::facility_name(view, id)),
        author: event.author.map(request::author_message),
        policy_version: event.policy.map(|version| version.0),
        happening: Some(happening(view, &event.happening)),
    }
}

fn happening(view: &View, happening: &Happening) -> Said {
    catalogue(view, happening)
        .map(Said::Catalogue)
        .or_else(|| capacity(view, happening).map(Said::Capacity))
        .or_else(|| slots(view, happening).map(Said::Agenda))
        .unwrap_or_else(|| Said::Commitment(commitment_change(view, happening)))
}

fn catalogue(view: &View, happening: &Happening) -> Option<v1::CatalogueChange> {
    use catalogue_change::Kind;
    let mut into = String::new();
    let (kind, name) = match happening {
        Happening::InstitutionPut { code, .. } => {
            (Kind::InstitutionPut, names::institution_name(*code))
        }
        Happening::FacilityPut { clues } => (Kind::FacilityPut, format!("facilities/{clues}")),
        Happening::FacilityClosed { clues } => {
            (Kind::FacilityClosed, format!("facilities/{clues}"))
        }
        Happening::FacilityMerged { clues, into: survivor } => {
            into = names::facility_name(view, *survivor);
            (Kind::FacilityMerged, format!("facilities/{clues}"))
        }
        Happening::ServiceClosed { service } => {
            (Kind::ServiceClosed, names::service_name(view, *service))
        }
        _ => return None,
    };
    Some(v1::CatalogueChange { kind: kind.into(), name, into })
}

fn capacity(view: &View, happening: &Happening) -> Option<v1::CapacityChange> {
    use capacity_change::Kind;
    let change = |kind: Kind, service: ServiceId| v1::CapacityChange {
        kind: kind.into(),
        service: names::service_name(view, service),
        service_number: service.0,
        ..Default::default()
    };
    Some(match *happening {
        Happening::CapacityProposed { service, beds } => {
            v1::CapacityChange { beds, ..change(Kind::Proposed, service) }
        }
        Happening::CapacityConfirmed { service, beds } => {
            v1::CapacityChange { beds, ..change(Kind::Confirmed, service) }
        }
        Happening::ClaimHeld { service, beds, registered } => {
            v1::CapacityChange { beds, registered, ..change(Kind::ClaimHeld, service) }
        }
        Happening::BedsChanged { service, available, overcommitted, sequence } => {
            let counted = change(Kind::Counted, service);
            v1::CapacityChange { available, overcommitted, sequence, ..counted }
        }
        Happening::Returned { service, number } => {
            v1::CapacityChange { returned_number: number, ..change(Kind::Returned, service) }
        }
        _ => return None,
    })
}

fn slots(view: &View, happening: &Happening) -> Option<v1::AgendaChange> {
    use agenda_change::Kind;
    let of = |agenda| view.agenda(agenda).map(|found| names::service_name(view, found.service));
    Some(match happening {
        Happening::AgendaPublished { service, agenda, shape } => v1::AgendaChange {
            kind: Kind::Published.into(),
            service: names::service_name(view, *service),
            agenda: agenda.0,
            shape: Some(agenda::shape_message(shape)),
            ..Default::default()
        },
        Happening::SlotsBlocked { agenda, first, count, blocked } => v1::AgendaChange {
            kind: if *blocked { Kind::Blocked } else { Kind::Unblocked }.into(),
            service: of(*agenda).unwrap_or_default(),
            agenda: agenda.0,
            first: (*first).into(),
            count: (*count).into(),
            ..Default::default()
        },
        Happening::AgendaWithdrawn { agenda } => v1::AgendaChange {
            kind: Kind::Withdrawn.into(),
            service: of(*agenda).unwrap_or_default(),
            agenda: agenda.0,
            ..Default::default()
        },
        _ => return None,
    })
}

fn commitment_change(view: &View, happening: &Happening) -> v1::CommitmentChange {
    use commitment_change::Kind;
    match happening {
        Happening::Booked { commitment, deadline } => {
            going_on(view, Kind::Booked, *commitment, Status::Booked, *deadline)
        }
        Happening::Extended { commitment, deadline } => {
            going_on(view, Kind::Extended, *commitment, Status::Held, *deadline)
        }
        Happening::Arrived { commitment } => {
            going_on(view, Kind::Arrived, *commitment, Status::Arrived, Moment::MAX)
        }
        Happening::Overdue { commitment } => {
            going_on(view, Kind::Overdue, *commitment, Status::Booked, Moment::MAX)
        }
        Happening::Disputed { commitment } => {
            let known = view.commitment(*commitment);
            let status = known.map_or(Status::Booked, |found| found.status);
            going_on(view, Kind::Disputed, *commitment, status, Moment::MAX)
        }
        Happening::Ended { commitment, place, number, ending, person, start } => {
            v1::CommitmentChange {
                number: *number,
                slot_start_time: time::timestamp(*start),
                person: request::person_bytes(*person),
                ..at(view, Kind::Ended, *commitment, Status::Ended(*ending), *place)
            }
        }
        granted => grant(view, granted),
    }
}

fn grant(view: &View, happening: &Happening) -> v1::CommitmentChange {
    let Happening::Granted {
        commitment,
        place,
        number,
        start,
        joint,
        booked,
        deadline,
        person,
        basis,
        transferred_from,
        overcapacity,
        ..
    } = happening
    else {
        return v1::CommitmentChange::default();
    };
    let status = if *booked { Status::Booked } else { Status::Held };
    let from = transferred_from.map(names::booking_name);
    v1::CommitmentChange {
        number: *number,
        slot_start_time: time::timestamp(*start),
        deadline_time: time::timestamp(*deadline),
        person: request::person_bytes(*person),
        basis: basis.as_ref().map(request::basis_message),
        transferred_from: from.unwrap_or_default(),
        overcapacity: *overcapacity,
        joint_index: joint.index.into(),
        joint_count: joint.count.into(),
        ..at(view, commitment_change::Kind::Granted, *commitment, status, *place)
    }
}

/// A change of a commitment whose place the event does not repeat.
fn going_on(
    view: &View,
    kind: commitment_change::Kind,
    id: CommitmentId,
    status: Status,
    deadline: Moment,
) -> v1::CommitmentChange {
    let Some(found) = view.commitment(id) else {
        return v1::CommitmentChange {
            kind: kind.into(),
            name: names::commitment_name(status, id),
            id: id.0,
            status: commitment::status_message(status).into(),
            deadline_time: time::timestamp(deadline),
            ..Default::default()
        };
    };
    v1::CommitmentChange {
        number: found.number,
        slot_start_time: time::timestamp(view.start_of(found.place)),
        deadline_time: time::timestamp(deadline),
        person: request::person_bytes(found.person),
        ..at(view, kind, id, status, found.place)
    }
}

fn at(
    view: &View,
    kind: commitment_change::Kind,
    id: CommitmentId,
    status: Status,
    place: Place,
) -> v1::CommitmentChange {
    let service = view.service_of(place);
    v1::CommitmentChange {
        kind: kind.into(),
        name: names::commitment_name(status, id),
        id: id.0,
        status: commitment::status_message(status).into(),
        place: names::place_name(view, place),
        service: service.map_or_else(String::new, |(id, _)| names::service_name(view, id)),
        ..Default::default()
    }
}
