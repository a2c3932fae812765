//! What wards say: reports, heartbeats, acknowledgements, and how many beds there are.

use super::{Mistake, Model, Statement, Ward};
use ledger::acts::{Acknowledge, ConfirmCapacity, Heartbeat, Report};
use ledger::limits::{BEDS_PER_SERVICE_MAX, EXCEPTIONS_MAX};
use ledger::words::{Claim, Registered, ServiceId};
use ledger::{Bound, Done, Refusal};

impl Ward {
    /// An operator vouches for this many beds. What the ward said under a greater number may be
    /// more than there is, and does not count any more.
    pub(super) fn confirm(&mut self, beds: u32) {
        self.registered = Registered::Confirmed(beds);
        if self.claim.is_some_and(|claim| claim.beds <= beds) {
            self.claim = None;
        }
        if self.statement.as_ref().is_some_and(|said| said.beds.physical_total() > u64::from(beds))
        {
            self.unsay();
        }
    }
}

impl Model {
    pub(super) fn confirm_capacity(&mut self, act: &ConfirmCapacity) -> Result<Done, Refusal> {
        if self.open_service(act.service)?.ward.is_none() {
            return Err(Refusal::WrongKind);
        }
        if !(1..=BEDS_PER_SERVICE_MAX).contains(&act.beds) {
            return Err(Refusal::OutOfBounds { bound: Bound::Beds });
        }
        self.change_ward(act.service, |ward| ward.confirm(act.beds));
        Ok(Done::Plain)
    }

    pub(super) fn report(&mut self, act: &Report) -> Result<Done, Refusal> {
        let service = self.open_service(act.service)?;
        let ward = service.ward.as_ref().ok_or(Refusal::WrongKind)?;
        if act.incarnation != self.incarnation {
            return Err(Refusal::OtherIncarnation { incarnation: self.incarnation });
        }
        if let Some(said) = &ward.statement {
            let repeated = said.sequence == act.sequence && !self.errs(Mistake::ReportRepeated);
            if said.sequence > act.sequence || repeated {
                return Ok(Done::Stale { sequence: said.sequence });
            }
        }
        if let Some(bound) = contradiction(act) {
            return Err(Refusal::Inconsistent { bound });
        }
        let before = ward.statement.as_ref().map_or(0, |said| said.accounted_through);
        if act.accounted_through < before {
            return Err(Refusal::WatermarkWentBack { accounted_through: before });
        }
        if act.accounted_through > ward.last_number {
            return Err(Refusal::WatermarkAhead { last_number: ward.last_number });
        }
        let beds = u32::try_from(act.beds.physical_total()).unwrap_or(u32::MAX);
        if let Registered::Confirmed(registered) = ward.registered {
            if beds > registered {
                let claim = Claim { beds, sequence: act.sequence, at: self.moment };
                self.change_ward(act.service, |ward| ward.claim = Some(claim));
                return Ok(Done::ClaimHeld { registered });
            }
            self.believe(act);
            let (_, by) = self.beds_at(act.service);
            return Ok(if by > 0 { Done::Overcommitted { by } } else { Done::Plain });
        }
        self.change_ward(act.service, |ward| ward.registered = Registered::Proposed(beds));
        self.believe(act);
        Ok(Done::Proposed { beds })
    }

    fn believe(&mut self, act: &Report) {
        let statement = Statement {
            sequence: act.sequence,
            beds: act.beds,
            available: act.available,
            accounted_through: act.accounted_through,
            exceptions: act.exceptions.iter().copied().collect(),
        };
        let (now, repetition_is_news) = (self.moment, self.errs(Mistake::RepetitionIsNews));
        let keeps_returns = self.errs(Mistake::ReturnOutlivesReport);
        self.change_ward(act.service, |ward| {
            let repeats = ward.statement.as_ref().is_some_and(|said| {
                Statement { sequence: act.sequence, ..said.clone() } == statement
            });
            if !repeats || repetition_is_news {
                ward.heard = now;
            }
            let given_back = ward.given_back.clone();
            ward.unsay();
            ward.statement = Some(statement);
            ward.claim = None;
            if keeps_returns {
                ward.given_back = given_back;
            }
        });
    }

    pub(super) fn heartbeat(&mut self, act: &Heartbeat) -> Result<Done, Refusal> {
        let facility = self.open_facility(act.facility)?;
        if act.incarnation != self.incarnation {
            return Err(Refusal::OtherIncarnation { incarnation: self.incarnation });
        }
        let services: Vec<_> = facility.services.values().copied().collect();
        let now = self.moment;
        let mut anybody = false;
        for service in services {
            self.change_ward(service, |ward| {
                if ward.statement.is_some() {
                    ward.heard = now;
                    anybody = true;
                }
            });
        }
        if anybody { Ok(Done::Plain) } else { Err(Refusal::NeverReported) }
    }

    pub(super) fn acknowledge(&mut self, act: &Acknowledge) -> Result<Done, Refusal> {
        let service = self.services.get(&act.service).ok_or(Refusal::UnknownService)?;
        let ward = service.ward.as_ref().ok_or(Refusal::WrongKind)?;
        if act.incarnation != self.incarnation {
            return Err(Refusal::OtherIncarnation { incarnation: self.incarnation });
        }
        if !ward.awaiting_return().contains(&act.number) {
            return Err(Refusal::NothingToReturn);
        }
        self.change_ward(act.service, |ward| {
            ward.given_back.insert(act.number);
        });
        Ok(Done::Plain)
    }

    pub(super) fn change_ward(&mut self, service: ServiceId, change: impl FnOnce(&mut Ward)) {
        if let Some(ward) = self.services.get_mut(&service).and_then(|s| s.ward.as_mut()) {
            change(ward);
        }
    }
}

/// What in a report contradicts itself.
fn contradiction(act: &Report) -> Option<Bound> {
    let beds = &act.beds;
    let physical = [beds.free, beds.occupied, beds.dirty, beds.cleaning, beds.out_of_order];
    let usable = [beds.open, beds.blocked, beds.surge, beds.closed];
    let sum = |counts: &[u32]| counts.iter().copied().map(u64::from).sum::<u64>();
    if sum(&physical) != sum(&usable) {
        Some(Bound::BedTotals)
    } else if sum(&physical) > u64::from(BEDS_PER_SERVICE_MAX) {
        Some(Bound::Beds)
    } else if act.available > beds.free || act.available > beds.open {
        Some(Bound::Available)
    } else if act.exceptions.len() > EXCEPTIONS_MAX
        || !act.exceptions.iter().all(|number| (1..=act.accounted_through).contains(number))
    {
        Some(Bound::Exceptions)
    } else {
        None
    }
}
