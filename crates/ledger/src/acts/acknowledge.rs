//! A ward says that an ended commitment's bed is free again.

use crate::event::Happening;
use crate::outcome::{Done, Refusal};
use crate::state::Step;
use crate::words::ServiceId;

/// The ward's last report counted this commitment's bed as taken; the commitment has ended since,
/// and the ward has set the bed free. Once a newer report is in, it says so itself, and an
/// acknowledgement adds nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Acknowledge {
    /// Of which service.
    pub service: ServiceId,
    /// The incarnation of the cluster whose commitment it was.
    pub incarnation: u64,
    /// The commitment's number among the service's.
    pub number: u64,
}

impl Acknowledge {
    /// Refusals, in order: [`Refusal::UnknownService`], [`Refusal::WrongKind`],
    /// [`Refusal::OtherIncarnation`], [`Refusal::NothingToReturn`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let service = u64::from(self.service.0);
        let known = step.state.services.get(service).ok_or(Refusal::UnknownService)?;
        let (facility, Some(ward)) = (known.facility, &known.ward) else {
            return Err(Refusal::WrongKind);
        };
        if self.incarnation != step.state.incarnation {
            return Err(Refusal::OtherIncarnation { incarnation: step.state.incarnation });
        }
        // A place comes back once, and only beside the report that counted it as taken: a newer
        // one speaks for itself, and cleared what awaited return.
        let Some(sequence) = ward.statement.as_ref().map(|statement| statement.sequence) else {
            return Err(Refusal::NothingToReturn);
        };
        if !ward.awaiting_return.contains(&self.number) {
            return Err(Refusal::NothingToReturn);
        }

        let changed = step.state.services.update(service, |service| {
            let Some(ward) = &mut service.ward else { unreachable!("its kind was checked") };
            ward.awaiting_return.remove(&self.number);
            ward.returned += 1;
            (ward.available(), ward.overcommitted())
        });
        let (available, overcommitted) = changed.unwrap_or_default();
        let (service, number) = (self.service, self.number);
        step.happened(Some(facility), Happening::Returned { service, number });
        let changed = Happening::BedsChanged { service, available, overcommitted, sequence };
        step.happened(Some(facility), changed);
        Ok(Done::Plain)
    }
}
