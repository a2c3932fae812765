//! What the model remembers, as plain structs: nothing is counted in advance.

use ledger::words::{
    AgendaShape, Alias, Author, BedCount, Claim, Clues, CommitmentId, FacilityId, FacilityProfile,
    FacilityStatus, Joint, Moment, PersonId, Place, Rare, Registered, Revision, ServiceCode,
    ServiceId, ServiceKind, Status,
};
use std::collections::{BTreeMap, BTreeSet};

/// A facility.
#[derive(Clone, Debug)]
pub struct Facility {
    /// Its code now.
    pub clues: Clues,
    /// What the catalogue says of it.
    pub profile: FacilityProfile,
    /// Whether it takes part.
    pub status: FacilityStatus,
    /// Its other codes, oldest first.
    pub aliases: Vec<Alias>,
    /// Its services by code.
    pub services: BTreeMap<ServiceCode, ServiceId>,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Where it is offered.
    pub facility: FacilityId,
    /// Its code there.
    pub code: ServiceCode,
    /// What it is.
    pub kind: ServiceKind,
    /// Whether it takes part.
    pub open: bool,
    /// Its beds, when its places are beds.
    pub ward: Option<Ward>,
}

/// The beds of a service.
#[derive(Clone, Debug, Default)]
pub struct Ward {
    /// How many there are, and who says so.
    pub registered: Registered,
    /// The last report that was believed.
    pub statement: Option<Statement>,
    /// The last claim that was not.
    pub claim: Option<Claim>,
    /// When there was news last.
    pub heard: Moment,
    /// The number of the newest commitment.
    pub last_number: u64,
    /// Commitments that the statement accounts for and that ended since.
    pub ended_since: BTreeSet<u64>,
    /// Those of them whose bed the ward has said to be free again.
    pub given_back: BTreeSet<u64>,
}

/// What a ward said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The report's number.
    pub sequence: u64,
    /// The beds it counted.
    pub beds: BedCount,
    /// Places it counted as free and usable.
    pub available: u32,
    /// It had every commitment in mind up to this number …
    pub accounted_through: u64,
    /// … except these.
    pub exceptions: BTreeSet<u64>,
}

/// A published block of slots.
#[derive(Clone, Debug)]
pub struct Agenda {
    /// Of which service.
    pub service: ServiceId,
    /// When the slots are.
    pub shape: AgendaShape,
    /// Those out of use.
    pub blocked: BTreeSet<u16>,
}

/// A hold or a booking, live or ended not long ago.
#[derive(Clone, Debug)]
pub struct Commitment {
    /// Where.
    pub place: Place,
    /// Its number in its ward; 0 for a slot.
    pub number: u64,
    /// Where it stands.
    pub status: Status,
    /// Those granted with it.
    pub joint: Joint,
    /// Whether its patient should have come by now.
    pub overdue: bool,
    /// The revision of its last grant or extension.
    pub fencing: Revision,
    /// When it falls due; when it ended, once it has.
    pub deadline: Moment,
    /// When it was granted.
    pub granted: Moment,
    /// How long its bed waits once booked.
    pub arrival_seconds: u32,
    /// For whom.
    pub person: Option<PersonId>,
    /// Who asked.
    pub author: Option<Author>,
    /// Basis, reasons and origin.
    pub rare: Rare,
}

impl Ward {
    /// Whether the ward had this commitment in mind when it counted.
    #[must_use]
    pub fn accounts_for(&self, number: u64) -> bool {
        self.statement.as_ref().is_some_and(|said| {
            number <= said.accounted_through && !said.exceptions.contains(&number)
        })
    }

    /// Commitments that it counted, that ended since, and whose bed it has not set free.
    #[must_use]
    pub fn awaiting_return(&self) -> BTreeSet<u64> {
        self.ended_since.difference(&self.given_back).copied().collect()
    }

    /// Forgets what the ward said, and with it what was said beside it.
    pub fn unsay(&mut self) {
        self.statement = None;
        self.ended_since.clear();
        self.given_back.clear();
    }
}

impl Commitment {
    /// All that were granted with it, itself among them.
    #[must_use]
    pub fn together(&self, id: CommitmentId) -> Vec<CommitmentId> {
        let first = id.0 - u64::from(self.joint.index);
        (0..u64::from(self.joint.count)).map(|leg| CommitmentId(first + leg)).collect()
    }
}
