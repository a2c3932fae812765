//! Where a row says that its establishment stands, in integers.

use super::columns::Column;
use super::remark::{Problem, Refusal, Warning};
use crate::nation::{STATES, State, Town};
use ledger::words::Position;

/// The country in micro-degrees, with its islands: south, north, west, east.
const MEXICO: [i32; 4] = [14_300_000, 32_900_000, -118_700_000, -86_500_000];

/// How far from every main town of its state a position is worth a warning, in micro-degrees: more
/// than any state's remotest corner.
const FAR: i32 = 3_200_000;

/// The number of degrees in a text, in micro-degrees. A comma may stand for the point, as
/// spreadsheets write it in Spanish. `None` for what is no number of at most three digits.
#[must_use]
pub fn micro_degrees(text: &str) -> Option<i32> {
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || !numeric(whole) || !numeric(decimals) {
        return None;
    }
    let mut micros: i32 = whole.parse::<i32>().ok()? * 1_000_000;
    let mut unit = 100_000;
    for digit in decimals.bytes().take(6) {
        micros += i32::from(digit - b'0') * unit;
        unit /= 10;
    }
    Some(if negative { -micros } else { micros })
}

/// The position of a row, and what was put right about it.
///
/// Two slips are common and have one reading only: the two numbers in each other's place, and a
/// longitude without its minus. A missing position becomes that of the municipality's main town,
/// or of the state's, since nothing is found by distance without one.
///
/// # Errors
/// When a number cannot be read or lies elsewhere.
pub fn position(
    latitude: &str,
    longitude: &str,
    state: &'static State,
    municipality: u16,
) -> Result<(Position, Option<Warning>), Refusal> {
    let read = |text: &str, column| {
        let problem = Problem::NotANumber { text: text.chars().take(32).collect() };
        micro_degrees(text).ok_or(Refusal::at(column, problem))
    };
    if latitude.is_empty() && longitude.is_empty() {
        return Ok(guessed(state, municipality));
    }
    if latitude.is_empty() {
        return Err(Refusal::at(Column::Latitude, Problem::Missing));
    }
    if longitude.is_empty() {
        return Err(Refusal::at(Column::Longitude, Problem::Missing));
    }
    let (north, east) = (read(latitude, Column::Latitude)?, read(longitude, Column::Longitude)?);
    if (north, east) == (0, 0) {
        return Ok(guessed(state, municipality));
    }
    let readings = [
        (north, east, None),
        (north, -east, Some(Warning::PositionSign)),
        (east, north, Some(Warning::PositionSwapped)),
        (east, -north, Some(Warning::PositionSwapped)),
    ];
    for (north, east, warning) in readings {
        if in_mexico(north, east) {
            let found = Position { latitude_e6: north, longitude_e6: east };
            let far = || is_far(found, state).then_some(Warning::PositionFar);
            return Ok((found, warning.or_else(far)));
        }
    }
    Err(Refusal::at(Column::Latitude, Problem::OutsideMexico))
}

const fn in_mexico(north: i32, east: i32) -> bool {
    let [south_most, north_most, west_most, east_most] = MEXICO;
    north >= south_most && north <= north_most && east >= west_most && east <= east_most
}

fn is_far(position: Position, state: &State) -> bool {
    state.towns.iter().all(|town| {
        let centre = centre(town);
        let north = position.latitude_e6 - centre.latitude_e6;
        let east = position.longitude_e6 - centre.longitude_e6;
        north.abs().max(east.abs()) > FAR
    })
}

fn guessed(state: &'static State, municipality: u16) -> (Position, Option<Warning>) {
    let same = state.towns.iter().find(|town| town.municipality == municipality % 1_000);
    let largest = state.towns.iter().max_by_key(|town| town.thousands).unwrap_or(&state.towns[0]);
    let town = same.unwrap_or(largest);
    (centre(town), Some(Warning::PositionMissing { town: town.name }))
}

const fn centre(town: &Town) -> Position {
    Position { latitude_e6: town.north_e2 * 10_000, longitude_e6: -town.west_e2 * 10_000 }
}

/// The state with this number of INEGI's, 1 to 32.
#[must_use]
pub fn state_by_number(number: u16) -> Option<&'static State> {
    STATES.get(usize::from(number).checked_sub(1)?)
}

/// The number of the state whose codes begin with these letters.
#[must_use]
pub fn state_by_letters(letters: &str) -> Option<u16> {
    let index = STATES.iter().position(|state| state.letters == letters)?;
    u16::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_read_without_rounding() {
        #[track_caller]
        fn check(text: &str, expected: Option<i32>) {
            assert_eq!(micro_degrees(text), expected, "{text}");
        }
        check("31.825117", Some(31_825_117));
        check("-116.600282", Some(-116_600_282));
        check("19", Some(19_000_000));
        check("19.", Some(19_000_000));
        check("19,4326", Some(19_432_600));
        check("+19.43260001", Some(19_432_600));
        check("-0.5", Some(-500_000));
        for text in ["", "-", ".5", "1e5", "19.43.26", "19°26'", "NULL", "9999", "१९"] {
            check(text, None);
        }
    }

    #[test]
    fn positions_are_put_right_or_refused() {
        #[track_caller]
        fn check(
            [latitude, longitude]: [&str; 2],
            expected: Result<(i32, i32, Option<Warning>), Refusal>,
        ) {
            let oaxaca = state_by_number(20).expect("Oaxaca");
            let found = position(latitude, longitude, oaxaca, 20_067)
                .map(|(at, warning)| (at.latitude_e6, at.longitude_e6, warning));
            assert_eq!(found, expected, "{latitude} {longitude}");
        }
        let (north, east) = (17_061_234, -96_725_678);
        check(["17.061234", "-96.725678"], Ok((north, east, None)));
        check(["17.061234", "96.725678"], Ok((north, east, Some(Warning::PositionSign))));
        check(["-96.725678", "17.061234"], Ok((north, east, Some(Warning::PositionSwapped))));
        check(["96.725678", "17.061234"], Ok((north, east, Some(Warning::PositionSwapped))));
        let guess = Some(Warning::PositionMissing { town: "Oaxaca" });
        check(["", ""], Ok((17_060_000, -96_720_000, guess.clone())));
        check(["0", "0.0"], Ok((17_060_000, -96_720_000, guess)));
        let tijuana = (32_510_000, -117_000_000, Some(Warning::PositionFar));
        check(["32.51", "-117.00"], Ok(tijuana));
        check(["40.4", "-3.7"], Err(Refusal::at(Column::Latitude, Problem::OutsideMexico)));
        check(["17.06", ""], Err(Refusal::at(Column::Longitude, Problem::Missing)));
        check(["", "-96.7"], Err(Refusal::at(Column::Latitude, Problem::Missing)));
        let unreadable = Problem::NotANumber { text: "17°03'".to_owned() };
        check(["17°03'", "-96.7"], Err(Refusal::at(Column::Latitude, unreadable)));
    }

    #[test]
    fn states_are_found_by_number_and_letters() {
        assert_eq!(state_by_letters("OC"), Some(20));
        assert_eq!(state_by_letters("NE"), None);
        assert_eq!(state_by_number(32).map(|state| state.letters), Some("ZS"));
        assert!(state_by_number(0).is_none() && state_by_number(33).is_none());
    }
}
