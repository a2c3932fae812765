//! Finding facilities and services, and what is committed there.

use super::{State, Step};
use crate::limits::NAMED_COMMITMENTS_MAX;
use crate::outcome::Refusal;
use crate::words::{
    CommitmentId, Facility, FacilityId, FacilityStatus, Service, ServiceId, ServiceStatus,
};
use alloc::boxed::Box;
use alloc::vec::Vec;

impl State {
    /// A facility that takes part.
    pub fn open_facility(&self, id: FacilityId) -> Result<&Facility, Refusal> {
        let facility = self.facilities.get(u64::from(id.0)).ok_or(Refusal::UnknownFacility)?;
        if facility.status == FacilityStatus::Open {
            Ok(facility)
        } else {
            Err(Refusal::FacilityClosed)
        }
    }

    /// A service that takes part, at a facility that does.
    pub fn open_service(&self, id: ServiceId) -> Result<&Service, Refusal> {
        let service = self.services.get(u64::from(id.0)).ok_or(Refusal::UnknownService)?;
        self.open_facility(service.facility)?;
        if service.status == ServiceStatus::Open {
            Ok(service)
        } else {
            Err(Refusal::ServiceClosed)
        }
    }

    /// The live commitments of a service, in the order of its agendas or its ward's numbers.
    pub fn live_of(&self, service: &Service) -> Box<dyn Iterator<Item = CommitmentId> + '_> {
        let beds: Vec<_> =
            service.ward.iter().flat_map(|ward| ward.live.values().copied()).collect();
        let agendas: Vec<_> = service.agendas.iter().copied().collect();
        let slots = agendas.into_iter().flat_map(|id| {
            self.agendas.get(u64::from(id.0)).map(|a| a.live.as_slice()).unwrap_or_default()
        });
        Box::new(beds.into_iter().chain(slots.copied()))
    }

    /// Refuses when anything is committed at one of these services, and names the first of it.
    pub fn nothing_stranded(
        &self,
        services: impl Iterator<Item = ServiceId>,
    ) -> Result<(), Refusal> {
        let mut count = 0_u32;
        let mut named = Vec::new();
        for id in services {
            let Some(service) = self.services.get(u64::from(id.0)) else {
                continue;
            };
            for commitment in self.live_of(service) {
                count = count.saturating_add(1);
                if named.len() < NAMED_COMMITMENTS_MAX {
                    named.push(commitment);
                }
            }
        }
        if count == 0 { Ok(()) } else { Err(Refusal::HasCommitments { count, named }) }
    }
}

impl Step<'_> {
    /// Closes a service and withdraws its agendas; nothing may be committed there.
    pub fn close(&mut self, id: ServiceId) {
        let agendas = self.state.services.update(u64::from(id.0), |service| {
            service.status = ServiceStatus::Closed;
            service.agendas.iter().copied().collect::<Vec<_>>()
        });
        for agenda in agendas.unwrap_or_default() {
            self.withdraw(agenda);
        }
    }

    /// Takes an agenda away before it is over; nothing may be committed there.
    pub fn withdraw(&mut self, id: crate::words::AgendaId) {
        let Some(agenda) = self.state.agendas.get(u64::from(id.0)) else {
            return;
        };
        let deadline = agenda.shape.forgotten();
        self.state.deadlines.remove(&(deadline, super::Due::Agenda(id)));
        self.state.remove_agenda(id);
    }
}
