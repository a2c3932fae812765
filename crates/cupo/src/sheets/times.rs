//! Times in the zone of the facility they belong to.

use crate::output::Cell;
use calendar::{Zone, rfc3339};
use ledger::words::Moment;
use prost_types::Timestamp;

/// A moment in a facility's zone; in UTC where none is known.
#[must_use]
pub fn time(time: Option<&Timestamp>, zone: &str) -> Cell {
    let Some(moment) = moment(time) else { return Cell::Nothing };
    match Zone::parse(zone) {
        Ok(zone) => {
            Cell::Time { stamp: rfc3339::format_local(moment, zone), zone: zone.name().to_owned() }
        }
        Err(_) => Cell::Time { stamp: rfc3339::format(moment), zone: "UTC".to_owned() },
    }
}

fn moment(time: Option<&Timestamp>) -> Option<Moment> {
    wire::time::moment("", time?).ok()
}

/// How long ago a moment was, seen from another.
#[must_use]
pub fn age(time: Option<&Timestamp>, now: Moment) -> Cell {
    moment(time).map_or(Cell::Nothing, |moment| Cell::Age { seconds: now.seconds_since(moment) })
}

/// The present, for ages that people are shown; nothing else depends on it.
#[must_use]
pub fn now() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let micros = since.map(|since| since.as_micros()).unwrap_or_default();
    Moment::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
}
