//! Watchers see everything once and in order, and when all is well they see all of it.

use crate::cluster::run::History;
use ledger::Event;

pub fn judge(agreed: &History, diaries: &[(Vec<Event>, u64)], healed: bool) -> Vec<String> {
    let mut found = Vec::new();
    for (number, (seen, through)) in diaries.iter().enumerate() {
        if healed && *through < agreed.revision {
            let all = agreed.revision;
            found.push(format!("watcher {number} was told up to {through}, and {all} is agreed"));
        }
        // A watcher may have gone on while the journals were read, or be behind them.
        let through = agreed.revision.min(*through);
        let upto = |events: &[Event]| events.partition_point(|event| event.revision.0 <= through);
        let (seen, happened) = (&seen[..upto(seen)], &agreed.events[..upto(&agreed.events)]);
        let same = seen.iter().zip(happened).take_while(|(saw, was)| saw == was).count();
        if same < seen.len().max(happened.len()) {
            let (saw, was) = (seen.get(same), happened.get(same));
            found.push(format!(
                "watcher {number} saw {saw:?} as event {same} up to {through}, where {was:?} was"
            ));
        }
    }
    found
}
