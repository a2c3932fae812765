//! The little nation of a run: few places, so that everybody wants the same ones.

use super::clock::START_SECONDS;
use ledger::acts::{PublishAgenda, PutFacility, PutInstitution, PutService};
use ledger::words::{
    AgeGroup, AgendaId, AgendaShape, Author, BedArea, BedType, Clues, FacilityProfile, Institution,
    InstitutionCode, Level, Moment, Place, Position, Role, ServiceCode, ServiceId, ServiceKind,
    SlotId, Specialty, Text,
};
use ledger::{Act, Command};

/// Facilities of a run.
pub const FACILITIES: u32 = 3;
/// Beds of each facility's ward, in the beginning.
pub const BEDS: u32 = 3;
/// Slots of each facility's agenda.
pub const SLOTS: u16 = 4;
/// How many one slot takes.
pub const SLOT_CAPACITY: u8 = 2;

/// Everything that must be there before anybody asks for a place.
pub fn founding() -> Vec<Command> {
    let code = InstitutionCode::parse("IMB").expect("three letters");
    let institution = Institution { name: text("IMSS-Bienestar") };
    let mut acts = vec![Act::PutInstitution(PutInstitution { code, institution })];
    acts.extend((0..FACILITIES).map(|number| facility(number, code)));
    acts.extend((0..FACILITIES).map(agenda));
    acts.into_iter()
        .map(|act| Command { author: Some(operator()), ..Command::natural(act) })
        .collect()
}

/// Who founds, and registers beds.
pub fn operator() -> Author {
    Author { principal: 1, role: Role::Operator }
}

/// All places.
pub fn places() -> Vec<Place> {
    let beds = (0..FACILITIES).map(|facility| Place::Bed(ward(facility)));
    let slots = (0..FACILITIES).flat_map(|facility| {
        (0..SLOTS).map(move |index| Place::Slot(SlotId { agenda: AgendaId(facility), index }))
    });
    beds.chain(slots).collect()
}

/// A facility's ward.
pub const fn ward(facility: u32) -> ServiceId {
    ServiceId(2 * facility)
}

fn facility(number: u32, institution: InstitutionCode) -> Act {
    let ward = PutService {
        code: ServiceCode::parse("general-adult").expect("letters and a hyphen"),
        kind: ServiceKind::Bed(BedType {
            area: BedArea::General,
            age: AgeGroup::Any,
            isolation: false,
            ventilator: false,
            censable: true,
        }),
        beds: Some(BEDS),
        confirmed: true,
    };
    let agenda = PutService {
        code: ServiceCode::parse("family-medicine").expect("letters and a hyphen"),
        kind: ServiceKind::Outpatient(Specialty(1)),
        beds: None,
        confirmed: false,
    };
    Act::PutFacility(PutFacility {
        clues: Clues::parse(&format!("OCIMB{number:06}")).expect("five letters, six digits"),
        aliases: Vec::new(),
        profile: FacilityProfile {
            institution,
            name: text("Hospital comunitario"),
            level: Level::Second,
            position: Position { latitude_e6: 17_000_000, longitude_e6: -96_000_000 },
            municipality: 20_067,
            zone: text("America/Mexico_City"),
        },
        services: vec![ward, agenda],
    })
}

fn agenda(facility: u32) -> Act {
    let shape = AgendaShape {
        start: Moment::from_seconds(START_SECONDS + 86_400),
        step_seconds: 1_200,
        length_seconds: 1_200,
        columns: SLOTS,
        row_seconds: 86_400,
        rows: 1,
        capacity: SLOT_CAPACITY,
    };
    Act::PublishAgenda(PublishAgenda { service: ServiceId(2 * facility + 1), shape })
}

fn text<const BYTES: usize>(text: &str) -> Text<BYTES> {
    Text::new(text).expect("a short text")
}
