//! What an establishment offers: beds by type, and weekly hours of consultation.

use super::chance::Chance;
use super::establishment::Pattern;
use super::names::Sort;
use calendar::{LocalTime, Weekday, Weekdays, WeeklyPattern};
use ledger::acts::PutService;
use ledger::words::{AgeGroup, BedArea, BedType, ServiceCode, ServiceKind, Specialty};

/// What an establishment offers.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// Its services.
    pub services: Vec<PutService>,
    /// The hours of those by agenda.
    pub patterns: Vec<Pattern>,
}

const fn bed(area: BedArea, age: AgeGroup) -> BedType {
    BedType { area, age, isolation: false, ventilator: false, censable: true }
}

const fn uncounted(area: BedArea, age: AgeGroup) -> BedType {
    BedType { censable: false, ..bed(area, age) }
}

const fn ventilated(area: BedArea, age: AgeGroup) -> BedType {
    BedType { ventilator: true, ..uncounted(area, age) }
}

/// A ward: its code, its beds' type, its share of a hospital's beds in a thousand, and from how
/// many beds on a hospital has one. Intensive, emergency, labour and newborn beds are not censable.
type WardShare = (&'static str, BedType, u32, u32);

const WARDS: [WardShare; 11] = [
    ("bed-general-adult", bed(BedArea::General, AgeGroup::Adult), 560, 0),
    ("bed-general-paediatric", bed(BedArea::General, AgeGroup::Paediatric), 120, 15),
    ("bed-emergency", uncounted(BedArea::Emergency, AgeGroup::Any), 110, 0),
    ("bed-labour", uncounted(BedArea::Labour, AgeGroup::Adult), 60, 12),
    ("bed-newborn", uncounted(BedArea::Newborn, AgeGroup::Paediatric), 40, 25),
    ("bed-intensive-adult", ventilated(BedArea::Intensive, AgeGroup::Adult), 60, 30),
    ("bed-intermediate", uncounted(BedArea::Intermediate, AgeGroup::Adult), 30, 90),
    (
        "bed-isolation",
        BedType { isolation: true, ..bed(BedArea::General, AgeGroup::Adult) },
        25,
        60,
    ),
    (
        "bed-neonatal-intensive",
        ventilated(BedArea::NeonatalIntensive, AgeGroup::Paediatric),
        35,
        80,
    ),
    ("bed-burns", bed(BedArea::Burns, AgeGroup::Any), 15, 180),
    ("bed-psychiatric", bed(BedArea::Psychiatric, AgeGroup::Adult), 20, 150),
];

/// Specialties of hospitals and clinics, by the published numbers.
const SPECIALTIES: [(&str, u16); 14] = [
    ("internal-medicine", 3),
    ("paediatrics", 4),
    ("gynaecology", 5),
    ("general-surgery", 6),
    ("orthopaedics", 7),
    ("cardiology", 8),
    ("dermatology", 9),
    ("endocrinology", 10),
    ("neurology", 17),
    ("ophthalmology", 19),
    ("psychiatry", 22),
    ("clinical-psychology", 23),
    ("urology", 25),
    ("clinical-nutrition", 42),
];

/// Hours that are usual: mornings, afternoons, and short mornings.
const SHIFTS: [[u32; 2]; 3] = [[8, 14], [14, 20], [9, 13]];

/// What an establishment of this sort offers.
pub fn offer(sort: Sort, urban: bool, chance: &mut Chance) -> Offer {
    let mut offer = Offer::default();
    match sort {
        Sort::FirstLevel => first_level(&mut offer, urban, chance),
        Sort::Clinic => specialists(&mut offer, 4, chance),
        Sort::CommunityHospital => {
            wards(&mut offer, chance.between(10, 30));
            specialists(&mut offer, 3, chance);
        }
        Sort::GeneralHospital => {
            let beds = *chance.pick(&[34, 45, 60, 60, 72, 90, 120, 144, 180, 200]);
            wards(&mut offer, beds);
            specialists(&mut offer, 5, chance);
        }
        Sort::ThirdLevel => {
            wards(&mut offer, chance.between(180, 450));
            specialists(&mut offer, 10, chance);
        }
    }
    offer
}

fn first_level(offer: &mut Offer, urban: bool, chance: &mut Chance) {
    let (code, number) = if urban { ("family-medicine", 2) } else { ("general-practice", 1) };
    let rooms = if urban { chance.between(1, 6) } else { 1 };
    let kind = ServiceKind::Outpatient(Specialty(number));
    by_agenda(offer, code, kind, Weekdays::WORKING, SHIFTS[0], 20, rooms);
    if urban && chance.percent(60) {
        hours(offer, code, Weekdays::WORKING, SHIFTS[1], 20, rooms);
    }
    if chance.percent(25) {
        let kind = ServiceKind::Outpatient(Specialty(36));
        by_agenda(offer, "dentistry", kind, Weekdays::WORKING, SHIFTS[0], 30, 1);
    }
    if chance.percent(30) {
        let kind = ServiceKind::Teleconsultation(Specialty(number));
        let days = Weekdays::NONE.with(Weekday::Tuesday).with(Weekday::Thursday);
        by_agenda(offer, &format!("tele-{code}"), kind, days, SHIFTS[2], 20, 1);
    }
}

fn specialists(offer: &mut Offer, count: u32, chance: &mut Chance) {
    let first = chance.below(14);
    for nth in 0..count {
        let (code, number) = SPECIALTIES[((first + nth) % 14) as usize];
        let shift = SHIFTS[chance.weighted([6, 3, 1].into_iter())];
        let kind = ServiceKind::Outpatient(Specialty(number));
        by_agenda(offer, code, kind, Weekdays::WORKING, shift, 30, chance.between(1, 3));
        if chance.percent(20) {
            let kind = ServiceKind::Teleconsultation(Specialty(number));
            let days = Weekdays::NONE.with(Weekday::Monday).with(Weekday::Friday);
            by_agenda(offer, &format!("tele-{code}"), kind, days, SHIFTS[2], 20, 1);
        }
    }
}

fn wards(offer: &mut Offer, beds: u32) {
    for (code, kind, share, least) in WARDS {
        if beds >= least {
            offer.services.push(PutService {
                code: service_code(code),
                kind: ServiceKind::Bed(kind),
                beds: Some((beds * share / 1_000).max(1)),
                confirmed: true,
            });
        }
    }
}

fn by_agenda(
    offer: &mut Offer,
    code: &str,
    kind: ServiceKind,
    days: Weekdays,
    shift: [u32; 2],
    minutes: u32,
    rooms: u32,
) {
    let code_word = service_code(code);
    offer.services.push(PutService { code: code_word, kind, beds: None, confirmed: false });
    hours(offer, code, days, shift, minutes, rooms);
}

fn hours(offer: &mut Offer, code: &str, days: Weekdays, shift: [u32; 2], minutes: u32, rooms: u32) {
    let hour = |hour| LocalTime::new(hour, 0, 0).expect("shifts are hours of the day");
    offer.patterns.push(Pattern {
        service: service_code(code),
        weekly: WeeklyPattern {
            days,
            opening: hour(shift[0]),
            closing: hour(shift[1]),
            step_seconds: minutes * 60,
            length_seconds: minutes * 60,
            capacity: u8::try_from(rooms).unwrap_or(1),
        },
    });
}

fn service_code(code: &str) -> ServiceCode {
    ServiceCode::parse(code).expect("codes of this table are lower case and hyphens")
}
