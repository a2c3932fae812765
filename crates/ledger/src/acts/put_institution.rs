//! Register an institution or rename it.

use crate::event::Happening;
use crate::limits::INSTITUTIONS_MAX;
use crate::outcome::{Bound, Done, Refusal};
use crate::state::Step;
use crate::words::{Institution, InstitutionCode};

/// Registers an institution, or renames the one that has this code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PutInstitution {
    /// Its code.
    pub code: InstitutionCode,
    /// What it is.
    pub institution: Institution,
}

impl PutInstitution {
    /// Refusals, in order: [`Refusal::CatalogueFull`].
    pub(crate) fn apply(&self, step: &mut Step<'_>) -> Result<Done, Refusal> {
        let known = step.state.institutions.get(&self.code);
        if known == Some(&self.institution) {
            return Ok(Done::Plain);
        }
        if known.is_none() && step.state.institutions.len() >= INSTITUTIONS_MAX {
            return Err(Refusal::CatalogueFull { bound: Bound::Institutions });
        }

        step.state.institutions.insert(self.code, self.institution.clone());
        step.state.catalogue_revision = step.revision;
        let (code, institution) = (self.code, self.institution.clone());
        step.happened(None, Happening::InstitutionPut { code, institution });
        Ok(Done::Plain)
    }
}
