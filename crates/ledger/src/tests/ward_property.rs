//! Whole stories of a ward and the ledger: the ward learns late, counts some commitments and not
//! others, reports late, twice, out of order, loses its line, admits people nobody told cupo about
//! and lets patients go on its own. The ward here is written from the contract, not from the code.

use super::script::{BEGINNING, INCARNATION};
use crate::acts::*;
use crate::words::*;
use crate::{Act, Command, Event, Happening, Ledger, Outcome};
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;
use proptest::prelude::*;

const BEDS: u32 = 5;
const WARD: ServiceId = ServiceId(0);

/// One thing that happens next.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A desk takes a place, for as long as that or as a booking.
    Take { seconds: u32 },
    /// The holder, or the ward, ends one of the live commitments, or takes it a step further.
    Move { which: usize, how: u8 },
    /// The ward's line brings it the next notification.
    Hear,
    /// The patient of a commitment turns up, perhaps before the ward heard of it.
    TurnUp { which: usize },
    /// Somebody nobody told cupo about is put into a free bed, or leaves it.
    Outsider { comes: bool },
    /// The ward counts its beds and sends a report.
    Count,
    /// A report that is under way arrives: the oldest, or one out of order; perhaps it is repeated.
    Arrive { which: usize, again: bool },
    /// Time passes.
    Wait { seconds: u64 },
}

/// What is in one of the ward's beds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bed {
    Free,
    For(u64),
    Outsider,
}

/// What the ward said, and what was true when it counted.
#[derive(Clone, Debug)]
struct Counted {
    report: Report,
    /// Commitments for which the ward had a bed.
    with_bed: BTreeSet<u64>,
}

struct Story {
    ledger: Ledger,
    now: Moment,
    beds: Vec<Bed>,
    /// Notifications under way to the ward: a number, and whether it was granted or ended.
    line: VecDeque<(u64, bool)>,
    /// The newest number the ward has heard of, in any way.
    heard: u64,
    /// Numbers whose end the ward has heard of.
    ended: BTreeSet<u64>,
    sent: VecDeque<Counted>,
    sequence: u64,
    /// The newest report that the ledger believed.
    believed: Counted,
    /// Beds given back by acknowledgements since.
    returned: u32,
    events: Vec<Event>,
}

impl Story {
    fn new() -> Self {
        let mut story = Self {
            ledger: Ledger::new(INCARNATION),
            now: Moment::from_seconds(BEGINNING),
            beds: (0..BEDS).map(|_| Bed::Free).collect(),
            line: VecDeque::new(),
            heard: 0,
            ended: BTreeSet::new(),
            sent: VecDeque::new(),
            sequence: 0,
            believed: Counted { report: report(0, 0, 0, Vec::new()), with_bed: BTreeSet::new() },
            returned: 0,
            events: Vec::new(),
        };
        let code = InstitutionCode::parse("IMB").unwrap();
        let institution = Institution { name: Text::new("IMSS-Bienestar").unwrap() };
        story.apply(Act::PutInstitution(PutInstitution { code, institution }));
        let area = BedArea::Intensive;
        let age = AgeGroup::Any;
        let kind = BedType { area, age, isolation: false, ventilator: true, censable: false };
        story.apply(Act::PutFacility(PutFacility {
            clues: Clues::parse("OCIMB000011").unwrap(),
            aliases: Vec::new(),
            profile: FacilityProfile {
                institution: code,
                name: Text::new("Hospital").unwrap(),
                level: Level::Second,
                position: Position::default(),
                municipality: 20_067,
                zone: Text::new("America/Mexico_City").unwrap(),
            },
            services: Vec::from([PutService {
                code: ServiceCode::parse("icu").unwrap(),
                kind: ServiceKind::Bed(kind),
                beds: Some(BEDS),
                confirmed: true,
            }]),
        }));
        story
    }

    fn apply(&mut self, act: Act) -> Outcome {
        let mut events = Vec::new();
        let command = Command::natural(act);
        let outcome = self.ledger.apply(self.now, &[command], &mut events).remove(0).outcome;
        for event in &events {
            match event.happening {
                Happening::Granted { number, .. } => self.line.push_back((number, true)),
                Happening::Ended { number, .. } => self.line.push_back((number, false)),
                _ => {}
            }
        }
        self.events.extend(events);
        assert_eq!(self.ledger.violation(), None);
        outcome
    }

    fn live(&self) -> BTreeMap<u64, CommitmentId> {
        let commitments = self.ledger.commitments_from(CommitmentId(0));
        commitments.filter(|(_, c)| c.status.is_live()).map(|(id, c)| (c.number, id)).collect()
    }

    fn available(&self) -> u32 {
        let ward = self.ledger.service(WARD).and_then(|s| s.ward.as_ref());
        ward.expect("it was registered with beds").available()
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Take { seconds } => self.take(seconds),
            Step::Move { which, how } => self.move_on(which, how),
            Step::Hear => self.hear(),
            Step::TurnUp { which } => self.turn_up(which),
            Step::Outsider { comes } => {
                let (from, to) =
                    if comes { (Bed::Free, Bed::Outsider) } else { (Bed::Outsider, Bed::Free) };
                if let Some(bed) = self.beds.iter_mut().find(|bed| **bed == from) {
                    *bed = to;
                }
            }
            Step::Count => self.count(),
            Step::Arrive { which, again } => self.arrive(which, again),
            Step::Wait { seconds } => {
                self.now = self.now.plus_seconds(seconds);
                self.apply(Act::Tick);
            }
        }
    }

    /// A grant is right when the beds that the ward counted free, and gave back since, are more
    /// than the live commitments for which it had no bed when it counted.
    fn take(&mut self, seconds: u32) {
        self.apply(Act::Tick);
        let without_bed =
            self.live().keys().filter(|n| !self.believed.with_bed.contains(n)).count();
        let room = (self.believed.report.available + self.returned) as usize;
        let terms = if seconds.is_multiple_of(3) { Terms::Book } else { Terms::Hold { seconds } };
        let outcome = self.apply(Act::Hold(Hold {
            legs: Vec::from([Leg { candidates: Vec::from([Place::Bed(WARD)]) }]),
            terms,
            arrival_seconds: 900,
            person: None,
            basis: None,
            overcapacity: None,
        }));
        if outcome.granted().is_some() {
            assert!(without_bed < room, "a bed was given twice: {without_bed} of {room}");
        }
    }

    fn move_on(&mut self, which: usize, how: u8) {
        let live: Vec<_> = self.live().into_values().collect();
        if live.is_empty() {
            return;
        }
        let commitment = live[which % live.len()];
        let fencing = self.ledger.commitment(commitment).expect("it is live").fencing;
        let act = match how % 7 {
            0 => Act::Confirm(Confirm { commitment, fencing }),
            1 => Act::Release(Release { commitment, fencing }),
            2 => Act::Cancel(Cancel { commitment }),
            3 => Act::NoShow(NoShow { commitment }),
            4 => Act::Arrive(Arrive { commitment }),
            5 => Act::Discharge(Discharge { commitment }),
            _ => Act::Extend(Extend { commitment, fencing, seconds: 90 }),
        };
        self.apply(act);
    }

    /// The ward puts a bed aside for what was granted, when it has one, and sets it free when it
    /// hears of the end; where its last report counted that bed as taken, it says so at once.
    fn hear(&mut self) {
        let Some((number, granted)) = self.line.pop_front() else { return };
        if granted {
            self.heard = self.heard.max(number);
            self.assign(number);
            return;
        }
        self.ended.insert(number);
        let Some(bed) = self.beds.iter_mut().find(|bed| **bed == Bed::For(number)) else { return };
        *bed = Bed::Free;
        let acknowledge = Acknowledge { service: WARD, incarnation: INCARNATION, number };
        if self.apply(Act::Acknowledge(acknowledge)) == Outcome::Done(crate::Done::Plain) {
            self.returned += 1;
        }
    }

    fn assign(&mut self, number: u64) {
        if self.ended.contains(&number) || self.beds.contains(&Bed::For(number)) {
            return;
        }
        if let Some(bed) = self.beds.iter_mut().find(|bed| **bed == Bed::Free) {
            *bed = Bed::For(number);
        }
    }

    fn turn_up(&mut self, which: usize) {
        let live: Vec<_> = self.live().into_keys().collect();
        if live.is_empty() {
            return;
        }
        let number = live[which % live.len()];
        // A patient's papers name the commitment: the ward may know 7 and not yet 5.
        self.heard = self.heard.max(number);
        self.assign(number);
    }

    fn count(&mut self) {
        let with_bed = self.beds.iter().filter_map(|bed| match bed {
            Bed::For(number) => Some(*number),
            _ => None,
        });
        let with_bed: BTreeSet<u64> = with_bed.collect();
        let free = self.beds.iter().filter(|bed| **bed == Bed::Free).count();
        let exceptions = (1..=self.heard).filter(|n| !with_bed.contains(n)).collect();
        self.sequence += 1;
        let free = u32::try_from(free).unwrap_or(u32::MAX);
        let report = report(self.sequence, free, self.heard, exceptions);
        self.sent.push_back(Counted { report, with_bed });
    }

    fn arrive(&mut self, which: usize, again: bool) {
        if self.sent.is_empty() {
            return;
        }
        let at = if which.is_multiple_of(4) { which % self.sent.len() } else { 0 };
        let counted = self.sent[at].clone();
        if !again {
            self.sent.remove(at);
        }
        let newest = self.believed.report.sequence;
        let outcome = self.apply(Act::Report(counted.report.clone()));
        match outcome {
            Outcome::Done(crate::Done::Stale { sequence }) => {
                assert_eq!(sequence, newest);
                assert!(counted.report.sequence <= newest);
            }
            Outcome::Done(_) => {
                self.believed = counted;
                self.returned = 0;
            }
            Outcome::Refused(refusal) => panic!("a truthful report was refused: {refusal:?}"),
        }
    }

    /// The line comes back, everything is heard, and the ward counts once more: nothing is leaked.
    fn settle(&mut self) {
        while !self.line.is_empty() {
            self.hear();
        }
        for number in self.live().into_keys() {
            self.assign(number);
        }
        self.sent.clear();
        self.count();
        self.arrive(0, false);
        let free = self.beds.iter().filter(|bed| **bed == Bed::Free).count();
        let homeless = self.live().keys().filter(|n| !self.beds.contains(&Bed::For(**n))).count();
        assert_eq!(self.available() as usize, free.saturating_sub(homeless), "a place leaked");
    }
}

fn report(sequence: u64, free: u32, accounted_through: u64, exceptions: Vec<u64>) -> Report {
    let occupied = BEDS - free;
    let beds = BedCount { free, occupied, open: BEDS, ..BedCount::default() };
    Report {
        service: WARD,
        sequence,
        incarnation: INCARNATION,
        beds,
        available: free,
        accounted_through,
        exceptions,
    }
}

fn step(outsiders: bool) -> impl Strategy<Value = Step> {
    let outsider = u32::from(outsiders);
    prop_oneof![
        6 => (5_u32..300).prop_map(|seconds| Step::Take { seconds }),
        5 => (any::<usize>(), any::<u8>()).prop_map(|(which, how)| Step::Move { which, how }),
        5 => Just(Step::Hear),
        1 => any::<usize>().prop_map(|which| Step::TurnUp { which }),
        2 * outsider => any::<bool>().prop_map(|comes| Step::Outsider { comes }),
        3 => Just(Step::Count),
        3 => (any::<usize>(), any::<bool>()).prop_map(|(which, again)| Step::Arrive { which, again }),
        2 => (0_u64..200).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// A bed is never given twice, and leaked at most until the next report, whatever happens.
    #[test]
    fn a_bed_is_never_given_twice(steps in proptest::collection::vec(step(true), 1..120)) {
        let mut story = Story::new();
        steps.into_iter().for_each(|step| story.step(step));
        story.settle();
    }

    /// Where nobody is admitted behind cupo's back, there are never more commitments than beds.
    #[test]
    fn commitments_never_exceed_the_beds(steps in proptest::collection::vec(step(false), 1..120)) {
        let mut story = Story::new();
        for step in steps {
            story.step(step);
            prop_assert!(story.live().len() <= BEDS as usize);
        }
        story.settle();
        let free = BEDS as usize - story.live().len();
        prop_assert_eq!(story.available() as usize, free);
    }
}
