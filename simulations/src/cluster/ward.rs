//! A ward: looks at what cupo promised of its beds, and reports what is left.

use super::desk::Counter;
use super::mutant::Mutant;
use super::nation::ward;
use super::tally::Fate;
use ledger::acts::Report;
use ledger::words::{BedCount, Registered, RequestId};
use ledger::{Act, Command};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use replica::{Consistency, Instant};
use std::time::Duration;

/// A facility's ward. It sees commitments late, and sends a report until it is heard, or a newer
/// one takes its place.
pub struct Ward {
    facility: u32,
    counter: Counter,
    chance: ChaCha8Rng,
    sequence: u64,
    accounted: u64,
}

/// How old what a ward looks at may be.
const AGE_MAX: Duration = Duration::from_secs(30);

impl Ward {
    /// A ward that has said nothing yet.
    pub fn new(facility: u32, counter: Counter, chance: ChaCha8Rng) -> Self {
        Self { facility, counter, chance, sequence: 0, accounted: 0 }
    }

    /// Reports for ever.
    pub async fn work(mut self) {
        loop {
            let Some(report) = self.look().await else {
                self.pause().await;
                continue;
            };
            self.counter.trace.line(format_args!("ward {} says {report:?}", self.facility));
            let act = Act::Report(report);
            let command = Command { request: RequestId::Natural, ..Command::natural(act.clone()) };
            for _ in 0..4 {
                let until = Instant::now() + Duration::from_millis(800);
                let Some((_, replica)) = self.counter.mesh.somebody(&mut self.chance) else {
                    break;
                };
                let answer = replica.propose(vec![command.clone()], until).await;
                let told = answer.is_ok();
                let fate = answer.map_or(Fate::Unknown, |applied| Fate::of(&applied[0].outcome));
                self.counter.mesh.tally.wrote(&act, fate);
                if told {
                    break;
                }
            }
            self.pause().await;
        }
    }

    async fn pause(&mut self) {
        let millis = self.chance.random_range(100..=900);
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }

    /// What the ward says after a look at some node.
    async fn look(&mut self) -> Option<Report> {
        let (_, replica) = self.counter.mesh.somebody(&mut self.chance)?;
        let want = Consistency::Stale { age_max: AGE_MAX };
        let view = replica.read(want, Instant::now() + Duration::from_secs(1)).await.ok()?;
        let service = ward(self.facility);
        let state = view.service(service)?.ward.as_ref()?.clone();
        if state.last_number < self.accounted {
            // An older picture than the last one: nothing is to be learnt from it.
            return None;
        }
        // Between looking and counting something may be granted.
        self.pause().await;
        self.accounted = state.last_number;
        self.sequence += 1;
        let live = u32::try_from(state.live.len()).unwrap_or(u32::MAX);
        let Registered::Confirmed(beds) = state.registered else { return None };
        let overlooked = self.counter.mutant == Some(Mutant::WardsOverlookCommitments);
        let free = if overlooked { beds } else { beds.saturating_sub(live) };
        // Now and then a ward takes back what it had accounted for, and is not believed.
        let slip = u64::from(self.chance.random_ratio(1, 16));
        Some(Report {
            service,
            sequence: self.sequence,
            incarnation: 1,
            beds: BedCount { free, occupied: beds - free, open: beds, ..BedCount::default() },
            available: free,
            accounted_through: self.accounted.saturating_sub(slip),
            exceptions: Vec::new(),
        })
    }
}
