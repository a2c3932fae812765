//! The judges: each looks at one promise.

mod acknowledged;
mod capacity;
mod deadlines;
mod digests;
mod growth;
mod membership;
mod order;
mod refusals;
mod reports;
mod sameness;
mod time;
mod watchers;

use super::record::Notes;
use super::run::History;
use ledger::Event;
use replica::LogStatus;
use std::collections::BTreeMap;
use std::fmt;

/// Who found that a promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Judge {
    /// The cluster must begin, and take the nation in.
    Founding,
    /// A node starts again from what a fault left.
    Starts,
    /// A node neither drifts from the others nor fails over an entry.
    Soundness,
    /// All is well soon after nothing breaks any more.
    Healing,
    /// All nodes tell one history and have one state.
    Sameness,
    /// A place is never given twice.
    Capacity,
    /// A ward's words never go back.
    Reports,
    /// What was acknowledged happened, and nothing else did.
    Acknowledged,
    /// What was refused could not be had.
    Refusals,
    /// Real time and the log agree.
    Order,
    /// One revision, one state.
    Digests,
    /// Watchers see everything once.
    Watchers,
    /// Those vote who are there, and nobody else.
    Membership,
    /// The log's time follows most clocks.
    Time,
    /// Nothing panics.
    Panics,
    /// No node ends itself without a reason.
    Endings,
    /// Every hold ends at the log's moment.
    Deadlines,
    /// Neither log nor checkpoints grow for ever.
    Growth,
    /// When all is well every kind of request is served, everywhere.
    Service,
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Who saw it.
    pub judge: Judge,
    /// What was seen.
    pub what: String,
}

impl fmt::Display for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.judge, self.what)
    }
}

impl Judge {
    /// What this judge says of it.
    pub const fn finds(self, what: String) -> Violation {
        Violation { judge: self, what }
    }
}

/// What is known once a run is over, besides what clients noted.
pub struct Evidence {
    /// Every node's journal.
    pub histories: Vec<History>,
    /// Every watcher's diary: what it saw, and up to which revision.
    pub diaries: Vec<(Vec<Event>, u64)>,
    /// The machines there are.
    pub machines: Vec<u64>,
    /// How each node's log stood when everything had come to rest, before each was asked for a
    /// checkpoint; none of it where nothing did.
    pub rested: BTreeMap<u64, LogStatus>,
    /// Whether everything came to rest.
    pub healed: bool,
    /// Whether so many clocks were far ahead that the log's time may have followed them.
    pub misled: bool,
}

/// What must not be, and is.
pub fn judge(evidence: &Evidence, notes: &Notes) -> Vec<Violation> {
    // Whoever is behind is named once, by who waits for it, and not by all that it does not know.
    let longest = evidence.histories.iter().max_by_key(|history| history.revision);
    let Some(agreed) = longest else {
        let nobody = String::from("no node is left to tell what happened");
        return vec![Judge::Sameness.finds(nobody)];
    };
    let judgements = [
        (Judge::Sameness, sameness::judge(&evidence.histories)),
        (Judge::Capacity, capacity::judge(&agreed.events)),
        (Judge::Reports, reports::judge(&agreed.events)),
        (Judge::Acknowledged, acknowledged::judge(&agreed.events, notes)),
        (Judge::Refusals, refusals::judge(&agreed.events, &notes.asked, evidence.misled)),
        (Judge::Order, order::judge(&notes.asked, &notes.seen)),
        (Judge::Digests, digests::judge(agreed, &notes.seen)),
        (Judge::Watchers, watchers::judge(agreed, &evidence.diaries, evidence.healed)),
        (Judge::Membership, membership::judge(evidence)),
        (Judge::Time, time::judge(&agreed.events, &notes.asked, evidence.misled)),
        (Judge::Deadlines, deadlines::judge(agreed)),
        (Judge::Growth, growth::judge(evidence)),
    ];
    let each = judgements.into_iter();
    each.flat_map(|(judge, found)| found.into_iter().map(move |what| judge.finds(what))).collect()
}
