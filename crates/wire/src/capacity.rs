//! What wards say of their beds, and what that leaves.

use crate::input::{FieldError, InputError, Problem};
use crate::{names, service, time, v1};
use ledger::View;
use ledger::acts::{Acknowledge, Report};
use ledger::limits::{AGED_AFTER_SECONDS, EXCEPTIONS_MAX, SILENT_AFTER_SECONDS};
use ledger::words::{BedCount, Moment, Registered, Service, ServiceId, Ward};

/// A ward's statement.
///
/// # Errors
/// When a field is wrong or names what does not exist.
pub fn report(view: &View, given: &v1::Report) -> Result<Report, InputError> {
    use v1::report::Service as By;
    let service = match &given.service {
        None => return Err(FieldError::new("service_name", Problem::Missing).into()),
        Some(By::ServiceName(name)) => names::service(view, "service_name", name)?,
        Some(By::ServiceNumber(number)) => ServiceId(*number),
    };
    if given.exceptions.len() > EXCEPTIONS_MAX {
        let problem = Problem::Count { given: given.exceptions.len(), max: EXCEPTIONS_MAX };
        return Err(FieldError::new("exceptions", problem).into());
    }
    let beds = given.beds.as_ref();
    Ok(Report {
        service,
        sequence: given.sequence,
        incarnation: given.incarnation,
        beds: bed_count(beds.ok_or_else(|| FieldError::new("beds", Problem::Missing))?),
        available: given.available,
        accounted_through: given.accounted_through,
        exceptions: given.exceptions.clone(),
    })
}

/// A ward's word that a bed is free again.
///
/// # Errors
/// When a field is wrong or names what does not exist.
pub fn acknowledge(view: &View, given: &v1::Acknowledgement) -> Result<Acknowledge, InputError> {
    use v1::acknowledgement::Service as By;
    let service = match &given.service {
        None => return Err(FieldError::new("service_name", Problem::Missing).into()),
        Some(By::ServiceName(name)) => names::service(view, "service_name", name)?,
        Some(By::ServiceNumber(number)) => ServiceId(*number),
    };
    Ok(Acknowledge { service, incarnation: given.incarnation, number: given.number })
}

const fn bed_count(given: &v1::BedCount) -> BedCount {
    BedCount {
        free: given.free,
        occupied: given.occupied,
        dirty: given.dirty,
        cleaning: given.cleaning,
        out_of_order: given.out_of_order,
        open: given.open,
        blocked: given.blocked,
        surge: given.surge,
        closed: given.closed,
    }
}

const fn bed_count_message(beds: &BedCount) -> v1::BedCount {
    v1::BedCount {
        free: beds.free,
        occupied: beds.occupied,
        dirty: beds.dirty,
        cleaning: beds.cleaning,
        out_of_order: beds.out_of_order,
        open: beds.open,
        blocked: beds.blocked,
        surge: beds.surge,
        closed: beds.closed,
    }
}

/// How a facility's word has aged at this moment.
#[must_use]
pub const fn freshness(ward: &Ward, now: Moment) -> v1::Freshness {
    if ward.statement.is_none() {
        return v1::Freshness::Unspecified;
    }
    let age = now.seconds_since(ward.heard);
    if age > SILENT_AFTER_SECONDS {
        v1::Freshness::Silent
    } else if age > AGED_AFTER_SECONDS {
        v1::Freshness::Aged
    } else {
        v1::Freshness::Fresh
    }
}

/// The beds of a service as they stand at this moment; `None` when it has none.
#[must_use]
pub fn message(view: &View, id: ServiceId, found: &Service, now: Moment) -> Option<v1::Capacity> {
    let ward = found.ward.as_ref()?;
    let said = ward.statement.as_ref();
    let (registered, registration) = match ward.registered {
        Registered::Unknown => (0, v1::RegistrationStatus::Unspecified),
        Registered::Proposed(beds) => (beds, v1::RegistrationStatus::Proposed),
        Registered::Confirmed(beds) => (beds, v1::RegistrationStatus::Confirmed),
    };
    Some(v1::Capacity {
        name: names::service_name(view, id),
        number: id.0,
        kind: Some(service::kind_message(found.kind)),
        registered,
        registration: registration.into(),
        beds: said.map(|said| bed_count_message(&said.beds)),
        available: ward.available(),
        overcommitted: ward.overcommitted(),
        heard_time: time::timestamp(ward.heard),
        freshness: freshness(ward, now).into(),
        sequence: said.map_or(0, |said| said.sequence),
        accounted_through: said.map_or(0, |said| said.accounted_through),
        exceptions: said.map_or_else(Vec::new, |said| said.exceptions.iter().copied().collect()),
        last_number: ward.last_number,
        committed: u32::try_from(ward.live.len()).unwrap_or(u32::MAX),
        awaiting_return: ward.awaiting_return.iter().copied().collect(),
        claimed_beds: ward.claim.map(|claim| claim.beds),
    })
}
