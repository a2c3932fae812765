//! The judges: each looks at one promise.

mod acknowledged;
mod capacity;
mod digests;
mod order;
mod refusals;
mod reports;
mod sameness;
mod watchers;

use super::record::Notes;
use super::run::History;
use ledger::Event;

/// What is known once a run is over, besides what clients noted.
pub struct Evidence {
    /// Every node's journal.
    pub histories: Vec<History>,
    /// Every watcher's diary: what it saw, and up to which revision.
    pub diaries: Vec<(Vec<Event>, u64)>,
}

/// What must not be, and is.
pub fn judge(evidence: &Evidence, notes: &Notes) -> Vec<String> {
    // Whoever is behind is named once, by who waits for it, and not by all that it does not know.
    let longest = evidence.histories.iter().max_by_key(|history| history.revision);
    let Some(agreed) = longest else {
        return vec![String::from("no node is left to tell what happened")];
    };
    let mut found = Vec::new();
    found.extend(sameness::judge(&evidence.histories));
    found.extend(capacity::judge(&agreed.events));
    found.extend(reports::judge(&agreed.events));
    found.extend(acknowledged::judge(&agreed.events, &notes.asked));
    found.extend(refusals::judge(&agreed.events, &notes.asked));
    found.extend(order::judge(&notes.asked, &notes.seen));
    found.extend(digests::judge(agreed, &notes.seen));
    found.extend(watchers::judge(agreed, &evidence.diaries));
    found
}
