//! What can be wrong with a zone, a date, a local time or a pattern.

use crate::limits::{PATTERN_DAYS_MAX, SLOT_SECONDS_MAX, YEAR_MAX, YEAR_MIN};
use ledger::limits::SLOT_CAPACITY_MAX;
use ledger::words::Moment;

/// No such zone in the database this program was built with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no IANA zone (database {version}); write it like America/Mexico_City")]
pub struct UnknownZone {
    /// What was asked for, cut to a readable length.
    pub name: String,
    /// The version of the database that was asked.
    pub version: &'static str,
}

/// A date or time that no calendar has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The year is out of bounds, or the month has no such day.
    #[error("{year:04}-{month:02}-{day:02} is no date between {YEAR_MIN} and {YEAR_MAX}")]
    NoSuchDate {
        /// The year given.
        year: i32,
        /// The month given.
        month: u32,
        /// The day given.
        day: u32,
    },
    /// The clock has no such time.
    #[error("{hour:02}:{minute:02}:{second:02} is no time of day; 00:00:00 to 23:59:59 are")]
    NoSuchTime {
        /// The hour given.
        hour: u32,
        /// The minute given.
        minute: u32,
        /// The second given.
        second: u32,
    },
    /// The text is not written as a date.
    #[error("a date is written YYYY-MM-DD")]
    NotADate,
    /// The text is not written as a time of day.
    #[error("a time of day is written HH:MM or HH:MM:SS")]
    NotATime,
    /// The text is not written as RFC 3339.
    #[error("a moment is written like 2026-03-08T01:59:00-06:00 (RFC 3339)")]
    NotRfc3339,
    /// The date and time are good, but lie before 1970 or after 9999.
    #[error("the moment is outside {YEAR_MIN} to {YEAR_MAX}")]
    OutOfRange,
}

/// Why a local time names no single moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// Clocks were put forward over it: it never was.
    #[error("that local time does not exist: clocks were put forward over it")]
    Gap {
        /// The first moment after the clocks were put forward.
        resumes: Moment,
    },
    /// Clocks were put back over it: it was twice.
    #[error("that local time exists twice: clocks were put back over it")]
    Fold {
        /// The first of the two.
        earlier: Moment,
        /// The second of the two.
        later: Moment,
    },
    /// It lies before 1970 or after 9999 in UTC.
    #[error("that local time is outside {YEAR_MIN} to {YEAR_MAX}")]
    OutOfRange,
}

/// Why a weekly pattern cannot be laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// No day of the week is open.
    #[error("the pattern is open on no day of the week")]
    NoDays,
    /// A slot has no length, or one longer than a day.
    #[error("a slot lasts 1 to {SLOT_SECONDS_MAX} seconds, not {seconds}")]
    SlotLength {
        /// Seconds given.
        seconds: u32,
    },
    /// The next slot would begin before the last one ends.
    #[error("slots of {length_seconds} s cannot begin every {step_seconds} s; they would overlap")]
    Step {
        /// Seconds from one slot to the next.
        step_seconds: u32,
        /// Seconds a slot lasts.
        length_seconds: u32,
    },
    /// Nobody fits into a slot, or more people than a slot may have.
    #[error("a slot has room for 1 to {SLOT_CAPACITY_MAX} people, not {capacity}")]
    Capacity {
        /// People given.
        capacity: u8,
    },
    /// Not even one slot fits between opening and closing.
    #[error("no slot fits between opening and closing")]
    NothingFits,
    /// The period is empty or longer than is laid out at once.
    #[error("a pattern is laid out for 1 to {PATTERN_DAYS_MAX} days, not {days}")]
    Days {
        /// Days given.
        days: u16,
    },
    /// The period leaves the years that are understood.
    #[error("the period is outside {YEAR_MIN} to {YEAR_MAX}")]
    OutOfRange,
}
