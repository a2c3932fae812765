//! Take slots out of use, or back into it.

use crate::words::AgendaId;

/// Takes slots out of use, or back into it. What is committed there stays committed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BlockSlots {
    /// Of which agenda.
    pub agenda: AgendaId,
    /// The first slot.
    pub first: u16,
    /// How many slots.
    pub count: u16,
    /// Out of use, or back.
    pub blocked: bool,
}

impl BlockSlots {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
