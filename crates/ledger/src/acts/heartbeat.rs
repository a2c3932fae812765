//! A facility says that what it last said still stands.

use crate::words::FacilityId;

/// Somebody at the facility looked, and its last reports still hold: all its wards are fresh.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heartbeat {
    /// Which facility.
    pub facility: FacilityId,
    /// The incarnation of the cluster it speaks to.
    pub incarnation: u64,
}

impl Heartbeat {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
