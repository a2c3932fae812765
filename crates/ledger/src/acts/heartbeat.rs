//! A facility says that what it last said still stands.

use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::FacilityId;
use alloc::vec::Vec;

/// Somebody at the facility looked, and its last reports still hold: all its wards are fresh.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heartbeat {
    /// Which facility.
    pub facility: FacilityId,
    /// The incarnation of the cluster it speaks to.
    pub incarnation: u64,
}

impl Heartbeat {
    /// Refusals, in order: [`Refusal::UnknownFacility`], [`Refusal::FacilityClosed`],
    /// [`Refusal::OtherIncarnation`], [`Refusal::NeverReported`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let facility = step.state.open_facility(self.facility)?;
        if self.incarnation != step.state.incarnation {
            return Err(Refusal::OtherIncarnation { incarnation: step.state.incarnation });
        }
        let reported: Vec<_> = facility
            .services
            .iter()
            .map(|(_, id)| u64::from(id.0))
            .filter(|id| {
                let service = step.state.services.get(*id);
                service.and_then(|s| s.ward.as_ref()).is_some_and(|w| w.statement.is_some())
            })
            .collect();
        if reported.is_empty() {
            return Err(Refusal::NeverReported);
        }

        let heard = step.moment;
        for service in reported {
            step.state.services.update(service, |service| {
                if let Some(ward) = &mut service.ward {
                    ward.heard = heard;
                }
            });
        }
        Ok(Done::Plain)
    }
}
