//! Where an establishment stands.

use super::chance::Chance;
use super::states::{STATES, State, Town};
use ledger::words::Position;

/// A place for an establishment.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// Its state.
    pub state: &'static State,
    /// The town it is in, or the nearer of the two it lies between.
    pub town: &'static Town,
    /// INEGI's code: state × 1000 + municipality.
    pub municipality: u16,
    /// Where it is.
    pub position: Position,
    /// Whether it is in town.
    pub urban: bool,
}

/// Micro-degrees of a hundredth of a degree.
const HUNDREDTH: i32 = 10_000;

/// How far from its centre a town reaches, in micro-degrees: about 5 km.
const TOWN_REACH: u32 = 45_000;

/// How far from the road between two towns a village may be, in micro-degrees: about 4 km. More
/// would put some into the sea.
const VILLAGE_REACH: u32 = 35_000;

/// How many towns there are in all states.
#[must_use]
pub fn towns() -> usize {
    STATES.iter().map(|state| state.towns.len()).sum()
}

/// A site. The first ones are the towns in the order of the table, so that every town, and with it
/// every time zone, has something; the others follow the population.
#[must_use]
pub fn site(index: u32, chance: &mut Chance) -> Site {
    let (state, town) = match nth_town(index as usize) {
        Some(found) => found,
        None => {
            let state = chance.weighted(STATES.iter().map(|state| state.thousands));
            let towns = STATES[state].towns.iter();
            // Small towns serve more of the country around them than their own people.
            (state, chance.weighted(towns.map(|town| town.thousands + 60)))
        }
    };
    let urban = (index as usize) < towns() || chance.percent(48);
    place(state, town, urban, chance)
}

fn nth_town(index: usize) -> Option<(usize, usize)> {
    let all = STATES.iter().enumerate();
    all.flat_map(|(state, s)| (0..s.towns.len()).map(move |town| (state, town))).nth(index)
}

fn place(state: usize, town: usize, urban: bool, chance: &mut Chance) -> Site {
    let found = &STATES[state];
    let here = &found.towns[town];
    let reach = if urban { TOWN_REACH } else { VILLAGE_REACH };
    let (mut north, mut west) = (here.north_e2 * HUNDREDTH, here.west_e2 * HUNDREDTH);
    if !urban {
        let other = if town + 1 < found.towns.len() { town + 1 } else { town - 1 };
        let there = &found.towns[other];
        // At most half of the way: the town stays the nearer one.
        let hundredths = i32::try_from(chance.between(8, 50)).unwrap_or(0);
        north += (there.north_e2 - here.north_e2) * HUNDREDTH / 100 * hundredths;
        west += (there.west_e2 - here.west_e2) * HUNDREDTH / 100 * hundredths;
    }
    let position = Position {
        latitude_e6: north + chance.around(reach),
        longitude_e6: -west + chance.around(reach),
    };
    let number = u16::try_from(state + 1).unwrap_or(0);
    Site {
        state: found,
        town: here,
        municipality: number * 1_000 + here.municipality,
        position,
        urban,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        assert_eq!(STATES.iter().map(|state| state.thousands).sum::<u32>(), 126_014);
        for (index, state) in STATES.iter().enumerate() {
            assert!(state.letters.len() == 2 && state.towns.len() >= 3, "{}", state.name);
            let people: u32 = state.towns.iter().map(|town| town.thousands).sum();
            assert!(people <= state.thousands, "{}", state.name);
            let repeated = STATES[..index].iter().any(|other| other.letters == state.letters);
            assert!(!repeated, "{}", state.letters);
            for town in state.towns {
                assert!((1_450..3_272).contains(&town.north_e2), "{}", town.name);
                assert!((8_671..11_713).contains(&town.west_e2), "{}", town.name);
                assert!((1..=570).contains(&town.municipality), "{}", town.name);
            }
        }
    }

    #[test]
    fn villages_lie_nearer_to_their_own_town() {
        let mut chance = Chance::new(3, 3);
        for index in 0..5_000 {
            let site = site(index, &mut chance);
            let near = |town: &Town| {
                let north = site.position.latitude_e6 - town.north_e2 * HUNDREDTH;
                let east = site.position.longitude_e6 + town.west_e2 * HUNDREDTH;
                i64::from(north).pow(2) + i64::from(east).pow(2)
            };
            assert!(site.position.is_on_earth());
            let reach = if site.urban { 2 * 45_000_i64.pow(2) } else { i64::MAX };
            assert!(near(site.town) <= reach, "{site:?}");
            assert_eq!(u32::from(site.municipality % 1_000), u32::from(site.town.municipality));
        }
    }
}
