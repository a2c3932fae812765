//! Take places: the first candidate of each leg that has room, all legs or none.

use crate::limits::REASON_BYTES_MAX;
use crate::limits::{
    ARRIVAL_SECONDS_MAX, CANDIDATES_MAX, COMMITMENTS_MAX, HOLD_SECONDS_MAX, HOLD_SECONDS_MIN,
    LEGS_MAX,
};
use crate::outcome::{Bound, Done, Granted, Refusal};
use crate::state::{State, Step};
use crate::words::{Basis, PersonId, Place, Text};
use crate::words::{Commitment, CommitmentId, Joint, Moment, Rare, Status};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Takes one place per leg, all in one commit or none: for each leg the first of its candidates
/// that has room now. A stale picture can make a worse choice, never an oversale.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    /// The places wanted together (a teleconsultation has two: consulting and consulted unit).
    pub legs: Vec<Leg>,
    /// How long they are kept, or booked at once.
    pub terms: Terms,
    /// How long a booked bed waits for its patient, in seconds; 0 for the default.
    pub arrival_seconds: u32,
    /// For whom.
    pub person: Option<PersonId>,
    /// By what right it crosses institutions.
    pub basis: Option<Basis>,
    /// Why it may be granted beyond the room there is: declared overcapacity.
    pub overcapacity: Option<Text<REASON_BYTES_MAX>>,
}

/// One place wanted, by candidates in order of preference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leg {
    /// Where it might be, best first.
    pub candidates: Vec<Place>,
}

/// How long places are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Terms {
    /// A hold, for this many seconds.
    Hold {
        /// Seconds from the log's moment.
        seconds: u32,
    },
    /// A booking at once.
    Book,
}

impl Hold {
    /// Refusals, in order: [`Refusal::OutOfBounds`], [`Refusal::ReasonMissing`],
    /// [`Refusal::TooManyCommitments`]; then, when a leg finds no room, the gravest thing said of
    /// its candidates: [`Refusal::Taken`] if any was merely full, else [`Refusal::StaleFacility`],
    /// [`Refusal::Blocked`], or what its first candidate was refused for.
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        self.judge_bounds()?;
        if self.overcapacity.as_ref().is_some_and(|why| why.is_empty() || step.author.is_none()) {
            return Err(Refusal::ReasonMissing);
        }
        let legs = self.legs.len() as u64;
        if step.state.commitments.len().saturating_add(legs) > COMMITMENTS_MAX {
            return Err(Refusal::TooManyCommitments);
        }
        let choices = self.choose(step.state, step.moment)?;

        let first = CommitmentId(step.state.next_commitment);
        for (index, choice) in choices.iter().take(self.legs.len()).enumerate() {
            let place = self.legs[index].candidates[usize::from(*choice)];
            let commitment = self.commitment(step, place, index);
            step.take(commitment, self.overcapacity.is_some());
        }
        let legs = self.legs.len() as u8;
        Ok(Done::Granted(Granted { first, fencing: step.revision, legs, choices }))
    }

    fn judge_bounds(&self) -> Result<(), Refusal> {
        let seconds = match self.terms {
            Terms::Hold { seconds } => seconds,
            Terms::Book => HOLD_SECONDS_MIN,
        };
        let candidates = |leg: &Leg| (1..=CANDIDATES_MAX).contains(&leg.candidates.len());
        let bound = if !(1..=LEGS_MAX).contains(&self.legs.len()) {
            Bound::Legs
        } else if !self.legs.iter().all(candidates) {
            Bound::Candidates
        } else if !(HOLD_SECONDS_MIN..=HOLD_SECONDS_MAX).contains(&seconds) {
            Bound::HoldSeconds
        } else if self.arrival_seconds > ARRIVAL_SECONDS_MAX {
            Bound::ArrivalSeconds
        } else {
            return Ok(());
        };
        Err(Refusal::OutOfBounds { bound })
    }

    /// For each leg the first candidate that has room beside what the legs before it take.
    fn choose(&self, state: &State, now: Moment) -> Result<[u8; LEGS_MAX], Refusal> {
        let mut choices = [0; LEGS_MAX];
        let beyond = self.overcapacity.is_some();
        for (index, leg) in self.legs.iter().enumerate() {
            let taken = |place: &Place| {
                let before = self.legs.iter().zip(choices).take(index);
                before.filter(|(leg, at)| leg.candidates[usize::from(*at)] == *place).count()
            };
            let choice = first_with_room(state, &leg.candidates, now, beyond, taken)?;
            choices[index] = choice;
        }
        Ok(choices)
    }

    fn commitment(&self, step: &Step<'_>, place: Place, index: usize) -> Commitment {
        let (status, deadline) = match self.terms {
            Terms::Hold { seconds } => (Status::Held, step.moment.plus_seconds(u64::from(seconds))),
            Terms::Book => {
                let deadline =
                    step.state.booking_deadline(place, step.moment, self.arrival_seconds);
                (Status::Booked, deadline)
            }
        };
        let rare =
            Rare { basis: self.basis, overcapacity: self.overcapacity.clone(), ..Rare::default() };
        Commitment {
            place,
            number: 0,
            status,
            joint: Joint { index: index as u8, count: self.legs.len() as u8 },
            overdue: false,
            fencing: step.revision,
            deadline,
            granted: step.moment,
            arrival_seconds: self.arrival_seconds,
            person: self.person,
            author: step.author,
            rare: (rare != Rare::default()).then(|| Box::new(rare)),
        }
    }
}

/// The first of these places that has room beside what is `taken` of it already in this command.
pub(super) fn first_with_room(
    state: &State,
    candidates: &[Place],
    now: Moment,
    beyond: bool,
    taken: impl Fn(&Place) -> usize,
) -> Result<u8, Refusal> {
    let mut why: Option<Refusal> = None;
    for (at, place) in candidates.iter().enumerate() {
        match state.room(*place, now, taken(place), beyond) {
            Ok(()) => return Ok(at as u8),
            Err(refusal) => {
                let graver = why.as_ref().is_none_or(|known| weight(&refusal) > weight(known));
                if graver {
                    why = Some(refusal);
                }
            }
        }
    }
    Err(why.unwrap_or(Refusal::Taken))
}

/// Which of several reasons the asker can do most with: a place that is full now may be free soon.
const fn weight(refusal: &Refusal) -> u8 {
    match refusal {
        Refusal::Taken => 3,
        Refusal::StaleFacility => 2,
        Refusal::Blocked => 1,
        _ => 0,
    }
}
