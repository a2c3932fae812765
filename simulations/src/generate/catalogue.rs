//! Drawing the acts of the catalogue.

use super::draft::Draft;
use ledger::acts::{
    CloseFacility, CloseService, ConfirmCapacity, MergeFacility, PublishAgenda, PutFacility,
    PutInstitution, PutService, Report,
};
use ledger::limits::{ALIASES_PER_FACILITY_MAX, BEDS_PER_SERVICE_MAX, SERVICES_PER_FACILITY_MAX};
use ledger::words::{
    AgeGroup, Alias, BedArea, BedType, Clues, FacilityProfile, Institution, InstitutionCode, Level,
    Position, ServiceCode, ServiceKind, Specialty, Text,
};
use ledger::{Act, Command};

const BED: ServiceKind = ServiceKind::Bed(BedType {
    area: BedArea::Intensive,
    age: AgeGroup::Any,
    isolation: false,
    ventilator: true,
    censable: false,
});

/// The services a facility may have, and what they are.
const SERVICES: [(&str, ServiceKind); 5] = [
    ("icu", BED),
    ("ward", BED),
    ("card", ServiceKind::Outpatient(Specialty(3))),
    ("tele", ServiceKind::Teleconsultation(Specialty(3))),
    ("er", BED),
];

impl Draft<'_> {
    /// The nation with which every story begins: first what there is, then what is free.
    pub fn founding(&mut self, first: bool) -> Vec<Command> {
        if first {
            let mut acts: Vec<Act> = ["IMB", "IMS"].map(put_institution).into();
            acts.extend((0..4).map(|number| Act::PutFacility(self.hospital(number))));
            return acts.into_iter().map(Command::natural).collect();
        }
        let services: Vec<_> = self.model.services.iter().map(|(id, s)| (*id, s.kind)).collect();
        let acts = services.into_iter().map(|(service, kind)| {
            if kind.is_bed() {
                Act::Report(Report { service, ..self.truthful_report(service) })
            } else {
                let shape = self.shape();
                Act::PublishAgenda(PublishAgenda { service, shape })
            }
        });
        acts.map(Command::natural).collect()
    }

    fn hospital(&mut self, number: u32) -> PutFacility {
        let services = SERVICES.iter().take(4).filter(|(_, kind)| kind.is_bed() || number < 2);
        let services = services.map(|(code, kind)| PutService {
            code: service_code(code),
            kind: *kind,
            beds: kind.is_bed().then(|| self.chance.between(1, 6)),
            confirmed: number > 0,
        });
        let services = services.collect();
        PutFacility { clues: clues(number), aliases: Vec::new(), profile: profile(), services }
    }

    pub fn put_institution(&mut self) -> Act {
        put_institution(self.chance.one_of(["IMB", "IMS", "IST", "SSA"]))
    }

    pub fn put_facility(&mut self) -> Act {
        let mut act = PutFacility {
            clues: self.clues(),
            aliases: Vec::new(),
            profile: profile(),
            services: self.services(),
        };
        match self.chance.below(16) {
            0..3 => act.aliases.push(self.alias()),
            3 | 4 => act.aliases = (0..self.chance.between(4, 12)).map(|_| self.alias()).collect(),
            _ => {}
        }
        match self.chance.below(40) {
            0 => act.profile.position.latitude_e6 = 90_000_001,
            1 => act.profile.position.longitude_e6 = -180_000_001,
            2 => act.profile.municipality = self.chance.one_of([0, 1_000, 33_000]),
            3 => act.aliases = vec![self.alias(); ALIASES_PER_FACILITY_MAX + 1],
            4 => act.services = vec![service("icu", BED); SERVICES_PER_FACILITY_MAX + 1],
            5 | 6 => act.profile.institution = institution_code("ZZZ"),
            7 => act.profile.municipality = self.chance.one_of([1_001, 32_999]),
            _ => {}
        }
        Act::PutFacility(act)
    }

    fn services(&mut self) -> Vec<PutService> {
        (0..self.chance.below(4)).map(|_| self.put_service()).collect()
    }

    fn put_service(&mut self) -> PutService {
        let (code, kind) = self.chance.one_of(SERVICES);
        let other = ServiceKind::Outpatient(Specialty(9));
        let kind = if self.chance.once_in(20) { other } else { kind };
        let beds = match self.chance.below(24) {
            0 => Some(0),
            1 => Some(BEDS_PER_SERVICE_MAX + 1),
            2 => Some(1),
            _ => (kind.is_bed() && !self.chance.once_in(3)).then(|| self.chance.between(1, 6)),
        };
        PutService { code: service_code(code), kind, beds, confirmed: self.chance.once_in(2) }
    }

    /// A code that leads somewhere, or not yet.
    fn clues(&mut self) -> Clues {
        let known = self.model.directory.len() as u32;
        clues(self.chance.below(known + known / 2 + 3))
    }

    fn alias(&mut self) -> Alias {
        // Codes far from the others lead nowhere yet, mostly.
        let number = self.chance.below(40_000);
        let clues = if self.chance.once_in(12) { self.clues() } else { clues(1_000 + number) };
        Alias { clues, since: self.now }
    }

    pub fn close_facility(&mut self) -> Act {
        Act::CloseFacility(CloseFacility { facility: self.facility() })
    }

    pub fn merge_facility(&mut self) -> Act {
        let (duplicate, into) = (self.facility(), self.facility());
        Act::MergeFacility(MergeFacility { duplicate, into })
    }

    pub fn close_service(&mut self) -> Act {
        Act::CloseService(CloseService { service: self.service(|_| true) })
    }

    pub fn confirm_capacity(&mut self) -> Act {
        let beds = match self.chance.below(12) {
            0 => 0,
            1 => BEDS_PER_SERVICE_MAX + 1,
            _ => self.chance.between(1, 6),
        };
        let service = self.service(|service| service.kind.is_bed());
        Act::ConfirmCapacity(ConfirmCapacity { service, beds })
    }
}

/// An institution that is called as its code.
pub(super) fn put_institution(code: &str) -> Act {
    let institution = Institution { name: Text::new(code).unwrap_or_default() };
    Act::PutInstitution(PutInstitution { code: institution_code(code), institution })
}

fn institution_code(text: &str) -> InstitutionCode {
    InstitutionCode::parse(text).expect("it is three letters")
}

/// A facility's code by number.
pub(super) fn clues(number: u32) -> Clues {
    Clues::parse(&format!("OCIMB{:06}", number % 1_000_000)).expect("it is letters and digits")
}

/// A service's code.
pub(super) fn service_code(text: &str) -> ServiceCode {
    ServiceCode::parse(text).expect("it is letters and digits")
}

/// A service without a number of beds.
pub(super) fn service(code: &str, kind: ServiceKind) -> PutService {
    PutService { code: service_code(code), kind, beds: None, confirmed: false }
}

/// What a catalogue says of every facility here.
pub(super) fn profile() -> FacilityProfile {
    FacilityProfile {
        institution: institution_code("IMB"),
        name: Text::new("Hospital General").unwrap_or_default(),
        level: Level::Second,
        position: Position { latitude_e6: 17_060_000, longitude_e6: -96_720_000 },
        municipality: 20_067,
        zone: Text::new("America/Mexico_City").unwrap_or_default(),
    }
}
