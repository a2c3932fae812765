//! A table language for the ledger. A line is one entry with one command:
//!
//! `<seconds> <author> <verb> <arguments> => <outcome>`
//!
//! Authors are `-`, or a role's letter and a number (`d1` desk, `f1` facility, `c1` citizen, `o1`
//! operator). Places are `CLUES/service` for a bed and `agenda-index` for a slot; candidates are
//! parted by `|`, legs by `+`. After every line all invariants are checked, and that a refused
//! command changed nothing.

use crate::acts::*;
use crate::words::*;
use crate::{Act, Command, Done, Event, Ledger, Outcome, Refusal};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The cluster's incarnation in every table.
pub const INCARNATION: u64 = 7;

/// Two hospitals that have said that they have two free ICU beds and one, and a clinic with two
/// services by agenda, one of which has three slots on the hour from second 3600 on.
pub const WORLD: &str = "
    0 o1 institution IMB => ok
    0 o1 institution IMS => ok
    0 o1 facility OCIMB000011 icu:beds=4! ward:beds=9 er:beds => facility 0
    0 o1 facility OCIMS000015 icu:beds=2! => facility 1
    0 o1 facility OCIMB000023 card:slots tele:tele => facility 2
    0 f1 report OCIMB000011/icu #1 total=4 free=2 through=0 => ok
    0 f2 report OCIMS000015/icu #1 total=2 free=1 through=0 => ok
    0 f3 publish OCIMB000023/card start=3600 step=3600 cols=3 cap=1 => agenda 0
";

/// A ledger and the outcomes it gave.
pub struct Script {
    pub ledger: Ledger,
    pub events: Vec<Event>,
}

/// Runs a table after the lines of [`WORLD`].
#[track_caller]
pub fn check(table: &str) -> Script {
    let mut script = Script { ledger: Ledger::new(INCARNATION), events: Vec::new() };
    for line in WORLD.lines().chain(table.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (command, expected) = line.rsplit_once("=>").expect("a line has an outcome");
        let found = script.line(command.trim());
        assert_eq!(found, expected.trim(), "in line: {line}");
    }
    script
}

impl Script {
    /// Applies one line and gives the outcome in brief.
    pub fn line(&mut self, line: &str) -> String {
        let mut words = line.split_whitespace();
        let seconds = words.next().expect("a line begins with seconds");
        let moment = Moment::from_seconds(BEGINNING + number(seconds));
        let author = author(words.next().expect("a line names an author"));
        let words: Vec<&str> = words.collect();
        let (options, arguments): (Vec<&str>, Vec<&str>) =
            words.iter().partition(|word| word.contains('=') && !word.contains(':'));
        let options: BTreeMap<&str, &str> =
            options.into_iter().filter_map(|word| word.split_once('=')).collect();
        let act = self.act(&arguments, &options);
        let command = Command {
            request: request(&options),
            not_after: options
                .get("by")
                .map_or(Moment::ZERO, |by| Moment::from_seconds(BEGINNING + number(by))),
            author,
            policy: None,
            act,
        };
        self.apply(moment, command)
    }

    fn apply(&mut self, moment: Moment, command: Command) -> String {
        // Time passes on its own first, so that what a refused command leaves can be compared.
        self.ledger.apply(moment, &[Command::natural(Act::Tick)], &mut self.events);
        let (before, events) = (self.ledger.clone(), self.events.len());
        let applied = self.ledger.apply(moment, &[command], &mut self.events);
        if matches!(applied[0].outcome, Outcome::Refused(_)) {
            assert_eq!(self.events.len(), events, "a refused command left an event");
            assert_eq!(before.commitment_count(), self.ledger.commitment_count());
            assert_eq!(tables(&before), tables(&self.ledger), "a refused command changed a record");
        }
        assert_eq!(self.ledger.violation(), None);
        brief(&applied[0].outcome)
    }

    fn act(&self, words: &[&str], options: &BTreeMap<&str, &str>) -> Act {
        let option = |name: &str, default: u64| options.get(name).map_or(default, |n| number(n));
        let small = |name: &str, default: u64| u32::try_from(option(name, default)).unwrap();
        let commitment = || CommitmentId(number(words[1]));
        // A holder knows the fencing number; a table names it only where it is the wrong one.
        let known = |id| self.ledger.commitment(id).map_or(Revision::ZERO, |c| c.fencing);
        let fencing =
            || options.get("f").map_or_else(|| known(commitment()), |f| Revision(number(f)));
        match words[0] {
            "tick" => Act::Tick,
            "institution" => Act::PutInstitution(PutInstitution {
                code: InstitutionCode::parse(words[1]).unwrap(),
                institution: Institution { name: Text::new(words[1]).unwrap() },
            }),
            "facility" => Act::PutFacility(facility(words, options)),
            "close-facility" => {
                Act::CloseFacility(CloseFacility { facility: self.facility(words[1]) })
            }
            "merge" => Act::MergeFacility(MergeFacility {
                duplicate: self.facility(words[1]),
                into: self.facility(words[2]),
            }),
            "close-service" => Act::CloseService(CloseService { service: self.service(words[1]) }),
            "capacity" => Act::ConfirmCapacity(ConfirmCapacity {
                service: self.service(words[1]),
                beds: u32::try_from(number(words[2])).unwrap(),
            }),
            "report" => Act::Report(Report {
                service: self.service(words[1]),
                sequence: number(words[2]),
                incarnation: option("incarnation", INCARNATION),
                beds: BedCount {
                    free: small("free", 0),
                    occupied: small("total", 0).saturating_sub(small("free", 0)),
                    open: small("open", u64::from(small("total", 0))),
                    blocked: small("blocked", 0),
                    ..BedCount::default()
                },
                available: small("available", u64::from(small("free", 0))),
                accounted_through: option("through", 0),
                exceptions: options
                    .get("except")
                    .map(|list| list.split(',').map(number).collect())
                    .unwrap_or_default(),
            }),
            "heartbeat" => Act::Heartbeat(Heartbeat {
                facility: self.facility(words[1]),
                incarnation: option("incarnation", INCARNATION),
            }),
            "ack" => Act::Acknowledge(Acknowledge {
                service: self.service(words[1]),
                incarnation: option("incarnation", INCARNATION),
                number: number(words[2]),
            }),
            "publish" => Act::PublishAgenda(PublishAgenda {
                service: self.service(words[1]),
                shape: AgendaShape {
                    start: Moment::from_seconds(BEGINNING + option("start", 0)),
                    step_seconds: small("step", 600),
                    length_seconds: small("length", u64::from(small("step", 600))),
                    columns: u16::try_from(option("cols", 1)).unwrap(),
                    row_seconds: small("row", 86_400),
                    rows: u16::try_from(option("rows", 1)).unwrap(),
                    capacity: u8::try_from(option("cap", 1)).unwrap(),
                },
            }),
            "block" | "unblock" => Act::BlockSlots(BlockSlots {
                agenda: AgendaId(u32::try_from(number(words[1])).unwrap()),
                first: u16::try_from(number(words[2])).unwrap(),
                count: u16::try_from(number(words[3])).unwrap(),
                blocked: words[0] == "block",
            }),
            "withdraw" => Act::WithdrawAgenda(WithdrawAgenda {
                agenda: AgendaId(u32::try_from(number(words[1])).unwrap()),
            }),
            "hold" | "book" => Act::Hold(Hold {
                legs: words[1..].join(" ").split('+').map(|leg| self.leg(leg)).collect(),
                terms: if words[0] == "book" {
                    Terms::Book
                } else {
                    Terms::Hold { seconds: small("for", 60) }
                },
                arrival_seconds: small("arrival", 0),
                person: None,
                basis: None,
                overcapacity: options.get("over").map(|why| Text::new(why).unwrap()),
            }),
            "confirm" => Act::Confirm(Confirm { commitment: commitment(), fencing: fencing() }),
            "release" => Act::Release(Release { commitment: commitment(), fencing: fencing() }),
            "extend" => Act::Extend(Extend {
                commitment: commitment(),
                fencing: fencing(),
                seconds: small("for", 60),
            }),
            "cancel" => Act::Cancel(Cancel { commitment: commitment() }),
            "arrive" => Act::Arrive(Arrive { commitment: commitment() }),
            "discharge" => Act::Discharge(Discharge { commitment: commitment() }),
            "fulfil" => Act::Fulfil(Fulfil { commitment: commitment() }),
            "noshow" => Act::NoShow(NoShow { commitment: commitment() }),
            "transfer" => Act::Transfer(Transfer {
                commitment: commitment(),
                candidates: self.leg(&words[2..].join(" ")).candidates,
                arrival_seconds: small("arrival", 0),
            }),
            "dispute" => Act::Dispute(Dispute {
                commitment: commitment(),
                reason: Text::new(words[2]).unwrap(),
            }),
            verb => panic!("no such verb: {verb}"),
        }
    }

    fn leg(&self, text: &str) -> Leg {
        let candidates = text.split('|').map(str::trim).filter(|place| !place.is_empty());
        Leg { candidates: candidates.map(|place| self.place(place)).collect() }
    }

    /// The place a text names.
    pub fn place(&self, text: &str) -> Place {
        match text.split_once('-') {
            Some((agenda, index)) if !text.contains('/') => Place::Slot(SlotId {
                agenda: AgendaId(u32::try_from(number(agenda)).unwrap()),
                index: u16::try_from(number(index)).unwrap(),
            }),
            _ => Place::Bed(self.service(text)),
        }
    }

    fn facility(&self, text: &str) -> FacilityId {
        self.ledger.resolve(&Clues::parse(text).unwrap()).unwrap_or(FacilityId(999))
    }

    /// The service a text names.
    pub fn service(&self, text: &str) -> ServiceId {
        let (clues, code) = text.split_once('/').expect("a service is CLUES/code");
        let facility = self.ledger.facility(self.facility(clues));
        facility
            .and_then(|f| f.service(&ServiceCode::parse(code).unwrap()))
            .unwrap_or(ServiceId(999))
    }
}

/// Tables begin here, well after 1970, so that ids can be older than it.
pub const BEGINNING: u64 = 1_767_225_600;

fn facility(words: &[&str], options: &BTreeMap<&str, &str>) -> PutFacility {
    let code = Clues::parse(words[1]).unwrap();
    let institution = options.get("of").copied().unwrap_or(code.institution());
    PutFacility {
        clues: code,
        aliases: options
            .get("also")
            .map(|list| {
                let alias =
                    |text| Alias { clues: Clues::parse(text).unwrap(), since: Moment::ZERO };
                list.split(',').map(alias).collect()
            })
            .unwrap_or_default(),
        profile: FacilityProfile {
            institution: InstitutionCode::parse(institution).unwrap(),
            name: Text::new(options.get("name").unwrap_or(&"Hospital")).unwrap(),
            level: Level::Second,
            position: Position {
                latitude_e6: options.get("lat").map_or(17_000_000, |n| n.parse().unwrap()),
                longitude_e6: -96_000_000,
            },
            municipality: options.get("mun").map_or(20_067, |n| n.parse().unwrap()),
            zone: Text::new("America/Mexico_City").unwrap(),
        },
        services: words[2..].iter().map(|text| service(text)).collect(),
    }
}

fn service(text: &str) -> PutService {
    let (code, kind) = text.split_once(':').expect("a service is code:kind");
    let (kind, beds) = kind.split_once('=').map_or((kind, None), |(kind, n)| (kind, Some(n)));
    let bed = BedType {
        area: if code == "icu" { BedArea::Intensive } else { BedArea::General },
        age: AgeGroup::Any,
        isolation: false,
        ventilator: false,
        censable: code != "icu",
    };
    PutService {
        code: ServiceCode::parse(code).unwrap(),
        kind: match kind {
            "beds" => ServiceKind::Bed(bed),
            "slots" => ServiceKind::Outpatient(Specialty(1)),
            "tele" => ServiceKind::Teleconsultation(Specialty(1)),
            _ => panic!("no such kind: {kind}"),
        },
        beds: beds.map(|n| n.trim_end_matches('!').parse().unwrap()),
        confirmed: beds.is_some_and(|n| n.ends_with('!')),
    }
}

fn author(text: &str) -> Option<Author> {
    let role = match text.chars().next() {
        Some('d') => Role::Desk,
        Some('f') => Role::Facility,
        Some('c') => Role::Citizen,
        Some('o') => Role::Operator,
        _ => return None,
    };
    Some(Author { principal: number(&text[1..]), role })
}

/// `id=SECONDS.N` is a UUIDv7 made at that second; `stream=SECONDS/N` a command of a stream.
fn request(options: &BTreeMap<&str, &str>) -> RequestId {
    if let Some(id) = options.get("id") {
        let (seconds, rest) = id.split_once('.').unwrap_or((id, "0"));
        return RequestId::Unique(uuid(seconds, number(rest)));
    }
    if let Some((stream, sequence)) = options.get("stream").and_then(|s| s.split_once('/')) {
        return RequestId::Stream { stream: uuid(stream, 0), sequence: number(sequence) };
    }
    if options.contains_key("v4") {
        return RequestId::Unique(0x4 << 76 | 0b10 << 62);
    }
    RequestId::Natural
}

fn uuid(seconds: &str, rest: u64) -> u128 {
    let seconds = i128::from(BEGINNING) + seconds.parse::<i128>().unwrap();
    u128::try_from(seconds * 1_000).unwrap() << 80 | 0x7 << 76 | 0b10 << 62 | u128::from(rest)
}

fn number(text: &str) -> u64 {
    text.trim_start_matches('#').parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

/// The digests of what a refused command must leave alone.
fn tables(ledger: &Ledger) -> Vec<u64> {
    let mut sums = Vec::new();
    let mut push = |number, digest| sums.push(crate::digest::stamp(number, &digest));
    ledger.facilities_from(FacilityId(0)).for_each(|(id, f)| push(u64::from(id.0), stamp(f)));
    ledger.services_from(ServiceId(0)).for_each(|(id, s)| push(u64::from(id.0), stamp(s)));
    ledger.agendas_from(AgendaId(0)).for_each(|(id, a)| push(u64::from(id.0), stamp(a)));
    ledger.commitments_from(CommitmentId(0)).for_each(|(id, c)| push(id.0, stamp(c)));
    sums
}

fn stamp<T: core::hash::Hash>(record: &T) -> u64 {
    crate::digest::stamp(0, record)
}

/// An outcome in a word or two.
pub fn brief(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Refused(Refusal::OutOfBounds { bound }) => format!("OutOfBounds {bound:?}"),
        Outcome::Refused(Refusal::Inconsistent { bound }) => format!("Inconsistent {bound:?}"),
        Outcome::Refused(Refusal::CatalogueFull { bound }) => format!("CatalogueFull {bound:?}"),
        Outcome::Refused(Refusal::HasCommitments { count, named }) => {
            let named: Vec<String> = named.iter().map(ToString::to_string).collect();
            format!("HasCommitments {count}: {}", named.join(","))
        }
        Outcome::Refused(refusal) => {
            let debug = format!("{refusal:?}");
            debug.split([' ', '{']).next().unwrap_or_default().to_string()
        }
        Outcome::Done(done) => match done {
            Done::Plain => "ok".to_string(),
            Done::Facility(id) => format!("facility {id}"),
            Done::Agenda(id) => format!("agenda {id}"),
            Done::Granted(granted) => {
                let choices = &granted.choices[..usize::from(granted.legs)];
                let choices: Vec<String> = choices.iter().map(ToString::to_string).collect();
                format!("granted {} at {}", granted.first, choices.join(","))
            }
            Done::Stale { sequence } => format!("stale {sequence}"),
            Done::Proposed { beds } => format!("proposed {beds}"),
            Done::ClaimHeld { registered } => format!("claim over {registered}"),
            Done::Overcommitted { by } => format!("overcommitted {by}"),
        },
    }
}
