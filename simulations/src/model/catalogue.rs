//! Institutions, closing and merging: what the catalogue's acts do apart from registering.

use super::{Facility, Mistake, Model, Service};
use ledger::acts::{CloseFacility, CloseService, MergeFacility, PutInstitution};
use ledger::limits::{ALIASES_PER_FACILITY_MAX, INSTITUTIONS_MAX, NAMED_COMMITMENTS_MAX};
use ledger::words::{Alias, CommitmentId, FacilityId, FacilityStatus, Place, ServiceId};
use ledger::{Bound, Done, Refusal};

impl Model {
    pub(super) fn open_facility(&self, id: FacilityId) -> Result<&Facility, Refusal> {
        let facility = self.facilities.get(&id).ok_or(Refusal::UnknownFacility)?;
        match facility.status {
            FacilityStatus::Open => Ok(facility),
            FacilityStatus::Closed | FacilityStatus::Merged => Err(Refusal::FacilityClosed),
        }
    }

    pub(super) fn open_service(&self, id: ServiceId) -> Result<&Service, Refusal> {
        let service = self.services.get(&id).ok_or(Refusal::UnknownService)?;
        self.open_facility(service.facility)?;
        if service.open { Ok(service) } else { Err(Refusal::ServiceClosed) }
    }

    /// The service a place belongs to.
    #[must_use]
    pub fn service_of(&self, place: Place) -> Option<ServiceId> {
        match place {
            Place::Bed(service) => Some(service),
            Place::Slot(slot) => self.agendas.get(&slot.agenda).map(|agenda| agenda.service),
        }
    }

    /// The live commitments at a service, by agenda and then in the order of granting.
    #[must_use]
    pub fn live_at(&self, service: ServiceId) -> Vec<CommitmentId> {
        let mut found: Vec<_> = self
            .commitments
            .iter()
            .filter(|(_, c)| c.status.is_live() && self.service_of(c.place) == Some(service))
            .map(|(id, c)| match c.place {
                Place::Bed(_) => (0, *id),
                Place::Slot(slot) => (slot.agenda.0, *id),
            })
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    }

    fn nobody_stranded(&self, services: &[ServiceId]) -> Result<(), Refusal> {
        let live: Vec<_> = services.iter().flat_map(|id| self.live_at(*id)).collect();
        stranded(&live)
    }

    fn close(&mut self, id: ServiceId) {
        if let Some(service) = self.services.get_mut(&id) {
            service.open = false;
        }
        self.agendas.retain(|_, agenda| agenda.service != id);
    }

    pub(super) fn put_institution(&mut self, act: &PutInstitution) -> Result<Done, Refusal> {
        let known = self.institutions.get(&act.code);
        if known.is_none() && self.institutions.len() == INSTITUTIONS_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Institutions });
        }
        if known != Some(&act.institution) {
            self.institutions.insert(act.code, act.institution.clone());
            self.catalogue_revision = self.revision;
        }
        Ok(Done::Plain)
    }

    pub(super) fn close_facility(&mut self, act: &CloseFacility) -> Result<Done, Refusal> {
        let facility = self.open_facility(act.facility)?;
        let services: Vec<_> = facility.services.values().copied().collect();
        self.nobody_stranded(&services)?;

        services.into_iter().for_each(|service| self.close(service));
        self.change_facility(act.facility, |facility| facility.status = FacilityStatus::Closed);
        Ok(Done::Plain)
    }

    pub(super) fn close_service(&mut self, act: &CloseService) -> Result<Done, Refusal> {
        self.open_service(act.service)?;
        self.nobody_stranded(&[act.service])?;

        self.close(act.service);
        self.catalogue_revision = self.revision;
        Ok(Done::Plain)
    }

    pub(super) fn merge_facility(&mut self, act: &MergeFacility) -> Result<Done, Refusal> {
        let duplicate = self.open_facility(act.duplicate)?.clone();
        let survivor = self.open_facility(act.into)?;
        if act.duplicate == act.into {
            return Err(Refusal::SameFacility);
        }
        let mut codes = duplicate.aliases;
        codes.push(Alias { clues: duplicate.clues, since: self.moment });
        if survivor.aliases.len() + codes.len() > ALIASES_PER_FACILITY_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Aliases });
        }
        let services: Vec<_> = duplicate.services.into_values().collect();
        self.nobody_stranded(&services)?;

        services.into_iter().for_each(|service| self.close(service));
        if !self.errs(Mistake::MergedCodesStay) {
            codes.iter().for_each(|alias| {
                self.directory.insert(alias.clues, act.into);
            });
        }
        self.change_facility(act.duplicate, |facility| facility.status = FacilityStatus::Merged);
        self.change_facility(act.into, |facility| facility.aliases.extend(codes));
        Ok(Done::Facility(act.into))
    }

    fn change_facility(&mut self, id: FacilityId, change: impl FnOnce(&mut Facility)) {
        if let Some(facility) = self.facilities.get_mut(&id) {
            change(facility);
        }
        self.catalogue_revision = self.revision;
    }
}

/// Refuses when anything is live, and names the first of it.
pub(super) fn stranded(live: &[CommitmentId]) -> Result<(), Refusal> {
    if live.is_empty() {
        return Ok(());
    }
    let count = u32::try_from(live.len()).unwrap_or(u32::MAX);
    let named = live.iter().take(NAMED_COMMITMENTS_MAX).copied().collect();
    Err(Refusal::HasCommitments { count, named })
}
