//! All nodes tell the same history and have the same state, no state breaks its own rules, and
//! every disk holds what was written.

use crate::cluster::run::History;

pub fn judge(histories: &[History]) -> Vec<String> {
    let mut found = Vec::new();
    for history in histories {
        let History { node, violation, unsound, .. } = history;
        found.extend(unsound.iter().map(|what| format!("node {node} is not sound: {what:?}")));
        found.extend(violation.iter().map(|rule| format!("node {node} breaks {rule}")));
    }
    for pair in histories.windows(2) {
        let (one, other) = (&pair[0], &pair[1]);
        let whose = format!("nodes {} and {}", one.node, other.node);
        let shared = one.revision.min(other.revision);
        let upto = |history: &History| {
            history.events.iter().take_while(|event| event.revision.0 <= shared).count()
        };
        if one.events[..upto(one)] != other.events[..upto(other)] {
            found.push(format!("{whose} tell different histories up to revision {shared}"));
        }
        if one.revision == other.revision && one.digest != other.digest {
            found.push(format!("{whose} have different states at revision {shared}"));
        }
    }
    found
}
