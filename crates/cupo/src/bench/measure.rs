//! What a measurement counted, as one line of JSON.

use hdrhistogram::Histogram;
use serde_json::{Value, json};
use std::time::Duration;

/// The longest latency told apart, in microseconds: a minute.
const LATENCY_MICROS_MAX: u64 = 60_000_000;

/// What was counted.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Operations acknowledged: each is one command of its own.
    pub operations: u64,
    /// How many of them were bookings, or reports where those are measured; the others are
    /// cancellations.
    pub counted: u64,
    /// Operations refused by the ledger.
    pub refused: u64,
    /// Operations that were not answered or put off.
    pub failed: u64,
    /// How long it took.
    pub took: Duration,
    latency: Histogram<u64>,
}

impl Measure {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let latency = Histogram::new_with_max(LATENCY_MICROS_MAX, 3)
            .expect("three digits up to a minute are within what a histogram can tell apart");
        let took = Duration::ZERO;
        Self { operations: 0, counted: 0, refused: 0, failed: 0, took, latency }
    }

    /// A message or call was answered after this long.
    pub fn answered(&mut self, after: Duration) {
        let micros = u64::try_from(after.as_micros()).unwrap_or(LATENCY_MICROS_MAX);
        self.latency.saturating_record(micros);
    }

    /// Adds what somebody else counted at the same time.
    pub fn add(&mut self, other: &Self) {
        self.operations += other.operations;
        self.counted += other.counted;
        self.refused += other.refused;
        self.failed += other.failed;
        self.took = self.took.max(other.took);
        // Both have the same bounds, which is all that can differ.
        let _ = self.latency.add(&other.latency);
    }

    /// Bookings or reports a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        per_second(self.counted, self.took)
    }

    /// The line. `what` names the measurement and says what one operation is.
    #[must_use]
    pub fn line(&self, what: &str, parameters: &Value) -> Value {
        let at = |quantile| self.latency.value_at_quantile(quantile);
        json!({
            "measurement": what,
            "parameters": parameters,
            "per_second": whole(self.rate()),
            "counted": self.counted,
            "operations": self.operations,
            "operations_per_second": whole(per_second(self.operations, self.took)),
            "refused": self.refused,
            "failed": self.failed,
            "seconds": self.took.as_secs_f64(),
            "latency_micros": {
                "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "p999": at(0.999),
                "max": self.latency.max(),
            },
        })
    }
}

fn per_second(count: u64, took: Duration) -> f64 {
    let seconds = took.as_secs_f64();
    if seconds <= 0.0 {
        return 0.0;
    }
    #[allow(clippy::cast_precision_loss, reason = "a rate is shown with few digits")]
    let rate = count as f64 / seconds;
    rate
}

fn whole(rate: f64) -> Value {
    json!(rate.round())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_counted_is_one_line() {
        let mut all = Measure::new();
        for worker in 1..=4 {
            let mut one = Measure { operations: 100, counted: 50, ..Measure::new() };
            one.took = Duration::from_millis(500 * worker);
            one.answered(Duration::from_millis(worker));
            all.add(&one);
        }
        let line = all.line("unary", &json!({ "in_flight": 4 }));
        assert_eq!(line["per_second"], 100.0);
        assert_eq!(line["operations_per_second"], 200.0);
        assert_eq!(line["counted"], 200);
        let max = line["latency_micros"]["max"].as_u64().expect("a number");
        assert!((4_000..4_010).contains(&max), "{line}");
        assert!(Measure::new().rate().abs() < f64::EPSILON);
    }
}
