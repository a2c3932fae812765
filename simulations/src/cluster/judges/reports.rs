//! A ward's words never go backwards: no older report replaces a newer one.
//!
//! That an honest ward may be *overcommitted* for a while is no fault: a bed that it counted as
//! taken may have been given back and granted again before its report came, and only its next one
//! says so.

use ledger::words::ServiceId;
use ledger::{Event, Happening};
use std::collections::BTreeMap;

pub fn judge(events: &[Event]) -> Vec<String> {
    let mut last: BTreeMap<ServiceId, u64> = BTreeMap::new();
    let mut found = Vec::new();
    for event in events {
        let revision = event.revision.0;
        if let Happening::BedsChanged { service, sequence, .. } = event.happening {
            let before = last.insert(service, sequence).unwrap_or(0);
            if sequence < before {
                found.push(format!(
                    "revision {revision}: {service:?} goes back from report {before} to {sequence}"
                ));
            }
        }
    }
    found
}
