//! Moments as timestamps, and back; lengths of time.

use crate::input::{FieldError, Problem};
use crate::limits::{LENGTH_SECONDS_MAX, SECONDS_MAX};
use ledger::words::Moment;
use prost_types::Timestamp;
use std::time::Duration;

/// A moment as a timestamp; `None` for the first and the last moment, which mean "none".
#[must_use]
pub fn timestamp(moment: Moment) -> Option<Timestamp> {
    if moment == Moment::ZERO || moment == Moment::MAX {
        return None;
    }
    let micros = moment.micros() % 1_000_000;
    Some(Timestamp {
        seconds: i64::try_from(moment.seconds()).unwrap_or(i64::MAX),
        nanos: i32::try_from(micros * 1_000).unwrap_or_default(),
    })
}

/// A timestamp as a moment, rounded down to the microsecond.
///
/// # Errors
/// When it lies before 1970 or after 9999, or its nanoseconds are none.
pub fn moment(field: &str, given: &Timestamp) -> Result<Moment, FieldError> {
    let wrong = || FieldError::new(field, Problem::Time);
    if !(0..=SECONDS_MAX).contains(&given.seconds) || !(0..1_000_000_000).contains(&given.nanos) {
        return Err(wrong());
    }
    let seconds = u64::try_from(given.seconds).map_err(|_| wrong())?;
    let micros = u64::try_from(given.nanos / 1_000).map_err(|_| wrong())?;
    Ok(Moment::from_micros(seconds * 1_000_000 + micros))
}

/// A length of time. The bounds are checked here, because the conversion that comes with the
/// message overflows on the smallest of all numbers.
///
/// # Errors
/// When it is negative or longer than 10,000 years, or its nanoseconds are none.
pub fn length(field: &str, given: &prost_types::Duration) -> Result<Duration, FieldError> {
    let wrong = || FieldError::new(field, Problem::Length);
    if !(0..=LENGTH_SECONDS_MAX).contains(&given.seconds)
        || !(0..1_000_000_000).contains(&given.nanos)
    {
        return Err(wrong());
    }
    let seconds = u64::try_from(given.seconds).map_err(|_| wrong())?;
    let nanos = u32::try_from(given.nanos).map_err(|_| wrong())?;
    Ok(Duration::new(seconds, nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_taken_within_their_bounds_and_refused_beyond() {
        #[track_caller]
        fn check(seconds: i64, nanos: i32, expected: Option<Duration>) {
            let given = prost_types::Duration { seconds, nanos };
            let expected = expected.ok_or(FieldError::new("length", Problem::Length));
            assert_eq!(length("length", &given), expected, "{given:?}");
        }
        check(0, 0, Some(Duration::ZERO));
        check(1, 500_000_000, Some(Duration::from_millis(1_500)));
        check(LENGTH_SECONDS_MAX, 0, Some(Duration::from_secs(315_576_000_000)));
        check(LENGTH_SECONDS_MAX + 1, 0, None);
        check(i64::MAX, i32::MAX, None);
        check(0, 1_000_000_000, None);
        check(0, -1, None);
        check(-1, 0, None);
        check(1, i32::MIN, None);
        check(i64::MIN, 0, None);
        check(i64::MIN, i32::MIN, None);
    }
}
