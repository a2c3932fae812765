//! Names are read as they are written, and refused with the form they should have.

use crate::input::{FieldError, InputError, Problem};
use crate::{names, place};
use ledger::acts::{PublishAgenda, PutFacility, PutInstitution, PutService};
use ledger::words::{
    AgeGroup, AgendaId, AgendaShape, BedArea, BedType, Clues, CluesError, CommitmentId,
    FacilityProfile, Institution, InstitutionCode, Level, Moment, Place, Position, ServiceCode,
    ServiceId, ServiceKind, SlotId, Specialty, Text,
};
use ledger::{Act, Command, Ledger, Outcome, Refusal};
use proptest::prelude::*;

/// A ledger with facility 0, its ward (service 0), its room (service 1) and an agenda of ten slots
/// there (agenda 0), and facility 1 with nothing.
pub(crate) fn ledger() -> Ledger {
    let mut ledger = Ledger::new(1);
    let code = InstitutionCode::parse("IMB").expect("three letters");
    let institution = Institution { name: Text::new("IMSS-Bienestar").expect("short") };
    let ward = BedType {
        area: BedArea::General,
        age: AgeGroup::Any,
        isolation: false,
        ventilator: false,
        censable: true,
    };
    let service = |code: &str, kind| PutService {
        code: ServiceCode::parse(code).expect("letters"),
        kind,
        beds: None,
        confirmed: false,
    };
    let put = |clues: &str, services| PutFacility {
        clues: Clues::parse(clues).expect("a code"),
        aliases: Vec::new(),
        profile: FacilityProfile {
            institution: code,
            name: Text::new("Hospital").expect("short"),
            level: Level::Second,
            position: Position::default(),
            municipality: 20_067,
            zone: Text::new("America/Mexico_City").expect("short"),
        },
        services,
    };
    let both = vec![
        service("ward", ServiceKind::Bed(ward)),
        service("room", ServiceKind::Outpatient(Specialty(8))),
    ];
    let shape = AgendaShape {
        start: Moment::from_seconds(2_000),
        step_seconds: 600,
        length_seconds: 600,
        columns: 10,
        row_seconds: 86_400,
        rows: 1,
        capacity: 1,
    };
    let acts = [
        Act::PutInstitution(PutInstitution { code, institution }),
        Act::PutFacility(put("OCIMB000010", both)),
        Act::PutFacility(put("OCIMB000022", Vec::new())),
        Act::PublishAgenda(PublishAgenda { service: ServiceId(1), shape }),
    ];
    let commands = acts.map(Command::natural);
    let outcomes = ledger.apply(Moment::from_seconds(1_000), &commands, &mut Vec::new());
    assert!(outcomes.iter().all(|one| matches!(one.outcome, Outcome::Done(_))), "{outcomes:?}");
    ledger
}

fn slot(index: u16) -> Place {
    Place::Slot(SlotId { agenda: AgendaId(0), index })
}

#[test]
fn places_are_read_as_they_are_written() {
    let view = ledger();
    for place in [Place::Bed(ServiceId(0)), Place::Bed(ServiceId(1)), slot(0), slot(9)] {
        let name = names::place_name(&view, place);
        assert_eq!(names::place(&view, "name", &name), Ok(place), "{name}");
    }
    assert_eq!(names::place_name(&view, slot(9)), "facilities/OCIMB000010/slots/0-9");
    let lower = names::place(&view, "name", "facilities/ocimb000010/services/ward");
    assert_eq!(lower, Ok(Place::Bed(ServiceId(0))));
}

#[test]
fn wrong_places_say_what_is_wrong() {
    let view = ledger();
    let unknown = |name: &str, refusal| InputError::unknown("name", name, refusal);
    let check = |name: &str, expected: InputError| {
        assert_eq!(names::place(&view, "name", name), Err(expected), "{name}");
    };
    let field = |problem| InputError::Field(FieldError::new("name", problem));
    let pattern = |pattern| field(Problem::Name { pattern });
    let place = "facilities/{clues}/services/{code} or facilities/{clues}/slots/{agenda}-{index}";
    check("", pattern(place));
    check("facilities/OCIMB000010", pattern(place));
    check("beds/1/services/ward", pattern("facilities/{clues}"));
    check("facilities/OCIMB000010/x/services/ward", pattern("facilities/{clues}"));
    check("facilities/OCIMB/services/ward", field(Problem::Clues(CluesError::Length { bytes: 5 })));
    check("facilities/OCIMB000010/services/Ward", field(Problem::ServiceCode));
    check("facilities/OCIMB000010/services/", field(Problem::ServiceCode));
    let slots = "facilities/{clues}/slots/{agenda}-{index}";
    for numbers in ["", "1", "-", "1-", "-1", "1--1", "+1-1", "1-70000", "5000000000-1", "a-b"] {
        check(&format!("facilities/OCIMB000010/slots/{numbers}"), pattern(slots));
    }
    let name = "facilities/OCIMB000034/services/ward";
    check(name, unknown("facilities/OCIMB000034", Refusal::UnknownFacility));
    let name = "facilities/OCIMB000022/services/ward";
    check(name, unknown(name, Refusal::UnknownService));
    let name = "facilities/OCIMB000010/slots/7-0";
    check(name, unknown(name, Refusal::UnknownAgenda));
    let name = "facilities/OCIMB000022/slots/0-0";
    check(name, unknown(name, Refusal::UnknownAgenda));
}

#[test]
fn commitments_are_read_by_either_name() {
    let check = |name: &str, expected: Option<u64>| {
        assert_eq!(names::commitment("name", name).ok(), expected.map(CommitmentId), "{name}");
    };
    check("holds/0", Some(0));
    check("bookings/18446744073709551615", Some(u64::MAX));
    check("bookings/18446744073709551616", None);
    check("bookings/", None);
    check("bookings/-1", None);
    check("booking/1", None);
    check("bookings/1/x", None);
}

#[test]
fn an_echoed_name_is_short_and_harmless() {
    let long = format!("facilities/{}\n\u{1b}[31m", "é".repeat(100));
    let InputError::Unknown { name, .. } =
        InputError::unknown("name", &long, Refusal::UnknownFacility)
    else {
        panic!("a name that leads nowhere")
    };
    assert!(name.len() <= 80 && !name.chars().any(char::is_control));
}

proptest! {
    #[test]
    fn any_text_is_a_name_or_an_error(text in ".{0,60}", prefix in 0_usize..5) {
        let view = ledger();
        let prefixes = ["", "facilities/", "facilities/OCIMB000010/services/",
            "facilities/OCIMB000010/slots/", "holds/"];
        let name = format!("{}{text}", prefixes[prefix]);
        let place = names::place(&view, "name", &name);
        if let Ok(place) = place {
            prop_assert!(view.service_of(place).is_some() || matches!(place, Place::Slot(_)));
        }
        drop(names::commitment("name", &name));
        drop(names::institution("name", &name));
    }

    #[test]
    fn numbers_of_places_are_read_back(number: u64) {
        match place::from_number("number", number) {
            Ok(place) => prop_assert_eq!(place::number(place), number),
            Err(_) => prop_assert!(number > u64::from(u32::MAX) << 1),
        }
    }

    #[test]
    fn every_place_has_a_number(service: u32, agenda: u32, index: u16) {
        let slot = Place::Slot(SlotId { agenda: AgendaId(agenda), index });
        for place in [Place::Bed(ServiceId(service)), slot] {
            prop_assert_eq!(place::from_number("number", place::number(place)), Ok(place));
        }
    }
}
