//! Who a place is for, and by what right. Identity never enters here: a person is a random number.

use super::ids::PolicyVersion;
use core::num::NonZeroU128;

/// A person: a random 128-bit number, never zero. What links it to anybody is kept elsewhere and is
/// erasable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub NonZeroU128);

/// Why a step across institutions was lawful. Carried and recorded; judged once permission is a
/// condition of the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Basis {
    /// What kind of right it is.
    pub kind: BasisKind,
    /// The number of the consent, order or justification it refers to.
    pub reference: u64,
    /// The version of the policy under which it was put forward, if one was named.
    pub policy: Option<PolicyVersion>,
}

/// The kinds of legal basis (LGPDPPSO arts. 7 and 16; LGS art. 55).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum BasisKind {
    /// The person's express, scoped, revocable permission.
    Consent = 1,
    /// A duly justified judicial order.
    JudicialOrder = 2,
    /// Care that cannot wait.
    Emergency = 3,
}

impl BasisKind {
    /// The kind with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Consent,
            2 => Self::JudicialOrder,
            3 => Self::Emergency,
            _ => return None,
        })
    }
}

/// Who asks: a number the edge gives to an authenticated caller, and in what role it acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Author {
    /// The caller's number.
    pub principal: u64,
    /// The role it acts in.
    pub role: Role,
}

/// The roles in which somebody uses the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Role {
    /// A referral desk looking for a place.
    Desk = 1,
    /// A facility that reports its capacity and receives patients.
    Facility = 2,
    /// A citizen, through an app or a counter.
    Citizen = 3,
    /// Somebody who runs the cluster or the catalogue.
    Operator = 4,
    /// Somebody who may look and not touch.
    Auditor = 5,
}

impl Role {
    /// The role with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Desk,
            2 => Self::Facility,
            3 => Self::Citizen,
            4 => Self::Operator,
            5 => Self::Auditor,
            _ => return None,
        })
    }
}
