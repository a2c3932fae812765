//! Drawing what wards say: true, early, late, twice, backwards and wrong.

use super::{INCARNATION, draft::Draft};
use crate::model::Ward;
use ledger::Act;
use ledger::acts::{Acknowledge, Heartbeat, Report};
use ledger::limits::{BEDS_PER_SERVICE_MAX, EXCEPTIONS_MAX};
use ledger::words::{BedCount, Registered, ServiceId};

impl Draft<'_> {
    pub fn heartbeat(&mut self) -> Act {
        Act::Heartbeat(Heartbeat { facility: self.facility(), incarnation: self.incarnation() })
    }

    /// The acknowledgement of an end that waits for it, mostly.
    pub fn acknowledge(&mut self) -> Act {
        let waits = |ward: &Ward| !ward.awaiting_return().is_empty();
        let service = self.service(|service| service.ward.as_ref().is_some_and(waits));
        let ward = self.model.services.get(&service).and_then(|s| s.ward.clone());
        let waiting: Vec<_> = ward.iter().flat_map(Ward::awaiting_return).collect();
        let last = ward.map_or(0, |ward| ward.last_number);
        let any = u64::from(self.chance.below(u32::try_from(last + 2).unwrap_or(u32::MAX)));
        let strange = self.chance.once_in(5);
        let number = self.chance.pick(&waiting).filter(|_| !strange).unwrap_or(any);
        Act::Acknowledge(Acknowledge { service, incarnation: self.incarnation(), number })
    }

    pub fn report(&mut self) -> Act {
        let service = self.service(|service| service.kind.is_bed());
        let mut report = self.truthful_report(service);
        report.incarnation = self.incarnation();
        let ward = self.model.services.get(&service).and_then(|s| s.ward.clone());
        let said = ward.and_then(|ward| ward.statement);
        if let (Some(said), true) = (said, self.chance.once_in(3)) {
            match self.chance.below(6) {
                // The same numbers again, under a new number of the report.
                0..3 => {
                    report.beds = said.beds;
                    report.available = said.available;
                    report.accounted_through = said.accounted_through;
                    report.exceptions = said.exceptions.into_iter().collect();
                }
                3 => report.sequence = said.sequence,
                4 => report.sequence = said.sequence.saturating_sub(1),
                _ => {
                    report.accounted_through = said.accounted_through.saturating_sub(1);
                    report.exceptions.clear();
                }
            }
        }
        if self.chance.once_in(10) {
            self.spoil(&mut report);
        }
        Act::Report(report)
    }

    /// A report that contradicts nothing.
    pub fn truthful_report(&mut self, service: ServiceId) -> Report {
        let blank = Ward::default();
        let ward = self.model.services.get(&service).and_then(|s| s.ward.as_ref());
        let ward = ward.unwrap_or(&blank);
        let mut total = match ward.registered {
            Registered::Confirmed(beds) | Registered::Proposed(beds) => beds,
            Registered::Unknown => self.chance.between(0, 6),
        };
        match self.chance.below(12) {
            0 => total += self.chance.between(1, 2),
            1 => total = total.saturating_sub(1),
            _ => {}
        }
        let free = self.chance.between(0, total).max(self.chance.between(0, total));
        let closed = self.chance.between(0, total).min(self.chance.between(0, total)) / 2;
        let beds = BedCount {
            free,
            occupied: (total - free) / 2,
            dirty: total - free - (total - free) / 2,
            open: total - closed,
            closed,
            ..BedCount::default()
        };
        let most = free.min(beds.open);
        let available = if self.chance.once_in(3) { self.chance.between(0, most) } else { most };
        let before = ward.statement.as_ref().map_or(0, |said| said.accounted_through);
        let behind = if self.chance.once_in(3) { self.chance.below(4) } else { 0 };
        let accounted_through = ward.last_number.saturating_sub(behind.into()).max(before);
        let sequence = ward.statement.as_ref().map_or(0, |said| said.sequence) + 1;
        let exceptions = self.exceptions(accounted_through);
        Report {
            service,
            sequence: sequence + u64::from(self.chance.once_in(6)),
            incarnation: INCARNATION,
            beds,
            available,
            accounted_through,
            exceptions,
        }
    }

    /// Some of the newest commitments a ward does not hold yet.
    fn exceptions(&mut self, accounted_through: u64) -> Vec<u64> {
        if !self.chance.once_in(2) {
            return Vec::new();
        }
        let newest = accounted_through.saturating_sub(5) + 1..=accounted_through;
        newest.filter(|_| self.chance.once_in(3)).collect()
    }

    fn spoil(&mut self, report: &mut Report) {
        match self.chance.below(8) {
            0 => report.beds.occupied += 1,
            1 => {
                report.beds.occupied += BEDS_PER_SERVICE_MAX + 1;
                report.beds.open += BEDS_PER_SERVICE_MAX + 1;
            }
            2 => report.available = report.beds.free + 1,
            3 => report.available = report.beds.open + 1,
            4 => report.exceptions.push(report.accounted_through + 1),
            5 => report.exceptions.push(0),
            6 if report.accounted_through > 0 => report.exceptions = vec![1; EXCEPTIONS_MAX + 1],
            _ => report.accounted_through += 1_000,
        }
    }
}
