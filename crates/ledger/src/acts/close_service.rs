//! Close one service of a facility.

use crate::words::ServiceId;

/// Closes a service. Refused while anything is committed there; the refusal says what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CloseService {
    /// Which.
    pub service: ServiceId,
}

impl CloseService {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
