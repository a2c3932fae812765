//! A facility's local hours and the UTC moments they name, for the twelve Mexican zones and any
//! other IANA zone.
//!
//! Enter at [`Zone::parse`] and [`zone_of_municipality`]; [`WeeklyPattern::agendas`] turns opening
//! hours into slots; [`rfc3339`] is how moments are written for programs.
//!
//! Invariants: a moment turned to local time and back is the same moment; slots of a pattern never
//! overlap, whatever clocks do; a local time that does not exist, or exists twice, is an error with
//! both readings in it, never a silent guess.
//!
//! Absent: the present (nothing here asks what time it is), threads, I/O.

mod error;
pub mod limits;
mod local;
mod mexico;
mod pattern;
pub mod rfc3339;
mod zone;

#[cfg(test)]
mod pattern_test;
#[cfg(test)]
mod zone_test;

pub use error::{DateError, LocalTimeError, PatternError, UnknownZone};
pub use local::{Local, LocalDate, LocalTime, Weekday, Weekdays};
pub use mexico::{BORDER_MUNICIPALITIES, MEXICAN_ZONES, zone_of_municipality};
pub use pattern::WeeklyPattern;
pub use zone::Zone;

/// The version of the IANA time zone database whose rules this program knows, such as `2026a`.
/// Two nodes of different versions may read the same local time differently, so it is shown.
pub const TZ_DATA_VERSION: &str = chrono_tz::IANA_TZDB_VERSION;
