//! A small nation for tests and benches: facilities with a ward and an agenda each, and bookings.

use ledger::acts::{
    Cancel, Hold, Leg, PublishAgenda, PutFacility, PutInstitution, PutService, Report, Terms,
};
use ledger::words::{
    AgeGroup, AgendaId, AgendaShape, Author, BedArea, BedCount, BedType, Clues, CommitmentId,
    FacilityProfile, Institution, InstitutionCode, Level, Moment, PersonId, Place, Position,
    RequestId, Role, ServiceCode, ServiceId, ServiceKind, SlotId, Specialty, Text,
};
use ledger::{Act, Applied, Command, Event, Ledger};
use std::num::NonZeroU128;

/// Commands of one entry.
const GROUP: usize = 512;
/// Who asks for everything.
const DESK: Author = Author { principal: 17, role: Role::Desk };
/// Slots of each agenda.
pub const SLOTS: u16 = 360;

/// A ledger, and what happened in it since the events were last taken.
pub struct Nation {
    pub ledger: Ledger,
    pub events: Vec<Event>,
    pub seconds: u64,
    facilities: u32,
    random: u64,
    requests: u128,
}

impl Nation {
    /// Facilities, each with a ward of 100 free beds and an agenda of [`SLOTS`] slots for two.
    pub fn new(facilities: u32) -> Self {
        let mut nation = Self {
            ledger: Ledger::new(1),
            events: Vec::new(),
            seconds: 1_800_000_000,
            facilities,
            random: 0x9e37_79b9_7f4a_7c15,
            requests: 0,
        };
        let code = InstitutionCode::parse("IMB").expect("three letters");
        let institution = Institution { name: text("IMSS-Bienestar") };
        nation.ask([Act::PutInstitution(PutInstitution { code, institution })]);
        nation.ask((0..facilities).map(|number| facility(number, code)));
        nation.ask((0..facilities).map(|number| report(2 * number)));
        let start = Moment::from_seconds(nation.seconds + 86_400);
        nation.ask((0..facilities).map(|number| publish(2 * number + 1, start)));
        nation
    }

    /// Applies commands whose own numbers identify them.
    pub fn ask(&mut self, acts: impl IntoIterator<Item = Act>) -> Vec<Applied> {
        let asked = |act| Command { author: Some(DESK), ..Command::natural(act) };
        let commands: Vec<_> = acts.into_iter().map(asked).collect();
        self.apply(&commands)
    }

    /// Applies commands in groups, one second after the other.
    pub fn apply(&mut self, commands: &[Command]) -> Vec<Applied> {
        let mut applied = Vec::new();
        for group in commands.chunks(GROUP) {
            let moment = Moment::from_seconds(self.seconds);
            applied.extend(self.ledger.apply(moment, group, &mut self.events));
        }
        self.seconds += 1;
        applied
    }

    /// This many bookings, a third in beds, under ids of every kind in turn.
    pub fn book(&mut self, count: usize) -> Vec<Applied> {
        let commands: Vec<_> = (0..count).map(|_| self.booking()).collect();
        self.apply(&commands)
    }

    /// Cancels these commitments.
    pub fn cancel(&mut self, commitments: impl IntoIterator<Item = u64>) -> Vec<Applied> {
        let cancel = |number| Act::Cancel(Cancel { commitment: CommitmentId(number) });
        self.ask(commitments.into_iter().map(cancel))
    }

    /// A booking of one place for a person.
    pub fn booking(&mut self) -> Command {
        let facility = self.random(u64::from(self.facilities)) as u32;
        let place = if self.random(3) == 0 {
            Place::Bed(ServiceId(2 * facility))
        } else {
            let index = self.random(u64::from(SLOTS)) as u16;
            Place::Slot(SlotId { agenda: AgendaId(facility), index })
        };
        let person = u128::from(self.random(1_000) + 1) << 64;
        Command {
            request: self.request(),
            author: Some(DESK),
            ..Command::natural(Act::Hold(Hold {
                legs: vec![Leg { candidates: vec![place] }],
                terms: Terms::Book,
                arrival_seconds: 0,
                person: NonZeroU128::new(person).map(PersonId),
                basis: None,
                overcapacity: None,
            }))
        }
    }

    fn request(&mut self) -> RequestId {
        self.requests += 1;
        match self.requests % 4 {
            0 => RequestId::Natural,
            1 => RequestId::Stream {
                stream: uuid(1_800_000_000_000, self.requests % 5),
                sequence: self.requests as u64,
            },
            _ => RequestId::Unique(uuid(u128::from(self.seconds) * 1_000, self.requests)),
        }
    }

    /// xorshift64*: any spread will do, as long as it is the same in every run.
    const fn random(&mut self, below: u64) -> u64 {
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) % below
    }
}

/// A UUIDv7 of this many milliseconds since 1970.
const fn uuid(millis: u128, random: u128) -> u128 {
    (millis << 80) | (0x7 << 76) | (0b10 << 62) | random
}

fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::new(text).expect("it is short")
}

fn facility(number: u32, institution: InstitutionCode) -> Act {
    let ward = PutService {
        code: ServiceCode::parse("bed-general").expect("letters and a hyphen"),
        kind: ServiceKind::Bed(BedType {
            area: BedArea::General,
            age: AgeGroup::Any,
            isolation: false,
            ventilator: false,
            censable: true,
        }),
        beds: Some(100),
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

fn report(service: u32) -> Act {
    Act::Report(Report {
        service: ServiceId(service),
        sequence: 1,
        incarnation: 1,
        beds: BedCount { free: 100, open: 100, ..BedCount::default() },
        available: 100,
        accounted_through: 0,
        exceptions: Vec::new(),
    })
}

fn publish(service: u32, start: Moment) -> Act {
    let shape = AgendaShape {
        start,
        step_seconds: 1_200,
        length_seconds: 1_200,
        columns: 18,
        row_seconds: 86_400,
        rows: SLOTS / 18,
        capacity: 2,
    };
    Act::PublishAgenda(PublishAgenda { service: ServiceId(service), shape })
}
