//! What was acknowledged happened, once, at the revision that was told; what was refused did not;
//! nothing was granted that nobody asked for; and who asked twice under one id was told the same.

use crate::cluster::record::{Asked, Notes};
use ledger::words::{CommitmentId, Ending, PersonId};
use ledger::{Act, Done, Event, Happening, Outcome, Refusal};
use std::collections::{BTreeMap, BTreeSet};

pub fn judge(events: &[Event], notes: &Notes) -> Vec<String> {
    let mut grants: BTreeMap<PersonId, Vec<(u64, CommitmentId)>> = BTreeMap::new();
    let mut changes = BTreeSet::new();
    for event in events {
        match event.happening {
            Happening::Granted { commitment, person: Some(person), .. } => {
                let grants = grants.entry(person).or_default();
                grants.push((event.revision.0, commitment));
            }
            Happening::Booked { commitment, .. } => {
                changes.insert((event.revision.0, commitment, Change::Booked));
            }
            Happening::Arrived { commitment } => {
                changes.insert((event.revision.0, commitment, Change::Arrived));
            }
            Happening::Ended { commitment, ending, .. } => {
                changes.insert((event.revision.0, commitment, Change::Ended(ending as u8)));
            }
            _ => {}
        }
    }
    let mut found = notes.contradicted.clone();
    for one in &notes.asked {
        match &one.act {
            Act::Hold(hold) => {
                let granted = hold.person.and_then(|person| grants.remove(&person));
                found.extend(judge_grant(one, &granted.unwrap_or_default()));
            }
            act => found.extend(judge_change(one, act, &changes)),
        }
    }
    found.extend(grants.keys().map(|person| format!("{person:?} was granted what nobody asked")));
    found
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Booked,
    Arrived,
    /// By the number of the ending.
    Ended(u8),
}

fn judge_grant(asked: &Asked, granted: &[(u64, CommitmentId)]) -> Option<String> {
    let revisions: BTreeSet<u64> = granted.iter().map(|(revision, _)| *revision).collect();
    if revisions.len() > 1 {
        return Some(format!("{:?} was granted more than once: {granted:?}", asked.act));
    }
    if asked.denied && !granted.is_empty() {
        return Some(format!("client {} was told of nothing, and has {granted:?}", asked.client));
    }
    let (_, applied) = asked.answer.as_ref()?;
    let told = applied.revision.0;
    match &applied.outcome {
        Outcome::Done(Done::Granted(grant)) => {
            let promised = (0..u64::from(grant.legs)).map(|leg| CommitmentId(grant.first.0 + leg));
            let promised: Vec<_> = promised.map(|one| (told, one)).collect();
            (promised != granted).then(|| {
                format!("client {} was promised {promised:?}, and has {granted:?}", asked.client)
            })
        }
        Outcome::Done(done) => Some(format!("a hold was answered {done:?}")),
        // This refusal says that nobody remembers: it may have been carried out.
        Outcome::Refused(Refusal::RequestTooOld) => None,
        Outcome::Refused(refusal) => (!granted.is_empty())
            .then(|| format!("refused with {refusal:?} and granted {granted:?}: {:?}", asked.act)),
    }
}

fn judge_change(
    asked: &Asked,
    act: &Act,
    changes: &BTreeSet<(u64, CommitmentId, Change)>,
) -> Option<String> {
    let (commitment, change) = match act {
        Act::Confirm(confirm) => (confirm.commitment, Change::Booked),
        Act::Arrive(arrive) => (arrive.commitment, Change::Arrived),
        Act::Release(release) => (release.commitment, Change::Ended(Ending::Released as u8)),
        Act::Cancel(cancel) => (cancel.commitment, Change::Ended(Ending::Cancelled as u8)),
        Act::Discharge(gone) => (gone.commitment, Change::Ended(Ending::Fulfilled as u8)),
        other => return Some(format!("no judge knows {other:?}")),
    };
    let (_, applied) = asked.answer.as_ref()?;
    if applied.outcome == Outcome::Refused(Refusal::RequestTooOld) {
        return None;
    }
    let done = matches!(applied.outcome, Outcome::Done(_));
    let happened = changes.contains(&(applied.revision.0, commitment, change));
    (done != happened).then(|| {
        let told = (applied.revision.0, &applied.outcome);
        format!("client {} was told {told:?} of {act:?}; it happened: {happened}", asked.client)
    })
}
