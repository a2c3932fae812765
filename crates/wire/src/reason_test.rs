//! Every refusal has its own published reason under its own number.

use crate::reason::{self, of};
use crate::v1::ErrorReason;
use ledger::words::{AgendaId, Clues, CommitmentId, Revision};
use ledger::{Bound, Refusal};
use std::collections::BTreeSet;

/// Every refusal with its number in the ledger.
fn refusals() -> Vec<(i32, Refusal)> {
    let clues = |text| Clues::parse(text).expect("five letters and six digits");
    let (one, other) = (clues("OCIMB000010"), clues("OCIMB000022"));
    let bound = Bound::Beds;
    vec![
        (1, Refusal::Internal),
        (10, Refusal::RequestTooOld),
        (11, Refusal::RequestFromFuture),
        (12, Refusal::RequestMalformed),
        (13, Refusal::RequestReused),
        (14, Refusal::TooLate),
        (15, Refusal::TooManyStreams),
        (20, Refusal::UnknownInstitution),
        (21, Refusal::UnknownFacility),
        (22, Refusal::UnknownService),
        (23, Refusal::FacilityClosed),
        (24, Refusal::ServiceClosed),
        (25, Refusal::CodesDisagree { one, other }),
        (26, Refusal::HasCommitments { count: 2, named: vec![CommitmentId(3), CommitmentId(4)] }),
        (27, Refusal::KindFixed),
        (28, Refusal::CatalogueFull { bound }),
        (29, Refusal::OutOfBounds { bound }),
        (30, Refusal::SameFacility),
        (40, Refusal::WrongKind),
        (41, Refusal::OtherIncarnation { incarnation: 7 }),
        (42, Refusal::WatermarkWentBack { accounted_through: 8 }),
        (43, Refusal::WatermarkAhead { last_number: 9 }),
        (44, Refusal::Inconsistent { bound }),
        (46, Refusal::CapacityUnconfirmed),
        (47, Refusal::NothingToReturn),
        (48, Refusal::NeverReported),
        (60, Refusal::UnknownAgenda),
        (61, Refusal::UnknownSlot),
        (62, Refusal::SlotBegun),
        (63, Refusal::Blocked),
        (64, Refusal::StaleFacility),
        (65, Refusal::Taken),
        (66, Refusal::AgendaOverlaps { agenda: AgendaId(5) }),
        (80, Refusal::UnknownCommitment),
        (81, Refusal::Forgotten),
        (82, Refusal::NotYours),
        (83, Refusal::FencingMismatch { fencing: Revision(6) }),
        (84, Refusal::Expired),
        (85, Refusal::AlreadyReleased),
        (86, Refusal::AlreadyBooked),
        (87, Refusal::AlreadyCancelled),
        (88, Refusal::AlreadyArrived),
        (89, Refusal::AlreadyEnded),
        (90, Refusal::NotBooked),
        (91, Refusal::NotArrived),
        (92, Refusal::SlotNotBegun),
        (93, Refusal::TooManyCommitments),
        (94, Refusal::ReasonMissing),
    ]
}

#[test]
fn refusals_and_reasons_are_one_to_one() {
    let published: BTreeSet<i32> =
        (1..200).filter(|number| ErrorReason::try_from(*number).is_ok()).collect();
    let refusals = refusals();
    for (number, refusal) in &refusals {
        assert_eq!(of(refusal) as i32, *number, "{refusal:?}");
    }
    let given: BTreeSet<i32> = refusals.iter().map(|(number, _)| *number).collect();
    assert_eq!(given.len(), refusals.len());
    assert_eq!(given, published);
}

#[test]
fn names_are_read_back() {
    for number in 0..300 {
        if let Ok(known) = ErrorReason::try_from(number) {
            assert_eq!(reason::from_name(reason::name(known)), Some(known));
        }
    }
    assert_eq!(reason::name(ErrorReason::Taken), "TAKEN");
    assert_eq!(reason::from_name("NO_SUCH_REASON"), None);
}

/// What each reason's description promises beside it is there.
#[test]
fn metadata_is_what_the_description_says() {
    let with: Vec<_> = refusals()
        .iter()
        .map(|(_, refusal)| (reason::name(of(refusal)), reason::metadata(refusal)))
        .filter(|(_, metadata)| !metadata.is_empty())
        .collect();
    insta::assert_debug_snapshot!(with);
}
