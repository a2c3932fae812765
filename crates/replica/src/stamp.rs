//! The moments a leader stamps on its entries: never going back, never running ahead.

use crate::clocks::{Clocks, plus};
use crate::limits::CLOCK_AHEAD_MAX;
use crate::member::NodeId;
use ledger::words::Moment;
use std::time::Duration;

/// One leadership's stamps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamper {
    /// The last moment stamped.
    last: Moment,
    /// What the time was when this leadership began, confirmed by a quorum, and when that was.
    base: Moment,
    base_at: Duration,
}

impl Stamper {
    /// Begins a leadership after the log's last moment. None while too few clocks are known: what
    /// nobody confirms is not believed.
    pub fn begin(last: Moment, clocks: &Clocks, voters: &[NodeId]) -> Option<Self> {
        let quorum = clocks.quorum(voters)?;
        let base = last.max(clocks.own().min(quorum));
        Some(Self { last, base, base_at: clocks.monotonic() })
    }

    /// The next moment: the clock's, unless that is before the last one, or ahead of what has
    /// elapsed or of what a quorum's clocks show by more than the bound.
    pub fn stamp(&mut self, clocks: &Clocks, voters: &[NodeId]) -> Moment {
        let elapsed = clocks.monotonic().saturating_sub(self.base_at);
        let by_elapsed = plus(plus(self.base, elapsed), CLOCK_AHEAD_MAX);
        let by_quorum = clocks.quorum(voters).map_or(by_elapsed, |q| plus(q, CLOCK_AHEAD_MAX));
        let moment = clocks.own().min(by_elapsed).min(by_quorum).max(self.last);
        assert!(moment >= self.last, "stamps never go back");
        self.last = moment;
        moment
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clocks::manual::ManualClock;
    use std::sync::Arc;

    const VOTERS: [NodeId; 3] = [NodeId(1), NodeId(2), NodeId(3)];

    fn begin(last: u64, own: u64, others: u64) -> (Arc<ManualClock>, Clocks, Stamper) {
        let clock = ManualClock::at(own);
        let clocks = Clocks::new(NodeId(1), clock.clone());
        clocks.heard(NodeId(2), Moment::from_seconds(others));
        clocks.heard(NodeId(3), Moment::from_seconds(others));
        let stamper = Stamper::begin(Moment::from_seconds(last), &clocks, &VOTERS).unwrap();
        (clock, clocks, stamper)
    }

    #[test]
    fn stamps_follow_the_clock_within_bounds() {
        let year = 31_536_000;
        let ahead = CLOCK_AHEAD_MAX.as_secs();
        // Last moment of the log, own clock, others' clocks, the first stamp.
        let rows = [
            (0, 1_000, 1_000, 1_000),
            (2_000, 1_000, 1_000, 2_000),
            (0, 1_000 + year, 1_000, 1_000 + ahead),
            // A cluster that slept for a year wakes up in the present.
            (1_000, 1_000 + year, 1_000 + year, 1_000 + year),
        ];
        for (last, own, others, expected) in rows {
            let (_, clocks, mut stamper) = begin(last, own, others);
            let stamp = stamper.stamp(&clocks, &VOTERS);
            assert_eq!(stamp, Moment::from_seconds(expected), "{last} {own} {others}");
        }
    }

    #[test]
    fn a_clock_that_jumps_while_leading_is_held_back() {
        let (clock, clocks, mut stamper) = begin(0, 1_000, 1_000);
        stamper.stamp(&clocks, &VOTERS);
        clock.set(9_000_000);
        clock.pass(Duration::from_secs(2));
        let stamp = stamper.stamp(&clocks, &VOTERS);
        assert_eq!(stamp, plus(Moment::from_seconds(1_002), CLOCK_AHEAD_MAX));
        clock.set(1_001);
        assert_eq!(stamper.stamp(&clocks, &VOTERS), stamp);
    }

    #[test]
    fn nothing_is_stamped_before_clocks_are_known() {
        let clocks = Clocks::new(NodeId(1), ManualClock::at(1_000));
        assert!(Stamper::begin(Moment::ZERO, &clocks, &VOTERS).is_none());
    }
}
