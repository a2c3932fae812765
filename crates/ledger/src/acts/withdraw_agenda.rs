//! Withdraw a published agenda.

use crate::words::AgendaId;

/// Withdraws an agenda. Refused while anything is committed there; block its slots first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WithdrawAgenda {
    /// Which.
    pub agenda: AgendaId,
}

impl WithdrawAgenda {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
