//! Neither log nor checkpoints grow for ever: nodes take checkpoints by themselves, what one covers
//! leaves the log, and what it takes the place of leaves the disk.

use super::Evidence;
use store::limits::CHECKPOINTS_KEPT;

/// Entries beside those that count for a checkpoint: of elections, of changes of the membership,
/// and those that come while one is being taken.
const BESIDE: u64 = 60;
/// Entries that stay longer than they have to.
const LINGERING: u64 = 2;

pub fn judge(evidence: &Evidence) -> Vec<String> {
    let mut found = Vec::new();
    for history in &evidence.histories {
        let (node, now, policy) = (history.node, history.log, history.checkpoint);
        // What healing waits for is not named twice.
        let Some(rested) = evidence.rested.get(&node).copied() else { continue };
        let bare = rested.last.saturating_sub(rested.covered);
        if bare > policy.log_entries + BESIDE {
            let after = policy.log_entries;
            found.push(format!(
                "node {node} takes a checkpoint after {after} entries, and none covers {bare}"
            ));
        }
        // A node that starts again may have missed its turn to purge: the next checkpoint is it.
        let kept = now.covered.saturating_sub(now.purged);
        if now.covered > rested.covered && kept > policy.entries_kept + LINGERING {
            let most = policy.entries_kept;
            found.push(format!("node {node} keeps {kept} entries that are covered, not {most}"));
        }
        let kept = history.checkpoints;
        if now.covered > rested.covered && kept > CHECKPOINTS_KEPT {
            found.push(format!("node {node} keeps {kept} checkpoints, not {CHECKPOINTS_KEPT}"));
        }
    }
    found
}
