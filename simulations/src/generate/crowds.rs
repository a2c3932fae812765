//! What a few commands never reach: a bound that takes hundreds, a thousand deadlines at once, a
//! holder that never lets go. One kind to a seed, at a facility of its own.

use super::catalogue::{clues, profile, put_institution, service, service_code};
use super::{Entry, draft::Draft};
use ledger::acts::{
    Confirm, Extend, Hold, Leg, PublishAgenda, PutFacility, PutService, Report, Terms,
};
use ledger::limits::{
    AGENDAS_PER_SERVICE_MAX, EXPIRIES_PER_ENTRY_MAX, HOLD_SECONDS_MAX, INSTITUTIONS_MAX, LEGS_MAX,
    SERVICES_PER_FACILITY_MAX, STREAMS_MAX,
};
use ledger::words::{
    AgeGroup, AgendaId, AgendaShape, BedArea, BedCount, BedType, CommitmentId, Moment, Place,
    RequestId, Revision, Role, ServiceId, ServiceKind, SlotId, Specialty, Text,
};
use ledger::{Act, Command};

/// Of how many seeds in a row each has another crowd, or none.
pub const KINDS: u64 = 8;

const TELE: ServiceKind = ServiceKind::Teleconsultation(Specialty(3));
const BED: ServiceKind = ServiceKind::Bed(BedType {
    area: BedArea::General,
    age: AgeGroup::Any,
    isolation: false,
    ventilator: false,
    censable: true,
});
/// The codes of facilities that crowds need.
const FIRST_CODE: u32 = 900_000;
/// Beds of the service that is rushed.
const BEDS: u32 = 2_000;

impl Draft<'_> {
    /// The entries of this seed's crowd; none where it has none.
    pub fn crowd(&mut self, seed: u64) -> Vec<Entry> {
        match seed % KINDS {
            1 => vec![self.at_once(self.crowd_of_institutions())],
            2 => vec![self.at_once(self.crowd_of_services())],
            3 => vec![self.at_once(self.crowd_of_agendas())],
            4 => vec![self.at_once(self.crowd_of_streams())],
            5 => self.rush(),
            6 => vec![self.at_once(self.beyond())],
            7 => self.holder(),
            _ => Vec::new(),
        }
    }

    fn at_once(&self, commands: Vec<Command>) -> Entry {
        Entry { moment: self.now, commands }
    }

    /// More institutions than there may be.
    fn crowd_of_institutions(&self) -> Vec<Command> {
        let letter = |number: usize| char::from(b'A' + (number % 26) as u8);
        let codes = (0..INSTITUTIONS_MAX + 1).map(|n| format!("X{}{}", letter(n / 26), letter(n)));
        codes.map(|code| Command::natural(put_institution(&code))).collect()
    }

    /// More services than a facility may have.
    fn crowd_of_services(&self) -> Vec<Command> {
        let codes = 0..SERVICES_PER_FACILITY_MAX;
        let services = codes.map(|number| service(&format!("tele-{number}"), TELE)).collect();
        let one_more = vec![service("one-more", TELE)];
        [services, one_more].map(|services| Command::natural(self.facility_with(services))).into()
    }

    /// More agendas than a service may have.
    fn crowd_of_agendas(&self) -> Vec<Command> {
        let tele = self.next_service();
        let mut commands = vec![Command::natural(self.facility_with(vec![service("tele", TELE)]))];
        let slots = 0..=AGENDAS_PER_SERVICE_MAX as u64;
        commands.extend(slots.map(|number| {
            let shape = one_slot(self.now.plus_seconds(60 + 60 * number));
            Command::natural(Act::PublishAgenda(PublishAgenda { service: tele, shape }))
        }));
        commands
    }

    /// As many bulk streams as are remembered.
    fn crowd_of_streams(&self) -> Vec<Command> {
        let millis = u128::from(self.now.micros() / 1_000);
        let streams = 0..STREAMS_MAX as u128;
        let ids = streams.map(|number| millis << 80 | 7 << 76 | 0b10 << 62 | number);
        let requests = ids.map(|stream| RequestId::Stream { stream, sequence: 1 });
        requests.map(|request| Command { request, ..Command::natural(Act::Tick) }).collect()
    }

    /// More holds fall due at one moment than one entry handles: those left are as expired.
    fn rush(&self) -> Vec<Entry> {
        let icu = self.next_service();
        let bed =
            PutService { code: service_code("icu"), kind: BED, beds: Some(BEDS), confirmed: true };
        let beds = BedCount { free: BEDS, open: BEDS, ..BedCount::default() };
        let report = Report {
            service: icu,
            sequence: 1,
            incarnation: self.model.incarnation,
            beds,
            available: BEDS,
            accounted_through: 0,
            exceptions: Vec::new(),
        };
        let mut commands = vec![
            Command::natural(self.facility_with(vec![bed])),
            Command::natural(Act::Report(report)),
        ];
        let hold = holding(&[Place::Bed(icu)], Terms::Hold { seconds: 60 });
        let holds = EXPIRIES_PER_ENTRY_MAX + 40;
        commands.extend((0..holds).map(|_| Command::natural(Act::Hold(hold.clone()))));
        let (first, revision) = (self.model.next_commitment, self.model.revision.0 + 3);
        let confirms = (0..holds as u64).step_by(7).map(|number| {
            let commitment = CommitmentId(first + number);
            Command::natural(Act::Confirm(Confirm {
                commitment,
                fencing: Revision(revision + number),
            }))
        });
        let due = self.now.plus_seconds(60);
        vec![self.at_once(commands), Entry { moment: due, commands: confirms.collect() }]
    }

    /// A slot filled beyond its capacity, with reason, until it cannot be counted any more.
    fn beyond(&self) -> Vec<Command> {
        let tele = self.next_service();
        let mut commands = vec![Command::natural(self.facility_with(vec![service("tele", TELE)]))];
        let shape = one_slot(self.now.plus_seconds(7_000));
        commands.push(Command::natural(Act::PublishAgenda(PublishAgenda { service: tele, shape })));
        let slot = SlotId { agenda: AgendaId(self.model.next_agenda), index: 0 };
        let mut hold = holding(&[Place::Slot(slot); LEGS_MAX], Terms::Book);
        hold.overcapacity = Text::new("epidemia").ok();
        let author = Some(ledger::words::Author { principal: 1, role: Role::Desk });
        let booking = Command { author, ..Command::natural(Act::Hold(hold)) };
        commands.extend(vec![booking; usize::from(u8::MAX) / LEGS_MAX + 1]);
        commands
    }

    /// Two slots held together, days apart, and kept by extensions until the first one's agenda is
    /// forgotten; then nobody keeps the other.
    fn holder(&self) -> Vec<Entry> {
        let tele = self.next_service();
        let near = self.now.plus_seconds(60);
        let far = self.now.plus_seconds(6 * 86_400);
        let mut commands = vec![Command::natural(self.facility_with(vec![service("tele", TELE)]))];
        commands.extend([near, far].map(|start| {
            let shape = one_slot(start);
            Command::natural(Act::PublishAgenda(PublishAgenda { service: tele, shape }))
        }));
        let agendas = [0, 1].map(|more| AgendaId(self.model.next_agenda + more));
        let places = agendas.map(|agenda| Place::Slot(SlotId { agenda, index: 0 }));
        let terms = Terms::Hold { seconds: HOLD_SECONDS_MAX };
        commands.push(Command::natural(Act::Hold(holding(&places, terms))));
        let commitment = CommitmentId(self.model.next_commitment);
        let mut entries = vec![self.at_once(commands)];
        let kept = 3 * 86_400 / u64::from(HOLD_SECONDS_MAX - 1) + 2;
        for number in 0..kept {
            let fencing = Revision(self.model.revision.0 + 4 + number);
            let moment = self.now.plus_seconds((number + 1) * u64::from(HOLD_SECONDS_MAX - 1));
            let extend = Act::Extend(Extend { commitment, fencing, seconds: HOLD_SECONDS_MAX });
            entries.push(Entry { moment, commands: vec![Command::natural(extend)] });
        }
        let last = self.now.plus_seconds((kept + 2) * u64::from(HOLD_SECONDS_MAX));
        entries.push(Entry { moment: last, commands: vec![Command::natural(Act::Tick)] });
        entries
    }

    fn facility_with(&self, services: Vec<PutService>) -> Act {
        let clues = clues(FIRST_CODE);
        Act::PutFacility(PutFacility { clues, aliases: Vec::new(), profile: profile(), services })
    }

    fn next_service(&self) -> ServiceId {
        ServiceId(self.model.services.len() as u32)
    }
}

fn holding(places: &[Place], terms: Terms) -> Hold {
    Hold {
        legs: places.iter().map(|place| Leg { candidates: vec![*place] }).collect(),
        terms,
        arrival_seconds: 0,
        person: None,
        basis: None,
        overcapacity: None,
    }
}

fn one_slot(start: Moment) -> AgendaShape {
    AgendaShape {
        start,
        step_seconds: 60,
        length_seconds: 60,
        columns: 1,
        row_seconds: 60,
        rows: 1,
        capacity: 1,
    }
}
