//! What a facility offers: beds by type, outpatient specialties, teleconsultation.

use super::ids::{AgendaId, FacilityId};
use super::text::Text;
use super::ward::Ward;
use crate::derived::Derived;
use crate::limits::SERVICE_CODE_BYTES_MAX;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use core::fmt;

/// A service's name within its facility: lower-case letters, digits and hyphens, such as
/// `bed-intensive-adult` or `cardiology-2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceCode(Text<SERVICE_CODE_BYTES_MAX>);

impl ServiceCode {
    /// The code in this text; `None` when it is empty, too long, begins or ends with a hyphen, or
    /// holds anything but lower-case letters, digits and hyphens.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let framed = !text.is_empty() && !text.starts_with('-') && !text.ends_with('-');
        if !framed || !text.bytes().all(fits) {
            return None;
        }
        Text::new(text).ok().map(Self)
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What kind of service it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceKind {
    /// Beds of one type.
    Bed(BedType),
    /// Consultation in person, by agenda.
    Outpatient(Specialty),
    /// Consultation at a distance, by agenda.
    Teleconsultation(Specialty),
}

impl ServiceKind {
    /// Whether its places are beds; otherwise they are slots.
    #[must_use]
    pub const fn is_bed(self) -> bool {
        matches!(self, Self::Bed(_))
    }
}

/// A type of bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BedType {
    /// The area it stands in.
    pub area: BedArea,
    /// For whom it is fit.
    pub age: AgeGroup,
    /// Whether it is in isolation.
    pub isolation: bool,
    /// Whether it has a mechanical ventilator.
    pub ventilator: bool,
    /// Whether admissions runs it and statistics count it (cama censable). Intensive-care,
    /// emergency, labour, recovery and newborn beds are not; a system that counts only censable
    /// beds misses every one of them.
    pub censable: bool,
}

/// The area of a hospital in which a bed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum BedArea {
    /// Hospitalización.
    General = 1,
    /// Cuidados intensivos (UCI).
    Intensive = 2,
    /// Cuidados intermedios.
    Intermediate = 3,
    /// Urgencias.
    Emergency = 4,
    /// Labor y toco-cirugía.
    Labour = 5,
    /// Recuperación.
    Recovery = 6,
    /// Cunero.
    Newborn = 7,
    /// Cuidados intensivos neonatales (UCIN).
    NeonatalIntensive = 8,
    /// Quemados.
    Burns = 9,
    /// Salud mental.
    Psychiatric = 10,
}

impl BedArea {
    /// Every area, in the order of its number.
    pub const ALL: [Self; 10] = [
        Self::General,
        Self::Intensive,
        Self::Intermediate,
        Self::Emergency,
        Self::Labour,
        Self::Recovery,
        Self::Newborn,
        Self::NeonatalIntensive,
        Self::Burns,
        Self::Psychiatric,
    ];

    /// The area with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|area| *area as u8 == number)
    }
}

/// For whom a bed is fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum AgeGroup {
    /// Whoever comes.
    Any = 0,
    /// Adults.
    Adult = 1,
    /// Children.
    Paediatric = 2,
}

impl AgeGroup {
    /// The group with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Any,
            1 => Self::Adult,
            2 => Self::Paediatric,
            _ => return None,
        })
    }
}

/// A medical specialty, by its number in the published list (`Specialty` in the public messages);
/// the ledger only compares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specialty(pub u16);

/// Whether a service takes new commitments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ServiceStatus {
    /// It does.
    #[default]
    Open = 0,
    /// It was closed.
    Closed = 1,
}

/// A service as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Service {
    /// The facility that offers it.
    pub facility: FacilityId,
    /// Its name there.
    pub code: ServiceCode,
    /// What it is.
    pub kind: ServiceKind,
    /// Whether it takes new commitments.
    pub status: ServiceStatus,
    /// Its beds, when it is a service of beds.
    pub ward: Option<Ward>,
    /// Its published agendas that are not over yet, when it is a service by agenda.
    pub agendas: Derived<Arc<BTreeSet<AgendaId>>>,
}
