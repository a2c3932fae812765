//! Moments as programs write them (RFC 3339).

use crate::error::DateError;
use crate::limits::YEAR_MAX;
use crate::zone::{Zone, utc};
use chrono::{DateTime, Datelike};
use ledger::words::Moment;

/// The moment in this text. Any offset is understood; digits beyond microseconds are cut off.
///
/// # Errors
/// When it is not RFC 3339, or lies before 1970 or after 9999.
pub fn parse(text: &str) -> Result<Moment, DateError> {
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| DateError::NotRfc3339)?;
    if at.naive_utc().year() > YEAR_MAX {
        return Err(DateError::OutOfRange);
    }
    let micros = u64::try_from(at.timestamp_micros()).map_err(|_| DateError::OutOfRange)?;
    Ok(Moment::from_micros(micros))
}

/// The moment in UTC, with as many decimals as it needs: none, three or six.
#[must_use]
pub fn format(moment: Moment) -> String {
    utc(moment).to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// The moment as a zone's clocks show it, with their distance from UTC.
#[must_use]
pub fn format_local(moment: Moment, zone: Zone) -> String {
    let local = zone.local(moment);
    let (sign, offset) = match local.offset_seconds {
        seconds if seconds < 0 => ('-', seconds.unsigned_abs()),
        seconds => ('+', seconds.unsigned_abs()),
    };
    let decimals = match local.micros {
        0 => String::new(),
        micros if micros % 1_000 == 0 => format!(".{:03}", micros / 1_000),
        micros => format!(".{micros:06}"),
    };
    let (hours, minutes) = (offset / 3_600, offset % 3_600 / 60);
    format!("{}T{}{decimals}{sign}{hours:02}:{minutes:02}", local.date, local.time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_are_read() {
        #[track_caller]
        fn check(text: &str, expected: Result<u64, DateError>) {
            assert_eq!(parse(text).map(Moment::micros), expected, "{text}");
        }
        check("1970-01-01T00:00:00Z", Ok(0));
        check("2026-03-08T01:59:00-06:00", Ok(1_772_956_740_000_000));
        check("2026-03-08T07:59:00.000001Z", Ok(1_772_956_740_000_001));
        check("2026-03-08T07:59:00.0000019Z", Ok(1_772_956_740_000_001));
        check("1969-12-31T23:59:59Z", Err(DateError::OutOfRange));
        check("1970-01-01T00:00:00+01:00", Err(DateError::OutOfRange));
        check("2026-03-08T07:59:00", Err(DateError::NotRfc3339));
        check("2026-02-30T07:59:00Z", Err(DateError::NotRfc3339));
        check("mañana", Err(DateError::NotRfc3339));
    }

    #[test]
    fn moments_are_written() {
        #[track_caller]
        fn check(micros: u64, zone: &str, expected: [&str; 2]) {
            let (moment, zone) = (Moment::from_micros(micros), Zone::parse(zone).expect("a zone"));
            assert_eq!([format(moment), format_local(moment, zone)], expected);
        }
        check(
            1_772_956_740_000_000,
            "America/Mexico_City",
            ["2026-03-08T07:59:00Z", "2026-03-08T01:59:00-06:00"],
        );
        check(
            1_772_956_740_120_000,
            "Asia/Kathmandu",
            ["2026-03-08T07:59:00.120Z", "2026-03-08T13:44:00.120+05:45"],
        );
        check(
            1_772_956_740_000_001,
            "UTC",
            ["2026-03-08T07:59:00.000001Z", "2026-03-08T07:59:00.000001+00:00"],
        );
        // "Never" is shown as the end of what four digits can say.
        check(u64::MAX, "America/Tijuana", ["9999-12-30T23:59:59Z", "9999-12-30T15:59:59-08:00"]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(micros in 0..200_000_000_000_000_000_u64) {
            let moment = Moment::from_micros(micros);
            prop_assert_eq!(parse(&format(moment)), Ok(moment));
            let zone = Zone::parse("America/Ojinaga").expect("a zone");
            prop_assert_eq!(parse(&format_local(moment, zone)), Ok(moment));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
