//! Withdraw a published agenda.

use crate::event::Happening;
use crate::limits::NAMED_COMMITMENTS_MAX;
use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::AgendaId;

/// Withdraws an agenda. Refused while anything is committed there; block its slots first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WithdrawAgenda {
    /// Which.
    pub agenda: AgendaId,
}

impl WithdrawAgenda {
    /// Refusals, in order: [`Refusal::UnknownAgenda`], [`Refusal::HasCommitments`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let agenda = step.state.agendas.get(u64::from(self.agenda.0));
        let agenda = agenda.ok_or(Refusal::UnknownAgenda)?;
        if !agenda.live.is_empty() {
            let count = u32::try_from(agenda.live.len()).unwrap_or(u32::MAX);
            let named = agenda.live.iter().take(NAMED_COMMITMENTS_MAX).copied().collect();
            return Err(Refusal::HasCommitments { count, named });
        }
        let service = u64::from(agenda.service.0);

        step.withdraw(self.agenda);
        let facility = step.state.services.get(service).map(|service| service.facility);
        step.happened(facility, Happening::AgendaWithdrawn { agenda: self.agenda });
        Ok(Done::Plain)
    }
}
