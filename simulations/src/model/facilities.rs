//! Registering facilities and their services.

use super::{Facility, Model, Service, Ward};
use ledger::acts::{PutFacility, PutService};
use ledger::limits::{
    ALIASES_PER_FACILITY_MAX, BEDS_PER_SERVICE_MAX, FACILITIES_MAX, SERVICES_PER_FACILITY_MAX,
};
use ledger::words::{Alias, Clues, FacilityId, FacilityStatus, Registered, ServiceId, ServiceKind};
use ledger::{Bound, Done, Refusal};
use std::collections::BTreeMap;

impl Model {
    pub(super) fn put_facility(&mut self, act: &PutFacility) -> Result<Done, Refusal> {
        if let Some(bound) = exceeded(act) {
            return Err(Refusal::OutOfBounds { bound });
        }
        if !self.institutions.contains_key(&act.profile.institution) {
            return Err(Refusal::UnknownInstitution);
        }
        let known = self.named(act)?;
        let mut record = match known {
            Some(id) => self.open_facility(id)?.clone(),
            None => Facility {
                clues: act.clues,
                profile: act.profile.clone(),
                status: FacilityStatus::Open,
                aliases: Vec::new(),
                services: BTreeMap::new(),
            },
        };
        self.judge_services(act, &record)?;
        if known.is_none() && self.facilities.len() as u64 == FACILITIES_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Facilities });
        }
        self.rename(&mut record, act);
        if record.aliases.len() > ALIASES_PER_FACILITY_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Aliases });
        }

        let next = u32::try_from(self.facilities.len()).unwrap_or(u32::MAX);
        let id = known.unwrap_or(FacilityId(next));
        self.directory.insert(record.clues, id);
        for alias in &record.aliases {
            self.directory.insert(alias.clues, id);
        }
        self.facilities.insert(id, record);
        self.catalogue_revision = self.revision;
        act.services.iter().for_each(|put| self.put_service(id, put));
        Ok(Done::Facility(id))
    }

    /// The one facility to which the codes lead.
    fn named(&self, act: &PutFacility) -> Result<Option<FacilityId>, Refusal> {
        let mut codes = vec![act.clues];
        codes.extend(act.aliases.iter().map(|alias| alias.clues));
        let leading: Vec<(Clues, FacilityId)> = codes
            .into_iter()
            .filter_map(|clues| self.directory.get(&clues).map(|id| (clues, *id)))
            .collect();
        for pair in leading.windows(2) {
            let ((one, here), (other, there)) = (pair[0], pair[1]);
            if here != there {
                return Err(Refusal::CodesDisagree { one, other });
            }
        }
        Ok(leading.first().map(|(_, id)| *id))
    }

    /// A service keeps its kind, whether it was registered before or earlier in this command.
    fn judge_services(&self, act: &PutFacility, facility: &Facility) -> Result<(), Refusal> {
        let mut kinds: BTreeMap<_, ServiceKind> =
            facility.services.iter().map(|(code, id)| (code, self.services[id].kind)).collect();
        for put in &act.services {
            if *kinds.entry(&put.code).or_insert(put.kind) != put.kind {
                return Err(Refusal::KindFixed);
            }
        }
        if kinds.len() > SERVICES_PER_FACILITY_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Services });
        }
        Ok(())
    }

    /// The record takes its code of now and the codes given; the code of before becomes a former.
    fn rename(&self, record: &mut Facility, act: &PutFacility) {
        let before = record.clues;
        record.profile = act.profile.clone();
        record.clues = act.clues;
        if before != act.clues {
            record.aliases.retain(|alias| alias.clues != act.clues);
            record.aliases.push(Alias { clues: before, since: self.moment });
        }
        for given in &act.aliases {
            if let Some(known) = record.aliases.iter_mut().find(|a| a.clues == given.clues) {
                known.since = given.since;
            } else if given.clues != act.clues {
                record.aliases.push(*given);
            }
        }
    }

    fn put_service(&mut self, facility: FacilityId, put: &PutService) {
        let next = ServiceId(u32::try_from(self.services.len()).unwrap_or(u32::MAX));
        let Some(record) = self.facilities.get_mut(&facility) else { return };
        let id = *record.services.entry(put.code.clone()).or_insert(next);
        let service = self.services.entry(id).or_insert_with(|| Service {
            facility,
            code: put.code.clone(),
            kind: put.kind,
            open: true,
            ward: put.kind.is_bed().then(Ward::default),
        });
        service.open = true;
        let (Some(ward), Some(beds)) = (&mut service.ward, put.beds) else { return };
        // What an operator confirmed stands, whatever a catalogue says.
        if matches!(ward.registered, Registered::Confirmed(_)) {
            return;
        }
        if put.confirmed {
            ward.confirm(beds);
        } else {
            ward.registered = Registered::Proposed(beds);
        }
    }
}

fn exceeded(act: &PutFacility) -> Option<Bound> {
    let profile = &act.profile;
    let beds_fit = |put: &PutService| match put.beds {
        None => true,
        Some(beds) => put.kind.is_bed() && (1..=BEDS_PER_SERVICE_MAX).contains(&beds),
    };
    if !(-90_000_000..=90_000_000).contains(&profile.position.latitude_e6)
        || !(-180_000_000..=180_000_000).contains(&profile.position.longitude_e6)
    {
        Some(Bound::Position)
    } else if !(1_001..=32_999).contains(&profile.municipality) {
        Some(Bound::Municipality)
    } else if act.aliases.len() > ALIASES_PER_FACILITY_MAX {
        Some(Bound::Aliases)
    } else if act.services.len() > SERVICES_PER_FACILITY_MAX {
        Some(Bound::Services)
    } else if !act.services.iter().all(beds_fit) {
        Some(Bound::Beds)
    } else {
        None
    }
}
