//! Make a facility another one's duplicate.

use crate::words::FacilityId;

/// Two records turned out to be one building: the codes of the duplicate lead to the survivor from
/// now on. Refused while anything is committed at the duplicate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MergeFacility {
    /// The record that is given up.
    pub duplicate: FacilityId,
    /// The record that stays.
    pub into: FacilityId,
}

impl MergeFacility {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
