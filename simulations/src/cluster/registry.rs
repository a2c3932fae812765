//! The registry: registers another number of beds for a ward now and then.

use super::desk::Counter;
use super::nation::{BEDS, FACILITIES, operator, ward};
use super::tally::Fate;
use ledger::acts::ConfirmCapacity;
use ledger::{Act, Command};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use replica::Instant;
use std::time::Duration;

/// How long it waits for an answer.
const PATIENCE: Duration = Duration::from_millis(800);

/// Registers one bed more or less than there were in the beginning, or as many, until then.
pub async fn register(counter: Counter, mut chance: ChaCha8Rng, until: Instant) {
    while Instant::now() < until {
        let pause = chance.random_range(1_000..=5_000);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let service = ward(chance.random_range(0..FACILITIES));
        let beds = chance.random_range(BEDS - 1..=BEDS + 1);
        let Some((node, replica)) = counter.mesh.somebody(&mut chance) else {
            continue;
        };
        let act = Act::ConfirmCapacity(ConfirmCapacity { service, beds });
        let command = Command { author: Some(operator()), ..Command::natural(act.clone()) };
        let answer = replica.propose(vec![command], Instant::now() + PATIENCE).await;
        counter.trace.line(format_args!("registry {service:?} {beds} at {node}: {answer:?}"));
        let fate = answer.map_or(Fate::Unknown, |applied| Fate::of(&applied[0].outcome));
        counter.mesh.tally.wrote(&act, fate);
    }
}
