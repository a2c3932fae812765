//! Close one service of a facility.

use crate::event::Happening;
use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::ServiceId;

/// Closes a service. Refused while anything is committed there; the refusal says what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CloseService {
    /// Which.
    pub service: ServiceId,
}

impl CloseService {
    /// Refusals, in order: [`Refusal::UnknownService`], [`Refusal::FacilityClosed`],
    /// [`Refusal::ServiceClosed`], [`Refusal::HasCommitments`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let facility = step.state.open_service(self.service)?.facility;
        step.state.nothing_stranded([self.service].into_iter())?;

        step.close(self.service);
        step.state.catalogue_revision = step.revision;
        step.happened(Some(facility), Happening::ServiceClosed { service: self.service });
        Ok(Done::Plain)
    }
}
