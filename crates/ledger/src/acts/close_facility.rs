//! Close a facility.

use crate::event::Happening;
use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::FacilityId;
use crate::words::FacilityStatus;
use alloc::vec::Vec;

/// Closes a facility and its services. Refused while anything is committed there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CloseFacility {
    /// Which.
    pub facility: FacilityId,
}

impl CloseFacility {
    /// Refusals, in order: [`Refusal::UnknownFacility`], [`Refusal::FacilityClosed`],
    /// [`Refusal::HasCommitments`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let facility = step.state.open_facility(self.facility)?;
        let clues = facility.clues;
        let services: Vec<_> = facility.services.iter().map(|(_, id)| *id).collect();
        step.state.nothing_stranded(services.iter().copied())?;

        services.into_iter().for_each(|service| step.close(service));
        step.state.facilities.update(u64::from(self.facility.0), |facility| {
            facility.status = FacilityStatus::Closed;
        });
        step.state.catalogue_revision = step.revision;
        step.happened(Some(self.facility), Happening::FacilityClosed { clues });
        Ok(Done::Plain)
    }
}
