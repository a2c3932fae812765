//! The beds of one service: what the ward says, what cupo has given away, and what is left.
//!
//! The arithmetic of reconciliation lives here, apart from the commands that use it:
//! *available = what the ward counted free − live commitments that count does not yet know of*.

use super::ids::CommitmentId;
use super::moment::Moment;
use crate::derived::Derived;
use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;

/// How many beds a service has, as far as anybody vouches for it. The published catalogue has no
/// bed counts, so the number comes from an import or a first report, and an operator confirms it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Registered {
    /// Nobody has said.
    #[default]
    Unknown,
    /// An import or a first report says so; nothing is granted on its word.
    Proposed(u32),
    /// An operator confirmed it; no report may claim more.
    Confirmed(u32),
}

/// A count of beds on its two axes; each sums to the beds there are (HL7 v2 table 0116 mixes them).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BedCount {
    /// Physically free.
    pub free: u32,
    /// With a patient in it (0116: O).
    pub occupied: u32,
    /// Left by a patient, not yet cleaned (K).
    pub dirty: u32,
    /// Being cleaned (H).
    pub cleaning: u32,
    /// Broken or away.
    pub out_of_order: u32,
    /// May be used.
    pub open: u32,
    /// May not: no staff, no oxygen, works, a neighbour in isolation.
    pub blocked: u32,
    /// Would be opened only in a surge.
    pub surge: u32,
    /// Closed (C).
    pub closed: u32,
}

impl BedCount {
    /// All beds by their physical state.
    #[must_use]
    pub fn physical_total(&self) -> u64 {
        [self.free, self.occupied, self.dirty, self.cleaning, self.out_of_order]
            .into_iter()
            .map(u64::from)
            .sum()
    }

    /// All beds by whether they may be used.
    #[must_use]
    pub fn usable_total(&self) -> u64 {
        [self.open, self.blocked, self.surge, self.closed].into_iter().map(u64::from).sum()
    }
}

/// What a ward said, as it was believed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    /// The number of the report; a later one has a greater number.
    pub sequence: u64,
    /// The beds on both axes.
    pub beds: BedCount,
    /// Places that are free *and* usable, as the ward sees them.
    pub available: u32,
    /// The statement accounts for every commitment numbered up to this …
    pub accounted_through: u64,
    /// … except these.
    pub exceptions: BTreeSet<u64>,
}

impl Statement {
    /// Whether another report repeats this one's numbers, be they looked at again or only copied.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.beds == other.beds
            && self.available == other.available
            && self.accounted_through == other.accounted_through
            && self.exceptions == other.exceptions
    }

    /// Whether the ward had this commitment in mind when it counted.
    #[must_use]
    pub fn accounts_for(&self, number: u64) -> bool {
        number <= self.accounted_through && !self.exceptions.contains(&number)
    }
}

/// A claim of more beds than are registered: shown to operators, not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// Beds claimed.
    pub beds: u32,
    /// The report that claimed them.
    pub sequence: u64,
    /// When.
    pub at: Moment,
}

/// The beds of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ward {
    /// How many beds there are.
    pub registered: Registered,
    /// The last report that was believed.
    pub statement: Option<Statement>,
    /// The last report that claimed too much, until a believed one follows.
    pub claim: Option<Claim>,
    /// When the facility last had news: a changed report, or a heartbeat. A repeated number is not
    /// news.
    pub heard: Moment,
    /// Places given back by acknowledgement since the statement.
    pub returned: u32,
    /// Commitments that the statement accounts for, that ended since, and whose place the ward has
    /// not yet said to be free.
    pub awaiting_return: BTreeSet<u64>,
    /// The number of the newest commitment here; numbers are dense, from 1.
    pub last_number: u64,
    /// Live commitments by their number here.
    pub live: Derived<Arc<BTreeMap<u64, CommitmentId>>>,
    /// How many of them the statement does not account for.
    pub unaccounted: Derived<u32>,
}

impl Ward {
    /// Whether the statement accounts for this commitment; without one nothing is.
    #[must_use]
    pub fn accounts_for(&self, number: u64) -> bool {
        self.statement.as_ref().is_some_and(|s| s.accounts_for(number))
    }

    /// Places the ward's own words leave, before what it does not know of: what it counted, and
    /// what it gave back since.
    #[must_use]
    pub fn offered(&self) -> u32 {
        match (self.registered, &self.statement) {
            (Registered::Confirmed(_), Some(s)) => s.available.saturating_add(self.returned),
            _ => 0,
        }
    }

    /// Places that may be granted now.
    #[must_use]
    pub fn available(&self) -> u32 {
        self.offered().saturating_sub(*self.unaccounted)
    }

    /// Commitments for which there is no room any more: *overcommitted* when above zero.
    #[must_use]
    pub fn overcommitted(&self) -> u32 {
        self.unaccounted.saturating_sub(self.offered())
    }

    /// An operator vouches for this many beds. What the ward said under a greater number may claim
    /// more than there is, and does not count any more.
    pub(crate) fn confirm(&mut self, beds: u32) {
        self.registered = Registered::Confirmed(beds);
        self.claim = self.claim.filter(|claim| claim.beds > beds);
        if self.statement.as_ref().is_some_and(|said| said.beds.physical_total() > u64::from(beds))
        {
            self.statement = None;
            self.returned = 0;
            self.awaiting_return.clear();
            self.unaccounted.0 = self.count_unaccounted();
        }
    }

    /// How many live commitments a statement would not account for.
    #[must_use]
    pub fn count_unaccounted(&self) -> u32 {
        let count = self.live.keys().filter(|number| !self.accounts_for(**number)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}
