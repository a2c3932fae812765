//! Moments as timestamps, and back.

use crate::input::{FieldError, Problem};
use crate::limits::SECONDS_MAX;
use ledger::words::Moment;
use prost_types::Timestamp;

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
