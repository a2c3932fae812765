//! Those vote who are there: who was lost has no vote any more, and who came in his place has one.

use super::Evidence;

pub fn judge(evidence: &Evidence) -> Vec<String> {
    // A replacement that is still under way is what healing waits for.
    if !evidence.healed {
        return Vec::new();
    }
    let machines = &evidence.machines;
    let others = evidence.histories.iter().filter(|history| history.voters != *machines);
    let found = others.map(|history| {
        let (node, voters) = (history.node, &history.voters);
        format!("node {node} lets {voters:?} vote, and there are {machines:?}")
    });
    found.collect()
}
