//! Real time and the log agree: what began after another was acknowledged comes after it, and a
//! linearizable read shows everything that was acknowledged before it began.

use crate::cluster::record::{Asked, Seen};

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
    for one in seen.iter().filter(|one| one.linearizable) {
        let (revision, floor) = (one.revision, before(one.begun));
        if revision < floor {
            found.push(format!(
                "node {} showed {revision} as the truth after {floor} was acknowledged",
                one.node
            ));
        }
    }
    found
}
