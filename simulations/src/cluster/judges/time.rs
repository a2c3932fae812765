//! The log's time follows most clocks: one that is an hour or a year ahead moves nobody's deadline.

use crate::cluster::clock::{DRIFT_MAX_PARTS_PER_MILLION, FAR_SECONDS, right};
use crate::cluster::record::Asked;
use ledger::Event;
use ledger::words::Moment;
use std::collections::BTreeMap;

/// How far a moment may be ahead beside what clocks drift: the leader's own bound of a second, a
/// small jump of most clocks, and a little.
const AHEAD_MICROS: u64 = (1 + FAR_SECONDS) * 1_000_000 + 500_000;

pub fn judge(events: &[Event], asked: &[Asked], misled: bool) -> Vec<String> {
    if misled {
        return Vec::new();
    }
    let moments: BTreeMap<u64, Moment> =
        events.iter().map(|event| (event.revision.0, event.moment)).collect();
    let mut found = Vec::new();
    for one in asked {
        let Some((at, applied)) = &one.answer else { continue };
        let Some(moment) = moments.get(&applied.revision.0) else { continue };
        let drifted = at * DRIFT_MAX_PARTS_PER_MILLION / 1_000_000;
        let latest = right(*at).micros() + drifted + AHEAD_MICROS;
        if moment.micros() > latest {
            let ahead = (moment.micros() - latest) / 1_000_000;
            found.push(format!(
                "revision {} is {ahead} s further ahead than most clocks ever were",
                applied.revision
            ));
        }
    }
    found
}
