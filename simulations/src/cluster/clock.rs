//! A node's clock: simulated time, and how wrong it is.

use ledger::words::Moment;
use replica::{Clock, Instant};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// When every run begins: some day in 2027.
pub const START_SECONDS: u64 = 1_800_000_000;

/// Clocks that are further ahead than this could mislead the others if most of them were.
pub const FAR_SECONDS: u64 = 2;
/// How much too fast or too slowly clocks run at most.
pub const DRIFT_MAX_PARTS_PER_MILLION: u64 = 20_000;

/// The right time, so many microseconds after a run began.
pub const fn right(micros: u64) -> Moment {
    Moment::from_micros(START_SECONDS * 1_000_000 + micros)
}

/// A clock that may jump and drift. It stays wrong over restarts, as a machine's does.
pub struct NodeClock {
    start: Instant,
    wrong: Mutex<Wrong>,
}

#[derive(Clone, Copy, Default)]
struct Wrong {
    jump_micros: i64,
    /// Parts per million, since the run began.
    drift: i64,
}

impl NodeClock {
    /// A clock that is right.
    pub fn new(start: Instant) -> Self {
        Self { start, wrong: Mutex::default() }
    }

    /// Jumps by so many microseconds from the right time. True when it was another before.
    pub fn jump(&self, micros: i64) -> bool {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut wrong.jump_micros, micros) != micros
    }

    /// Whether it shows a time that is far ahead.
    pub fn is_far_ahead(&self) -> bool {
        let jump = self.wrong.lock().unwrap_or_else(PoisonError::into_inner).jump_micros;
        u64::try_from(jump).is_ok_and(|ahead| ahead > FAR_SECONDS * 1_000_000)
    }

    /// Runs faster, or slower, by so many parts per million. True when it ran otherwise before.
    pub fn drift(&self, parts_per_million: i64) -> bool {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut wrong.drift, parts_per_million) != parts_per_million
    }
}

impl Clock for NodeClock {
    fn now(&self) -> Moment {
        let elapsed = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        let wrong = *self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let drift = i64::try_from(elapsed).unwrap_or(i64::MAX) / 1_000 * wrong.drift / 1_000;
        let right = right(elapsed).micros();
        Moment::from_micros(right.saturating_add_signed(wrong.jump_micros + drift))
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }
}
