//! Why services were left out, counted.

use ledger::Refusal;

/// Why a service that was looked at was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exclusion {
    /// It, or its facility, is closed.
    Closed,
    /// It belongs to an institution that was not asked for.
    OtherInstitution,
    /// Its beds are not of the type asked for.
    OtherType,
    /// Nobody has confirmed how many beds it has.
    Unconfirmed,
    /// It has never reported.
    NeverReported,
    /// It has not been heard of for too long.
    Silent,
    /// It is full.
    Full,
    /// It has published no slots in the window.
    NoSlots,
}

impl Exclusion {
    /// Every reason, in the order in which they are judged.
    pub const ALL: [Self; 8] = [
        Self::Closed,
        Self::OtherInstitution,
        Self::OtherType,
        Self::Unconfirmed,
        Self::NeverReported,
        Self::Silent,
        Self::Full,
        Self::NoSlots,
    ];

    /// The reason that the ledger's own refusal of a bed stands for.
    pub(crate) const fn of(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::CapacityUnconfirmed => Self::Unconfirmed,
            Refusal::NeverReported => Self::NeverReported,
            Refusal::StaleFacility => Self::Silent,
            Refusal::Taken | Refusal::Blocked => Self::Full,
            _ => Self::Closed,
        }
    }
}

/// How many services were left out, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Excluded([u32; Exclusion::ALL.len()]);

impl Excluded {
    pub(crate) const fn add(&mut self, why: Exclusion, services: u32) {
        let count = &mut self.0[why as usize];
        *count = count.saturating_add(services);
    }

    /// How many were left out for this reason.
    #[must_use]
    pub const fn count(&self, why: Exclusion) -> u32 {
        self.0[why as usize]
    }

    /// Every reason for which services were left out, and how many.
    pub fn iter(&self) -> impl Iterator<Item = (Exclusion, u32)> + '_ {
        Exclusion::ALL.into_iter().map(|why| (why, self.count(why))).filter(|(_, count)| *count > 0)
    }
}
