//! Kinds of services.

use crate::input::{FieldError, Problem};
use crate::v1;
use ledger::words::{AgeGroup, BedArea, BedType, ServiceKind, Specialty};
use v1::service_kind::Kind;

/// A kind of service.
///
/// # Errors
/// When it is missing, or one of its numbers is none of the published ones.
pub fn kind(field: &str, given: Option<&v1::ServiceKind>) -> Result<ServiceKind, FieldError> {
    let missing = || FieldError::new(field, Problem::Missing);
    let given = given.and_then(|kind| kind.kind.as_ref()).ok_or_else(missing)?;
    let kind = match given {
        Kind::Bed(bed) => bed_type(bed).map(ServiceKind::Bed),
        Kind::Outpatient(number) => specialty("outpatient", *number).map(ServiceKind::Outpatient),
        Kind::Teleconsultation(number) => {
            specialty("teleconsultation", *number).map(ServiceKind::Teleconsultation)
        }
    };
    kind.map_err(|error| error.within(field))
}

fn bed_type(given: &v1::BedType) -> Result<BedType, FieldError> {
    Ok(BedType {
        area: area("bed.area", given.area)?,
        age: age_group("bed.age_group", given.age_group)?,
        isolation: given.isolation,
        ventilator: given.ventilator,
        censable: given.censable,
    })
}

/// An area of beds.
///
/// # Errors
/// When it is none of the published ones.
pub fn area(field: &str, given: i32) -> Result<BedArea, FieldError> {
    let area = u8::try_from(given).ok().and_then(BedArea::from_number);
    area.ok_or_else(|| FieldError::new(field, Problem::Choice { given }))
}

/// An age group.
///
/// # Errors
/// When it is none of the published ones.
pub fn age_group(field: &str, given: i32) -> Result<AgeGroup, FieldError> {
    let group = u8::try_from(given).ok().and_then(AgeGroup::from_number);
    group.ok_or_else(|| FieldError::new(field, Problem::Choice { given }))
}

/// A specialty of the published list.
///
/// # Errors
/// When it is none of them.
pub fn specialty(field: &str, given: i32) -> Result<Specialty, FieldError> {
    let wrong = || FieldError::new(field, Problem::Choice { given });
    match v1::Specialty::try_from(given) {
        Ok(v1::Specialty::Unspecified) | Err(_) => Err(wrong()),
        Ok(known) => u16::try_from(known as i32).map(Specialty).map_err(|_| wrong()),
    }
}

/// A kind of service as a message.
#[must_use]
pub fn kind_message(kind: ServiceKind) -> v1::ServiceKind {
    let kind = match kind {
        ServiceKind::Bed(bed) => Kind::Bed(v1::BedType {
            area: bed.area as i32,
            age_group: bed.age as i32,
            isolation: bed.isolation,
            ventilator: bed.ventilator,
            censable: bed.censable,
        }),
        ServiceKind::Outpatient(specialty) => Kind::Outpatient(i32::from(specialty.0)),
        ServiceKind::Teleconsultation(specialty) => Kind::Teleconsultation(i32::from(specialty.0)),
    };
    v1::ServiceKind { kind: Some(kind) }
}
