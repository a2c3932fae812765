//! Watchers see everything once and in order.

use crate::cluster::run::History;
use ledger::Event;

pub fn judge(agreed: &History, diaries: &[(Vec<Event>, u64)]) -> Vec<String> {
    let mut found = Vec::new();
    for (number, (seen, through)) in diaries.iter().enumerate() {
        let happened = agreed.events.iter().filter(|event| event.revision.0 <= *through);
        if !seen.iter().eq(happened.clone()) {
            let (saw, was) = (seen.len(), happened.count());
            found.push(format!(
                "watcher {number} saw {saw} events up to {through}, other than the {was} there were"
            ));
        }
    }
    found
}
