//! Institutions, facilities and services.

use crate::input::{FieldError, Problem};
use crate::{names, place, service, time, v1};
use ledger::View;
use ledger::acts::{PutFacility, PutInstitution, PutService};
use ledger::limits::{ALIASES_PER_FACILITY_MAX, NAME_BYTES_MAX, SERVICES_PER_FACILITY_MAX};
use ledger::words::{
    Alias, Clues, Facility, FacilityId, FacilityProfile, FacilityStatus, Institution,
    InstitutionCode, Level, Moment, Service, ServiceCode, ServiceId, ServiceStatus, Text,
};

/// A row of a catalogue import. Whether its time zone exists is the caller's to say.
///
/// # Errors
/// When a field is wrong.
pub fn put_facility(given: &v1::FacilityRecord) -> Result<PutFacility, FieldError> {
    at_most("aliases", given.aliases.len(), ALIASES_PER_FACILITY_MAX)?;
    at_most("services", given.services.len(), SERVICES_PER_FACILITY_MAX)?;
    let aliases = given.aliases.iter().enumerate();
    let services = given.services.iter().enumerate();
    Ok(PutFacility {
        clues: clues("clues", &given.clues)?,
        aliases: aliases
            .map(|(index, alias)| read_alias(alias).map_err(|error| error.item("aliases", index)))
            .collect::<Result<_, _>>()?,
        profile: FacilityProfile {
            institution: InstitutionCode::parse(&given.institution_code)
                .ok_or_else(|| FieldError::new("institution_code", Problem::Institution))?,
            name: name(&given.display_name)?,
            level: level(given.level)?,
            position: {
                let missing = || FieldError::new("position", Problem::Missing);
                place::position("position", given.position.as_ref().ok_or_else(missing)?)?
            },
            municipality: municipality(given.municipality)?,
            zone: text("time_zone", &given.time_zone)?,
        },
        services: services
            .map(|(index, one)| read_service(one).map_err(|error| error.item("services", index)))
            .collect::<Result<_, _>>()?,
    })
}

/// An institution to register or rename.
///
/// # Errors
/// When it is missing, or a field of it is wrong.
pub fn put_institution(given: Option<&v1::Institution>) -> Result<PutInstitution, FieldError> {
    let given = given.ok_or_else(|| FieldError::new("institution", Problem::Missing))?;
    let read = || {
        let code = names::institution("name", &given.name)?;
        Ok(PutInstitution { code, institution: Institution { name: name(&given.display_name)? } })
    };
    read().map_err(|error: FieldError| error.within("institution"))
}

fn clues(field: &str, given: &str) -> Result<Clues, FieldError> {
    Clues::parse(given).map_err(|error| FieldError::new(field, Problem::Clues(error)))
}

fn read_alias(given: &v1::Alias) -> Result<Alias, FieldError> {
    let since = given.since_time.as_ref();
    let since = since.map_or(Ok(Moment::ZERO), |since| time::moment("since_time", since))?;
    Ok(Alias { clues: clues("clues", &given.clues)?, since })
}

fn read_service(given: &v1::ServiceRecord) -> Result<PutService, FieldError> {
    let code = ServiceCode::parse(&given.code);
    Ok(PutService {
        code: code.ok_or_else(|| FieldError::new("code", Problem::ServiceCode))?,
        kind: service::kind("kind", given.kind.as_ref())?,
        beds: given.beds,
        confirmed: given.confirmed,
    })
}

fn name(given: &str) -> Result<Text<NAME_BYTES_MAX>, FieldError> {
    if given.is_empty() {
        return Err(FieldError::new("display_name", Problem::Missing));
    }
    text("display_name", given)
}

fn text<const MAX: usize>(field: &str, given: &str) -> Result<Text<MAX>, FieldError> {
    Text::new(given).map_err(|error| FieldError::new(field, Problem::Text(error)))
}

fn level(given: i32) -> Result<Level, FieldError> {
    let level = u8::try_from(given).ok().and_then(Level::from_number);
    level.ok_or_else(|| FieldError::new("level", Problem::Choice { given }))
}

fn municipality(given: u32) -> Result<u16, FieldError> {
    u16::try_from(given).map_err(|_| {
        let problem = Problem::Range { given: i64::from(given), min: 1_001, max: 32_999 };
        FieldError::new("municipality", problem)
    })
}

fn at_most(field: &str, given: usize, max: usize) -> Result<(), FieldError> {
    if given > max {
        return Err(FieldError::new(field, Problem::Count { given, max }));
    }
    Ok(())
}

/// An institution as a message.
#[must_use]
pub fn institution_message(code: InstitutionCode, institution: &Institution) -> v1::Institution {
    v1::Institution {
        name: names::institution_name(code),
        display_name: institution.name.to_string(),
    }
}

/// A facility as a message.
#[must_use]
pub fn facility_message(view: &View, id: FacilityId, facility: &Facility) -> v1::Facility {
    let alias = |alias: &Alias| v1::Alias {
        clues: alias.clues.to_string(),
        since_time: time::timestamp(alias.since),
    };
    let services = facility.services.iter();
    v1::Facility {
        name: format!("facilities/{}", facility.clues),
        number: id.0,
        institution: names::institution_name(facility.profile.institution),
        display_name: facility.profile.name.to_string(),
        level: facility.profile.level as i32,
        position: Some(place::position_message(facility.profile.position)),
        municipality: facility.profile.municipality.into(),
        time_zone: facility.profile.zone.to_string(),
        status: facility_status(facility.status).into(),
        aliases: facility.aliases.iter().map(alias).collect(),
        services: services
            .filter_map(|(_, id)| view.service(*id).map(|found| service_message(view, *id, found)))
            .collect(),
    }
}

fn service_message(view: &View, id: ServiceId, found: &Service) -> v1::Service {
    v1::Service {
        name: names::service_name(view, id),
        number: id.0,
        kind: Some(service::kind_message(found.kind)),
        status: match found.status {
            ServiceStatus::Open => v1::ServiceStatus::Open.into(),
            ServiceStatus::Closed => v1::ServiceStatus::Closed.into(),
        },
    }
}

const fn facility_status(status: FacilityStatus) -> v1::FacilityStatus {
    match status {
        FacilityStatus::Open => v1::FacilityStatus::Open,
        FacilityStatus::Closed => v1::FacilityStatus::Closed,
        FacilityStatus::Merged => v1::FacilityStatus::Merged,
    }
}
