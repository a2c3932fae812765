//! Which outcomes of which acts were reached.

use super::possible::{IMPOSSIBLE, possible};
use ledger::{Act, Bound, Done, Outcome, Refusal};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// An act's name.
pub type Name = &'static str;

/// An outcome by name: what became of the command, and which bound it met if one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// Its name.
    pub name: Name,
    /// The bound that was met.
    pub bound: Option<Bound>,
}

/// How often each outcome of each act was reached.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    reached: BTreeMap<(Name, Ending), u64>,
}

impl Coverage {
    /// Counts an outcome; `repeated` when it is the answer to an earlier command of the same id.
    pub fn count(&mut self, act: &Act, outcome: &Outcome, repeated: bool) {
        let ending =
            if repeated { Ending { name: "Repeated", bound: None } } else { ending(outcome) };
        *self.reached.entry((act_name(act), ending)).or_default() += 1;
    }

    /// Adds what another run reached.
    pub fn add(&mut self, other: &Self) {
        for (pair, count) in &other.reached {
            *self.reached.entry(*pair).or_default() += count;
        }
    }

    /// How many pairs can be reached, and how many of them were.
    #[must_use]
    pub fn summary(&self) -> (usize, usize) {
        let possible = possible();
        (possible.len(), possible.iter().filter(|pair| self.reached.contains_key(pair)).count())
    }

    /// Pairs that can be reached and were not.
    #[must_use]
    pub fn missing(&self) -> BTreeSet<(Name, Ending)> {
        possible().into_iter().filter(|pair| !self.reached.contains_key(pair)).collect()
    }

    /// Pairs that were reached although nothing says that they can be.
    #[must_use]
    pub fn unforeseen(&self) -> BTreeSet<(Name, Ending)> {
        let possible = possible();
        self.reached.keys().copied().filter(|pair| !possible.contains(pair)).collect()
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        self.bound.map_or(Ok(()), |bound| write!(f, " {bound:?}"))
    }
}

impl fmt::Display for Coverage {
    /// A line for each act and outcome with how often it was reached, then what cannot be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (act, ending) in possible() {
            let count = self.reached.get(&(act, ending)).copied().unwrap_or_default();
            writeln!(f, "{act:<16} {:<32} {count:>10}", ending.to_string())?;
        }
        for (act, outcome, reason) in IMPOSSIBLE {
            writeln!(f, "{act:<16} {outcome:<32} never: {reason}")?;
        }
        Ok(())
    }
}

/// The name of an act.
#[must_use]
pub const fn act_name(act: &Act) -> Name {
    match act {
        Act::Tick => "Tick",
        Act::PutInstitution(_) => "PutInstitution",
        Act::PutFacility(_) => "PutFacility",
        Act::CloseFacility(_) => "CloseFacility",
        Act::MergeFacility(_) => "MergeFacility",
        Act::CloseService(_) => "CloseService",
        Act::ConfirmCapacity(_) => "ConfirmCapacity",
        Act::Report(_) => "Report",
        Act::Heartbeat(_) => "Heartbeat",
        Act::Acknowledge(_) => "Acknowledge",
        Act::PublishAgenda(_) => "PublishAgenda",
        Act::BlockSlots(_) => "BlockSlots",
        Act::WithdrawAgenda(_) => "WithdrawAgenda",
        Act::Hold(_) => "Hold",
        Act::Confirm(_) => "Confirm",
        Act::Release(_) => "Release",
        Act::Extend(_) => "Extend",
        Act::Cancel(_) => "Cancel",
        Act::Arrive(_) => "Arrive",
        Act::Discharge(_) => "Discharge",
        Act::Fulfil(_) => "Fulfil",
        Act::NoShow(_) => "NoShow",
        Act::Transfer(_) => "Transfer",
        Act::Dispute(_) => "Dispute",
    }
}

fn ending(outcome: &Outcome) -> Ending {
    match outcome {
        Outcome::Done(done) => Ending { name: done_name(done), bound: None },
        Outcome::Refused(refusal) => refused(refusal),
    }
}

const fn done_name(done: &Done) -> Name {
    match done {
        Done::Plain => "Plain",
        Done::Facility(_) => "Facility",
        Done::Agenda(_) => "Agenda",
        Done::Granted(_) => "Granted",
        Done::Stale { .. } => "Stale",
        Done::Proposed { .. } => "Proposed",
        Done::ClaimHeld { .. } => "ClaimHeld",
        Done::Overcommitted { .. } => "Overcommitted",
    }
}

fn refused(refusal: &Refusal) -> Ending {
    match refusal {
        Refusal::CatalogueFull { bound } => Ending { name: "CatalogueFull", bound: Some(*bound) },
        Refusal::OutOfBounds { bound } => Ending { name: "OutOfBounds", bound: Some(*bound) },
        Refusal::Inconsistent { bound } => Ending { name: "Inconsistent", bound: Some(*bound) },
        plain => Ending { name: refusal_name(plain), bound: None },
    }
}

macro_rules! names {
    ($refusal:expr, $($name:ident)*) => {
        match $refusal {
            $(Refusal::$name { .. } => stringify!($name),)*
        }
    };
}

fn refusal_name(refusal: &Refusal) -> Name {
    names!(refusal,
        Internal RequestTooOld RequestFromFuture RequestMalformed RequestReused TooLate
        TooManyStreams UnknownInstitution UnknownFacility UnknownService FacilityClosed
        ServiceClosed CodesDisagree HasCommitments KindFixed CatalogueFull OutOfBounds
        SameFacility WrongKind OtherIncarnation WatermarkWentBack WatermarkAhead Inconsistent
        CapacityUnconfirmed NothingToReturn NeverReported UnknownAgenda UnknownSlot SlotBegun
        Blocked StaleFacility Taken AgendaOverlaps UnknownCommitment Forgotten NotYours
        FencingMismatch Expired AlreadyReleased AlreadyBooked AlreadyCancelled AlreadyArrived
        AlreadyEnded NotBooked NotArrived SlotNotBegun TooManyCommitments ReasonMissing)
}
