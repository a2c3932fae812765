//! Every hold ends at the log's moment: none is left once an entry of its deadline, or of a later
//! moment, has been carried out; none is booked then; and none expires before.

use crate::cluster::run::History;
use ledger::words::{CommitmentId, Ending, Moment};
use ledger::{Event, Happening};
use std::collections::BTreeMap;

pub fn judge(agreed: &History) -> Vec<String> {
    let mut held: BTreeMap<CommitmentId, Moment> = BTreeMap::new();
    let mut found = Vec::new();
    for events in agreed.events.chunk_by(|one, other| one.moment == other.moment) {
        for event in events {
            found.extend(note(event, &mut held));
        }
        // Entries without events have passed as well: an overdue hold is seen at the next event.
        if let Some(event) = events.last() {
            found.extend(overdue(&held, event.moment, event.revision.0));
        }
    }
    found.extend(overdue(&held, agreed.moment, agreed.revision));
    found
}

/// What an event says that cannot be, given what is held.
fn note(event: &Event, held: &mut BTreeMap<CommitmentId, Moment>) -> Option<String> {
    let (revision, moment) = (event.revision.0, event.moment);
    match event.happening {
        Happening::Granted { commitment, booked: false, deadline, .. }
        | Happening::Extended { commitment, deadline } => {
            held.insert(commitment, deadline);
            None
        }
        Happening::Booked { commitment, .. } => held
            .remove(&commitment)
            .filter(|deadline| *deadline <= moment)
            .map(|deadline| format!("revision {revision} books at {moment} what ended {deadline}")),
        Happening::Ended { commitment, ending, .. } => held
            .remove(&commitment)
            .filter(|deadline| ending == Ending::Expired && *deadline > moment)
            .map(|deadline| format!("revision {revision} ends at {moment} what {deadline} ends")),
        _ => None,
    }
}

/// The holds whose deadline has passed.
fn overdue(held: &BTreeMap<CommitmentId, Moment>, moment: Moment, revision: u64) -> Option<String> {
    let (commitment, deadline) = held.iter().find(|(_, deadline)| **deadline <= moment)?;
    Some(format!("at revision {revision}, {moment}, {commitment:?} is held that ended {deadline}"))
}
