//! Which outcomes an act can have, from the documentation of the acts; and which it cannot here.

use super::coverage::{Ending, Name};
use ledger::Bound;
use std::collections::BTreeSet;

/// What any command can meet before its act is asked.
const ANY: &str = "Repeated RequestTooOld RequestFromFuture RequestMalformed RequestReused TooLate \
                   TooManyStreams";
/// What is said of a hold.
const HELD: &str = "UnknownCommitment Forgotten NotYours FencingMismatch Expired AlreadyReleased \
                    AlreadyCancelled AlreadyEnded AlreadyArrived AlreadyBooked";
/// What is said of a booking.
const BOOKED: &str = "UnknownCommitment Forgotten NotYours Expired AlreadyReleased \
                      AlreadyCancelled AlreadyEnded NotBooked";
/// What is said of a place.
const ROOM: &str = "UnknownService FacilityClosed ServiceClosed WrongKind CapacityUnconfirmed \
                    NeverReported StaleFacility Taken UnknownAgenda UnknownSlot SlotBegun Blocked";
/// What is said of a service that ought to take part.
const OPEN: &str = "UnknownService FacilityClosed ServiceClosed";

/// Each act with its own outcomes; a bound stands after a colon.
const ACTS: [(Name, &[&str]); 24] = [
    ("Tick", &["Plain"]),
    ("PutInstitution", &["Plain CatalogueFull:Institutions"]),
    (
        "PutFacility",
        &[
            "Facility OutOfBounds:Position OutOfBounds:Municipality OutOfBounds:Aliases",
            "OutOfBounds:Services OutOfBounds:Beds UnknownInstitution CodesDisagree FacilityClosed",
            "KindFixed CatalogueFull:Aliases CatalogueFull:Services",
        ],
    ),
    ("CloseFacility", &["Plain UnknownFacility FacilityClosed HasCommitments"]),
    (
        "MergeFacility",
        &[
            "Facility UnknownFacility FacilityClosed SameFacility CatalogueFull:Aliases",
            "HasCommitments",
        ],
    ),
    ("CloseService", &["Plain HasCommitments", OPEN]),
    ("ConfirmCapacity", &["Plain WrongKind OutOfBounds:Beds", OPEN]),
    (
        "Report",
        &[
            "Plain Stale Proposed ClaimHeld Overcommitted WrongKind OtherIncarnation",
            "Inconsistent:BedTotals Inconsistent:Beds Inconsistent:Available",
            "Inconsistent:Exceptions WatermarkWentBack WatermarkAhead",
            OPEN,
        ],
    ),
    ("Heartbeat", &["Plain UnknownFacility FacilityClosed OtherIncarnation NeverReported"]),
    ("Acknowledge", &["Plain UnknownService WrongKind OtherIncarnation NothingToReturn"]),
    (
        "PublishAgenda",
        &[
            "Agenda WrongKind OutOfBounds:Slots OutOfBounds:SlotLength OutOfBounds:RowLength",
            "OutOfBounds:SlotCapacity OutOfBounds:AgendaTime CatalogueFull:Agendas AgendaOverlaps",
            OPEN,
        ],
    ),
    ("BlockSlots", &["Plain UnknownAgenda UnknownSlot"]),
    ("WithdrawAgenda", &["Plain UnknownAgenda HasCommitments"]),
    (
        "Hold",
        &[
            "Granted OutOfBounds:Legs OutOfBounds:Candidates OutOfBounds:HoldSeconds",
            "OutOfBounds:ArrivalSeconds ReasonMissing",
            ROOM,
        ],
    ),
    ("Confirm", &["Plain", HELD]),
    ("Release", &["Plain", HELD]),
    ("Extend", &["Granted OutOfBounds:HoldSeconds", HELD]),
    ("Cancel", &["Plain AlreadyArrived", BOOKED]),
    ("Arrive", &["Plain AlreadyArrived", BOOKED]),
    ("Discharge", &["Plain WrongKind NotArrived", BOOKED]),
    ("Fulfil", &["Plain WrongKind NotArrived", BOOKED]),
    ("NoShow", &["Plain AlreadyArrived SlotNotBegun", BOOKED]),
    ("Transfer", &["Granted OutOfBounds:Candidates OutOfBounds:ArrivalSeconds", BOOKED, ROOM]),
    ("Dispute", &["Plain", BOOKED]),
];

/// What the acts name and a story here cannot reach, with the reason.
pub const IMPOSSIBLE: [(Name, &str, &str); 4] = [
    ("(each)", "Internal", "a check that always holds; only a fault in the ledger shows it"),
    ("PutFacility", "CatalogueFull Facilities", "takes 131,072 facilities: minutes, not a story"),
    ("Hold", "TooManyCommitments", "takes fifty million commitments"),
    ("Hold", "Taken at 20,000 in a ward", "a bound of the same outcome as a full ward"),
];

/// Every act and outcome that can be reached.
#[must_use]
pub fn possible() -> BTreeSet<(Name, Ending)> {
    let named = ACTS.iter().flat_map(|(act, lists)| {
        let own = lists.iter().flat_map(|list| list.split_whitespace());
        own.chain(ANY.split_whitespace()).map(|name| (*act, named(name)))
    });
    named.collect()
}

fn named(text: &'static str) -> Ending {
    let (name, bound) = text.split_once(':').map_or((text, None), |(n, b)| (n, Some(b)));
    Ending { name, bound: bound.and_then(bound_named) }
}

fn bound_named(name: &str) -> Option<Bound> {
    let all = [
        Bound::Institutions,
        Bound::Facilities,
        Bound::Services,
        Bound::Aliases,
        Bound::Position,
        Bound::Municipality,
        Bound::Beds,
        Bound::Exceptions,
        Bound::BedTotals,
        Bound::Available,
        Bound::Slots,
        Bound::SlotLength,
        Bound::RowLength,
        Bound::AgendaTime,
        Bound::SlotCapacity,
        Bound::Agendas,
        Bound::Legs,
        Bound::Candidates,
        Bound::HoldSeconds,
        Bound::ArrivalSeconds,
    ];
    all.into_iter().find(|bound| format!("{bound:?}") == name)
}
