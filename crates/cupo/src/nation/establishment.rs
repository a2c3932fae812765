//! Establishments one by one, each from its own stream of chance.

use super::chance::Chance;
use super::names::{self, Sort};
use super::services;
use super::site::{Site, site, towns};
use calendar::{WeeklyPattern, Zone, zone_of_municipality};
use ledger::acts::PutFacility;
use ledger::words::{
    Alias, Clues, FacilityProfile, InstitutionCode, Level, Moment, ServiceCode, Text,
};

/// The most establishments a nation may have: their numbers are the serial part of a code.
pub const ESTABLISHMENTS_MAX: u32 = 99_999;

/// A nation: a seed and a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nation {
    /// What everything is drawn from.
    pub seed: u64,
    /// How many establishments there are, at most [`ESTABLISHMENTS_MAX`].
    pub facilities: u32,
}

/// An establishment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Establishment {
    /// Its row of the catalogue.
    pub record: PutFacility,
    /// The weekly hours of its services by agenda.
    pub patterns: Vec<Pattern>,
    /// The zone its clocks follow.
    pub zone: Zone,
}

/// The weekly hours of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The service.
    pub service: ServiceCode,
    /// When it is open.
    pub weekly: WeeklyPattern,
}

/// 2022-11-01T00:00:00Z: state health services began to be handed over to IMSS-Bienestar.
const HANDOVER_BEGAN: u64 = 1_667_260_800;

/// Days over which they were.
const HANDOVER_DAYS: u32 = 600;

impl Nation {
    /// Its establishments, in order.
    pub fn establishments(self) -> impl Iterator<Item = Establishment> {
        (0..self.facilities.min(ESTABLISHMENTS_MAX)).map(move |index| self.establishment(index))
    }

    /// One establishment. Each has a stream of its own, so a nation of more establishments begins
    /// with those of a smaller one.
    #[must_use]
    pub fn establishment(self, index: u32) -> Establishment {
        let mut chance = Chance::new(self.seed, u64::from(index));
        let site = site(index, &mut chance);
        let sort = names::sort(index, towns(), &mut chance);
        let institution = names::institution(&site, sort, &mut chance);
        let offer = services::offer(sort, site.urban, &mut chance);
        let clues = code(&site, institution, index + 1);
        let aliases = former_code(&site, institution, index + 1, &mut chance);
        let zone = zone_of_municipality(site.municipality).expect("states 1 to 32 have zones");
        let name = names::name(&site, sort, institution, index + 1);
        let profile = FacilityProfile {
            institution: InstitutionCode::parse(institution).expect("three letters"),
            name: Text::new(&name).expect("names of towns are short"),
            level: level(sort),
            position: site.position,
            municipality: site.municipality,
            zone: Text::new(zone.name()).expect("names of zones are short"),
        };
        Establishment {
            record: PutFacility { clues, aliases, profile, services: offer.services },
            patterns: offer.patterns,
            zone,
        }
    }
}

/// What came to IMSS-Bienestar kept its code of the state's services as a former one: 10,503 of
/// 10,573 units have one.
fn former_code(site: &Site, institution: &str, serial: u32, chance: &mut Chance) -> Vec<Alias> {
    let day = u64::from(chance.below(HANDOVER_DAYS));
    if institution != "IMB" || !chance.percent(99) {
        return Vec::new();
    }
    let since = Moment::from_seconds(HANDOVER_BEGAN + day * 86_400);
    vec![Alias { clues: code(site, "SSA", serial), since }]
}

/// The code with its check digit.
fn code(site: &Site, institution: &str, serial: u32) -> Clues {
    let with_digit = |digit: u8| {
        let text = format!("{}{institution}{serial:05}{digit}", site.state.letters);
        Clues::parse(&text).expect("two letters, three letters, five digits, one digit")
    };
    with_digit(with_digit(0).check_digit())
}

const fn level(sort: Sort) -> Level {
    match sort {
        Sort::FirstLevel => Level::First,
        Sort::Clinic | Sort::CommunityHospital | Sort::GeneralHospital => Level::Second,
        Sort::ThirdLevel => Level::Third,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar::{LocalDate, MEXICAN_ZONES, Weekday};
    use ledger::limits::NAME_BYTES_MAX;
    use sha2::{Digest, Sha256};
    use std::collections::{BTreeMap, BTreeSet};

    const NATION: Nation = Nation { seed: 1, facilities: 3_000 };

    #[test]
    fn the_same_seed_is_the_same_nation_for_ever() {
        let mut hash = Sha256::new();
        for establishment in NATION.establishments() {
            hash.update(written(&establishment));
        }
        let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, DIGEST, "the nation of seed 1 changed");
        let larger = Nation { facilities: 30_000, ..NATION };
        assert_eq!(larger.establishment(2_999), NATION.establishment(2_999));
        let other = Nation { seed: 2, ..NATION };
        assert_ne!(other.establishment(2_999), NATION.establishment(2_999));
    }

    const DIGEST: &str = "dc0a9db4d0f72e1d5e1d1e03bbc4d737d5f9702bf64878751bdb5cf0c57f3163";

    /// Everything drawn, written in a way that no library decides.
    fn written(establishment: &Establishment) -> String {
        let Establishment { record, patterns, zone } = establishment;
        let profile = &record.profile;
        let mut text = format!(
            "{} {} {} {} {} {} {}",
            record.clues,
            profile.name,
            profile.level as u8,
            profile.position.latitude_e6,
            profile.position.longitude_e6,
            profile.municipality,
            zone.name(),
        );
        for alias in &record.aliases {
            text += &format!(" {}@{}", alias.clues, alias.since.seconds());
        }
        for service in &record.services {
            text += &format!(" {}={}", service.code, service.beds.unwrap_or(0));
        }
        for Pattern { service, weekly } in patterns {
            let (opening, capacity) = (weekly.opening, weekly.capacity);
            let days: Vec<bool> = Weekday::ALL.map(|day| weekly.days.has(day)).to_vec();
            text += &format!(" {service}:{days:?}:{opening}-{}", weekly.closing);
            text += &format!("/{}x{capacity}", weekly.step_seconds);
        }
        text + "\n"
    }

    #[test]
    fn a_nation_has_what_a_nation_has() {
        let mut codes = BTreeSet::new();
        let mut states: BTreeMap<String, u32> = BTreeMap::new();
        let mut zones = BTreeSet::new();
        let mut institutions = BTreeSet::new();
        let (mut beds, mut hospitals, mut former) = (0, 0, 0);
        for Establishment { record, patterns, zone } in NATION.establishments() {
            let all = record.aliases.iter().map(|alias| alias.clues).chain([record.clues]);
            for clues in all {
                assert!(clues.check_digit_holds() && codes.insert(clues), "{clues}");
            }
            assert_eq!(record.clues.institution(), record.profile.institution.as_str());
            assert!(record.profile.name.len() <= NAME_BYTES_MAX);
            assert!(!record.services.is_empty(), "{}", record.clues);
            *states.entry(record.clues.state().to_owned()).or_default() += 1;
            institutions.insert(record.profile.institution);
            zones.insert(zone.name());
            let here: u32 = record.services.iter().filter_map(|service| service.beds).sum();
            beds += here;
            hospitals += u32::from(here > 0);
            former += record.aliases.len();
            for pattern in patterns {
                let known = |s: &ledger::acts::PutService| s.code == pattern.service;
                assert!(record.services.iter().any(known));
                let monday = LocalDate::new(2026, 11, 23).expect("a date");
                let agendas = pattern.weekly.agendas(zone, monday, 14).expect("a good pattern");
                assert!(!agendas.is_empty());
            }
        }
        assert_eq!((states.len(), zones.len()), (32, MEXICAN_ZONES.len()));
        assert!(states["MC"] > states["CM"] * 5, "weighted by population: {states:?}");
        assert!(institutions.len() >= 8, "{institutions:?}");
        assert!((300..600).contains(&hospitals), "{hospitals}");
        assert!((20_000..80_000).contains(&beds), "{beds}");
        assert!(former > 800, "{former}");
    }
}
