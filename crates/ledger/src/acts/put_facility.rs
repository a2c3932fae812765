//! Register a facility or bring its record up to date.

use crate::derived::Derived;
use crate::event::Happening;
use crate::limits::{
    ALIASES_PER_FACILITY_MAX, BEDS_PER_SERVICE_MAX, FACILITIES_MAX, SERVICES_PER_FACILITY_MAX,
};
use crate::outcome::{Bound, Done, Refusal};
use crate::state::{State, Step};
use crate::words::{
    Alias, Clues, Facility, FacilityId, FacilityProfile, FacilityStatus, Registered, Service,
    ServiceCode, ServiceId, ServiceKind, ServiceStatus, Ward,
};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Registers a facility, or replaces the record of the one that any of the codes leads to. The
/// same building changes its code: a known former code makes this a renaming, and the former code
/// stays an alias. Services that are not named stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PutFacility {
    /// The code by which it is named from now on.
    pub clues: Clues,
    /// Its other codes, each with the day from which it is one.
    pub aliases: Vec<Alias>,
    /// What the catalogue says of it.
    pub profile: FacilityProfile,
    /// Services to register or reopen.
    pub services: Vec<PutService>,
}

/// One service to register or reopen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PutService {
    /// Its name at the facility.
    pub code: ServiceCode,
    /// What it is; it cannot change later.
    pub kind: ServiceKind,
    /// How many beds it has, where the source says so.
    pub beds: Option<u32>,
    /// Whether an operator vouches for that number; otherwise it waits to be confirmed.
    pub confirmed: bool,
}

impl PutFacility {
    /// Refusals, in order: [`Refusal::OutOfBounds`], [`Refusal::UnknownInstitution`],
    /// [`Refusal::CodesDisagree`], [`Refusal::FacilityClosed`], [`Refusal::KindFixed`],
    /// [`Refusal::CatalogueFull`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        self.judge_bounds()?;
        if !step.state.institutions.contains_key(&self.profile.institution) {
            return Err(Refusal::UnknownInstitution);
        }
        let known = self.find(step.state)?;
        let facility = match known {
            Some(id) => step.state.open_facility(id)?.clone(),
            None => self.blank(),
        };
        self.judge_services(step.state, &facility)?;
        if known.is_none() && step.state.facilities.len() >= FACILITIES_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Facilities });
        }
        let renamed = self.renamed(&facility, step.moment);
        if renamed.aliases.len() > ALIASES_PER_FACILITY_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Aliases });
        }

        let id = known.unwrap_or_else(|| number_of_next(step.state));
        self.write(step, id, known.is_none(), renamed);
        Ok(Done::Facility(id))
    }

    fn judge_bounds(&self) -> Result<(), Refusal> {
        let bound = if !self.profile.position.is_on_earth() {
            Bound::Position
        } else if !(1_001..=32_999).contains(&self.profile.municipality) {
            Bound::Municipality
        } else if self.aliases.len() > ALIASES_PER_FACILITY_MAX {
            Bound::Aliases
        } else if self.services.len() > SERVICES_PER_FACILITY_MAX {
            Bound::Services
        } else if self.services.iter().any(|s| !s.beds_fit()) {
            Bound::Beds
        } else {
            return Ok(());
        };
        Err(Refusal::OutOfBounds { bound })
    }

    /// The one facility to which any of the codes leads.
    fn find(&self, state: &State) -> Result<Option<FacilityId>, Refusal> {
        let mut found: Option<(Clues, FacilityId)> = None;
        let codes = [self.clues].into_iter().chain(self.aliases.iter().map(|a| a.clues));
        for clues in codes {
            let Some(id) = state.directory.get(&clues).copied() else { continue };
            match found {
                Some((one, other)) if other != id => {
                    return Err(Refusal::CodesDisagree { one, other: clues });
                }
                _ => found = Some((clues, id)),
            }
        }
        Ok(found.map(|(_, id)| id))
    }

    fn blank(&self) -> Facility {
        Facility {
            clues: self.clues,
            profile: self.profile.clone(),
            status: FacilityStatus::Open,
            aliases: Vec::new(),
            services: Vec::new(),
        }
    }

    fn judge_services(&self, state: &State, facility: &Facility) -> Result<(), Refusal> {
        // The same code may come twice in one command, and is one service.
        let mut new: BTreeMap<&ServiceCode, ServiceKind> = BTreeMap::new();
        for put in &self.services {
            let known =
                facility.service(&put.code).and_then(|id| state.services.get(u64::from(id.0)));
            let kind = known
                .map_or_else(|| *new.entry(&put.code).or_insert(put.kind), |service| service.kind);
            if kind != put.kind {
                return Err(Refusal::KindFixed);
            }
        }
        if facility.services.len() + new.len() > SERVICES_PER_FACILITY_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Services });
        }
        Ok(())
    }

    /// The record under its code of now; the code of before becomes an alias.
    fn renamed(&self, facility: &Facility, now: crate::words::Moment) -> Facility {
        let mut renamed = facility.clone();
        renamed.profile = self.profile.clone();
        if renamed.clues != self.clues {
            renamed.aliases.retain(|alias| alias.clues != self.clues);
            renamed.aliases.push(Alias { clues: facility.clues, since: now });
            renamed.clues = self.clues;
        }
        for alias in &self.aliases {
            let known = renamed.aliases.iter_mut().find(|known| known.clues == alias.clues);
            match known {
                Some(known) => known.since = alias.since,
                None if alias.clues == renamed.clues => {}
                None => renamed.aliases.push(*alias),
            }
        }
        renamed
    }

    fn write(&self, step: &mut Step<'_>, id: FacilityId, new: bool, record: Facility) {
        for clues in record.aliases.iter().map(|alias| alias.clues).chain([record.clues]) {
            step.state.directory.insert(clues, id);
        }
        if new {
            step.state.facilities.insert(u64::from(id.0), record);
        } else {
            step.state.facilities.update(u64::from(id.0), |known| *known = record);
        }
        step.state.catalogue_revision = step.revision;
        step.happened(Some(id), Happening::FacilityPut { clues: self.clues });
        for put in &self.services {
            put.write(step, id);
        }
    }
}

impl PutService {
    fn beds_fit(&self) -> bool {
        match (self.kind.is_bed(), self.beds) {
            (true, beds) => beds.is_none_or(|n| n > 0 && n <= BEDS_PER_SERVICE_MAX),
            (false, beds) => beds.is_none(),
        }
    }

    fn write(&self, step: &mut Step<'_>, facility: FacilityId) {
        let known =
            step.state.facilities.get(u64::from(facility.0)).and_then(|f| f.service(&self.code));
        let id = known.unwrap_or_else(|| self.insert(step.state, facility));
        let confirmed = self.confirmed;
        let proposed = step.state.services.update(u64::from(id.0), |service| {
            service.status = ServiceStatus::Open;
            let (ward, beds) = (service.ward.as_mut()?, self.beds?);
            // A number that an operator confirmed is changed by an operator, not by a catalogue.
            match (ward.registered, confirmed) {
                (Registered::Confirmed(_), _) => None,
                (_, true) => {
                    ward.confirm(beds);
                    Some(beds)
                }
                (was, false) => {
                    ward.registered = Registered::Proposed(beds);
                    (was != ward.registered).then_some(beds)
                }
            }
        });
        if let Some(beds) = proposed.flatten() {
            let happening = if confirmed {
                Happening::CapacityConfirmed { service: id, beds }
            } else {
                Happening::CapacityProposed { service: id, beds }
            };
            step.happened(Some(facility), happening);
        }
    }

    fn insert(&self, state: &mut State, facility: FacilityId) -> ServiceId {
        let number = state.services.len();
        let id = ServiceId(u32::try_from(number).unwrap_or(u32::MAX));
        state.services.insert(
            number,
            Service {
                facility,
                code: self.code.clone(),
                kind: self.kind,
                status: ServiceStatus::Open,
                ward: self.kind.is_bed().then(Ward::default),
                agendas: Derived::default(),
            },
        );
        state.facilities.update(u64::from(facility.0), |facility| {
            let at = facility.services.partition_point(|(code, _)| code < &self.code);
            facility.services.insert(at, (self.code.clone(), id));
        });
        id
    }
}

fn number_of_next(state: &State) -> FacilityId {
    FacilityId(u32::try_from(state.facilities.len()).unwrap_or(u32::MAX))
}
