//! Confirm how many beds a service has.

use crate::words::ServiceId;

/// An operator vouches for a number of beds: reports may claim up to it, and are believed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfirmCapacity {
    /// Of which service.
    pub service: ServiceId,
    /// How many.
    pub beds: u32,
}

impl ConfirmCapacity {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
