//! Publish slots.

use crate::words::{AgendaShape, ServiceId};

/// Publishes a block of slots of a service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PublishAgenda {
    /// Of which service.
    pub service: ServiceId,
    /// When the slots are.
    pub shape: AgendaShape,
}

impl PublishAgenda {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
