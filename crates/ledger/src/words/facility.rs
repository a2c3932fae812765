//! Facilities: the establishments that have places.

use super::clues::Clues;
use super::ids::ServiceId;
use super::institution::InstitutionCode;
use super::moment::Moment;
use super::service::ServiceCode;
use super::text::Text;
use crate::limits::{NAME_BYTES_MAX, ZONE_BYTES_MAX};
use alloc::vec::Vec;

/// What a facility's record says of it: the part that a catalogue import replaces.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FacilityProfile {
    /// The institution that owns or runs it.
    pub institution: InstitutionCode,
    /// Its name in the catalogue.
    pub name: Text<NAME_BYTES_MAX>,
    /// Its level of care.
    pub level: Level,
    /// Where it stands.
    pub position: Position,
    /// INEGI's code of its municipality: state × 1000 + municipality, 1,001 to 32,999.
    pub municipality: u16,
    /// The IANA name of its time zone. Whether such a zone exists is judged before proposing:
    /// the tables of zones may differ between two versions of the program.
    pub zone: Text<ZONE_BYTES_MAX>,
}

/// A place on earth in millionths of a degree (WGS 84), about 11 cm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Position {
    /// Degrees north × 1,000,000, from −90,000,000 to 90,000,000.
    pub latitude_e6: i32,
    /// Degrees east × 1,000,000, from −180,000,000 to 180,000,000.
    pub longitude_e6: i32,
}

impl Position {
    /// Whether both numbers are on the globe.
    #[must_use]
    pub const fn is_on_earth(self) -> bool {
        self.latitude_e6.unsigned_abs() <= 90_000_000
            && self.longitude_e6.unsigned_abs() <= 180_000_000
    }
}

/// Level of care (primer, segundo, tercer nivel de atención).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Level {
    /// The catalogue gives none, or none applies.
    #[default]
    NotApplicable = 0,
    /// Health centres and family medicine units.
    First = 1,
    /// General hospitals.
    Second = 2,
    /// High specialty.
    Third = 3,
}

impl Level {
    /// The level with this number; `None` above 3.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::NotApplicable,
            1 => Self::First,
            2 => Self::Second,
            3 => Self::Third,
            _ => return None,
        })
    }
}

/// Whether a facility takes part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FacilityStatus {
    /// It operates.
    #[default]
    Open = 0,
    /// It was closed; it keeps its codes and its history.
    Closed = 1,
    /// It was found to be another facility's duplicate, to which its codes now lead.
    Merged = 2,
}

impl FacilityStatus {
    /// The status with this number; `None` above 2.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Open,
            1 => Self::Closed,
            2 => Self::Merged,
            _ => return None,
        })
    }
}

/// A former or second code of a facility and the day from which it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Alias {
    /// The code that leads here.
    pub clues: Clues,
    /// Since when.
    pub since: Moment,
}

/// A facility as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Facility {
    /// The code by which it is named now.
    pub clues: Clues,
    /// What the catalogue says of it.
    pub profile: FacilityProfile,
    /// Whether it takes part.
    pub status: FacilityStatus,
    /// Its other codes, oldest first.
    pub aliases: Vec<Alias>,
    /// Its services, ordered by code.
    pub services: Vec<(ServiceCode, ServiceId)>,
}

impl Facility {
    /// The service that has this code here.
    #[must_use]
    pub fn service(&self, code: &ServiceCode) -> Option<ServiceId> {
        let at = self.services.binary_search_by(|(c, _)| c.cmp(code)).ok()?;
        Some(self.services[at].1)
    }
}
