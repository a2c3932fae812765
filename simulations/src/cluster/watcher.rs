//! A watcher: follows what happens, at one node after the other, and must see everything once.

use super::desk::Counter;
use super::mutant::Mutant;
use ledger::Event;
use ledger::words::Revision;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use replica::Happenings;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What a watcher has seen: every event, and up to where it has been told everything.
#[derive(Clone, Default)]
pub struct Diary(Arc<Mutex<(Vec<Event>, u64)>>);

impl Diary {
    /// The events seen, and the revision they reach to.
    pub fn read(&self) -> (Vec<Event>, u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn through(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    fn write(&self, events: &[Event], through: u64) {
        let mut diary = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        diary.0.extend_from_slice(events);
        diary.1 = through;
    }
}

/// Where a watcher goes on that is cut off while it takes an entry in: now and then, within it.
fn middle(happenings: &Happenings, chance: &mut ChaCha8Rng) -> Option<Revision> {
    let revisions = happenings.events.iter().map(|event| event.revision);
    let earlier: Vec<_> = revisions.filter(|revision| *revision < happenings.through).collect();
    earlier.choose(chance).copied().filter(|_| chance.random_ratio(1, 8))
}

/// Watches for ever. A watch that breaks is taken up where it broke, at another node.
pub async fn watch(counter: Counter, mut chance: ChaCha8Rng, diary: Diary) {
    loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let Some((_, replica)) = counter.mesh.somebody(&mut chance) else {
            continue;
        };
        let through = diary.through();
        let after = match counter.mutant {
            Some(Mutant::WatchersSkip) if through > 0 => through + 1,
            Some(Mutant::WatchersRepeat) => through.saturating_sub(1),
            _ => through,
        };
        let Ok(mut watch) = replica.watch(Revision(after)) else {
            continue;
        };
        loop {
            // A node that is gone says nothing more: the watcher must notice by itself.
            let next = tokio::time::timeout(Duration::from_secs(2), watch.next()).await;
            match next {
                Ok(Ok(happenings)) => {
                    if let Some(middle) = middle(&happenings, &mut chance) {
                        let upto = happenings.events.partition_point(|e| e.revision <= middle);
                        diary.write(&happenings.events[..upto], middle.0);
                        break;
                    }
                    diary.write(&happenings.events, happenings.through.0);
                }
                // Too slow, ahead of this node, stopping, silent: it is taken up elsewhere.
                _ => break,
            }
        }
    }
}
