//! Random values of everything that is written, edges included.

use super::super::record::{Record, StreamReceipt};
use ledger::acts::{
    Acknowledge, Arrive, BlockSlots, Cancel, CloseFacility, CloseService, Confirm, ConfirmCapacity,
    Discharge, Dispute, Extend, Fulfil, Heartbeat, Hold, Leg, MergeFacility, NoShow, PublishAgenda,
    PutFacility, PutInstitution, PutService, Release, Report, Terms, Transfer, WithdrawAgenda,
};
use ledger::limits::{LEGS_MAX, NAME_BYTES_MAX, REASON_BYTES_MAX};
use ledger::words::{
    AgeGroup, Agenda, AgendaId, AgendaShape, Alias, Author, Basis, BasisKind, BedArea, BedCount,
    BedType, Claim, Clues, Commitment, CommitmentId, Ending, Facility, FacilityId, FacilityProfile,
    FacilityStatus, Institution, InstitutionCode, Joint, Level, Moment, PersonId, Place,
    PolicyVersion, Position, Rare, Registered, RequestId, Revision, Role, Service, ServiceCode,
    ServiceId, ServiceKind, ServiceStatus, SlotId, Specialty, Statement, Status, Text, Ward,
};
use ledger::{
    Act, Applied, Bound, Command, Derived, Digest, Done, Event, Granted, Happening, Journal, Meta,
    Outcome, Receipt, Refusal,
};
use proptest::collection::{btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use std::num::NonZeroU128;

fn number() -> impl Strategy<Value = u64> + Clone {
    prop_oneof![Just(0), 1..200_u64, any::<u64>(), Just(u64::MAX)]
}

fn number32() -> impl Strategy<Value = u32> + Clone {
    prop_oneof![Just(0), 1..200_u32, any::<u32>(), Just(u32::MAX)]
}

fn facility_id() -> BoxedStrategy<FacilityId> {
    number32().prop_map(FacilityId).boxed()
}

fn service_id() -> BoxedStrategy<ServiceId> {
    number32().prop_map(ServiceId).boxed()
}

fn agenda_id() -> BoxedStrategy<AgendaId> {
    number32().prop_map(AgendaId).boxed()
}

fn commitment_id() -> BoxedStrategy<CommitmentId> {
    number().prop_map(CommitmentId).boxed()
}

fn revision() -> BoxedStrategy<Revision> {
    number().prop_map(Revision).boxed()
}

fn policy() -> BoxedStrategy<Option<PolicyVersion>> {
    of(number32().prop_map(PolicyVersion)).boxed()
}

pub(crate) fn moment() -> BoxedStrategy<Moment> {
    number().prop_map(Moment::from_micros).boxed()
}

fn person() -> BoxedStrategy<Option<PersonId>> {
    of((1..=u128::MAX)
        .prop_map(|id| PersonId(NonZeroU128::new(id).expect("the range begins at one"))))
    .boxed()
}

fn basis() -> BoxedStrategy<Option<Basis>> {
    let kind = select(vec![BasisKind::Consent, BasisKind::JudicialOrder, BasisKind::Emergency]);
    of((kind, number(), policy()).prop_map(|(kind, reference, policy)| Basis {
        kind,
        reference,
        policy,
    }))
    .boxed()
}

fn author() -> BoxedStrategy<Option<Author>> {
    let role =
        select(vec![Role::Desk, Role::Facility, Role::Citizen, Role::Operator, Role::Auditor]);
    of((number(), role).prop_map(|(principal, role)| Author { principal, role })).boxed()
}

fn text<const MAX: usize>() -> impl Strategy<Value = Text<MAX>> {
    // Four bytes a character at most.
    vec(any::<char>(), 0..MAX / 4).prop_map(|characters| {
        let printed: String = characters.into_iter().filter(|c| !c.is_control()).collect();
        Text::new(&printed).expect("it is short and has no control characters")
    })
}

fn reason() -> BoxedStrategy<Text<REASON_BYTES_MAX>> {
    text().boxed()
}

fn clues() -> BoxedStrategy<Clues> {
    "[A-Z]{5}[0-9]{6}".prop_map(|code| Clues::parse(&code).expect("it has the form of one")).boxed()
}

fn institution_code() -> BoxedStrategy<InstitutionCode> {
    "[A-Z]{3}".prop_map(|code| InstitutionCode::parse(&code).expect("it is three letters")).boxed()
}

fn institution() -> BoxedStrategy<Institution> {
    text::<NAME_BYTES_MAX>().prop_map(|name| Institution { name }).boxed()
}

fn service_code() -> BoxedStrategy<ServiceCode> {
    "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?"
        .prop_map(|code| ServiceCode::parse(&code).expect("it has the form of one"))
        .boxed()
}

fn service_kind() -> BoxedStrategy<ServiceKind> {
    let age = select(vec![AgeGroup::Any, AgeGroup::Adult, AgeGroup::Paediatric]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let bed = (select(BedArea::ALL.to_vec()), age, flags).prop_map(
        |(area, age, (isolation, ventilator, censable))| {
            ServiceKind::Bed(BedType { area, age, isolation, ventilator, censable })
        },
    );
    prop_oneof![
        bed,
        any::<u16>().prop_map(|number| ServiceKind::Outpatient(Specialty(number))),
        any::<u16>().prop_map(|number| ServiceKind::Teleconsultation(Specialty(number))),
    ]
    .boxed()
}

fn place() -> BoxedStrategy<Place> {
    prop_oneof![
        service_id().prop_map(Place::Bed),
        (agenda_id(), any::<u16>())
            .prop_map(|(agenda, index)| Place::Slot(SlotId { agenda, index })),
    ]
    .boxed()
}

fn joint() -> BoxedStrategy<Joint> {
    (any::<u8>(), any::<u8>()).prop_map(|(index, count)| Joint { index, count }).boxed()
}

fn profile() -> BoxedStrategy<FacilityProfile> {
    let level = select(vec![Level::NotApplicable, Level::First, Level::Second, Level::Third]);
    let position = (any::<i32>(), any::<i32>())
        .prop_map(|(latitude_e6, longitude_e6)| Position { latitude_e6, longitude_e6 });
    (institution_code(), text(), level, position, any::<u16>(), text())
        .prop_map(|(institution, name, level, position, municipality, zone)| FacilityProfile {
            institution,
            name,
            level,
            position,
            municipality,
            zone,
        })
        .boxed()
}

fn aliases() -> BoxedStrategy<Vec<Alias>> {
    vec((clues(), moment()).prop_map(|(clues, since)| Alias { clues, since }), 0..3).boxed()
}

fn beds() -> BoxedStrategy<BedCount> {
    proptest::array::uniform9(number32())
        .prop_map(
            |[free, occupied, dirty, cleaning, out_of_order, open, blocked, surge, closed]| {
                BedCount {
                    free,
                    occupied,
                    dirty,
                    cleaning,
                    out_of_order,
                    open,
                    blocked,
                    surge,
                    closed,
                }
            },
        )
        .boxed()
}

fn shape() -> BoxedStrategy<AgendaShape> {
    let grid = (any::<u16>(), number32(), any::<u16>(), any::<u8>());
    (moment(), number32(), number32(), grid)
        .prop_map(
            |(start, step_seconds, length_seconds, (columns, row_seconds, rows, capacity))| {
                AgendaShape {
                    start,
                    step_seconds,
                    length_seconds,
                    columns,
                    row_seconds,
                    rows,
                    capacity,
                }
            },
        )
        .boxed()
}

fn put_service() -> BoxedStrategy<PutService> {
    (service_code(), service_kind(), of(number32()), any::<bool>())
        .prop_map(|(code, kind, beds, confirmed)| PutService { code, kind, beds, confirmed })
        .boxed()
}

fn hold() -> BoxedStrategy<Hold> {
    let leg = vec(place(), 0..70).prop_map(|candidates| Leg { candidates });
    let terms =
        prop_oneof![Just(Terms::Book), number32().prop_map(|seconds| Terms::Hold { seconds })];
    (vec(leg, 0..10), terms, number32(), person(), basis(), of(reason()))
        .prop_map(|(legs, terms, arrival_seconds, person, basis, overcapacity)| Hold {
            legs,
            terms,
            arrival_seconds,
            person,
            basis,
            overcapacity,
        })
        .boxed()
}

fn catalogue_act() -> BoxedStrategy<Act> {
    prop_oneof![
        Just(Act::Tick),
        (institution_code(), institution()).prop_map(|(code, institution)| {
            Act::PutInstitution(PutInstitution { code, institution })
        }),
        (clues(), aliases(), profile(), vec(put_service(), 0..4)).prop_map(
            |(clues, aliases, profile, services)| Act::PutFacility(PutFacility {
                clues,
                aliases,
                profile,
                services
            })
        ),
        facility_id().prop_map(|facility| Act::CloseFacility(CloseFacility { facility })),
        (facility_id(), facility_id())
            .prop_map(|(duplicate, into)| Act::MergeFacility(MergeFacility { duplicate, into })),
        service_id().prop_map(|service| Act::CloseService(CloseService { service })),
        (service_id(), number32())
            .prop_map(|(service, beds)| Act::ConfirmCapacity(ConfirmCapacity { service, beds })),
        (service_id(), shape())
            .prop_map(|(service, shape)| Act::PublishAgenda(PublishAgenda { service, shape })),
        (agenda_id(), any::<u16>(), any::<u16>(), any::<bool>()).prop_map(
            |(agenda, first, count, blocked)| Act::BlockSlots(BlockSlots {
                agenda,
                first,
                count,
                blocked
            })
        ),
        agenda_id().prop_map(|agenda| Act::WithdrawAgenda(WithdrawAgenda { agenda })),
    ]
    .boxed()
}

fn report_act() -> BoxedStrategy<Act> {
    let watermark = (number32(), number(), vec(number(), 0..20));
    let report = (service_id(), number(), number(), beds(), watermark).prop_map(
        |(service, sequence, incarnation, beds, (available, accounted_through, exceptions))| {
            Act::Report(Report {
                service,
                sequence,
                incarnation,
                beds,
                available,
                accounted_through,
                exceptions,
            })
        },
    );
    let acknowledge =
        (service_id(), number(), number()).prop_map(|(service, incarnation, number)| {
            Act::Acknowledge(Acknowledge { service, incarnation, number })
        });
    let heartbeat = (facility_id(), number())
        .prop_map(|(facility, incarnation)| Act::Heartbeat(Heartbeat { facility, incarnation }));
    prop_oneof![report, heartbeat, acknowledge].boxed()
}

fn place_act() -> BoxedStrategy<Act> {
    prop_oneof![
        hold().prop_map(Act::Hold),
        (commitment_id(), revision())
            .prop_map(|(commitment, fencing)| Act::Confirm(Confirm { commitment, fencing })),
        (commitment_id(), revision())
            .prop_map(|(commitment, fencing)| Act::Release(Release { commitment, fencing })),
        (commitment_id(), revision(), number32()).prop_map(|(commitment, fencing, seconds)| {
            Act::Extend(Extend { commitment, fencing, seconds })
        }),
        commitment_id().prop_map(|commitment| Act::Cancel(Cancel { commitment })),
        commitment_id().prop_map(|commitment| Act::Arrive(Arrive { commitment })),
        commitment_id().prop_map(|commitment| Act::Discharge(Discharge { commitment })),
        commitment_id().prop_map(|commitment| Act::Fulfil(Fulfil { commitment })),
        commitment_id().prop_map(|commitment| Act::NoShow(NoShow { commitment })),
        (commitment_id(), vec(place(), 0..5), number32()).prop_map(
            |(commitment, candidates, arrival_seconds)| Act::Transfer(Transfer {
                commitment,
                candidates,
                arrival_seconds
            })
        ),
        (commitment_id(), reason())
            .prop_map(|(commitment, reason)| Act::Dispute(Dispute { commitment, reason })),
    ]
    .boxed()
}

pub(crate) fn command() -> BoxedStrategy<Command> {
    let request = prop_oneof![
        Just(RequestId::Natural),
        any::<u128>().prop_map(RequestId::Unique),
        (any::<u128>(), number())
            .prop_map(|(stream, sequence)| RequestId::Stream { stream, sequence }),
    ];
    let act = prop_oneof![catalogue_act(), report_act(), place_act()];
    (request, moment(), author(), policy(), act)
        .prop_map(|(request, not_after, author, policy, act)| Command {
            request,
            not_after,
            author,
            policy,
            act,
        })
        .boxed()
}

fn granted() -> BoxedStrategy<Granted> {
    let choices = proptest::array::uniform8(prop_oneof![Just(0), any::<u8>()]);
    assert_eq!(LEGS_MAX, 8);
    (commitment_id(), revision(), any::<u8>(), choices)
        .prop_map(|(first, fencing, legs, choices)| Granted { first, fencing, legs, choices })
        .boxed()
}

fn bound() -> BoxedStrategy<Bound> {
    select(super::super::outcome::BOUNDS).prop_map(|(bound, _)| bound).boxed()
}

fn refusal() -> BoxedStrategy<Refusal> {
    prop_oneof![
        select(super::sample::refusals()),
        (clues(), clues()).prop_map(|(one, other)| Refusal::CodesDisagree { one, other }),
        (number32(), vec(commitment_id(), 0..40))
            .prop_map(|(count, named)| Refusal::HasCommitments { count, named }),
        bound().prop_map(|bound| Refusal::CatalogueFull { bound }),
        bound().prop_map(|bound| Refusal::OutOfBounds { bound }),
        bound().prop_map(|bound| Refusal::Inconsistent { bound }),
        number().prop_map(|incarnation| Refusal::OtherIncarnation { incarnation }),
        number().prop_map(|accounted_through| Refusal::WatermarkWentBack { accounted_through }),
        number().prop_map(|last_number| Refusal::WatermarkAhead { last_number }),
        agenda_id().prop_map(|agenda| Refusal::AgendaOverlaps { agenda }),
        revision().prop_map(|fencing| Refusal::FencingMismatch { fencing }),
    ]
    .boxed()
}

fn outcome() -> BoxedStrategy<Outcome> {
    prop_oneof![
        Just(Outcome::Done(Done::Plain)),
        facility_id().prop_map(|id| Outcome::Done(Done::Facility(id))),
        agenda_id().prop_map(|id| Outcome::Done(Done::Agenda(id))),
        granted().prop_map(|granted| Outcome::Done(Done::Granted(granted))),
        number().prop_map(|sequence| Outcome::Done(Done::Stale { sequence })),
        number32().prop_map(|beds| Outcome::Done(Done::Proposed { beds })),
        number32().prop_map(|by| Outcome::Done(Done::Overcommitted { by })),
        number32().prop_map(|registered| Outcome::Done(Done::ClaimHeld { registered })),
        refusal().prop_map(Outcome::Refused),
    ]
    .boxed()
}

pub(crate) fn applied() -> BoxedStrategy<Applied> {
    (revision(), outcome()).prop_map(|(revision, outcome)| Applied { revision, outcome }).boxed()
}

fn catalogue_happening() -> BoxedStrategy<Happening> {
    prop_oneof![
        (institution_code(), institution())
            .prop_map(|(code, institution)| Happening::InstitutionPut { code, institution }),
        clues().prop_map(|clues| Happening::FacilityPut { clues }),
        clues().prop_map(|clues| Happening::FacilityClosed { clues }),
        (clues(), facility_id())
            .prop_map(|(clues, into)| Happening::FacilityMerged { clues, into }),
        service_id().prop_map(|service| Happening::ServiceClosed { service }),
        (service_id(), number32())
            .prop_map(|(service, beds)| Happening::CapacityProposed { service, beds }),
        (service_id(), number32())
            .prop_map(|(service, beds)| Happening::CapacityConfirmed { service, beds }),
        (service_id(), number32(), number32()).prop_map(|(service, beds, registered)| {
            Happening::ClaimHeld { service, beds, registered }
        }),
        (service_id(), number32(), number32(), number()).prop_map(
            |(service, available, overcommitted, sequence)| Happening::BedsChanged {
                service,
                available,
                overcommitted,
                sequence
            }
        ),
        (service_id(), agenda_id(), shape()).prop_map(|(service, agenda, shape)| {
            Happening::AgendaPublished { service, agenda, shape }
        }),
        (agenda_id(), any::<u16>(), any::<u16>(), any::<bool>()).prop_map(
            |(agenda, first, count, blocked)| Happening::SlotsBlocked {
                agenda,
                first,
                count,
                blocked
            }
        ),
        agenda_id().prop_map(|agenda| Happening::AgendaWithdrawn { agenda }),
    ]
    .boxed()
}

fn ending() -> BoxedStrategy<Ending> {
    (1..=7_u8).prop_map(|number| Ending::from_number(number).expect("there are seven")).boxed()
}

fn granted_happening() -> BoxedStrategy<Happening> {
    let place = (place(), service_id(), number(), moment());
    let rare = (person(), basis(), of(commitment_id()), any::<bool>());
    (commitment_id(), place, joint(), any::<bool>(), moment(), rare)
        .prop_map(|(commitment, place, joint, booked, deadline, rare)| {
            let (place, service, number, start) = place;
            let (person, basis, transferred_from, overcapacity) = rare;
            Happening::Granted {
                commitment,
                place,
                service,
                number,
                start,
                joint,
                booked,
                deadline,
                person,
                basis,
                transferred_from,
                overcapacity,
            }
        })
        .boxed()
}

fn commitment_happening() -> BoxedStrategy<Happening> {
    let ended = (commitment_id(), place(), number(), ending(), person(), moment()).prop_map(
        |(commitment, place, number, ending, person, start)| Happening::Ended {
            commitment,
            place,
            number,
            ending,
            person,
            start,
        },
    );
    prop_oneof![
        granted_happening(),
        (commitment_id(), moment())
            .prop_map(|(commitment, deadline)| Happening::Booked { commitment, deadline }),
        (commitment_id(), moment())
            .prop_map(|(commitment, deadline)| Happening::Extended { commitment, deadline }),
        commitment_id().prop_map(|commitment| Happening::Arrived { commitment }),
        commitment_id().prop_map(|commitment| Happening::Overdue { commitment }),
        commitment_id().prop_map(|commitment| Happening::Disputed { commitment }),
        ended,
        (service_id(), number())
            .prop_map(|(service, number)| Happening::Returned { service, number }),
    ]
    .boxed()
}

pub(crate) fn event() -> BoxedStrategy<Event> {
    let happening = prop_oneof![catalogue_happening(), commitment_happening()];
    (revision(), moment(), of(facility_id()), author(), policy(), happening)
        .prop_map(|(revision, moment, facility, author, policy, happening)| Event {
            revision,
            moment,
            facility,
            author,
            policy,
            happening,
        })
        .boxed()
}

fn facility() -> BoxedStrategy<Facility> {
    let status = select(vec![FacilityStatus::Open, FacilityStatus::Closed, FacilityStatus::Merged]);
    let services = vec((service_code(), service_id()), 0..4);
    (clues(), profile(), status, aliases(), services)
        .prop_map(|(clues, profile, status, aliases, services)| Facility {
            clues,
            profile,
            status,
            aliases,
            services,
        })
        .boxed()
}

fn statement() -> BoxedStrategy<Statement> {
    (number(), beds(), number32(), number(), btree_set(number(), 0..20))
        .prop_map(|(sequence, beds, available, accounted_through, exceptions)| Statement {
            sequence,
            beds,
            available,
            accounted_through,
            exceptions,
        })
        .boxed()
}

fn ward() -> BoxedStrategy<Ward> {
    let registered = prop_oneof![
        Just(Registered::Unknown),
        number32().prop_map(Registered::Proposed),
        number32().prop_map(Registered::Confirmed),
    ];
    let claim = (number32(), number(), moment()).prop_map(|(beds, sequence, at)| Claim {
        beds,
        sequence,
        at,
    });
    let rest = (number32(), btree_set(number(), 0..20), number());
    (registered, of(statement()), of(claim), moment(), rest)
        .prop_map(
            |(registered, statement, claim, heard, (returned, awaiting_return, last_number))| {
                Ward {
                    registered,
                    statement,
                    claim,
                    heard,
                    returned,
                    awaiting_return,
                    last_number,
                    live: Derived::default(),
                    unaccounted: Derived::default(),
                }
            },
        )
        .boxed()
}

fn service() -> BoxedStrategy<Service> {
    let status = select(vec![ServiceStatus::Open, ServiceStatus::Closed]);
    (facility_id(), service_code(), service_kind(), status, of(ward()))
        .prop_map(|(facility, code, kind, status, ward)| Service {
            facility,
            code,
            kind,
            status,
            ward,
            agendas: Derived::default(),
        })
        .boxed()
}

fn commitment() -> BoxedStrategy<Commitment> {
    let status = prop_oneof![
        select(vec![Status::Held, Status::Booked, Status::Arrived]),
        ending().prop_map(Status::Ended),
    ];
    let rare = (basis(), of(reason()), of(reason()), of(commitment_id())).prop_map(
        |(basis, overcapacity, dispute, transferred_from)| {
            Box::new(Rare { basis, overcapacity, dispute, transferred_from })
        },
    );
    let place = (place(), number(), joint());
    let times = (revision(), moment(), moment(), number32());
    let whom = (person(), author(), of(rare));
    (place, status, any::<bool>(), times, whom)
        .prop_map(|((place, number, joint), status, overdue, times, (person, author, rare))| {
            let (fencing, deadline, granted, arrival_seconds) = times;
            Commitment {
                place,
                number,
                status,
                joint,
                overdue,
                fencing,
                deadline,
                granted,
                arrival_seconds,
                person,
                author,
                rare,
            }
        })
        .boxed()
}

fn receipt() -> BoxedStrategy<Receipt> {
    (any::<u64>(), revision(), outcome())
        .prop_map(|(fingerprint, revision, outcome)| Receipt { fingerprint, revision, outcome })
        .boxed()
}

pub(crate) fn record() -> BoxedStrategy<Record> {
    let agenda = (service_id(), facility_id(), shape(), btree_set(any::<u16>(), 0..50)).prop_map(
        |(service, facility, shape, blocked)| Agenda {
            service,
            facility,
            shape,
            blocked,
            taken: Derived::default(),
            live: Derived::default(),
        },
    );
    let receipts = vec(
        (number(), receipt()).prop_map(|(sequence, receipt)| StreamReceipt { sequence, receipt }),
        0..5,
    );
    prop_oneof![
        (institution_code(), institution())
            .prop_map(|(code, institution)| Record::Institution { code, institution }),
        (facility_id(), facility())
            .prop_map(|(number, facility)| Record::Facility { number, facility }),
        (service_id(), service()).prop_map(|(number, service)| Record::Service { number, service }),
        (agenda_id(), agenda).prop_map(|(number, agenda)| Record::Agenda { number, agenda }),
        (commitment_id(), commitment())
            .prop_map(|(number, commitment)| Record::Commitment { number, commitment }),
        (number(), commitment_id())
            .prop_map(|(number, commitment)| Record::Ended { number, commitment }),
        (any::<u128>(), receipt()).prop_map(|(unique, receipt)| Record::Unique { unique, receipt }),
        (any::<u128>(), number(), moment()).prop_map(|(stream, first, used)| Record::Stream {
            stream,
            first,
            used
        }),
        (any::<u128>(), receipts)
            .prop_map(|(stream, receipts)| Record::StreamReceipts { stream, receipts }),
    ]
    .boxed()
}

pub(crate) fn meta() -> BoxedStrategy<Meta> {
    let journal = (number(), any::<[u8; 32]>()).prop_map(|(events, head)| Journal { events, head });
    let next = (number32(), number(), number());
    let floors = (number(), number());
    (moment(), revision(), number(), journal, revision(), next, floors, any::<u64>())
        .prop_map(
            |(moment, revision, incarnation, journal, catalogue_revision, next, floors, digest)| {
                Meta {
                    moment,
                    revision,
                    incarnation,
                    journal,
                    catalogue_revision,
                    next_agenda: next.0,
                    next_commitment: next.1,
                    next_ended: next.2,
                    request_floor_millis: floors.0,
                    stream_floor_millis: floors.1,
                    digest: Digest(digest),
                }
            },
        )
        .boxed()
}
