//! Close a facility.

use crate::words::FacilityId;

/// Closes a facility and its services. Refused while anything is committed there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CloseFacility {
    /// Which.
    pub facility: FacilityId,
}

impl CloseFacility {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
