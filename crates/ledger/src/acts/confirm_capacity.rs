//! Confirm how many beds a service has.

use crate::event::Happening;
use crate::limits::BEDS_PER_SERVICE_MAX;
use crate::outcome::{Bound, Done, Refusal};
use crate::state::Step;
use crate::words::ServiceId;

/// An operator vouches for a number of beds: reports may claim up to it, and are believed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfirmCapacity {
    /// Of which service.
    pub service: ServiceId,
    /// How many.
    pub beds: u32,
}

impl ConfirmCapacity {
    /// Refusals, in order: [`Refusal::UnknownService`], [`Refusal::FacilityClosed`],
    /// [`Refusal::ServiceClosed`], [`Refusal::WrongKind`], [`Refusal::OutOfBounds`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let service = step.state.open_service(self.service)?;
        let facility = service.facility;
        if service.ward.is_none() {
            return Err(Refusal::WrongKind);
        }
        if self.beds == 0 || self.beds > BEDS_PER_SERVICE_MAX {
            return Err(Refusal::OutOfBounds { bound: Bound::Beds });
        }

        step.state.services.update(u64::from(self.service.0), |service| {
            let Some(ward) = &mut service.ward else { unreachable!("its kind was checked") };
            ward.confirm(self.beds);
        });
        let (service, beds) = (self.service, self.beds);
        step.happened(Some(facility), Happening::CapacityConfirmed { service, beds });
        Ok(Done::Plain)
    }
}
