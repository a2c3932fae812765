//! Writes examples of what is right, for the fuzzer to begin with: `seeds DIRECTORY`.

use ledger::acts::{Hold, Leg, PublishAgenda, PutFacility, PutInstitution, PutService, Terms};
use ledger::words::{
    AgeGroup, AgendaId, AgendaShape, BedArea, BedType, Clues, FacilityProfile, Institution,
    InstitutionCode, Level, Moment, Place, Position, ServiceCode, ServiceId, ServiceKind, SlotId,
    Specialty, Text,
};
use ledger::{Act, Command, Ledger};
use replica::checkpoint;
use replica::codec::{encode_applied, encode_command, encode_entry, encode_events};
use std::path::Path;

const NOW: Moment = Moment::from_seconds(1_800_000_000);

fn text<const BYTES: usize>(text: &str) -> Text<BYTES> {
    Text::new(text).expect("a short text")
}

fn service(code: &str, kind: ServiceKind, beds: Option<u32>) -> PutService {
    let code = ServiceCode::parse(code).expect("letters");
    PutService { code, kind, beds, confirmed: true }
}

/// A nation of one hospital, and one place booked.
fn acts() -> Vec<Act> {
    let code = InstitutionCode::parse("IMB").expect("three letters");
    let bed = BedType {
        area: BedArea::General,
        age: AgeGroup::Any,
        isolation: false,
        ventilator: true,
        censable: true,
    };
    let facility = PutFacility {
        clues: Clues::parse("OCIMB000001").expect("five letters, six digits"),
        aliases: Vec::new(),
        profile: FacilityProfile {
            institution: code,
            name: text("Hospital"),
            level: Level::Second,
            position: Position { latitude_e6: 17_000_000, longitude_e6: -96_000_000 },
            municipality: 20_067,
            zone: text("America/Mexico_City"),
        },
        services: vec![
            service("ward", ServiceKind::Bed(bed), Some(3)),
            service("clinic", ServiceKind::Outpatient(Specialty(1)), None),
        ],
    };
    let shape = AgendaShape {
        start: Moment::from_seconds(1_800_086_400),
        step_seconds: 1_200,
        length_seconds: 1_200,
        columns: 4,
        row_seconds: 86_400,
        rows: 1,
        capacity: 2,
    };
    let slot = Place::Slot(SlotId { agenda: AgendaId(0), index: 1 });
    vec![
        Act::PutInstitution(PutInstitution { code, institution: Institution { name: text("x") } }),
        Act::PutFacility(facility),
        Act::PublishAgenda(PublishAgenda { service: ServiceId(1), shape }),
        Act::Hold(Hold {
            legs: vec![Leg { candidates: vec![slot] }],
            terms: Terms::Book,
            arrival_seconds: 0,
            person: None,
            basis: None,
            overcapacity: None,
        }),
    ]
}

fn part(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("examples are small");
    [&length.to_le_bytes()[..], bytes].concat()
}

fn main() -> std::io::Result<()> {
    let directory = std::env::args().nth(1).expect("usage: seeds DIRECTORY");
    let put = |target: &str, name: &str, bytes: &[u8]| {
        let directory = Path::new(&directory).join(target);
        std::fs::create_dir_all(&directory)?;
        std::fs::write(directory.join(name), bytes)
    };
    let commands: Vec<_> = acts().into_iter().map(Command::natural).collect();
    let mut ledger = Ledger::new(1);
    let mut events = Vec::new();
    let applied = ledger.apply(NOW, &commands, &mut events);

    for (number, command) in commands.iter().enumerate() {
        put("codec", &format!("command-{number}"), &[&[0], &encode_command(command)[..]].concat())?;
    }
    let story: Vec<u8> = commands.iter().flat_map(|one| part(&encode_command(one))).collect();
    put("codec", "story", &[&[1], &story[..]].concat())?;
    put("codec", "entry", &[&[2], &encode_entry(NOW, &commands)[..]].concat())?;
    put("codec", "events", &[&[3], &encode_events(&events)[..]].concat())?;
    put("codec", "applied", &[&[4], &encode_applied(&applied)[..]].concat())?;

    let mut chunks = Vec::new();
    let numbers = checkpoint::write(&ledger, |_, bytes| {
        chunks.push(bytes.to_vec());
        Ok::<(), std::io::Error>(())
    })?;
    let parts: Vec<u8> = std::iter::once(&numbers).chain(&chunks).flat_map(|p| part(p)).collect();
    put("checkpoint", "ledger", &parts)
}
