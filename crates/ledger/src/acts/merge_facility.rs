//! Make a facility another one's duplicate.

use crate::event::Happening;
use crate::limits::ALIASES_PER_FACILITY_MAX;
use crate::outcome::{Bound, Done, Refusal};
use crate::state::Step;
use crate::words::FacilityId;
use crate::words::{Alias, FacilityStatus};
use alloc::vec::Vec;

/// Two records turned out to be one building: the codes of the duplicate lead to the survivor from
/// now on. Refused while anything is committed at the duplicate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MergeFacility {
    /// The record that is given up.
    pub duplicate: FacilityId,
    /// The record that stays.
    pub into: FacilityId,
}

impl MergeFacility {
    /// Refusals, in order: [`Refusal::UnknownFacility`], [`Refusal::FacilityClosed`],
    /// [`Refusal::SameFacility`], [`Refusal::CatalogueFull`], [`Refusal::HasCommitments`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let duplicate = step.state.open_facility(self.duplicate)?;
        let survivor = step.state.open_facility(self.into)?;
        if self.duplicate == self.into {
            return Err(Refusal::SameFacility);
        }
        let since = step.moment;
        let mut codes = duplicate.aliases.clone();
        codes.push(Alias { clues: duplicate.clues, since });
        if survivor.aliases.len() + codes.len() > ALIASES_PER_FACILITY_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Aliases });
        }
        let clues = duplicate.clues;
        let services: Vec<_> = duplicate.services.iter().map(|(_, id)| *id).collect();
        step.state.nothing_stranded(services.iter().copied())?;

        services.into_iter().for_each(|service| step.close(service));
        for alias in &codes {
            step.state.directory.insert(alias.clues, self.into);
        }
        step.state.facilities.update(u64::from(self.duplicate.0), |facility| {
            facility.status = FacilityStatus::Merged;
        });
        step.state.facilities.update(u64::from(self.into.0), |facility| {
            facility.aliases.extend(codes);
        });
        step.state.catalogue_revision = step.revision;
        let into = self.into;
        step.happened(Some(self.duplicate), Happening::FacilityMerged { clues, into });
        Ok(Done::Facility(into))
    }
}
