//! A ward's statement of its beds.

use crate::event::Happening;
use crate::limits::{BEDS_PER_SERVICE_MAX, EXCEPTIONS_MAX};
use crate::outcome::{Bound, Done, Refusal};
use crate::state::Step;
use crate::words::{BedCount, Claim, FacilityId, Registered, ServiceId, Statement, Ward};
use alloc::vec::Vec;

/// What a ward says of its beds, and which of cupo's commitments it had in mind when it counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Report {
    /// Of which service.
    pub service: ServiceId,
    /// The report's number: the next one has a greater one.
    pub sequence: u64,
    /// The incarnation of the cluster whose commitments it speaks of.
    pub incarnation: u64,
    /// The beds on both axes.
    pub beds: BedCount,
    /// Places that are free and usable, as the ward sees them.
    pub available: u32,
    /// It accounts for every commitment of the service numbered up to this …
    pub accounted_through: u64,
    /// … except these.
    pub exceptions: Vec<u64>,
}

impl Report {
    /// Refusals, in order: [`Refusal::UnknownService`], [`Refusal::FacilityClosed`],
    /// [`Refusal::ServiceClosed`], [`Refusal::WrongKind`], [`Refusal::OtherIncarnation`];
    /// then an older report is answered [`Done::Stale`]; then [`Refusal::Inconsistent`],
    /// [`Refusal::WatermarkWentBack`], [`Refusal::WatermarkAhead`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let service = step.state.open_service(self.service)?;
        let (facility, Some(ward)) = (service.facility, &service.ward) else {
            return Err(Refusal::WrongKind);
        };
        if self.incarnation != step.state.incarnation {
            return Err(Refusal::OtherIncarnation { incarnation: step.state.incarnation });
        }
        if let Some(last) = ward.statement.as_ref().filter(|s| s.sequence >= self.sequence) {
            return Ok(Done::Stale { sequence: last.sequence });
        }
        let beds = self.judge_numbers()?;
        self.judge_watermark(ward)?;
        match ward.registered {
            Registered::Confirmed(registered) if beds > registered => {
                self.write_claim(step, facility, beds, registered);
                Ok(Done::ClaimHeld { registered })
            }
            Registered::Confirmed(_) => Ok(self.write(step, facility)),
            Registered::Unknown | Registered::Proposed(_) => {
                self.propose(step, facility, beds);
                self.write(step, facility);
                Ok(Done::Proposed { beds })
            }
        }
    }

    /// The number of beds, when the report does not contradict itself.
    fn judge_numbers(&self) -> Result<u32, Refusal> {
        let total = self.beds.physical_total();
        let bound = if total != self.beds.usable_total() {
            Bound::BedTotals
        } else if total > u64::from(BEDS_PER_SERVICE_MAX) {
            Bound::Beds
        } else if self.available > self.beds.free.min(self.beds.open) {
            Bound::Available
        } else if self.exceptions.len() > EXCEPTIONS_MAX
            || self.exceptions.iter().any(|n| *n == 0 || *n > self.accounted_through)
        {
            Bound::Exceptions
        } else {
            return Ok(u32::try_from(total).unwrap_or(u32::MAX));
        };
        Err(Refusal::Inconsistent { bound })
    }

    fn judge_watermark(&self, ward: &Ward) -> Result<(), Refusal> {
        let before = ward.statement.as_ref().map_or(0, |s| s.accounted_through);
        if self.accounted_through < before {
            return Err(Refusal::WatermarkWentBack { accounted_through: before });
        }
        if self.accounted_through > ward.last_number {
            return Err(Refusal::WatermarkAhead { last_number: ward.last_number });
        }
        Ok(())
    }

    /// The report replaces all the ward said before, acknowledgements included.
    fn write(&self, step: &mut Step<'_>, facility: FacilityId) -> Done {
        let moment = step.moment;
        let written = step.state.services.update(u64::from(self.service.0), |service| {
            let Some(ward) = &mut service.ward else { unreachable!("its kind was checked") };
            let before = (ward.available(), ward.overcommitted());
            let statement = self.statement();
            // A repeated number is not news: 45 % of hospitals' daily reports repeat the day
            // before.
            if ward.statement.as_ref().is_none_or(|last| !last.says_the_same(&statement)) {
                ward.heard = moment;
            }
            ward.statement = Some(statement);
            ward.claim = None;
            ward.returned = 0;
            ward.awaiting_return.clear();
            ward.unaccounted.0 = ward.count_unaccounted();
            (before, (ward.available(), ward.overcommitted()))
        });
        let (before, (available, overcommitted)) = written.unwrap_or_default();
        if before != (available, overcommitted) {
            let (service, sequence) = (self.service, self.sequence);
            let changed = Happening::BedsChanged { service, available, overcommitted, sequence };
            step.happened(Some(facility), changed);
        }
        if overcommitted > 0 { Done::Overcommitted { by: overcommitted } } else { Done::Plain }
    }

    fn statement(&self) -> Statement {
        Statement {
            sequence: self.sequence,
            beds: self.beds,
            available: self.available,
            accounted_through: self.accounted_through,
            exceptions: self.exceptions.iter().copied().collect(),
        }
    }

    /// A jump is kept and shown, not believed.
    fn write_claim(&self, step: &mut Step<'_>, facility: FacilityId, beds: u32, registered: u32) {
        let (service, at) = (self.service, step.moment);
        let new = step.state.services.update(u64::from(service.0), |service| {
            let ward = service.ward.as_mut()?;
            let claim = Claim { beds, sequence: self.sequence, at };
            let before = ward.claim.replace(claim);
            before.is_none_or(|before| before.beds != beds).then_some(())
        });
        if new.flatten().is_some() {
            step.happened(Some(facility), Happening::ClaimHeld { service, beds, registered });
        }
    }

    fn propose(&self, step: &mut Step<'_>, facility: FacilityId, beds: u32) {
        let service = self.service;
        let new = step.state.services.update(u64::from(service.0), |service| {
            let ward = service.ward.as_mut()?;
            let before = core::mem::replace(&mut ward.registered, Registered::Proposed(beds));
            (before != ward.registered).then_some(())
        });
        if new.flatten().is_some() {
            step.happened(Some(facility), Happening::CapacityProposed { service, beds });
        }
    }
}
