//! Dense numbers by which the ledger finds its records; the outside uses names.

use core::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($number:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $number);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// A facility's number, given at registration and never used again.
    FacilityId(u32)
}
id! {
    /// A service's number.
    ServiceId(u32)
}
id! {
    /// An agenda's number: one published block of slots.
    AgendaId(u32)
}
id! {
    /// A commitment's number: holds and bookings, in the order in which they were granted.
    CommitmentId(u64)
}
id! {
    /// Which version of the replicated policy a decision was taken under.
    PolicyVersion(u32)
}

/// One bookable interval: a place in a published agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId {
    /// The agenda it belongs to.
    pub agenda: AgendaId,
    /// Its place there, from 0.
    pub index: u16,
}

impl fmt::Display for SlotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.agenda.0, self.index)
    }
}
