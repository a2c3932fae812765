//! Register a facility or bring its record up to date.

use crate::words::{Alias, Clues, FacilityProfile, ServiceCode, ServiceKind};
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
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
