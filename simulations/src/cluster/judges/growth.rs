//! A log does not grow for ever: once all has been at rest, checkpoints that nodes took by
//! themselves cover it, and what they cover has left it.

use super::Evidence;
use crate::cluster::run::History;

/// Entries beside those that count for a checkpoint: of elections, of changes of the membership,
/// and those that come while one is being taken.
const BESIDE: u64 = 60;

pub fn judge(evidence: &Evidence) -> Vec<String> {
    if !evidence.healed {
        return Vec::new();
    }
    let mut found = Vec::new();
    for History { node, log, checkpoint, .. } in &evidence.histories {
        let held = log.last.saturating_sub(log.purged);
        let most = checkpoint.log_entries + checkpoint.entries_kept + BESIDE;
        if held > most {
            found.push(format!("node {node} holds {held} entries, and {most} are enough: {log:?}"));
        }
    }
    found
}
