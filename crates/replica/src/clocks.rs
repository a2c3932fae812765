//! What is known of the members' clocks, so that one clock that is far off moves nobody's time.

use crate::limits::{CLOCK_OFF_MAX, CLOCK_SAMPLE_AGE_MAX};
use crate::member::NodeId;
use crate::parts::Clock;
use ledger::words::Moment;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The members' clocks, as far as they were heard of.
pub(crate) struct Clocks {
    node: NodeId,
    clock: Arc<dyn Clock>,
    heard: Mutex<BTreeMap<NodeId, Sample>>,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    moment: Moment,
    at: Duration,
}

impl Clocks {
    pub fn new(node: NodeId, clock: Arc<dyn Clock>) -> Self {
        Self { node, clock, heard: Mutex::default() }
    }

    /// This node's clock.
    pub fn own(&self) -> Moment {
        self.clock.now()
    }

    /// Time since some fixed point.
    pub fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }

    /// A member has told its clock.
    pub fn heard(&self, node: NodeId, moment: Moment) {
        if moment > Moment::ZERO && node != self.node {
            let sample = Sample { moment, at: self.clock.monotonic() };
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(node, sample);
        }
    }

    /// The latest moment that a majority of the voters' clocks have reached; none while too few
    /// of them were heard of.
    pub fn quorum(&self, voters: &[NodeId]) -> Option<Moment> {
        let majority = voters.len() / 2 + 1;
        self.estimates(voters).into_iter().rev().nth(majority - 1)
    }

    /// Whether this node's clock is too far from the middle of all to lead. False while fewer than
    /// three are known: two cannot tell whose is wrong, and the quorum's bound holds both back.
    pub fn is_off(&self, voters: &[NodeId]) -> bool {
        let estimates = self.estimates(voters);
        if estimates.len() < 3 {
            return false;
        }
        let middle = estimates[estimates.len() / 2];
        let off = self.own().micros().abs_diff(middle.micros());
        Duration::from_micros(off) > CLOCK_OFF_MAX
    }

    /// What the voters' clocks show now, in ascending order.
    fn estimates(&self, voters: &[NodeId]) -> Vec<Moment> {
        let now = self.clock.monotonic();
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let estimate = |voter: &NodeId| {
            if *voter == self.node {
                return Some(self.clock.now());
            }
            let sample = heard.get(voter)?;
            let age = now.saturating_sub(sample.at);
            (age <= CLOCK_SAMPLE_AGE_MAX).then(|| plus(sample.moment, age))
        };
        let mut estimates: Vec<_> = voters.iter().filter_map(estimate).collect();
        estimates.sort_unstable();
        estimates
    }
}

/// A moment some time later.
pub(crate) fn plus(moment: Moment, time: Duration) -> Moment {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    Moment::from_micros(moment.micros().saturating_add(micros))
}

/// A clock that is set by hand.
#[cfg(test)]
pub(crate) mod manual {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[derive(Default)]
    pub(crate) struct ManualClock {
        pub micros: AtomicU64,
        pub monotonic_micros: AtomicU64,
    }

    impl ManualClock {
        pub fn at(seconds: u64) -> Arc<Self> {
            let clock = Self::default();
            clock.micros.store(seconds * 1_000_000, Ordering::Relaxed);
            Arc::new(clock)
        }

        pub fn set(&self, seconds: u64) {
            self.micros.store(seconds * 1_000_000, Ordering::Relaxed);
        }

        pub fn pass(&self, time: Duration) {
            let micros = u64::try_from(time.as_micros()).unwrap();
            self.micros.fetch_add(micros, Ordering::Relaxed);
            self.monotonic_micros.fetch_add(micros, Ordering::Relaxed);
        }
    }

    impl Clock for ManualClock {
        fn now(&self) -> Moment {
            Moment::from_micros(self.micros.load(Ordering::Relaxed))
        }

        fn monotonic(&self) -> Duration {
            Duration::from_micros(self.monotonic_micros.load(Ordering::Relaxed))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::manual::ManualClock;
    use super::*;

    #[test]
    fn one_clock_moves_nobody() {
        let year = 31_536_000;
        // Own clock, what the others said, the quorum's moment, and whether the own is off.
        let rows: [(u64, &[u64], Option<u64>, bool); 8] = [
            (1_000, &[], None, false),
            (1_000, &[1_000], Some(1_000), false),
            (1_000, &[1_000, 1_000], Some(1_000), false),
            (1_000 + year, &[1_000, 1_000], Some(1_000), true),
            (1_000, &[1_000, 1_000 + year], Some(1_000), false),
            (1, &[1_000_000, 1_000_000], Some(1_000_000), true),
            (1_000 + year, &[1_000], Some(1_000), false),
            (1_000, &[1_000 + year], Some(1_000), false),
        ];
        let voters = [NodeId(1), NodeId(2), NodeId(3)];
        for (own, others, quorum, off) in rows {
            let clocks = Clocks::new(NodeId(1), ManualClock::at(own));
            for (node, other) in (2..).zip(others) {
                clocks.heard(NodeId(node), Moment::from_seconds(*other));
            }
            let found = clocks.quorum(&voters);
            assert_eq!(found, quorum.map(Moment::from_seconds), "{own} {others:?}");
            assert_eq!(clocks.is_off(&voters), off, "{own} {others:?}");
        }
    }

    #[test]
    fn what_was_heard_moves_on_and_grows_old() {
        let clock = ManualClock::at(1_000);
        let clocks = Clocks::new(NodeId(1), clock.clone());
        clocks.heard(NodeId(2), Moment::from_seconds(1_000));
        clock.pass(Duration::from_secs(5));
        let voters = [NodeId(1), NodeId(2)];
        assert_eq!(clocks.quorum(&voters), Some(Moment::from_seconds(1_005)));
        clock.pass(CLOCK_SAMPLE_AGE_MAX);
        assert_eq!(clocks.quorum(&voters), None);
    }
}
