//! A visitor: asks for one place without an id by which anybody would know it again, once, and
//! believes what it is told.

use super::desk::Counter;
use super::nation::places;
use super::tally::Fate;
use ledger::acts::{Hold, Leg, Terms};
use ledger::words::{PersonId, Revision};
use ledger::{Act, Command};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use replica::{Instant, ProposeError, Replica};
use std::num::NonZeroU128;
use std::time::Duration;

/// The visitors' number among the clients.
const CLIENT: u32 = 1_000;
/// How long one waits.
const PATIENCE: Duration = Duration::from_millis(800);

/// Visitors come one after the other until then.
pub async fn visit(counter: Counter, chance: ChaCha8Rng, until: Instant) {
    let mut visitor = Visitor::new(counter, chance);
    while Instant::now() < until {
        let pause = visitor.chance.random_range(50..=400);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let somebody = visitor.counter.mesh.somebody(&mut visitor.chance);
        if let Some((_, replica)) = somebody {
            visitor.ask(&replica, PATIENCE).await;
        }
    }
}

/// One visitor after the other.
pub struct Visitor {
    counter: Counter,
    chance: ChaCha8Rng,
    /// The number of the last one, which no other visitor has.
    number: u128,
}

impl Visitor {
    /// None has come yet.
    pub fn new(counter: Counter, mut chance: ChaCha8Rng) -> Self {
        let number = u128::from(chance.random::<u32>()) << 24;
        Self { counter, chance, number }
    }

    /// The next one asks a node. At which revision its answer took effect; none without one.
    pub async fn ask(&mut self, replica: &Replica, patience: Duration) -> Option<Revision> {
        self.number += 1;
        let visitor = self.number;
        let act = Act::Hold(wish(visitor, &mut self.chance));
        let Counter { record, trace, mesh, .. } = &self.counter;
        let number = record.ask(CLIENT, act.clone(), trace.micros());
        let command = Command::natural(act.clone());
        let answer = replica.propose(vec![command], Instant::now() + patience).await;
        trace.line(format_args!("visitor {visitor} {answer:?}"));
        match answer {
            Ok(mut applied) => {
                let applied = applied.remove(0);
                let revision = applied.revision;
                mesh.tally.wrote(&act, Fate::of(&applied.outcome));
                record.told(number, trace.micros(), applied);
                return Some(revision);
            }
            Err(ProposeError::OutcomeUnknown) => {}
            // Every other error says that nothing was carried out, and never will be.
            Err(_) => record.denied(number),
        }
        mesh.tally.wrote(&act, Fate::Unknown);
        None
    }
}

/// Some place or another, for a short while.
fn wish(visitor: u128, chance: &mut ChaCha8Rng) -> Hold {
    let candidates = places().choose_multiple(chance, 2).copied().collect();
    Hold {
        legs: vec![Leg { candidates }],
        terms: Terms::Hold { seconds: 10 },
        arrival_seconds: 0,
        person: NonZeroU128::new((u128::from(CLIENT) << 64) | visitor).map(PersonId),
        basis: None,
        overcapacity: None,
    }
}
