//! One of everything that is written, for the goldens. The samples never change: their bytes are
//! what older nodes have on disk.

use super::super::record::{Record, StreamReceipt};
use ledger::acts::{
    Acknowledge, Arrive, BlockSlots, Cancel, CloseFacility, CloseService, Confirm, ConfirmCapacity,
    Discharge, Dispute, Extend, Fulfil, Heartbeat, Hold, Leg, MergeFacility, NoShow, PublishAgenda,
    PutFacility, PutInstitution, PutService, Release, Report, Terms, Transfer, WithdrawAgenda,
};
use ledger::limits::LEGS_MAX;
use ledger::words::{
    AgeGroup, Agenda, AgendaId, AgendaShape, Alias, Author, Basis, BasisKind, BedArea, BedCount,
    BedType, Claim, Clues, Commitment, CommitmentId, Ending, Facility, FacilityId, FacilityProfile,
    FacilityStatus, Institution, InstitutionCode, Joint, Level, Moment, PersonId, Place,
    PolicyVersion, Position, Rare, Registered, RequestId, Revision, Role, Service, ServiceCode,
    ServiceId, ServiceKind, ServiceStatus, SlotId, Specialty, Statement, Status, Text, Ward,
};
use ledger::{
    Act, Bound, Command, Derived, Digest, Done, Event, Granted, Happening, Journal, Meta, Outcome,
    Receipt, Refusal,
};
use std::collections::BTreeSet;
use std::num::NonZeroU128;

const UUID: u128 = 0x0198_f00d_cafe_7abc_8123_4567_89ab_cdef;
const COMMITMENT: CommitmentId = CommitmentId(1_000_001);
const FENCING: Revision = Revision(2_000_002);
const BED: Place = Place::Bed(ServiceId(77));
const SLOT: Place = Place::Slot(SlotId { agenda: AgendaId(900), index: 12 });
const AUTHOR: Author = Author { principal: 4_711, role: Role::Desk };

fn clues() -> Clues {
    Clues::parse("DFIMB000026").expect("it has the form of one")
}

fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::new(text).expect("it is short")
}

fn person() -> PersonId {
    PersonId(NonZeroU128::new(0xfeed_0000_0000_0000_0000_0000_0000_beef).expect("it is not zero"))
}

fn basis() -> Basis {
    Basis { kind: BasisKind::Consent, reference: 55, policy: Some(PolicyVersion(3)) }
}

pub(super) fn moment() -> Moment {
    Moment::from_micros(1_790_000_000_123_456)
}

fn institution() -> (InstitutionCode, Institution) {
    let code = InstitutionCode::parse("IMB").expect("it is three letters");
    (code, Institution { name: text("IMSS-Bienestar") })
}

fn profile() -> FacilityProfile {
    FacilityProfile {
        institution: institution().0,
        name: text("Hospital General Ajusco Medio"),
        level: Level::Second,
        position: Position { latitude_e6: 19_215_801, longitude_e6: -99_220_513 },
        municipality: 9_012,
        zone: text("America/Mexico_City"),
    }
}

fn alias() -> Alias {
    let clues = Clues::parse("DFSSA004215").expect("it has the form of one");
    Alias { clues, since: Moment::from_seconds(1_700_000_000) }
}

fn code(text: &str) -> ServiceCode {
    ServiceCode::parse(text).expect("it has the form of one")
}

fn kind() -> ServiceKind {
    ServiceKind::Bed(BedType {
        area: BedArea::Intensive,
        age: AgeGroup::Adult,
        isolation: true,
        ventilator: true,
        censable: false,
    })
}

fn beds() -> BedCount {
    BedCount {
        free: 3,
        occupied: 14,
        dirty: 2,
        cleaning: 1,
        out_of_order: 200,
        open: 18,
        blocked: 1,
        surge: 200,
        closed: 1,
    }
}

fn shape() -> AgendaShape {
    AgendaShape {
        start: Moment::from_seconds(1_790_000_000),
        step_seconds: 1_200,
        length_seconds: 900,
        columns: 18,
        row_seconds: 86_400,
        rows: 20,
        capacity: 2,
    }
}

/// Every act.
pub(super) fn acts() -> Vec<Act> {
    let (code_of_institution, institution) = institution();
    vec![
        Act::Tick,
        Act::PutInstitution(PutInstitution { code: code_of_institution, institution }),
        Act::PutFacility(PutFacility {
            clues: clues(),
            aliases: vec![alias()],
            profile: profile(),
            services: vec![
                PutService {
                    code: code("bed-intensive-adult"),
                    kind: kind(),
                    beds: Some(20),
                    confirmed: true,
                },
                PutService {
                    code: code("cardiology"),
                    kind: ServiceKind::Outpatient(Specialty(7)),
                    beds: None,
                    confirmed: false,
                },
                PutService {
                    code: code("cardiology-remote"),
                    kind: ServiceKind::Teleconsultation(Specialty(0)),
                    beds: Some(0),
                    confirmed: false,
                },
            ],
        }),
        Act::CloseFacility(CloseFacility { facility: FacilityId(300) }),
        Act::MergeFacility(MergeFacility { duplicate: FacilityId(300), into: FacilityId(0) }),
        Act::CloseService(CloseService { service: ServiceId(77) }),
        Act::ConfirmCapacity(ConfirmCapacity { service: ServiceId(77), beds: 20 }),
        Act::Report(Report {
            service: ServiceId(77),
            sequence: 123_456,
            incarnation: 1,
            beds: beds(),
            available: 2,
            accounted_through: 400,
            exceptions: vec![398, 12],
        }),
        Act::Heartbeat(Heartbeat { facility: FacilityId(300), incarnation: 1 }),
        Act::Acknowledge(Acknowledge { service: ServiceId(77), incarnation: 1, number: 399 }),
        Act::PublishAgenda(PublishAgenda { service: ServiceId(78), shape: shape() }),
        Act::BlockSlots(BlockSlots { agenda: AgendaId(900), first: 3, count: 300, blocked: true }),
        Act::WithdrawAgenda(WithdrawAgenda { agenda: AgendaId(900) }),
        Act::Hold(Hold {
            legs: vec![Leg { candidates: vec![BED, SLOT] }, Leg { candidates: vec![] }],
            terms: Terms::Hold { seconds: 300 },
            arrival_seconds: 14_400,
            person: Some(person()),
            basis: Some(basis()),
            overcapacity: Some(text("no hay otra en el estado")),
        }),
        Act::Confirm(Confirm { commitment: COMMITMENT, fencing: FENCING }),
        Act::Release(Release { commitment: COMMITMENT, fencing: FENCING }),
        Act::Extend(Extend { commitment: COMMITMENT, fencing: FENCING, seconds: 600 }),
        Act::Cancel(Cancel { commitment: COMMITMENT }),
        Act::Arrive(Arrive { commitment: COMMITMENT }),
        Act::Discharge(Discharge { commitment: COMMITMENT }),
        Act::Fulfil(Fulfil { commitment: COMMITMENT }),
        Act::NoShow(NoShow { commitment: COMMITMENT }),
        Act::Transfer(Transfer {
            commitment: COMMITMENT,
            candidates: vec![SLOT, BED],
            arrival_seconds: 7_200,
        }),
        Act::Dispute(Dispute { commitment: COMMITMENT, reason: text("sin oxígeno") }),
    ]
}

/// The command nearly every command is: a booking of one place for a person.
pub(super) fn booking() -> Command {
    Command {
        request: RequestId::Unique(UUID),
        not_after: moment(),
        author: Some(AUTHOR),
        policy: None,
        act: Act::Hold(Hold {
            legs: vec![Leg { candidates: vec![BED] }],
            terms: Terms::Book,
            arrival_seconds: 0,
            person: Some(person()),
            basis: None,
            overcapacity: None,
        }),
    }
}

/// Every way to ask.
pub(super) fn commands() -> Vec<Command> {
    let stream = RequestId::Stream { stream: UUID, sequence: 65_000 };
    vec![
        Command::natural(Act::Tick),
        booking(),
        Command { request: stream, policy: Some(PolicyVersion(0)), ..booking() },
    ]
}

/// Every outcome, with one refusal.
pub(super) fn outcomes() -> Vec<Outcome> {
    let mut choices = [0; LEGS_MAX];
    choices[1] = 5;
    let done = [
        Done::Plain,
        Done::Facility(FacilityId(300)),
        Done::Agenda(AgendaId(0)),
        Done::Granted(Granted { first: COMMITMENT, fencing: FENCING, legs: 3, choices }),
        Done::Stale { sequence: 123_456 },
        Done::Proposed { beds: 20 },
        Done::Overcommitted { by: 2 },
        Done::ClaimHeld { registered: 20 },
    ];
    done.into_iter().map(Outcome::Done).chain([Outcome::Refused(Refusal::Taken)]).collect()
}

/// Every refusal.
pub(super) fn refusals() -> Vec<Refusal> {
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
        Refusal::CodesDisagree { one: clues(), other: alias().clues },
        Refusal::HasCommitments { count: 2, named: vec![COMMITMENT, CommitmentId(7)] },
        Refusal::KindFixed,
        Refusal::CatalogueFull { bound: Bound::Institutions },
        Refusal::OutOfBounds { bound: Bound::WardCommitments },
        Refusal::SameFacility,
        Refusal::WrongKind,
        Refusal::OtherIncarnation { incarnation: 2 },
        Refusal::WatermarkWentBack { accounted_through: 400 },
        Refusal::WatermarkAhead { last_number: 399 },
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
        Refusal::AgendaOverlaps { agenda: AgendaId(900) },
        Refusal::UnknownCommitment,
        Refusal::Forgotten,
        Refusal::NotYours,
        Refusal::FencingMismatch { fencing: FENCING },
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

/// Every happening.
pub(super) fn happenings() -> Vec<Happening> {
    let (code, institution) = institution();
    let (clues, service, agenda) = (clues(), ServiceId(77), AgendaId(900));
    let deadline = Moment::MAX;
    vec![
        Happening::InstitutionPut { code, institution },
        Happening::FacilityPut { clues },
        Happening::FacilityClosed { clues },
        Happening::FacilityMerged { clues, into: FacilityId(300) },
        Happening::ServiceClosed { service },
        Happening::CapacityProposed { service, beds: 20 },
        Happening::CapacityConfirmed { service, beds: 20 },
        Happening::ClaimHeld { service, beds: 25, registered: 20 },
        Happening::BedsChanged { service, available: 2, overcommitted: 0, sequence: 123_456 },
        Happening::AgendaPublished { service, agenda, shape: shape() },
        Happening::SlotsBlocked { agenda, first: 3, count: 300, blocked: true },
        Happening::AgendaWithdrawn { agenda },
        Happening::Granted {
            commitment: COMMITMENT,
            place: BED,
            service,
            number: 399,
            start: moment(),
            joint: Joint { index: 1, count: 2 },
            booked: true,
            deadline,
            person: Some(person()),
            basis: Some(basis()),
            transferred_from: Some(CommitmentId(7)),
            overcapacity: true,
        },
        Happening::Booked { commitment: COMMITMENT, deadline },
        Happening::Extended { commitment: COMMITMENT, deadline: moment() },
        Happening::Arrived { commitment: COMMITMENT },
        Happening::Overdue { commitment: COMMITMENT },
        Happening::Disputed { commitment: COMMITMENT },
        Happening::Ended {
            commitment: COMMITMENT,
            place: SLOT,
            number: 0,
            ending: Ending::Unreported,
            person: Some(person()),
            start: moment(),
        },
        Happening::Returned { service, number: 399 },
    ]
}

/// Two events of one entry with this happening: one that was asked for, and one by itself.
pub(super) fn events(happening: &Happening) -> Vec<Event> {
    let asked = Event {
        revision: FENCING,
        moment: moment(),
        facility: Some(FacilityId(0)),
        author: Some(AUTHOR),
        policy: Some(PolicyVersion(3)),
        happening: happening.clone(),
    };
    let by_itself = Event {
        revision: FENCING.next(),
        facility: None,
        author: None,
        policy: None,
        ..asked.clone()
    };
    vec![asked, by_itself]
}

fn ward() -> Ward {
    Ward {
        registered: Registered::Confirmed(20),
        statement: Some(Statement {
            sequence: 123_456,
            beds: beds(),
            available: 2,
            accounted_through: 400,
            exceptions: BTreeSet::from([12, 398]),
        }),
        claim: Some(Claim { beds: 25, sequence: 123_457, at: moment() }),
        heard: moment(),
        returned: 1,
        awaiting_return: BTreeSet::from([390, 391]),
        last_number: 401,
        live: Derived::default(),
        unaccounted: Derived::default(),
    }
}

fn commitment() -> Commitment {
    Commitment {
        place: BED,
        number: 399,
        status: Status::Booked,
        joint: Joint { index: 0, count: 1 },
        overdue: true,
        fencing: FENCING,
        deadline: moment().plus_seconds(14_400),
        granted: moment(),
        arrival_seconds: 14_400,
        person: Some(person()),
        author: Some(AUTHOR),
        rare: Some(Box::new(Rare {
            basis: Some(basis()),
            overcapacity: Some(text("sismo")),
            dispute: Some(text("")),
            transferred_from: Some(CommitmentId(7)),
        })),
    }
}

fn receipt() -> Receipt {
    let outcome = Refusal::Taken.into();
    Receipt { fingerprint: 0x0123_4567_89ab_cdef, revision: FENCING, outcome }
}

/// Every kind of record.
pub(super) fn records() -> Vec<Record> {
    let (code_of_institution, institution) = institution();
    vec![
        Record::Institution { code: code_of_institution, institution },
        Record::Facility {
            number: FacilityId(300),
            facility: Facility {
                clues: clues(),
                profile: profile(),
                status: FacilityStatus::Open,
                aliases: vec![alias()],
                services: vec![(code("bed-intensive-adult"), ServiceId(77))],
            },
        },
        Record::Service {
            number: ServiceId(77),
            service: Service {
                facility: FacilityId(300),
                code: code("bed-intensive-adult"),
                kind: kind(),
                status: ServiceStatus::Closed,
                ward: Some(ward()),
                agendas: Derived::default(),
            },
        },
        Record::Agenda {
            number: AgendaId(900),
            agenda: Agenda {
                service: ServiceId(78),
                facility: FacilityId(300),
                shape: shape(),
                blocked: BTreeSet::from([0, 359]),
                taken: Derived::default(),
                live: Derived::default(),
            },
        },
        Record::Commitment { number: COMMITMENT, commitment: commitment() },
        Record::Ended { number: 5_000, commitment: COMMITMENT },
        Record::Unique { unique: UUID, receipt: receipt() },
        Record::Stream { stream: UUID, first: 40_000, used: moment() },
        Record::StreamReceipts {
            stream: UUID,
            receipts: vec![StreamReceipt { sequence: 65_000, receipt: receipt() }],
        },
    ]
}

/// The numbers of a checkpoint.
pub(super) fn meta() -> Meta {
    Meta {
        moment: moment(),
        revision: FENCING,
        incarnation: 1,
        journal: Journal { events: 3_000_000, head: [0xab; 32] },
        catalogue_revision: Revision(4_000),
        next_agenda: 901,
        next_commitment: COMMITMENT.0 + 1,
        next_ended: 5_001,
        request_floor_millis: 1_789_913_600_000,
        stream_floor_millis: 0,
        digest: Digest(0x0123_4567_89ab_cdef),
    }
}
