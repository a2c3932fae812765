//! What is told of each complaint, in both languages: published, so that a change is seen.

use super::Complaint;
use crate::language::Language;
use ledger::words::{AgendaId, Clues, CommitmentId, Revision};
use ledger::{Bound, Refusal};
use replica::{Member, MembershipError, NodeId};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;
use tonic_types::StatusExt;
use wire::v1::ErrorReason;
use wire::{FieldError, InputError, Problem, reason};

/// Every refusal of the ledger.
fn refusals() -> Vec<Refusal> {
    let clues = |text| Clues::parse(text).expect("five letters and six digits");
    let (one, other) = (clues("OCIMB000010"), clues("OCIMB000022"));
    let bound = Bound::HoldSeconds;
    vec![
        Refusal::Internal,
        Refusal::RequestTooOld,
        Refusal::RequestFromFuture,
        Refusal::RequestMalformed,
        Refusal::RequestReused,
        Refusal::TooLate,
        Refusal::TooManyStreams,
        Refusal::UnknownInstitution,
        Refusal::UnknownFacility,
        Refusal::UnknownService,
        Refusal::FacilityClosed,
        Refusal::ServiceClosed,
        Refusal::CodesDisagree { one, other },
        Refusal::HasCommitments { count: 2, named: vec![CommitmentId(3), CommitmentId(4)] },
        Refusal::KindFixed,
        Refusal::CatalogueFull { bound: Bound::Services },
        Refusal::OutOfBounds { bound },
        Refusal::SameFacility,
        Refusal::WrongKind,
        Refusal::OtherIncarnation { incarnation: 7 },
        Refusal::WatermarkWentBack { accounted_through: 8 },
        Refusal::WatermarkAhead { last_number: 9 },
        Refusal::Inconsistent { bound: Bound::BedTotals },
        Refusal::CapacityUnconfirmed,
        Refusal::NothingToReturn,
        Refusal::NeverReported,
        Refusal::UnknownAgenda,
        Refusal::UnknownSlot,
        Refusal::SlotBegun,
        Refusal::Blocked,
        Refusal::StaleFacility,
        Refusal::Taken,
        Refusal::AgendaOverlaps { agenda: AgendaId(5) },
        Refusal::UnknownCommitment,
        Refusal::Forgotten,
        Refusal::NotYours,
        Refusal::FencingMismatch { fencing: Revision(6) },
        Refusal::Expired,
        Refusal::AlreadyReleased,
        Refusal::AlreadyBooked,
        Refusal::AlreadyCancelled,
        Refusal::AlreadyArrived,
        Refusal::AlreadyEnded,
        Refusal::NotBooked,
        Refusal::NotArrived,
        Refusal::SlotNotBegun,
        Refusal::TooManyCommitments,
        Refusal::ReasonMissing,
    ]
}

/// Every complaint of the edge itself.
fn edge_complaints() -> Vec<Complaint> {
    let retry_after = Duration::from_secs(1);
    let problem = || "it is so".to_owned();
    let existing = Member { id: NodeId(2), address: "127.0.0.1:7002".to_owned() };
    vec![
        Complaint::Input(FieldError::new("legs[0].candidates", Problem::Missing).into()),
        InputError::unknown("name", "facilities/OCIMB000010", Refusal::UnknownFacility).into(),
        Complaint::BatchTooLarge { given: 501, max: 500 },
        Complaint::MessageTooLarge { bytes_max: 65_536 },
        Complaint::RateLimited { retry_after },
        Complaint::Overloaded { retry_after },
        Complaint::TooManyOpenStreams,
        Complaint::TooManyConnections,
        Complaint::NoQuorum { retry_after },
        Complaint::NotReady,
        Complaint::OutcomeUnknown,
        Complaint::Stopping,
        Complaint::DiskFull,
        Complaint::Diverged,
        Complaint::DeadlineMissing,
        Complaint::DeadlineTooLong { max: Duration::from_secs(120) },
        Complaint::Compacted { first: Revision(100) },
        Complaint::Ahead { newest: Revision(90) },
        Complaint::SlowReader { resume: Revision(80) },
        Complaint::PageToken,
        Complaint::TooStale { age_max: Duration::from_millis(500) },
        Complaint::UnknownRequest,
        Complaint::Membership(MembershipError::Duplicate { existing }),
        Complaint::NumberReused { id: NodeId(2) },
        Complaint::LastVoter { id: NodeId(2) },
        Complaint::History { problem: problem() },
        Complaint::Snapshot { problem: problem() },
    ]
}

fn all() -> Vec<Complaint> {
    refusals().into_iter().map(Complaint::Refused).chain(edge_complaints()).collect()
}

#[test]
fn every_published_reason_has_a_complaint() {
    let published: BTreeSet<&str> = (1..400)
        .filter_map(|number| ErrorReason::try_from(number).ok())
        .map(reason::name)
        .collect();
    let given: BTreeSet<&str> = all().iter().map(|one| reason::name(one.reason())).collect();
    assert_eq!(given, published);
}

#[test]
fn what_is_told_stays() {
    let mut told = String::new();
    for complaint in all() {
        let (reason, code) = (reason::name(complaint.reason()), complaint.code());
        write!(told, "{reason} {code:?}").expect("text grows");
        if let Some(after) = complaint.retry_after() {
            write!(told, " retry after {after:?}").expect("text grows");
        }
        for (key, value) in complaint.metadata() {
            write!(told, " {key}={value}").expect("text grows");
        }
        let (es, en) = (complaint.text(Language::Spanish), complaint.text(Language::English));
        writeln!(told, "\n  {es}\n  {en}").expect("text grows");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn texts_are_sentences_with_a_remedy() {
    for complaint in all() {
        for language in [Language::Spanish, Language::English] {
            let text = complaint.text(language);
            assert!(text.ends_with('.') && !text.contains("  "), "{text}");
            assert!(
                text.chars().next().is_some_and(char::is_uppercase)
                    || text.starts_with(char::is_numeric),
                "{text}"
            );
            assert!(text.len() <= 300, "{text}");
        }
        let (es, en) = (complaint.text(Language::Spanish), complaint.text(Language::English));
        assert_ne!(es, en);
    }
}

#[test]
fn details_are_those_of_the_complaint() {
    for complaint in all() {
        let status = complaint.status(Language::Spanish);
        let details = status.get_error_details();
        let info = details.error_info().expect("every status has a reason");
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            (reason::name(complaint.reason()), "cupo.mx")
        );
        let said = details.localized_message().expect("every status is said to people");
        assert_eq!(
            (said.locale.as_str(), &*said.message),
            ("es-MX", &*complaint.text(Language::Spanish))
        );
        assert_eq!(status.message(), complaint.text(Language::English));
        let retry = details.retry_info().and_then(|info| info.retry_delay);
        assert_eq!(retry, complaint.retry_after());
        let transient = status.code() == tonic::Code::Unavailable
            && !matches!(complaint, Complaint::OutcomeUnknown | Complaint::Diverged);
        let membership = matches!(complaint, Complaint::Membership(_));
        assert!(!transient || membership || retry.is_some(), "{complaint:?} says not when");
    }
}

#[test]
fn every_bound_has_its_words() {
    let bounds = [
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
        Bound::WardCommitments,
    ];
    let words: Vec<_> =
        bounds.into_iter().map(|bound| (bound, super::bound::text(bound))).collect();
    insta::assert_debug_snapshot!(words);
}

#[test]
fn what_is_said_of_a_code_is_a_sentence_of_its_own() {
    let problem = Problem::Clues(ledger::words::CluesError::Length { bytes: 3 });
    let complaint = Complaint::from(FieldError::new("name", problem));
    let (en, es) = (complaint.text(Language::English), complaint.text(Language::Spanish));
    assert!(en.starts_with("The field name: a CLUES has"), "{en}");
    assert!(es.starts_with("El campo name: "), "{es}");
}
