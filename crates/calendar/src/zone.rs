//! A time zone, and the two ways between its clocks and moments.

use crate::TZ_DATA_VERSION;
use crate::error::{LocalTimeError, UnknownZone};
use crate::limits::{DAY_SECONDS, YEAR_MAX};
use crate::local::{Local, LocalDate, LocalTime};
use chrono::{DateTime, Datelike, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use ledger::words::Moment;
use std::fmt;

/// A time zone of the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// UTC.
    pub const UTC: Self = Self(Tz::UTC);

    pub(crate) const fn from_database(zone: Tz) -> Self {
        Self(zone)
    }

    /// The zone with this IANA name, in the database's own spelling.
    ///
    /// # Errors
    /// When the database has no such zone.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        let unknown =
            || UnknownZone { name: name.chars().take(64).collect(), version: TZ_DATA_VERSION };
        name.parse().map(Self).map_err(|_| unknown())
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The moment at which this zone's clocks show that date and time.
    ///
    /// # Errors
    /// When clocks skip it ([`LocalTimeError::Gap`]) or show it twice ([`LocalTimeError::Fold`]);
    /// each carries what [`Zone::moment_or_next`] would choose, so that a caller may decide.
    pub fn moment(self, date: LocalDate, time: LocalTime) -> Result<Moment, LocalTimeError> {
        self.moment_of(date.at(time))
    }

    /// The moment at which clocks show that date and time, or what stands for it where clocks
    /// change. This is the policy for whatever is not asked of a person: a skipped time stands for
    /// the moment at which clocks were put forward, so that an opening at 02:30 on that night opens
    /// at 03:00; a repeated time stands for the first of the two, so that nobody comes an hour
    /// late.
    ///
    /// # Errors
    /// Only [`LocalTimeError::OutOfRange`].
    pub fn moment_or_next(
        self,
        date: LocalDate,
        time: LocalTime,
    ) -> Result<Moment, LocalTimeError> {
        match self.moment(date, time) {
            Err(LocalTimeError::Gap { resumes }) => Ok(resumes),
            Err(LocalTimeError::Fold { earlier, .. }) => Ok(earlier),
            other => other,
        }
    }

    /// What this zone's clocks show at a moment. Moments after the year 9999 are shown as its last
    /// second.
    #[must_use]
    pub fn local(self, moment: Moment) -> Local {
        let here = utc(moment).with_timezone(&self.0);
        Local::new(here.naive_local(), here.offset().fix().local_minus_utc())
    }

    fn moment_of(self, naive: NaiveDateTime) -> Result<Moment, LocalTimeError> {
        match self.0.from_local_datetime(&naive) {
            chrono::LocalResult::Single(one) => in_range(&one),
            chrono::LocalResult::Ambiguous(one, other) => {
                let (one, other) = (in_range(&one)?, in_range(&other)?);
                Err(LocalTimeError::Fold { earlier: one.min(other), later: one.max(other) })
            }
            chrono::LocalResult::None => Err(LocalTimeError::Gap { resumes: self.resumes(naive)? }),
        }
    }

    /// The moment at which clocks were put forward over this local time, which does not exist.
    ///
    /// No zone skips more than a day, so the change lies within two days around; it is found by
    /// halving.
    fn resumes(self, naive: NaiveDateTime) -> Result<Moment, LocalTimeError> {
        let reach = i64::from(2 * DAY_SECONDS);
        let shows_earlier = |second: i64| {
            DateTime::from_timestamp(second, 0)
                .is_some_and(|at| at.with_timezone(&self.0).naive_local() < naive)
        };
        let middle = naive.and_utc().timestamp();
        let (mut before, mut after) = (middle - reach, middle + reach);
        while after - before > 1 {
            let between = before + (after - before) / 2;
            if shows_earlier(between) {
                before = between;
            } else {
                after = between;
            }
        }
        u64::try_from(after).map(Moment::from_seconds).map_err(|_| LocalTimeError::OutOfRange)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The moment as chrono has it; the last microsecond of the year 9999 for later ones, which no
/// four-digit year can show. A margin of a day keeps local time within that year too.
pub(crate) fn utc(moment: Moment) -> DateTime<Utc> {
    let last = Utc
        .with_ymd_and_hms(YEAR_MAX, 12, 30, 23, 59, 59)
        .single()
        .unwrap_or(DateTime::<Utc>::MAX_UTC);
    let micros = i64::try_from(moment.micros()).unwrap_or(i64::MAX);
    DateTime::from_timestamp_micros(micros).map_or(last, |at| at.min(last))
}

fn in_range<Z: TimeZone>(at: &DateTime<Z>) -> Result<Moment, LocalTimeError> {
    let micros = u64::try_from(at.timestamp_micros()).map_err(|_| LocalTimeError::OutOfRange)?;
    if at.naive_utc().year() > YEAR_MAX {
        return Err(LocalTimeError::OutOfRange);
    }
    Ok(Moment::from_micros(micros))
}
