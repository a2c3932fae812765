//! Refusals as published reasons: one to one, in both directions of reading.

use crate::v1::ErrorReason;
use ledger::{Bound, Refusal};
use std::collections::BTreeMap;

/// The domain of every [`ErrorReason`] in a google.rpc.ErrorInfo.
pub const DOMAIN: &str = "cupo.mx";

/// The published reason of a refusal.
#[must_use]
pub const fn of(refusal: &Refusal) -> ErrorReason {
    match refusal {
        Refusal::Internal => ErrorReason::Internal,
        Refusal::RequestTooOld => ErrorReason::RequestTooOld,
        Refusal::RequestFromFuture => ErrorReason::RequestFromFuture,
        Refusal::RequestMalformed => ErrorReason::RequestMalformed,
        Refusal::RequestReused => ErrorReason::RequestReused,
        Refusal::TooLate => ErrorReason::TooLate,
        Refusal::TooManyStreams => ErrorReason::TooManyStreams,
        Refusal::UnknownInstitution => ErrorReason::UnknownInstitution,
        Refusal::UnknownFacility => ErrorReason::UnknownFacility,
        Refusal::UnknownService => ErrorReason::UnknownService,
        Refusal::FacilityClosed => ErrorReason::FacilityClosed,
        Refusal::ServiceClosed => ErrorReason::ServiceClosed,
        Refusal::CodesDisagree { .. } => ErrorReason::CodesDisagree,
        Refusal::HasCommitments { .. } => ErrorReason::HasCommitments,
        Refusal::KindFixed => ErrorReason::KindFixed,
        Refusal::CatalogueFull { .. } => ErrorReason::CatalogueFull,
        Refusal::OutOfBounds { .. } => ErrorReason::OutOfBounds,
        Refusal::SameFacility => ErrorReason::SameFacility,
        Refusal::WrongKind => ErrorReason::WrongKind,
        Refusal::OtherIncarnation { .. } => ErrorReason::OtherIncarnation,
        Refusal::WatermarkWentBack { .. } => ErrorReason::WatermarkWentBack,
        Refusal::WatermarkAhead { .. } => ErrorReason::WatermarkAhead,
        Refusal::Inconsistent { .. } => ErrorReason::Inconsistent,
        Refusal::CapacityUnconfirmed => ErrorReason::CapacityUnconfirmed,
        Refusal::NothingToReturn => ErrorReason::NothingToReturn,
        Refusal::NeverReported => ErrorReason::NeverReported,
        Refusal::UnknownAgenda => ErrorReason::UnknownAgenda,
        Refusal::UnknownSlot => ErrorReason::UnknownSlot,
        Refusal::SlotBegun => ErrorReason::SlotBegun,
        Refusal::Blocked => ErrorReason::Blocked,
        Refusal::StaleFacility => ErrorReason::StaleFacility,
        Refusal::Taken => ErrorReason::Taken,
        Refusal::AgendaOverlaps { .. } => ErrorReason::AgendaOverlaps,
        Refusal::UnknownCommitment => ErrorReason::UnknownCommitment,
        Refusal::Forgotten => ErrorReason::Forgotten,
        Refusal::NotYours => ErrorReason::NotYours,
        Refusal::FencingMismatch { .. } => ErrorReason::FencingMismatch,
        Refusal::Expired => ErrorReason::Expired,
        Refusal::AlreadyReleased => ErrorReason::AlreadyReleased,
        Refusal::AlreadyBooked => ErrorReason::AlreadyBooked,
        Refusal::AlreadyCancelled => ErrorReason::AlreadyCancelled,
        Refusal::AlreadyArrived => ErrorReason::AlreadyArrived,
        Refusal::AlreadyEnded => ErrorReason::AlreadyEnded,
        Refusal::NotBooked => ErrorReason::NotBooked,
        Refusal::NotArrived => ErrorReason::NotArrived,
        Refusal::SlotNotBegun => ErrorReason::SlotNotBegun,
        Refusal::TooManyCommitments => ErrorReason::TooManyCommitments,
        Refusal::ReasonMissing => ErrorReason::ReasonMissing,
    }
}

/// A reason as ErrorInfo carries it: its name without the prefix.
#[must_use]
pub fn name(reason: ErrorReason) -> &'static str {
    reason.as_str_name().trim_start_matches("ERROR_REASON_")
}

/// The reason of an ErrorInfo; `None` for a name that is not published (yet).
#[must_use]
pub fn from_name(name: &str) -> Option<ErrorReason> {
    ErrorReason::from_str_name(&format!("ERROR_REASON_{name}"))
}

/// What is told beside a refusal, by the keys its reason's description names.
#[must_use]
pub fn metadata(refusal: &Refusal) -> BTreeMap<String, String> {
    let pairs: Vec<(&str, String)> = match refusal {
        Refusal::CodesDisagree { one, other } => {
            vec![("one", one.to_string()), ("other", other.to_string())]
        }
        Refusal::HasCommitments { count, named } => {
            let named: Vec<String> = named.iter().map(ToString::to_string).collect();
            vec![("count", count.to_string()), ("named", named.join(","))]
        }
        Refusal::CatalogueFull { bound }
        | Refusal::OutOfBounds { bound }
        | Refusal::Inconsistent { bound } => vec![("bound", bound_name(*bound).into())],
        Refusal::OtherIncarnation { incarnation } => vec![("incarnation", incarnation.to_string())],
        Refusal::WatermarkWentBack { accounted_through } => {
            vec![("accountedThrough", accounted_through.to_string())]
        }
        Refusal::WatermarkAhead { last_number } => vec![("lastNumber", last_number.to_string())],
        Refusal::AgendaOverlaps { agenda } => vec![("agenda", agenda.to_string())],
        Refusal::FencingMismatch { fencing } => vec![("fencing", fencing.to_string())],
        _ => Vec::new(),
    };
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A bound's name in metadata.
#[must_use]
pub const fn bound_name(bound: Bound) -> &'static str {
    match bound {
        Bound::Institutions => "institutions",
        Bound::Facilities => "facilities",
        Bound::Services => "services",
        Bound::Aliases => "aliases",
        Bound::Position => "position",
        Bound::Municipality => "municipality",
        Bound::Beds => "beds",
        Bound::Exceptions => "exceptions",
        Bound::BedTotals => "bedTotals",
        Bound::Available => "available",
        Bound::Slots => "slots",
        Bound::SlotLength => "slotLength",
        Bound::RowLength => "rowLength",
        Bound::AgendaTime => "agendaTime",
        Bound::SlotCapacity => "slotCapacity",
        Bound::Agendas => "agendas",
        Bound::Legs => "legs",
        Bound::Candidates => "candidates",
        Bound::HoldSeconds => "holdSeconds",
        Bound::ArrivalSeconds => "arrivalSeconds",
        Bound::WardCommitments => "wardCommitments",
    }
}
