//! Every code of a facility leads to it, and every code leads to a facility that has it.

use super::Violation;
use crate::state::State;
use crate::words::{FacilityId, FacilityStatus};

pub(super) fn check(state: &State) -> Option<Violation> {
    let mut codes = 0;
    for (number, facility) in state.facilities.iter_from(0) {
        if facility.status == FacilityStatus::Merged {
            continue;
        }
        let id = FacilityId(u32::try_from(number).unwrap_or(u32::MAX));
        for clues in facility.aliases.iter().map(|a| a.clues).chain([facility.clues]) {
            codes += 1;
            if state.directory.get(&clues) != Some(&id) {
                return Some(Violation::DirectoryWrong(clues));
            }
        }
    }
    let stray = state.directory.iter().next().map(|(clues, _)| *clues);
    (codes != state.directory.len()).then_some(Violation::DirectoryWrong(stray?))
}
