//! Real time and the log agree: what began after another was acknowledged comes after it, a
//! linearizable read shows everything that was acknowledged before it began, and the others what
//! they promise.
//!
//! This is what makes the history linearizable, together with the judges of what happened at each
//! revision. A search for a legal order (Wing and Gong) is not needed: every answer names its
//! revision, so the order is given, and only has to be checked. That takes `n log n`, so a history
//! of any length is decided. An order that fails the check is refused even if another would pass.

use crate::cluster::record::{Asked, Seen};
use replica::Consistency;

pub fn judge(asked: &[Asked], seen: &[Seen]) -> Vec<String> {
    let mut told: Vec<(u64, u64)> = asked
        .iter()
        .filter_map(|one| one.answer.as_ref())
        .map(|(at, a)| (*at, a.revision.0))
        .collect();
    told.sort_unstable();
    // For each acknowledgement, the greatest revision acknowledged by then.
    let mut greatest = 0;
    let known: Vec<(u64, u64)> = told
        .into_iter()
        .map(|(at, revision)| {
            greatest = greatest.max(revision);
            (at, greatest)
        })
        .collect();
    let before = |begun: u64| {
        let count = known.partition_point(|(at, _)| *at < begun);
        count.checked_sub(1).map_or(0, |last| known[last].1)
    };
    let mut found = Vec::new();
    for one in asked {
        let Some((_, applied)) = &one.answer else { continue };
        let (revision, floor) = (applied.revision.0, before(one.begun));
        if revision <= floor {
            found.push(format!(
                "{:?} was asked after {floor} was acknowledged and took effect at {revision}",
                one.act
            ));
        }
    }
    for one in seen {
        let (revision, floor) = (
            one.revision,
            match one.want {
                Consistency::Linearizable => before(one.begun),
                Consistency::AtLeast(wanted) => wanted.0,
                Consistency::Stale { age_max } => {
                    let age = u64::try_from(age_max.as_micros()).unwrap_or(u64::MAX);
                    before(one.begun.saturating_sub(age))
                }
            },
        );
        if revision < floor {
            found.push(format!(
                "node {} showed {revision} to one who wanted {:?} and was owed {floor}",
                one.node, one.want
            ));
        }
    }
    found
}
