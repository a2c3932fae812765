//! A visitor: asks for one place without an id by which anybody would know it again, once, and
//! believes what it is told.

use super::desk::Counter;
use super::nation::places;
use ledger::acts::{Hold, Leg, Terms};
use ledger::words::PersonId;
use ledger::{Act, Command};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use replica::{Instant, ProposeError};
use std::num::NonZeroU128;
use std::time::Duration;

/// The visitors' number among the clients.
const CLIENT: u32 = 1_000;
/// How long one waits.
const PATIENCE: Duration = Duration::from_millis(800);

/// Visitors come one after the other until then.
pub async fn visit(counter: Counter, mut chance: ChaCha8Rng, until: Instant) {
    let mut visitors = 0;
    while Instant::now() < until {
        let pause = chance.random_range(50..=400);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let Some((_, replica)) = counter.mesh.somebody(&mut chance) else {
            continue;
        };
        visitors += 1;
        let hold = wish(visitors, &mut chance);
        let begun = counter.trace.micros();
        let number = counter.record.ask(CLIENT, Act::Hold(hold.clone()), begun);
        let command = Command::natural(Act::Hold(hold));
        let answer = replica.propose(vec![command], Instant::now() + PATIENCE).await;
        counter.trace.line(format_args!("visitor {visitors} {answer:?}"));
        match answer {
            Ok(mut applied) => {
                counter.record.told(number, counter.trace.micros(), applied.remove(0));
            }
            Err(ProposeError::OutcomeUnknown) => {}
            // Every other error says that nothing was carried out, and never will be.
            Err(_) => counter.record.denied(number),
        }
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
