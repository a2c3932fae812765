//! Nobody is told that a slot is taken while it has room: what was refused is as true as what was
//! granted. Of beds only their ward knows, so that a hold which may have one is not judged here;
//! and where the log's time may have followed clocks that were far ahead, slots may have begun.

use crate::cluster::nation::SLOT_CAPACITY;
use crate::cluster::record::Asked;
use ledger::words::{CommitmentId, Place, SlotId};
use ledger::{Act, Event, Happening, Outcome, Refusal};
use std::collections::BTreeMap;

pub fn judge(events: &[Event], asked: &[Asked], misled: bool) -> Vec<String> {
    if misled {
        return Vec::new();
    }
    let mut refused: Vec<(u64, &Asked)> = asked
        .iter()
        .filter_map(|one| {
            let (_, applied) = one.answer.as_ref()?;
            let taken = applied.outcome == Outcome::Refused(Refusal::Taken);
            taken.then_some((applied.revision.0, one))
        })
        .collect();
    refused.sort_unstable_by_key(|(revision, _)| *revision);
    let mut slots = Slots::default();
    let mut events = events.iter().peekable();
    let mut found = Vec::new();
    for (revision, one) in refused {
        // What time brought about at its own revision came before it was judged.
        while let Some(event) = events.next_if(|event| event.revision.0 <= revision) {
            slots.note(event);
        }
        let Act::Hold(hold) = &one.act else { continue };
        let legs = u32::try_from(hold.legs.len()).unwrap_or(u32::MAX);
        let has_room = |place: &Place| match place {
            Place::Slot(slot) => slots.taken(*slot) + legs <= u32::from(SLOT_CAPACITY),
            Place::Bed(_) => false,
        };
        if hold.legs.iter().all(|leg| leg.candidates.iter().any(has_room)) {
            let client = one.client;
            found.push(format!(
                "client {client} was told at {revision} that all is taken: {hold:?}"
            ));
        }
    }
    found
}

/// How often each slot is taken.
#[derive(Default)]
struct Slots {
    live: BTreeMap<CommitmentId, SlotId>,
    taken: BTreeMap<SlotId, u32>,
}

impl Slots {
    fn taken(&self, slot: SlotId) -> u32 {
        self.taken.get(&slot).copied().unwrap_or(0)
    }

    fn note(&mut self, event: &Event) {
        match event.happening {
            Happening::Granted { commitment, place: Place::Slot(slot), .. } => {
                self.live.insert(commitment, slot);
                *self.taken.entry(slot).or_default() += 1;
            }
            Happening::Ended { commitment, .. } => {
                if let Some(slot) = self.live.remove(&commitment) {
                    self.taken.entry(slot).and_modify(|taken| *taken = taken.saturating_sub(1));
                }
            }
            _ => {}
        }
    }
}
