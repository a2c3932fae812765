//! A facility's weekly hours, laid out as slots in UTC.

use crate::error::{LocalTimeError, PatternError};
use crate::limits::{DAY_SECONDS, PATTERN_DAYS_MAX, SLOT_SECONDS_MAX};
use crate::local::{LocalDate, LocalTime, Weekdays};
use crate::zone::Zone;
use ledger::limits::{SLOT_CAPACITY_MAX, SLOTS_PER_AGENDA_MAX};
use ledger::words::{AgendaShape, Moment};

/// Hours that repeat every week, by the clock on the facility's wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeeklyPattern {
    /// The days on which it opens.
    pub days: Weekdays,
    /// When the first slot of a day begins.
    pub opening: LocalTime,
    /// When the last slot has ended. At or before the opening it is the next day's (turno
    /// nocturno: 20:00 to 08:00).
    pub closing: LocalTime,
    /// Seconds from the beginning of one slot to that of the next.
    pub step_seconds: u32,
    /// Seconds each slot lasts; at most a step.
    pub length_seconds: u32,
    /// People each slot has room for.
    pub capacity: u8,
}

/// The slots of one stretch of time that are equally far apart.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: u64,
    columns: u16,
}

impl WeeklyPattern {
    /// The slots of this many days from `first`, as few agendas as keep each within one week of
    /// consecutive days: working days give one agenda a week, and a clock change begins a new one.
    ///
    /// Slots begin when the wall clock says so. Where clocks change, a slot that would begin or
    /// last within the skipped hour is not held, and one that would begin in the repeated hour is
    /// held once, in the first of the two. So slots never overlap, and each lasts its full length.
    ///
    /// # Errors
    /// When the pattern holds no slot, breaks a bound, or leaves the years that are understood.
    pub fn agendas(
        &self,
        zone: Zone,
        first: LocalDate,
        days: u16,
    ) -> Result<Vec<AgendaShape>, PatternError> {
        self.check()?;
        if days == 0 || days > PATTERN_DAYS_MAX {
            return Err(PatternError::Days { days });
        }
        let mut shapes: Vec<AgendaShape> = Vec::new();
        for day in 0..days {
            let date = first.plus_days(day).ok_or(PatternError::OutOfRange)?;
            if self.days.has(date.weekday()) {
                for run in self.runs(zone, date)? {
                    self.append(&mut shapes, run);
                }
            }
        }
        debug_assert!(shapes.windows(2).all(|pair| pair[0].end() <= pair[1].start));
        Ok(shapes)
    }

    /// How many slots an ordinary day has.
    #[must_use]
    pub fn slots_per_day(&self) -> u16 {
        let (opening, closing) = (self.opening.second_of_day(), self.closing.second_of_day());
        let open = if closing > opening { closing } else { closing + DAY_SECONDS } - opening;
        if self.step_seconds == 0 || open < self.length_seconds {
            return 0;
        }
        let slots = (open - self.length_seconds) / self.step_seconds + 1;
        u16::try_from(slots).unwrap_or(u16::MAX)
    }

    fn check(&self) -> Result<(), PatternError> {
        let (step_seconds, length_seconds) = (self.step_seconds, self.length_seconds);
        if self.days.is_empty() {
            Err(PatternError::NoDays)
        } else if !(1..=SLOT_SECONDS_MAX).contains(&length_seconds) {
            Err(PatternError::SlotLength { seconds: length_seconds })
        } else if step_seconds < length_seconds || step_seconds > SLOT_SECONDS_MAX {
            Err(PatternError::Step { step_seconds, length_seconds })
        } else if !(1..=SLOT_CAPACITY_MAX).contains(&self.capacity) {
            Err(PatternError::Capacity { capacity: self.capacity })
        } else if self.slots_per_day() == 0 {
            Err(PatternError::NothingFits)
        } else {
            Ok(())
        }
    }

    /// The slots of one day: a single run, unless clocks change while it is open.
    fn runs(&self, zone: Zone, date: LocalDate) -> Result<Vec<Run>, PatternError> {
        let last = u32::from(self.slots_per_day()) - 1;
        let start = self.slot(zone, date, 0)?;
        let end = self.slot(zone, date, last)?;
        let open = u64::from(last) * u64::from(self.step_seconds);
        if let (Some(start), Some(end)) = (start, end)
            && end - start == open
        {
            return Ok(vec![Run { start, columns: self.slots_per_day() }]);
        }
        let mut runs: Vec<Run> = Vec::new();
        for index in 0..=last {
            let Some(start) = self.slot(zone, date, index)? else { continue };
            match runs.last_mut() {
                Some(run) if start == run.next(self.step_seconds) => run.columns += 1,
                _ => runs.push(Run { start, columns: 1 }),
            }
        }
        Ok(runs)
    }

    /// When the slot with this index of that day begins, in seconds; `None` when clocks skip it or
    /// a part of it.
    fn slot(&self, zone: Zone, date: LocalDate, index: u32) -> Result<Option<u64>, PatternError> {
        let begins = self.opening.second_of_day() + index * self.step_seconds;
        let ends = begins + self.length_seconds;
        let Some(start) = at(zone, date, begins)? else { return Ok(None) };
        let end = match moment(zone, date, ends)? {
            Ok(end) | Err(LocalTimeError::Gap { resumes: end }) => end,
            Err(LocalTimeError::Fold { later, .. }) => later,
            Err(LocalTimeError::OutOfRange) => return Err(PatternError::OutOfRange),
        };
        let whole = start.plus_seconds(u64::from(self.length_seconds)) <= end;
        Ok(whole.then_some(start.seconds()))
    }

    /// Adds a run, as another row of the last agenda where it continues its days.
    fn append(&self, shapes: &mut Vec<AgendaShape>, run: Run) {
        let start = Moment::from_seconds(run.start);
        if let Some(last) = shapes.last_mut()
            && last.columns == run.columns
            && last.slots() + u32::from(run.columns) <= SLOTS_PER_AGENDA_MAX
            && last.start.plus_seconds(u64::from(last.rows) * u64::from(DAY_SECONDS)) == start
        {
            last.rows += 1;
            return;
        }
        let per_agenda = u16::try_from(SLOTS_PER_AGENDA_MAX).unwrap_or(u16::MAX);
        let mut left = run.columns;
        while left > 0 {
            let columns = left.min(per_agenda);
            let done = u64::from(run.columns - left) * u64::from(self.step_seconds);
            shapes.push(AgendaShape {
                start: start.plus_seconds(done),
                step_seconds: self.step_seconds,
                length_seconds: self.length_seconds,
                columns,
                row_seconds: DAY_SECONDS,
                rows: 1,
                capacity: self.capacity,
            });
            left -= columns;
        }
    }
}

impl Run {
    fn next(&self, step_seconds: u32) -> u64 {
        self.start + u64::from(self.columns) * u64::from(step_seconds)
    }
}

/// The moment this many seconds of wall time after a date's midnight; a repeated time is its first,
/// a skipped one is none.
fn at(zone: Zone, date: LocalDate, seconds: u32) -> Result<Option<Moment>, PatternError> {
    match moment(zone, date, seconds)? {
        Ok(moment) | Err(LocalTimeError::Fold { earlier: moment, .. }) => Ok(Some(moment)),
        Err(LocalTimeError::Gap { .. }) => Ok(None),
        Err(LocalTimeError::OutOfRange) => Err(PatternError::OutOfRange),
    }
}

fn moment(
    zone: Zone,
    date: LocalDate,
    seconds: u32,
) -> Result<Result<Moment, LocalTimeError>, PatternError> {
    let days = u16::try_from(seconds / DAY_SECONDS).unwrap_or(u16::MAX);
    let date = date.plus_days(days).ok_or(PatternError::OutOfRange)?;
    Ok(zone.moment(date, LocalTime::from_second_of_day(seconds)))
}
