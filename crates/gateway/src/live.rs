//! What is live at a facility.

use ledger::View;
use ledger::words::{CommitmentId, FacilityId};

/// The live commitments of a facility, by service and number.
pub(crate) fn live_of(view: &View, facility: FacilityId) -> Vec<CommitmentId> {
    let services = view.facility(facility).map(|found| found.services.as_slice());
    let services = services.unwrap_or_default().iter().filter_map(|(_, id)| view.service(*id));
    services.flat_map(|service| view.live_of(service)).collect()
}
