//! The twelve Mexican zones from 2022 to 2035, and the round trip for any moment.

use crate::{LocalDate, LocalTime, LocalTimeError, MEXICAN_ZONES, Zone, rfc3339};
use ledger::words::Moment;
use proptest::prelude::*;

fn moment(zone: &str, date: &str, time: &str) -> Result<Moment, LocalTimeError> {
    let zone = Zone::parse(zone).expect("a zone");
    let date = LocalDate::parse(date).expect("a date");
    zone.moment(date, LocalTime::parse(time).expect("a time"))
}

fn utc(text: &str) -> Moment {
    rfc3339::parse(text).expect("a moment")
}

#[test]
fn zones_are_found_by_name() {
    for zone in MEXICAN_ZONES {
        assert_eq!(Zone::parse(zone.name()), Ok(zone));
    }
    for name in ["", "Mexico_City", "America/Tenochtitlan", "../etc/localtime", "UTC-6"] {
        let error = Zone::parse(name).expect_err("no such zone");
        assert_eq!(error.name, name);
    }
    assert_eq!(Zone::parse(&"x".repeat(10_000)).expect_err("too long").name.len(), 64);
}

#[test]
fn offsets_of_winter_and_summer() {
    #[track_caller]
    fn check(zone: &str, year: u16, winter: i32, summer: i32) {
        let zone = Zone::parse(zone).expect("a zone");
        for (day, hours) in [("01-15", winter), ("07-15", summer)] {
            let local = zone.local(utc(&format!("{year}-{day}T18:00:00Z")));
            assert_eq!(local.offset_seconds, hours * 3_600, "{zone} {year}-{day}");
        }
    }
    // The last summer with daylight saving, then every one until 2035 without.
    check("America/Mexico_City", 2022, -6, -5);
    check("America/Merida", 2022, -6, -5);
    check("America/Monterrey", 2022, -6, -5);
    check("America/Mazatlan", 2022, -7, -6);
    check("America/Bahia_Banderas", 2022, -6, -5);
    check("America/Chihuahua", 2022, -7, -6);
    for year in 2022..=2035 {
        check("America/Cancun", year, -5, -5);
        check("America/Hermosillo", year, -7, -7);
        check("America/Tijuana", year, -8, -7);
        check("America/Matamoros", year, -6, -5);
    }
    for year in 2023..=2035 {
        check("America/Mexico_City", year, -6, -6);
        check("America/Merida", year, -6, -6);
        check("America/Monterrey", year, -6, -6);
        check("America/Mazatlan", year, -7, -7);
        check("America/Bahia_Banderas", year, -6, -6);
        check("America/Chihuahua", year, -6, -6);
        check("America/Ciudad_Juarez", year, -7, -6);
        check("America/Ojinaga", year, -6, -5);
    }
}

#[test]
fn clock_changes_are_explicit() {
    #[track_caller]
    fn check(zone: &str, date: &str, time: &str, expected: Result<&str, LocalTimeError>) {
        assert_eq!(moment(zone, date, time), expected.map(utc), "{zone} {date} {time}");
    }
    let gap = |resumes| Err(LocalTimeError::Gap { resumes: utc(resumes) });
    let fold =
        |earlier, later| Err(LocalTimeError::Fold { earlier: utc(earlier), later: utc(later) });
    // The border in 2026: 8 March and 1 November, as in the United States.
    check("America/Tijuana", "2026-03-08", "01:59:59", Ok("2026-03-08T09:59:59Z"));
    check("America/Tijuana", "2026-03-08", "02:00", gap("2026-03-08T10:00:00Z"));
    check("America/Tijuana", "2026-03-08", "02:59:59", gap("2026-03-08T10:00:00Z"));
    check("America/Tijuana", "2026-03-08", "03:00", Ok("2026-03-08T10:00:00Z"));
    let twice = fold("2026-11-01T08:30:00Z", "2026-11-01T09:30:00Z");
    check("America/Tijuana", "2026-11-01", "01:30", twice);
    check("America/Tijuana", "2026-11-01", "02:00", Ok("2026-11-01T10:00:00Z"));
    let juarez = fold("2026-11-01T07:30:00Z", "2026-11-01T08:30:00Z");
    check("America/Ciudad_Juarez", "2026-11-01", "01:30", juarez);
    check("America/Matamoros", "2026-03-08", "02:30", gap("2026-03-08T08:00:00Z"));
    // The rest of the country does not notice.
    check("America/Mexico_City", "2026-03-08", "02:30", Ok("2026-03-08T08:30:00Z"));
    check("America/Chihuahua", "2026-11-01", "01:30", Ok("2026-11-01T07:30:00Z"));
    // The last Mexican change, 30 October 2022; Juárez left the reform five weeks after it.
    let last = fold("2022-10-30T06:30:00Z", "2022-10-30T07:30:00Z");
    check("America/Mexico_City", "2022-10-30", "01:30", last);
    check("America/Ciudad_Juarez", "2022-11-29", "12:00", Ok("2022-11-29T18:00:00Z"));
    check("America/Ciudad_Juarez", "2022-12-01", "12:00", Ok("2022-12-01T19:00:00Z"));
    // Before moments begin.
    check("Asia/Tokyo", "1970-01-01", "08:59:59", Err(LocalTimeError::OutOfRange));
    check("Asia/Tokyo", "1970-01-01", "09:00", Ok("1970-01-01T00:00:00Z"));
    check("America/Tijuana", "9999-12-31", "23:00", Err(LocalTimeError::OutOfRange));
    // Samoa skipped a whole day.
    check("Pacific/Apia", "2011-12-30", "12:00", gap("2011-12-30T10:00:00Z"));
}

#[test]
fn the_policy_opens_after_a_gap_and_takes_the_first_of_a_fold() {
    let zone = Zone::parse("America/Tijuana").expect("a zone");
    let time = |text| LocalTime::parse(text).expect("a time");
    let date = |text| LocalDate::parse(text).expect("a date");
    let next = |day, hour| zone.moment_or_next(date(day), time(hour));
    assert_eq!(next("2026-03-08", "02:30"), Ok(utc("2026-03-08T10:00:00Z")));
    assert_eq!(next("2026-11-01", "01:30"), Ok(utc("2026-11-01T08:30:00Z")));
    assert_eq!(next("2026-07-01", "08:00"), Ok(utc("2026-07-01T15:00:00Z")));
    assert_eq!(next("9999-12-31", "23:00"), Err(LocalTimeError::OutOfRange));
}

#[test]
fn only_border_zones_change_and_on_the_dates_of_the_united_states() {
    // Hour by hour from 2023 to 2035: 113,952 hours in each zone.
    let (first, last) = (utc("2023-01-01T00:00:00Z"), utc("2036-01-01T00:00:00Z"));
    for zone in MEXICAN_ZONES {
        let mut changes = Vec::new();
        let mut offset = zone.local(first).offset_seconds;
        let mut hour = first;
        while hour < last {
            let local = zone.local(hour);
            if local.offset_seconds != offset {
                offset = local.offset_seconds;
                changes.push(local.date.to_string());
            }
            hour = hour.plus_seconds(3_600);
        }
        let border = ["Tijuana", "Matamoros", "Ciudad_Juarez", "Ojinaga"];
        let expected = if border.iter().any(|b| zone.name().ends_with(b)) { 26 } else { 0 };
        assert_eq!(changes.len(), expected, "{zone}: {changes:?}");
        let dates = ["2026-03-08", "2026-11-01", "2035-03-11", "2035-11-04"];
        assert!(expected == 0 || dates.iter().all(|date| changes.iter().any(|c| c == date)));
    }
}

proptest! {
    #[test]
    fn a_moment_comes_back_from_local_time(
        seconds in 1_640_995_200..2_082_758_400_u64,
        zone in 0..MEXICAN_ZONES.len(),
    ) {
        let (zone, moment) = (MEXICAN_ZONES[zone], Moment::from_seconds(seconds));
        let local = zone.local(moment);
        match zone.moment(local.date, local.time) {
            Ok(back) => prop_assert_eq!(back, moment),
            Err(LocalTimeError::Fold { earlier, later }) => {
                prop_assert!(earlier < later);
                prop_assert!(moment == earlier || moment == later);
            }
            other => prop_assert!(false, "a moment that was has no local time: {other:?}"),
        }
    }

    #[test]
    fn every_gap_resumes_where_clocks_were_put_forward(
        days in 0..14_u16 * 365,
        second in 0..86_400_u32,
        zone in 0..MEXICAN_ZONES.len(),
    ) {
        let (zone, first) = (MEXICAN_ZONES[zone], LocalDate::parse("2022-01-01").expect("a date"));
        let date = first.plus_days(days).expect("within the years");
        let time = LocalTime::from_second_of_day(second);
        match zone.moment(date, time) {
            Ok(moment) => {
                let local = zone.local(moment);
                prop_assert_eq!((local.date, local.time), (date, time));
            }
            Err(LocalTimeError::Gap { resumes }) => {
                let after = zone.local(resumes);
                prop_assert!((after.date, after.time) > (date, time));
                let before = zone.local(Moment::from_seconds(resumes.seconds() - 1));
                prop_assert!((before.date, before.time) < (date, time));
            }
            Err(LocalTimeError::Fold { earlier, later }) => {
                for moment in [earlier, later] {
                    let local = zone.local(moment);
                    prop_assert_eq!((local.date, local.time), (date, time));
                }
            }
            Err(LocalTimeError::OutOfRange) => prop_assert!(false, "2022 to 2035 is in range"),
        }
    }
}
