//! A desk: asks for places, keeps, gives back, and asks again under the same id until it is told.

use super::clock::START_SECONDS;
use super::mesh::Mesh;
use super::mutant::Mutant;
use super::nation::places;
use super::record::{Record, Seen};
use super::tally::{Deed, Fate, Freshness};
use super::trace::Trace;
use ledger::acts::{Arrive, Cancel, Confirm, Discharge, Hold, Leg, Release, Terms};
use ledger::words::{Author, CommitmentId, PersonId, Place, RequestId, Revision, Role};
use ledger::{Act, Applied, Command, Done, Outcome, Refusal, View};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use replica::{Consistency, Instant, ProposeError, ReadError, Replica};
use std::num::NonZeroU128;
use std::sync::Arc;
use std::time::Duration;

/// What a client works with.
#[derive(Clone)]
pub struct Counter {
    pub mesh: Arc<Mesh>,
    pub record: Record,
    pub trace: Trace,
    pub mutant: Option<Mutant>,
}

impl Counter {
    /// Reads at a node, and notes what it showed.
    ///
    /// # Errors
    /// When it showed nothing.
    pub async fn read(
        &self,
        replica: &Replica,
        node: u64,
        want: Consistency,
        patience: Duration,
    ) -> Result<Arc<View>, ReadError> {
        let begun = self.trace.micros();
        let read = replica.read(want, Instant::now() + patience).await;
        let fate = if read.is_ok() { Fate::Done } else { Fate::Refused };
        self.mesh.tally.count(Deed::Read(Freshness::of(want), fate));
        if let Ok(view) = &read {
            let (revision, digest) = (view.revision().0, view.digest());
            self.record.notes().seen.push(Seen { begun, want, revision, digest, node });
        }
        read
    }
}

/// A desk.
pub struct Desk {
    number: u32,
    counter: Counter,
    chance: ChaCha8Rng,
    asked: u64,
    mine: Vec<Mine>,
    /// What it has let go of lately.
    gone: Vec<Mine>,
    /// The newest revision it was told of.
    told: Revision,
    /// Asked, and not told: numbers in the record, and what was sent.
    open: Vec<(usize, Command)>,
}

/// What a desk has been granted.
#[derive(Clone, Copy)]
struct Mine {
    commitment: CommitmentId,
    fencing: Revision,
    stage: Stage,
    bed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Held,
    Booked,
    Arrived,
}

/// How old a read may be that need not be the truth.
const STALE: Duration = Duration::from_millis(1_000);
/// How long one try may take.
const TRY: Duration = Duration::from_millis(1_500);
/// How much of what it has let go of a desk remembers.
const GONE_MAX: usize = 8;

impl Desk {
    /// A desk that has asked for nothing yet.
    pub fn new(number: u32, counter: Counter, chance: ChaCha8Rng) -> Self {
        Self {
            number,
            counter,
            chance,
            asked: 0,
            mine: Vec::new(),
            gone: Vec::new(),
            told: Revision(0),
            open: Vec::new(),
        }
    }

    /// Works until then, and then until everything it asked has an answer.
    pub async fn work(mut self, until: Instant) {
        while Instant::now() < until {
            let pause = self.chance.random_range(1..=60);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            if self.chance.random_ratio(1, 4) {
                self.look().await;
            } else {
                self.act().await;
            }
        }
        while let Some((number, command)) = self.open.pop() {
            while !self.ask_once(number, &command).await {}
        }
    }

    /// Reads somewhere: mostly the truth, sometimes its own last answer, sometimes what is there.
    async fn look(&mut self) {
        let Some((node, replica)) = self.counter.mesh.somebody(&mut self.chance) else {
            return;
        };
        let want = match self.chance.random_range(0..8) {
            0 => Consistency::AtLeast(self.told),
            1 => Consistency::Stale { age_max: STALE },
            _ => Consistency::Linearizable,
        };
        let Ok(view) = self.counter.read(&replica, node, want, TRY).await else {
            return;
        };
        let (revision, digest) = (view.revision().0, view.digest());
        let trace = &self.counter.trace;
        trace.line(format_args!("desk {} sees {revision} {digest:?} at {node}", self.number));
    }

    /// Asks for something.
    async fn act(&mut self) {
        if self.chance.random_ratio(1, 16) {
            return self.come_back().await;
        }
        let index = (!self.mine.is_empty()).then(|| self.chance.random_range(0..self.mine.len()));
        let mine = index.map(|index| self.mine[index]).filter(|_| self.chance.random_ratio(3, 5));
        let (Some(index), Some(mine)) = (index, mine) else {
            self.book().await;
            return;
        };
        let Mine { commitment, fencing, stage, bed } = mine;
        let (act, then) = match (stage, self.chance.random_range(0..3)) {
            (Stage::Held, 0) => (Act::Release(Release { commitment, fencing }), None),
            (Stage::Held, _) => {
                (Act::Confirm(Confirm { commitment, fencing }), Some(Stage::Booked))
            }
            (Stage::Booked, 0) if bed => (Act::Arrive(Arrive { commitment }), Some(Stage::Arrived)),
            (Stage::Booked, _) => (Act::Cancel(Cancel { commitment }), None),
            (Stage::Arrived, _) => (Act::Discharge(Discharge { commitment }), None),
        };
        match self.ask(act).await {
            Some(Applied { outcome: Outcome::Done(_), .. }) if then.is_some() => {
                self.mine[index].stage = then.unwrap_or(stage);
            }
            // Ended, or refused for good; where nobody knows, the desk lets go as well.
            _ => {
                let gone = self.mine.swap_remove(index);
                self.gone.truncate(GONE_MAX - 1);
                self.gone.insert(0, gone);
            }
        }
    }

    /// Asks for something of what it has let go of, as somebody does who looks at an old page.
    async fn come_back(&mut self) {
        let Some(Mine { commitment, fencing, .. }) = self.gone.choose(&mut self.chance).copied()
        else {
            return;
        };
        let act = match self.chance.random_range(0..5) {
            0 => Act::Release(Release { commitment, fencing }),
            1 => Act::Confirm(Confirm { commitment, fencing }),
            2 => Act::Arrive(Arrive { commitment }),
            3 => Act::Cancel(Cancel { commitment }),
            _ => Act::Discharge(Discharge { commitment }),
        };
        self.ask(act).await;
    }

    async fn book(&mut self) {
        let legs = if self.chance.random_ratio(1, 6) { 2 } else { 1 };
        let legs = (0..legs).map(|_| {
            let count = self.chance.random_range(1..=3);
            let all = places();
            Leg { candidates: all.choose_multiple(&mut self.chance, count).copied().collect() }
        });
        let legs: Vec<_> = legs.collect();
        let held = self.chance.random_ratio(1, 2);
        let terms = if held { Terms::Hold { seconds: 10 } } else { Terms::Book };
        let person = (u128::from(self.number) << 64) | (u128::from(self.asked) + 1);
        let hold = Hold {
            legs: legs.clone(),
            terms,
            arrival_seconds: 0,
            person: NonZeroU128::new(person).map(PersonId),
            basis: None,
            overcapacity: None,
        };
        let Some(applied) = self.ask(Act::Hold(hold)).await else {
            return;
        };
        if let Outcome::Done(Done::Granted(granted)) = applied.outcome {
            // What was granted together ends together: only the first is kept in mind, and only
            // where it stands alone may its patient arrive.
            let choice = usize::from(granted.choices[0]);
            let bed = matches!(legs[0].candidates[choice], Place::Bed(_)) && granted.legs == 1;
            let stage = if held { Stage::Held } else { Stage::Booked };
            let (commitment, fencing) = (granted.first, granted.fencing);
            self.mine.push(Mine { commitment, fencing, stage, bed });
        }
    }

    /// Asks until it is told, or its patience ends; what is open then is asked again at the end.
    async fn ask(&mut self, act: Act) -> Option<Applied> {
        let begun = self.counter.trace.micros();
        let number = self.counter.record.ask(self.number, act.clone(), begun);
        let mut command = self.command(act);
        for _ in 0..3 {
            if self.ask_once(number, &command).await {
                let notes = self.counter.record.notes();
                return notes.asked[number].answer.as_ref().map(|(_, applied)| applied.clone());
            }
            if self.counter.mutant == Some(Mutant::RetriesUnderAnotherId) {
                command = self.command(command.act);
            }
        }
        if self.counter.mutant == Some(Mutant::LostAnswersAreRefusals) {
            let refused = Outcome::Refused(Refusal::Taken);
            let applied = Applied { revision: Revision(u64::MAX), outcome: refused };
            self.counter.record.told(number, u64::MAX, applied);
            return None;
        }
        self.open.push((number, command));
        None
    }

    /// Asks two nodes at once under one id: both must say the same, or that nobody remembers.
    async fn ask_twice(
        &mut self,
        replica: &Replica,
        command: &Command,
    ) -> Result<Vec<Applied>, ProposeError> {
        let until = Instant::now() + TRY;
        let Some((_, other)) = self.counter.mesh.somebody(&mut self.chance) else {
            return replica.propose(vec![command.clone()], until).await;
        };
        self.counter.mesh.tally.count(Deed::AskedTwice);
        let (one, other) = tokio::join!(
            replica.propose(vec![command.clone()], until),
            other.propose(vec![command.clone()], until),
        );
        let forgotten =
            |answer: &Vec<Applied>| answer[0].outcome == Outcome::Refused(Refusal::RequestTooOld);
        match (one, other) {
            (Ok(one), Ok(other)) if forgotten(&one) => Ok(other),
            (Ok(one), Ok(other)) => {
                if one != other && !forgotten(&other) {
                    let what = format!("{:?} was answered {one:?} and {other:?}", command.act);
                    self.counter.record.notes().contradicted.push(what);
                }
                Ok(one)
            }
            (Ok(told), Err(_)) | (Err(_), Ok(told)) => Ok(told),
            // What one of them may have carried out is not known, whatever the other says.
            (Err(ProposeError::OutcomeUnknown), Err(_)) => Err(ProposeError::OutcomeUnknown),
            (Err(_), Err(other)) => Err(other),
        }
    }

    fn command(&mut self, act: Act) -> Command {
        self.asked += 1;
        let millis = u128::from(START_SECONDS * 1_000 + self.counter.trace.micros() / 1_000);
        let own = u128::from(self.number) << 32 | u128::from(self.asked);
        let request = RequestId::Unique(millis << 80 | 0x7 << 76 | 0b10 << 62 | own);
        let author = Some(Author { principal: u64::from(self.number) + 1, role: Role::Desk });
        Command { request, author, ..Command::natural(act) }
    }

    /// One try, at some node. True when it was told.
    async fn ask_once(&mut self, number: usize, command: &Command) -> bool {
        let Some((node, replica)) = self.counter.mesh.somebody(&mut self.chance) else {
            tokio::time::sleep(Duration::from_millis(200)).await;
            return false;
        };
        let answer = match self.chance.random_ratio(1, 16) {
            true => self.ask_twice(&replica, command).await,
            false => replica.propose(vec![command.clone()], Instant::now() + TRY).await,
        };
        let fate = |answer: &Vec<Applied>| Fate::of(&answer[0].outcome);
        let fate = answer.as_ref().map_or(Fate::Unknown, fate);
        self.counter.mesh.tally.wrote(&command.act, fate);
        let desk = self.number;
        match answer {
            Ok(mut applied) => {
                let mut applied = applied.remove(0);
                self.told = self.told.max(applied.revision);
                let (revision, outcome) = (applied.revision.0, &applied.outcome);
                let trace = &self.counter.trace;
                trace.line(format_args!("desk {desk} {number} at {node}: {revision} {outcome:?}"));
                if self.counter.mutant == Some(Mutant::AnswersInvented) {
                    applied.revision = Revision(revision + 1);
                }
                self.counter.record.told(number, trace.micros(), applied);
                true
            }
            Err(error) => {
                let trace = &self.counter.trace;
                trace.line(format_args!("desk {desk} {number} at {node}: {error}"));
                let pause = match error {
                    ProposeError::OutcomeUnknown => 10,
                    _ => self.chance.random_range(20..=200),
                };
                tokio::time::sleep(Duration::from_millis(pause)).await;
                false
            }
        }
    }
}
