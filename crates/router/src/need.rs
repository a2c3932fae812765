//! What is asked for, without identity.

use ledger::words::{
    AgeGroup, BedArea, BedType, InstitutionCode, Moment, Position, ServiceKind, Specialty,
};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// A bed or a slot.
    pub kind: Kind,
    /// From where distances count; without it no radius applies.
    pub near: Option<Position>,
    /// How far away a facility may be, in metres; 0 for any distance.
    pub radius_metres: u32,
    /// Only facilities of these institutions; empty for all.
    pub institutions: Vec<InstitutionCode>,
    /// How many candidates are wanted; at most [`CANDIDATES_MAX`](crate::limits::CANDIDATES_MAX)
    /// are given.
    pub limit: usize,
}

/// A bed or a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A bed.
    Bed {
        /// In this area.
        area: BedArea,
        /// For this age group; [`AgeGroup::Any`] asks for none in particular.
        age: AgeGroup,
        /// It must be in isolation.
        isolation: bool,
        /// It must have a ventilator.
        ventilator: bool,
    },
    /// A slot.
    Slot {
        /// Of this specialty.
        specialty: Specialty,
        /// At a distance rather than in person.
        remote: bool,
        /// It begins at this moment or later.
        earliest: Moment,
        /// It begins before this moment.
        latest: Moment,
    },
}

/// What an atlas is divided by: every service of a class may meet the same needs, but for its
/// details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Bed(BedArea),
    InPerson(Specialty),
    Remote(Specialty),
}

impl Class {
    pub const fn of_service(kind: ServiceKind) -> Self {
        match kind {
            ServiceKind::Bed(bed) => Self::Bed(bed.area),
            ServiceKind::Outpatient(specialty) => Self::InPerson(specialty),
            ServiceKind::Teleconsultation(specialty) => Self::Remote(specialty),
        }
    }

    pub const fn of_need(kind: Kind) -> Self {
        match kind {
            Kind::Bed { area, .. } => Self::Bed(area),
            Kind::Slot { specialty, remote: false, .. } => Self::InPerson(specialty),
            Kind::Slot { specialty, remote: true, .. } => Self::Remote(specialty),
        }
    }
}

impl Kind {
    /// Whether a service of the same class has what is asked for in its details.
    pub(crate) fn fits(self, kind: ServiceKind) -> bool {
        match (self, kind) {
            (Self::Bed { age, isolation, ventilator, .. }, ServiceKind::Bed(bed)) => {
                age_fits(age, bed)
                    && (bed.isolation || !isolation)
                    && (bed.ventilator || !ventilator)
            }
            _ => true,
        }
    }
}

fn age_fits(asked: AgeGroup, bed: BedType) -> bool {
    asked == AgeGroup::Any || bed.age == AgeGroup::Any || bed.age == asked
}
