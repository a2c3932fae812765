//! Confirm how many beds a service has.

use crate::event::Happening;
use crate::limits::BEDS_PER_SERVICE_MAX;
use crate::outcome::{Bound, Done, Refusal};
use crate::state::Step;
use crate::words::Registered;
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
            ward.registered = Registered::Confirmed(self.beds);
            ward.claim = ward.claim.filter(|claim| claim.beds > self.beds);
            // What was said under a greater capacity may claim more than there is.
            if ward.statement.as_ref().is_some_and(|s| s.available > self.beds) {
                ward.statement = None;
                ward.returned = 0;
                ward.awaiting_return.clear();
                ward.unaccounted.0 = ward.count_unaccounted();
            }
        });
        let (service, beds) = (self.service, self.beds);
        step.happened(Some(facility), Happening::CapacityConfirmed { service, beds });
        Ok(Done::Plain)
    }
}
