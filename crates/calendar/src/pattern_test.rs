//! Weekly hours laid out as slots, over clock changes too.

use crate::{
    LocalDate, LocalTime, MEXICAN_ZONES, PatternError, Weekday, Weekdays, WeeklyPattern, Zone,
    rfc3339,
};
use ledger::limits::SLOTS_PER_AGENDA_MAX;
use ledger::words::{AgendaShape, Moment};
use proptest::prelude::*;

fn time(text: &str) -> LocalTime {
    LocalTime::parse(text).expect("a time")
}

fn date(text: &str) -> LocalDate {
    LocalDate::parse(text).expect("a date")
}

/// Twenty-minute slots on working days from 08:00 to 14:00.
fn mornings() -> WeeklyPattern {
    WeeklyPattern {
        days: Weekdays::WORKING,
        opening: time("08:00"),
        closing: time("14:00"),
        step_seconds: 1_200,
        length_seconds: 1_200,
        capacity: 1,
    }
}

fn starts(shapes: &[AgendaShape]) -> Vec<Moment> {
    let of = |s: &AgendaShape| {
        let shape = *s;
        (0..shape.slots()).map(move |index| shape.slot_start(u16::try_from(index).expect("small")))
    };
    shapes.iter().flat_map(of).collect()
}

/// Each agenda as `first slot × columns × rows`.
fn written(shapes: &[AgendaShape]) -> Vec<String> {
    let row = |s: &AgendaShape| format!("{} {}×{}", rfc3339::format(s.start), s.columns, s.rows);
    shapes.iter().map(row).collect()
}

#[track_caller]
fn check(pattern: &WeeklyPattern, zone: &str, first: &str, days: u16, expected: &[&str]) {
    let zone = Zone::parse(zone).expect("a zone");
    let shapes = pattern.agendas(zone, date(first), days).expect("a good pattern");
    assert_eq!(written(&shapes), expected);
}

#[test]
fn working_days_are_an_agenda_a_week() {
    let fortnight = ["2026-03-02T14:00:00Z 18×5", "2026-03-09T14:00:00Z 18×5"];
    check(&mornings(), "America/Mexico_City", "2026-03-02", 14, &fortnight);
    let from_thursday = ["2026-03-05T14:00:00Z 18×2", "2026-03-09T14:00:00Z 18×1"];
    check(&mornings(), "America/Mexico_City", "2026-03-05", 5, &from_thursday);
    check(&mornings(), "America/Mexico_City", "2026-03-07", 2, &[]);
}

#[test]
fn a_clock_change_begins_a_new_agenda() {
    let daily = WeeklyPattern { days: Weekdays::ALL, ..mornings() };
    let split = ["2026-03-02T16:00:00Z 18×6", "2026-03-08T15:00:00Z 18×8"];
    check(&daily, "America/Tijuana", "2026-03-02", 14, &split);
    check(&daily, "America/Hermosillo", "2026-03-02", 14, &["2026-03-02T15:00:00Z 18×14"]);
}

#[test]
fn nights_run_over_clock_changes() {
    let nights = WeeklyPattern {
        days: Weekdays::NONE.with(Weekday::Saturday),
        opening: time("20:00"),
        closing: time("08:00"),
        step_seconds: 3_600,
        length_seconds: 3_600,
        capacity: 2,
    };
    check(&nights, "America/Tijuana", "2026-02-28", 7, &["2026-03-01T04:00:00Z 12×1"]);
    // The hour from 02:00 is skipped: eleven slots that still touch end to end. 01:00 to 02:00
    // ends as clocks jump, and 03:00 follows it at once.
    check(&nights, "America/Tijuana", "2026-03-07", 7, &["2026-03-08T04:00:00Z 11×1"]);
    // The hour from 01:00 is repeated: its slot is held the first time, and then comes a pause.
    let paused = ["2026-11-01T03:00:00Z 6×1", "2026-11-01T10:00:00Z 6×1"];
    check(&nights, "America/Tijuana", "2026-10-31", 7, &paused);
    // A slot that would reach into the skipped hour is not held.
    let odd = WeeklyPattern { opening: time("20:30"), ..nights };
    let cut = ["2026-03-08T04:30:00Z 5×1", "2026-03-08T10:30:00Z 4×1"];
    check(&odd, "America/Tijuana", "2026-03-07", 7, &cut);
}

#[test]
fn bounds_of_a_pattern_are_refused() {
    #[track_caller]
    fn check(pattern: &WeeklyPattern, first: &str, days: u16, expected: PatternError) {
        let zone = MEXICAN_ZONES[0];
        assert_eq!(pattern.agendas(zone, date(first), days), Err(expected));
    }
    let good = mornings();
    let no_days = WeeklyPattern { days: Weekdays::NONE, ..good };
    check(&no_days, "2026-01-01", 7, PatternError::NoDays);
    let empty = WeeklyPattern { length_seconds: 0, ..good };
    check(&empty, "2026-01-01", 7, PatternError::SlotLength { seconds: 0 });
    let overlap = WeeklyPattern { step_seconds: 600, ..good };
    let step = PatternError::Step { step_seconds: 600, length_seconds: 1_200 };
    check(&overlap, "2026-01-01", 7, step);
    let nobody = WeeklyPattern { capacity: 0, ..good };
    check(&nobody, "2026-01-01", 7, PatternError::Capacity { capacity: 0 });
    let crowd = WeeklyPattern { capacity: 201, ..good };
    check(&crowd, "2026-01-01", 7, PatternError::Capacity { capacity: 201 });
    let short = WeeklyPattern { closing: time("08:19"), ..good };
    check(&short, "2026-01-01", 7, PatternError::NothingFits);
    check(&good, "2026-01-01", 0, PatternError::Days { days: 0 });
    check(&good, "2026-01-01", 733, PatternError::Days { days: 733 });
    check(&good, "9999-12-30", 7, PatternError::OutOfRange);
}

#[test]
fn a_day_of_very_short_slots_is_more_than_one_agenda() {
    let seconds = WeeklyPattern { step_seconds: 1, length_seconds: 1, ..mornings() };
    let shapes = seconds.agendas(MEXICAN_ZONES[0], date("2026-01-05"), 1).expect("good");
    assert_eq!(shapes.iter().map(AgendaShape::slots).sum::<u32>(), 6 * 3_600);
    assert!(shapes.iter().all(|shape| shape.slots() <= SLOTS_PER_AGENDA_MAX));
    assert!(starts(&shapes).windows(2).all(|pair| pair[0].plus_seconds(1) == pair[1]));
}

proptest! {
    #[test]
    fn slots_begin_when_the_wall_clock_says_and_never_overlap(
        zone in 0..MEXICAN_ZONES.len(),
        first in 0..13_u16 * 365,
        days in 1..60_u16,
        opening in 0..86_400_u32,
        closing in 0..86_400_u32,
        length_seconds in 600..7_200_u32,
        pause in 0..1_800_u32,
        open in 1..128_u8,
    ) {
        let zone = MEXICAN_ZONES[zone];
        let first = date("2022-01-01").plus_days(first).expect("within the years");
        let days_open = Weekday::ALL
            .into_iter()
            .filter(|day| open & 1 << *day as u8 != 0)
            .fold(Weekdays::NONE, Weekdays::with);
        let pattern = WeeklyPattern {
            days: days_open,
            opening: LocalTime::from_second_of_day(opening),
            closing: LocalTime::from_second_of_day(closing),
            step_seconds: length_seconds + pause,
            length_seconds,
            capacity: 1,
        };
        let shapes = match pattern.agendas(zone, first, days) {
            Ok(shapes) => shapes,
            Err(error) => {
                prop_assert_eq!(error, PatternError::NothingFits);
                return Ok(());
            }
        };
        let starts = starts(&shapes);
        for pair in starts.windows(2) {
            prop_assert!(pair[0].plus_seconds(u64::from(length_seconds)) <= pair[1]);
        }
        for start in &starts {
            let local = zone.local(*start);
            let since = (86_400 + local.time.second_of_day() - opening) % 86_400;
            // A slot after midnight may belong to the day before: the distance from the opening is
            // taken modulo a day.
            prop_assert_eq!(since % (length_seconds + pause), 0);
        }
    }
}
