//! Rankings over a small world: five facilities on a line going east, one kilometre apart.

use crate::{Atlas, Candidate, Exclusion, Kind, Need, Ranking, rank};
use ledger::acts::{
    CloseFacility, ConfirmCapacity, Hold, Leg, PublishAgenda, PutFacility, PutInstitution,
    PutService, Report, Terms,
};
use ledger::words::{
    AgeGroup, AgendaShape, BedArea, BedCount, BedType, Clues, FacilityProfile, Institution,
    InstitutionCode, Level, Moment, Place, Position, ServiceCode, ServiceId, ServiceKind,
    Specialty, Text,
};
use ledger::{Act, Command, Ledger, Outcome};
use proptest::prelude::*;

const START: Moment = Moment::from_seconds(1_767_225_600);
const MINUTE: u64 = 60;
const KILOMETRE_E6: i32 = 8_993;

const WARD: BedType = BedType {
    area: BedArea::General,
    age: AgeGroup::Adult,
    isolation: false,
    ventilator: false,
    censable: true,
};

struct World {
    ledger: Ledger,
    now: Moment,
}

impl World {
    fn new() -> Self {
        let mut world = Self { ledger: Ledger::new(1), now: START };
        for code in ["IMB", "SSA"] {
            let code = InstitutionCode::parse(code).expect("three letters");
            let institution = Institution { name: Text::new("institution").expect("short") };
            world.done(Act::PutInstitution(PutInstitution { code, institution }));
        }
        world
    }

    fn done(&mut self, act: Act) {
        let outcome = self.ledger.apply(self.now, &[Command::natural(act)], &mut Vec::new());
        assert!(matches!(outcome[0].outcome, Outcome::Done(_)), "{outcome:?}");
    }

    /// A facility this many kilometres east of the origin, with one service.
    fn facility(&mut self, kilometres: i32, kind: ServiceKind, institution: &str) -> ServiceId {
        let number = self.ledger.facility_count();
        let service = PutService {
            code: ServiceCode::parse("one").expect("letters"),
            kind,
            beds: None,
            confirmed: false,
        };
        self.done(Act::PutFacility(PutFacility {
            clues: Clues::parse(&format!("OC{institution}{number:05}0")).expect("a code"),
            aliases: Vec::new(),
            profile: FacilityProfile {
                institution: InstitutionCode::parse(institution).expect("three letters"),
                name: Text::new("facility").expect("short"),
                level: Level::Second,
                position: Position { latitude_e6: 0, longitude_e6: kilometres * KILOMETRE_E6 },
                municipality: 20_067,
                zone: Text::new("America/Mexico_City").expect("short"),
            },
            services: vec![service],
        }));
        ServiceId(u32::try_from(self.ledger.service_count() - 1).expect("few services"))
    }

    fn beds(&mut self, kilometres: i32, available: u32) -> ServiceId {
        let service = self.facility(kilometres, ServiceKind::Bed(WARD), "IMB");
        self.done(Act::ConfirmCapacity(ConfirmCapacity { service, beds: 10 }));
        self.report(service, available);
        service
    }

    fn report(&mut self, service: ServiceId, available: u32) {
        let beds = BedCount { free: 10, open: 10, ..BedCount::default() };
        self.done(Act::Report(Report {
            service,
            sequence: self.now.micros(),
            incarnation: 1,
            beds,
            available,
            accounted_through: 0,
            exceptions: Vec::new(),
        }));
    }

    /// Hourly slots from an hour after now.
    fn agenda(&mut self, service: ServiceId, slots: u16) {
        let start = self.now.plus_seconds(60 * MINUTE);
        self.done(Act::PublishAgenda(PublishAgenda {
            service,
            shape: AgendaShape {
                start,
                step_seconds: 3_600,
                length_seconds: 3_600,
                columns: slots,
                row_seconds: 1_000_000,
                rows: 1,
                capacity: 1,
            },
        }));
    }

    fn book(&mut self, place: Place) {
        self.done(Act::Hold(Hold {
            legs: vec![Leg { candidates: vec![place] }],
            terms: Terms::Book,
            arrival_seconds: 0,
            person: None,
            basis: None,
            overcapacity: None,
        }));
    }

    fn rank(&self, need: &Need) -> Ranking {
        rank(&Atlas::draw(&self.ledger), &self.ledger, need, self.now)
    }
}

fn bed_need() -> Need {
    let kind = Kind::Bed {
        area: BedArea::General,
        age: AgeGroup::Any,
        isolation: false,
        ventilator: false,
    };
    let near = Some(Position::default());
    Need { kind, near, radius_metres: 0, institutions: Vec::new(), limit: 10 }
}

fn services(ranking: &Ranking) -> Vec<ServiceId> {
    ranking.candidates.iter().map(|candidate| candidate.service).collect()
}

#[test]
fn near_goes_first_and_fresh_before_aged() {
    let mut world = World::new();
    let aged = world.beds(1, 3);
    world.now = START.plus_seconds(31 * MINUTE);
    let (far, near) = (world.beds(5, 2), world.beds(2, 1));
    let ranking = world.rank(&bed_need());
    assert_eq!(services(&ranking), [near, far, aged]);
    let metres: Vec<_> = ranking.candidates.iter().map(|c| c.distance_metres).collect();
    assert_eq!(metres, [Some(2_000), Some(5_000), Some(1_000)]);
    let free: Vec<_> = ranking.candidates.iter().map(|c| (c.free, c.aged)).collect();
    assert_eq!(free, [(1, false), (2, false), (3, true)]);
    assert_eq!(ranking.candidates[0].heard, Some(world.now));
}

#[test]
fn the_limit_and_the_radius_end_the_search() {
    let mut world = World::new();
    let places: Vec<_> = (1..=5).map(|kilometres| world.beds(kilometres, 1)).collect();
    let ranking = world.rank(&Need { limit: 2, ..bed_need() });
    assert_eq!(services(&ranking), places[..2]);
    let ranking = world.rank(&Need { radius_metres: 3_500, ..bed_need() });
    assert_eq!(services(&ranking), places[..3]);
    let ranking = world.rank(&Need { limit: 0, ..bed_need() });
    assert_eq!(ranking.candidates, []);
    let ranking = world.rank(&Need { near: None, radius_metres: 1, ..bed_need() });
    assert_eq!(ranking.candidates.len(), 5);
    assert!(ranking.candidates.iter().all(|c| c.distance_metres.is_none()));
}

#[test]
fn what_is_left_out_is_counted_by_reason() {
    #[track_caller]
    fn check(prepare: impl FnOnce(&mut World), need: &Need, expected: Exclusion) {
        let mut world = World::new();
        prepare(&mut world);
        let ranking = world.rank(need);
        assert_eq!(ranking.candidates, []);
        assert_eq!(ranking.excluded.iter().collect::<Vec<_>>(), [(expected, 1)]);
    }
    let beds = bed_need();
    let of = |institution: &str| InstitutionCode::parse(institution).expect("three letters");
    let only = Need { institutions: vec![of("SSA")], ..bed_need() };
    let with = |age, isolation, ventilator| Need {
        kind: Kind::Bed { area: BedArea::General, age, isolation, ventilator },
        ..bed_need()
    };
    let one = |world: &mut World| {
        world.beds(1, 1);
    };
    check(one, &only, Exclusion::OtherInstitution);
    check(one, &with(AgeGroup::Paediatric, false, false), Exclusion::OtherType);
    check(one, &with(AgeGroup::Adult, true, false), Exclusion::OtherType);
    check(one, &with(AgeGroup::Adult, false, true), Exclusion::OtherType);
    let full = |world: &mut World| {
        let service = world.beds(1, 1);
        world.book(Place::Bed(service));
    };
    check(full, &beds, Exclusion::Full);
    let silent = |world: &mut World| {
        world.beds(1, 1);
        world.now = START.plus_seconds(121 * MINUTE);
    };
    check(silent, &beds, Exclusion::Silent);
    let unconfirmed = |world: &mut World| {
        world.facility(1, ServiceKind::Bed(WARD), "IMB");
    };
    check(unconfirmed, &beds, Exclusion::Unconfirmed);
    let unreported = |world: &mut World| {
        let service = world.facility(1, ServiceKind::Bed(WARD), "IMB");
        world.done(Act::ConfirmCapacity(ConfirmCapacity { service, beds: 1 }));
    };
    check(unreported, &beds, Exclusion::NeverReported);
    let closed = |world: &mut World| {
        let service = world.beds(1, 1);
        let facility = world.ledger.service(service).expect("it was registered").facility;
        world.done(Act::CloseFacility(CloseFacility { facility }));
    };
    check(closed, &beds, Exclusion::Closed);
    let no_slots = |world: &mut World| {
        world.facility(1, ServiceKind::Outpatient(Specialty(8)), "IMB");
    };
    check(no_slots, &slot_need(0, 86_400), Exclusion::NoSlots);
}

fn slot_need(from_seconds: u64, to_seconds: u64) -> Need {
    let kind = Kind::Slot {
        specialty: Specialty(8),
        remote: false,
        earliest: START.plus_seconds(from_seconds),
        latest: START.plus_seconds(to_seconds),
    };
    Need { kind, ..bed_need() }
}

#[test]
fn the_first_slot_with_room_in_the_window_is_offered() {
    let mut world = World::new();
    let service = world.facility(1, ServiceKind::Outpatient(Specialty(8)), "IMB");
    world.facility(1, ServiceKind::Teleconsultation(Specialty(8)), "IMB");
    world.agenda(service, 5);
    let offered = |world: &World, need: &Need| -> Option<(u16, u32)> {
        let ranking = world.rank(need);
        let Some(Candidate { place: Place::Slot(slot), free, .. }) = ranking.candidates.first()
        else {
            return None;
        };
        Some((slot.index, *free))
    };
    assert_eq!(offered(&world, &slot_need(0, 86_400)), Some((0, 5)));
    assert_eq!(offered(&world, &slot_need(2 * 3_600, 4 * 3_600)), Some((1, 2)));
    assert_eq!(offered(&world, &slot_need(0, 3_600)), None);
    let first = world.rank(&slot_need(0, 86_400)).candidates[0].place;
    world.book(first);
    assert_eq!(offered(&world, &slot_need(0, 86_400)), Some((1, 4)));
    // A slot that begins now has begun.
    world.now = START.plus_seconds(2 * 3_600);
    assert_eq!(offered(&world, &slot_need(0, 86_400)), Some((2, 3)));
}

proptest! {
    /// The lazy search agrees with looking at everything.
    #[test]
    fn a_ranking_is_the_sorted_truth(
        places in proptest::collection::vec((-170_i32..170, -80_i32..80, 0_u32..3), 1..40),
        here in (-170_i32..170, -80_i32..80),
        limit in 0_usize..12,
    ) {
        let mut world = World::new();
        let mut expected = Vec::new();
        for (longitude, latitude, available) in places {
            let service = world.beds(0, available);
            let facility = world.ledger.service(service).expect("registered").facility;
            let mut profile = world.ledger.facility(facility).expect("registered").profile.clone();
            profile.position = Position {
                latitude_e6: latitude * 1_000_000,
                longitude_e6: longitude * 1_000_000,
            };
            let clues = world.ledger.facility(facility).expect("registered").clues;
            let (aliases, services) = (Vec::new(), Vec::new());
            world.done(Act::PutFacility(PutFacility { clues, aliases, profile, services }));
            if available > 0 {
                expected.push(service);
            }
        }
        let near = Position { latitude_e6: here.1 * 1_000_000, longitude_e6: here.0 * 1_000_000 };
        let everything = world.rank(&Need { near: Some(near), limit: 64, ..bed_need() });
        let mut found = services(&everything);
        let distances: Vec<_> =
            everything.candidates.iter().map(|c| c.distance_metres.unwrap_or_default()).collect();
        prop_assert!(distances.is_sorted());
        found.sort();
        prop_assert_eq!(found, expected);
        let some = world.rank(&Need { near: Some(near), limit, ..bed_need() });
        let count = everything.candidates.len().min(limit);
        prop_assert_eq!(&some.candidates[..], &everything.candidates[..count]);
    }
}
