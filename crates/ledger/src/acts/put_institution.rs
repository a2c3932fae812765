//! Register an institution or rename it.

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
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
