//! Which zone a Mexican municipality is in.
//!
//! By law (Ley de los Husos Horarios, DOF 2022-10-28, and its change for Chihuahua of 2022-11-30)
//! clocks no longer change in Mexico, except in 37 municipalities at the northern border, which
//! follow the United States. Zones by state are those of the IANA database's `zone.tab`.

use crate::zone::Zone;
use chrono_tz::Tz;
use chrono_tz::Tz::{
    America__Bahia_Banderas as BahiaBanderas, America__Cancun as Cancun,
    America__Chihuahua as Chihuahua, America__Ciudad_Juarez as CiudadJuarez,
    America__Hermosillo as Hermosillo, America__Matamoros as Matamoros,
    America__Mazatlan as Mazatlan, America__Merida as Merida, America__Mexico_City as MexicoCity,
    America__Monterrey as Monterrey, America__Ojinaga as Ojinaga, America__Tijuana as Tijuana,
};

/// The zones of Mexico.
pub const MEXICAN_ZONES: [Zone; 12] = [
    Zone::from_database(MexicoCity),
    Zone::from_database(Cancun),
    Zone::from_database(Merida),
    Zone::from_database(Monterrey),
    Zone::from_database(Matamoros),
    Zone::from_database(Chihuahua),
    Zone::from_database(CiudadJuarez),
    Zone::from_database(Ojinaga),
    Zone::from_database(Mazatlan),
    Zone::from_database(BahiaBanderas),
    Zone::from_database(Hermosillo),
    Zone::from_database(Tijuana),
];

/// The municipalities that keep the daylight saving of the United States, by INEGI's code.
pub const BORDER_MUNICIPALITIES: [u16; 37] = [
    // Baja California, the whole state.
    2_001, 2_002, 2_003, 2_004, 2_005, 2_006, 2_007, // Coahuila, eleven at the border.
    5_002, 5_003, 5_012, 5_013, 5_014, 5_019, 5_022, 5_023, 5_025, 5_037, 5_038,
    // Chihuahua: Juárez and its neighbours, then Ojinaga and its neighbours.
    8_005, 8_028, 8_035, 8_037, 8_053, 8_015, 8_042, 8_052,  // Nuevo León: Anáhuac.
    19_005, // Tamaulipas, ten at the border.
    28_007, 28_014, 28_015, 28_022, 28_024, 28_025, 28_027, 28_032, 28_033, 28_040,
];

/// The zone of a municipality by INEGI's code (state × 1000 + municipality); the state's own zone
/// where the municipality is not known, `None` for a state that does not exist. A municipality
/// founded since this was written is in its state's zone until somebody says otherwise.
#[must_use]
pub fn zone_of_municipality(code: u16) -> Option<Zone> {
    let zone = match code {
        8_005 | 8_028 | 8_035 | 8_037 | 8_053 => CiudadJuarez,
        8_015 | 8_042 | 8_052 => Ojinaga,
        18_020 => BahiaBanderas,
        5_000..5_999 | 19_005 | 28_000..28_999 if BORDER_MUNICIPALITIES.contains(&code) => {
            Matamoros
        }
        _ => zone_of_state(code / 1_000)?,
    };
    Some(Zone::from_database(zone))
}

/// The zone of most of a state, by INEGI's number.
const fn zone_of_state(state: u16) -> Option<Tz> {
    Some(match state {
        2 => Tijuana,
        3 | 18 | 25 => Mazatlan,
        4 | 31 => Merida,
        5 | 10 | 19 | 28 => Monterrey,
        8 => Chihuahua,
        23 => Cancun,
        26 => Hermosillo,
        1..=32 => MexicoCity,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::words::Moment;

    #[test]
    fn municipalities_are_in_their_zones() {
        #[track_caller]
        fn check(code: u16, expected: Option<&str>) {
            assert_eq!(zone_of_municipality(code).map(Zone::name), expected, "{code}");
        }
        check(9_002, Some("America/Mexico_City"));
        check(2_004, Some("America/Tijuana"));
        check(8_019, Some("America/Chihuahua"));
        check(8_037, Some("America/Ciudad_Juarez"));
        check(8_052, Some("America/Ojinaga"));
        check(5_025, Some("America/Matamoros"));
        check(5_030, Some("America/Monterrey"));
        check(19_005, Some("America/Matamoros"));
        check(28_041, Some("America/Monterrey"));
        check(18_020, Some("America/Bahia_Banderas"));
        check(18_017, Some("America/Mazatlan"));
        check(31_050, Some("America/Merida"));
        check(23_005, Some("America/Cancun"));
        check(26_030, Some("America/Hermosillo"));
        check(0, None);
        check(33_001, None);
    }

    #[test]
    fn only_the_border_changes_clocks() {
        let july = Moment::from_seconds(1_782_900_000);
        let january = Moment::from_seconds(1_799_000_000);
        for code in (1..=32).flat_map(|state| (1..=570).map(move |m| state * 1_000 + m)) {
            let zone = zone_of_municipality(code).expect("the state exists");
            let changes = zone.local(july).offset_seconds != zone.local(january).offset_seconds;
            // All of Baja California is named, and codes it does not have yet are like the rest.
            let expected = BORDER_MUNICIPALITIES.contains(&code) || code / 1_000 == 2;
            assert_eq!(changes, expected, "{code}");
            assert!(MEXICAN_ZONES.contains(&zone));
        }
    }
}
