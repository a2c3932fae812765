//! What happened in a run, counted by kind: a kind of thing that never happens is not judged.

use ledger::{Act, Outcome};
use replica::{Consistency, PeerCall};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A kind of thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Somebody read.
    Read(Freshness, Fate),
    /// Somebody asked for something to be carried out.
    Write(Kind, Fate),
    /// One node asked another.
    Call(PeerCall, Fate),
    /// A message met a link that was cut.
    Cut,
    /// One request was sent to two nodes at once.
    AskedTwice,
    /// A node was first seen to lead in a term.
    LeaderElected,
    /// A leader was asked to hand over.
    HandOver(Fate),
    /// Who votes is not who voted before.
    MembersChanged,
    /// A node took a checkpoint without being asked.
    CheckpointTaken,
    /// A node took a checkpoint because it was asked.
    CheckpointAsked,
    /// A node installed a checkpoint that came from another.
    CheckpointInstalled,
    /// The head of a log was dropped.
    LogPurged,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
    /// Nobody knows, or nobody was told.
    Unknown,
    /// It came twice.
    Twice,
}

/// How true a read must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// The truth.
    Linearizable,
    /// One's own last word at least.
    AtLeast,
    /// Whatever is there, up to an age.
    Stale,
}

/// What clients ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A place.
    Hold,
    /// To book what is held.
    Confirm,
    /// To give a hold back.
    Release,
    /// To give a booking back.
    Cancel,
    /// To note that a patient came.
    Arrive,
    /// To note that a patient left.
    Discharge,
    /// To believe a ward.
    Report,
    /// To register another number of beds.
    Capacity,
}

impl Freshness {
    const ALL: [Self; 3] = [Self::Linearizable, Self::AtLeast, Self::Stale];

    /// The kind of a read.
    pub const fn of(want: Consistency) -> Self {
        match want {
            Consistency::Linearizable => Self::Linearizable,
            Consistency::AtLeast(_) => Self::AtLeast,
            Consistency::Stale { .. } => Self::Stale,
        }
    }
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Hold,
        Self::Confirm,
        Self::Release,
        Self::Cancel,
        Self::Arrive,
        Self::Discharge,
        Self::Report,
        Self::Capacity,
    ];

    /// The kind of an act; none of what no client asks for.
    pub const fn of(act: &Act) -> Option<Self> {
        Some(match act {
            Act::Hold(_) => Self::Hold,
            Act::Confirm(_) => Self::Confirm,
            Act::Release(_) => Self::Release,
            Act::Cancel(_) => Self::Cancel,
            Act::Arrive(_) => Self::Arrive,
            Act::Discharge(_) => Self::Discharge,
            Act::Report(_) => Self::Report,
            Act::ConfirmCapacity(_) => Self::Capacity,
            _ => return None,
        })
    }
}

impl Fate {
    /// What became of a command that was answered.
    pub const fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Done(_) => Self::Done,
            Outcome::Refused(_) => Self::Refused,
        }
    }
}

impl Deed {
    /// Everything that a hundred runs must show. Not among it: that beds are refused to be
    /// registered, which nobody does; and what a network does with calls that are so few that it
    /// may do nothing with them: when members change, and when a checkpoint is sent.
    pub fn expected() -> Vec<Self> {
        let mut expected = vec![
            Self::Cut,
            Self::AskedTwice,
            Self::LeaderElected,
            Self::HandOver(Fate::Done),
            Self::MembersChanged,
            Self::CheckpointTaken,
            Self::CheckpointAsked,
            Self::CheckpointInstalled,
            Self::LogPurged,
            Self::Write(Kind::Capacity, Fate::Done),
            Self::Write(Kind::Capacity, Fate::Unknown),
        ];
        for freshness in Freshness::ALL {
            let fates = [Fate::Done, Fate::Refused];
            expected.extend(fates.map(|fate| Self::Read(freshness, fate)));
        }
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Capacity) {
            let fates = [Fate::Done, Fate::Refused, Fate::Unknown];
            expected.extend(fates.map(|fate| Self::Write(kind, fate)));
        }
        for call in PeerCall::ALL {
            expected.push(Self::Call(call, Fate::Done));
            if matches!(
                call,
                PeerCall::Vote
                    | PeerCall::Append
                    | PeerCall::Forward
                    | PeerCall::ReadIndex
                    | PeerCall::Pulse
            ) {
                expected.extend([Fate::Unknown, Fate::Twice].map(|fate| Self::Call(call, fate)));
            }
        }
        expected
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Twice => "twice",
        })
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Read(freshness, fate) => format!("read {freshness:?} {fate}"),
            Self::Write(kind, fate) => format!("write {kind:?} {fate}"),
            Self::Call(call, fate) => format!("call {call:?} {fate}"),
            Self::Cut => String::from("message on a link that is cut"),
            Self::AskedTwice => String::from("request at two nodes at once"),
            Self::LeaderElected => String::from("leader elected"),
            Self::HandOver(fate) => format!("hand-over {fate}"),
            Self::MembersChanged => String::from("members changed"),
            Self::CheckpointTaken => String::from("checkpoint taken unasked"),
            Self::CheckpointAsked => String::from("checkpoint taken as asked"),
            Self::CheckpointInstalled => String::from("checkpoint installed"),
            Self::LogPurged => String::from("log purged"),
        };
        f.pad(&text.to_lowercase())
    }
}

/// Counts. Clones count together.
#[derive(Clone, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<Deed, u64>>>);

impl Tally {
    /// Counts one.
    pub fn count(&self, deed: Deed) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(deed).or_default() += 1;
    }

    /// Counts what became of a write, if it is of a kind that clients ask for.
    pub fn wrote(&self, act: &Act, fate: Fate) {
        if let Some(kind) = Kind::of(act) {
            self.count(Deed::Write(kind, fate));
        }
    }

    /// All counts.
    pub fn counts(&self) -> BTreeMap<Deed, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
