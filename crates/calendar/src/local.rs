//! Dates and times as a wall clock and a calendar on the wall show them.

use crate::error::DateError;
use crate::limits::{DAY_SECONDS, YEAR_MAX, YEAR_MIN};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use std::fmt;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDate(NaiveDate);

impl LocalDate {
    /// The date with these numbers.
    ///
    /// # Errors
    /// When the year is outside 1970 to 9999 or the month has no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Result<Self, DateError> {
        let wrong = DateError::NoSuchDate { year, month, day };
        if !(YEAR_MIN..=YEAR_MAX).contains(&year) {
            return Err(wrong);
        }
        NaiveDate::from_ymd_opt(year, month, day).map(Self).ok_or(wrong)
    }

    /// The date written `YYYY-MM-DD`.
    ///
    /// # Errors
    /// When it is written otherwise, or is no date.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let [year, month, day] = numbers(text, '-', [4, 2, 2]).ok_or(DateError::NotADate)?;
        Self::new(i32::try_from(year).map_err(|_| DateError::NotADate)?, month, day)
    }

    /// The day this many days later; `None` after the year 9999.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Option<Self> {
        let later = self.0.checked_add_days(Days::new(u64::from(days)))?;
        (later.year() <= YEAR_MAX).then_some(Self(later))
    }

    /// Its day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        Weekday::ALL[self.0.weekday().num_days_from_monday() as usize]
    }

    /// This day at that time.
    #[must_use]
    pub(crate) fn at(self, time: LocalTime) -> NaiveDateTime {
        self.0.and_time(time.0)
    }
}

impl fmt::Display for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// A time of day to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(NaiveTime);

impl LocalTime {
    /// The time with these numbers.
    ///
    /// # Errors
    /// When it is not between 00:00:00 and 23:59:59; leap seconds are not on wall clocks.
    pub fn new(hour: u32, minute: u32, second: u32) -> Result<Self, DateError> {
        NaiveTime::from_hms_opt(hour, minute, second).map(Self).ok_or(DateError::NoSuchTime {
            hour,
            minute,
            second,
        })
    }

    /// The time written `HH:MM` or `HH:MM:SS`.
    ///
    /// # Errors
    /// When it is written otherwise, or is no time of day.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        if let Some([hour, minute]) = numbers(text, ':', [2, 2]) {
            return Self::new(hour, minute, 0);
        }
        let [hour, minute, second] = numbers(text, ':', [2, 2, 2]).ok_or(DateError::NotATime)?;
        Self::new(hour, minute, second)
    }

    /// Seconds since midnight on a clock that does not change.
    #[must_use]
    pub fn second_of_day(self) -> u32 {
        self.0.num_seconds_from_midnight()
    }

    /// The time this many seconds after midnight; whole days are left out.
    #[must_use]
    pub(crate) fn from_second_of_day(seconds: u32) -> Self {
        let within = seconds % DAY_SECONDS;
        Self(NaiveTime::from_num_seconds_from_midnight_opt(within, 0).unwrap_or_default())
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.0.hour(), self.0.minute(), self.0.second())
    }
}

/// A moment as the clock of a zone shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// The day.
    pub date: LocalDate,
    /// The time.
    pub time: LocalTime,
    /// Microseconds since that second began.
    pub micros: u32,
    /// Seconds that the clock is ahead of UTC; below zero west of Greenwich.
    pub offset_seconds: i32,
}

impl Local {
    pub(crate) fn new(naive: NaiveDateTime, offset_seconds: i32) -> Self {
        let time = naive.time().with_nanosecond(0).unwrap_or_default();
        let micros = naive.and_utc().timestamp_subsec_micros();
        Self { date: LocalDate(naive.date()), time: LocalTime(time), micros, offset_seconds }
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Weekday {
    /// Lunes.
    Monday = 0,
    /// Martes.
    Tuesday = 1,
    /// Miércoles.
    Wednesday = 2,
    /// Jueves.
    Thursday = 3,
    /// Viernes.
    Friday = 4,
    /// Sábado.
    Saturday = 5,
    /// Domingo.
    Sunday = 6,
}

impl Weekday {
    /// Every day, Monday first (ISO 8601).
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
}

/// A set of days of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Weekdays(u8);

impl Weekdays {
    /// No day.
    pub const NONE: Self = Self(0);
    /// Monday to Friday.
    pub const WORKING: Self = Self(0b001_1111);
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// This set and that day.
    #[must_use]
    pub const fn with(self, day: Weekday) -> Self {
        Self(self.0 | 1 << day as u8)
    }

    /// Whether the day is in it.
    #[must_use]
    pub const fn has(self, day: Weekday) -> bool {
        self.0 & 1 << day as u8 != 0
    }

    /// Whether no day is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The numbers of a text like `2026-03-08`, each with exactly as many digits as asked for.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[u32; N]> {
    let mut found = [0; N];
    let mut parts = text.split(separator);
    for (number, digits) in found.iter_mut().zip(digits) {
        let part = parts.next()?;
        if part.len() != digits || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_written() {
        #[track_caller]
        fn check(text: &str, expected: Result<&str, DateError>) {
            let read = LocalDate::parse(text).map(|date| date.to_string());
            assert_eq!(read, expected.map(str::to_owned), "{text}");
        }
        let none = |year, month, day| Err(DateError::NoSuchDate { year, month, day });
        check("2026-03-08", Ok("2026-03-08"));
        check("2028-02-29", Ok("2028-02-29"));
        check("2026-02-29", none(2026, 2, 29));
        check("1969-12-31", none(1969, 12, 31));
        check("2026-13-01", none(2026, 13, 1));
        check("2026-3-8", Err(DateError::NotADate));
        check("2026-03-08T00", Err(DateError::NotADate));
        check("+026-03-08", Err(DateError::NotADate));
        check("", Err(DateError::NotADate));
    }

    #[test]
    fn times_are_read_and_written() {
        #[track_caller]
        fn check(text: &str, expected: Result<&str, DateError>) {
            let read = LocalTime::parse(text).map(|time| time.to_string());
            assert_eq!(read, expected.map(str::to_owned), "{text}");
        }
        check("08:00", Ok("08:00:00"));
        check("23:59:59", Ok("23:59:59"));
        check("24:00", Err(DateError::NoSuchTime { hour: 24, minute: 0, second: 0 }));
        check("8:00", Err(DateError::NotATime));
        check("08:00:00:00", Err(DateError::NotATime));
    }

    #[test]
    fn weekdays_are_a_set() {
        let weekend = Weekdays::NONE.with(Weekday::Saturday).with(Weekday::Sunday);
        for day in Weekday::ALL {
            assert_ne!(weekend.has(day), Weekdays::WORKING.has(day));
            assert!(Weekdays::ALL.has(day));
        }
        assert_eq!(LocalDate::parse("2026-03-08").expect("a date").weekday(), Weekday::Sunday);
    }
}
