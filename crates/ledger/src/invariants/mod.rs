//! What must hold in every state, one promise a file. Checked over every record after every step
//! of tests and simulations, and by a slow patrol in production.

mod conservation;
mod deadlines;
mod directory;

use crate::digest::Digest;
use crate::state::State;
use crate::words::{AgendaId, Clues, CommitmentId, ServiceId};
use core::fmt;

/// A promise that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A ward's commitments are not those that say they are there.
    WardMiscounts(ServiceId),
    /// A slot's commitments are not those that say they are there.
    AgendaMiscounts(AgendaId),
    /// A live commitment's place does not know it.
    Homeless(CommitmentId),
    /// A deadline belongs to nothing, or something that falls due has none.
    DeadlineLost(Option<CommitmentId>),
    /// An ended commitment is not among those to be forgotten, or the reverse.
    EndedMiscounted,
    /// A code leads to a facility that does not have it, or the reverse.
    DirectoryWrong(Clues),
    /// The digest kept up with the writes is not that of the records.
    DigestDrifted {
        /// Kept up.
        kept: Digest,
        /// Of the records.
        records: Digest,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WardMiscounts(id) => write!(f, "the ward of service {id} miscounts"),
            Self::AgendaMiscounts(id) => write!(f, "agenda {id} miscounts"),
            Self::Homeless(id) => write!(f, "the place of commitment {id} does not know it"),
            Self::DeadlineLost(Some(id)) => write!(f, "the deadline of commitment {id} is lost"),
            Self::DeadlineLost(None) => f.write_str("a deadline belongs to nothing"),
            Self::EndedMiscounted => f.write_str("ended commitments are miscounted"),
            Self::DirectoryWrong(clues) => write!(f, "code {clues} leads astray"),
            Self::DigestDrifted { kept, records } => {
                write!(f, "the digest is {:x}, but {:x} of the records", kept.0, records.0)
            }
        }
    }
}

impl core::error::Error for Violation {}

/// The first promise that does not hold.
pub(crate) fn first_violation(state: &State) -> Option<Violation> {
    conservation::check(state)
        .or_else(|| deadlines::check(state))
        .or_else(|| directory::check(state))
        .or_else(|| {
            let (kept, records) = (state.digest(), state.recomputed_digest());
            (kept != records).then_some(Violation::DigestDrifted { kept, records })
        })
}
