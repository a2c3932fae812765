//! What the demo counts while it runs.

use hdrhistogram::Histogram;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The longest latency told apart, in microseconds: a minute.
const LATENCY_MICROS_MAX: u64 = 60_000_000;

/// Counters that everybody adds to.
#[derive(Debug)]
pub struct Figures {
    booked: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
    reported: AtomicU64,
    latency: Mutex<Histogram<u64>>,
}

/// Counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Bookings acknowledged.
    pub booked: u64,
    /// Requests for which there was no room.
    pub refused: u64,
    /// Requests that nobody answered in time.
    pub failed: u64,
    /// Reports, arrivals and other words of facilities that were carried out.
    pub reported: u64,
    /// Microseconds within which half of the bookings were acknowledged since the last look.
    pub p50_micros: u64,
    /// The same for 99 of a hundred.
    pub p99_micros: u64,
}

impl Default for Figures {
    fn default() -> Self {
        let latency = Histogram::new_with_max(LATENCY_MICROS_MAX, 3)
            .expect("three digits up to a minute are within what a histogram can tell apart");
        Self {
            booked: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            reported: AtomicU64::new(0),
            latency: Mutex::new(latency),
        }
    }
}

impl Figures {
    /// A booking was acknowledged after this long.
    pub fn booked(&self, after: Duration) {
        self.booked.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(after.as_micros()).unwrap_or(LATENCY_MICROS_MAX);
        // A histogram is whole after each record, so a panic elsewhere leaves it usable.
        let mut latency = self.latency.lock().unwrap_or_else(PoisonError::into_inner);
        latency.saturating_record(micros);
    }

    /// There was no room.
    pub fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Nobody answered in time.
    pub fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    /// So many words of facilities were carried out.
    pub fn reported(&self, count: usize) {
        self.reported.fetch_add(u64::try_from(count).unwrap_or(0), Ordering::Relaxed);
    }

    /// The counters now; latencies begin anew with every look.
    pub fn look(&self) -> Snapshot {
        let mut latency = self.latency.lock().unwrap_or_else(PoisonError::into_inner);
        let snapshot = Snapshot {
            booked: self.booked.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            reported: self.reported.load(Ordering::Relaxed),
            p50_micros: latency.value_at_quantile(0.5),
            p99_micros: latency.value_at_quantile(0.99),
        };
        latency.reset();
        snapshot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stay_and_latencies_begin_anew() {
        let figures = Figures::default();
        for millis in 1..=100 {
            figures.booked(Duration::from_millis(millis));
        }
        figures.refused();
        figures.failed();
        figures.reported(7);
        let first = figures.look();
        assert_eq!((first.booked, first.refused, first.failed, first.reported), (100, 1, 1, 7));
        assert!((49_000..52_000).contains(&first.p50_micros), "{first:?}");
        assert!((98_000..101_000).contains(&first.p99_micros), "{first:?}");
        figures.booked(Duration::from_secs(3_600));
        let second = figures.look();
        assert_eq!(second.booked, 101);
        assert!(second.p99_micros >= 59_000_000, "{second:?}");
        assert_eq!(figures.look().p50_micros, 0);
    }
}
