//! Who runs an establishment, and what it is called.

use super::chance::Chance;
use super::site::Site;

/// What an establishment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A health centre or family medicine unit.
    FirstLevel,
    /// Specialists without beds.
    Clinic,
    /// Up to thirty beds.
    CommunityHospital,
    /// Thirty beds to two hundred.
    GeneralHospital,
    /// High specialty.
    ThirdLevel,
}

/// The sorts by weight in a thousand. Hospitals are a little more frequent than in the world, so
/// that a small nation has enough beds to look at.
const SORTS: [(Sort, u32); 5] = [
    (Sort::FirstLevel, 860),
    (Sort::Clinic, 25),
    (Sort::CommunityHospital, 45),
    (Sort::GeneralHospital, 55),
    (Sort::ThirdLevel, 15),
];

/// Institutions by weight in a thousand. The first is who runs the state's own health services.
const INSTITUTIONS: [(&str, u32); 9] = [
    ("", 560),
    ("IMO", 120),
    ("IMS", 165),
    ("IST", 95),
    ("SME", 20),
    ("SDN", 14),
    ("PMX", 10),
    ("SMA", 8),
    ("HUN", 8),
];

/// What an establishment is; in the centre of a town, a general hospital.
pub fn sort(index: u32, towns: usize, chance: &mut Chance) -> Sort {
    if (index as usize) < towns {
        return Sort::GeneralHospital;
    }
    SORTS[chance.weighted(SORTS.iter().map(|(_, weight)| *weight))].0
}

/// The three letters of who runs it.
pub fn institution(site: &Site, sort: Sort, chance: &mut Chance) -> &'static str {
    let own = if site.state.handed_over { "IMB" } else { "SSA" };
    let chosen = INSTITUTIONS[chance.weighted(INSTITUTIONS.iter().map(|(_, weight)| *weight))].0;
    match (chosen, sort) {
        // The programme for the country has neither town units nor high specialty.
        ("IMO", Sort::FirstLevel | Sort::CommunityHospital) if !site.urban => "IMO",
        ("" | "IMO", _) => own,
        // University and municipal establishments are hospitals and clinics in town.
        ("HUN", Sort::FirstLevel) => own,
        (other, _) => other,
    }
}

/// What it is called.
pub fn name(site: &Site, sort: Sort, institution: &str, number: u32) -> String {
    let what = match (sort, institution) {
        (Sort::FirstLevel, "IMS") => format!("Unidad de Medicina Familiar No. {number}"),
        (Sort::FirstLevel, "IMO") => format!("Unidad Médica Rural {number}"),
        (Sort::FirstLevel, "IST") => format!("Clínica de Medicina Familiar {number}"),
        (Sort::FirstLevel, _) if site.urban => format!("Centro de Salud Urbano {number}"),
        (Sort::FirstLevel, _) => format!("Centro de Salud Rural {number}"),
        (Sort::Clinic, _) => format!("Clínica de Especialidades {number}"),
        (Sort::CommunityHospital, "IMO") => format!("Hospital Rural No. {number}"),
        (Sort::CommunityHospital, _) => format!("Hospital Comunitario {number}"),
        (Sort::GeneralHospital, "IMS") => format!("Hospital General de Zona No. {number}"),
        (Sort::GeneralHospital, "IST") => format!("Clínica Hospital {number}"),
        (Sort::GeneralHospital, "SDN") => format!("Hospital Militar {number}"),
        (Sort::GeneralHospital, "SMA") => format!("Hospital Naval {number}"),
        (Sort::GeneralHospital, _) => format!("Hospital General {number}"),
        (Sort::ThirdLevel, "IMS") => format!("Hospital de Especialidades No. {number}"),
        (Sort::ThirdLevel, _) => format!("Hospital Regional de Alta Especialidad {number}"),
    };
    format!("{what}, {} ({})", site.town.name, site.state.name)
}
