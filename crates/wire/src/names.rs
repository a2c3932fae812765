//! Resource names (AIP-122): read from outside, written for outside.
//!
//! | name | of |
//! |---|---|
//! | `institutions/{code}` | an institution |
//! | `facilities/{clues}` | a facility, by any of its codes |
//! | `facilities/{clues}/services/{code}` | a service; as a place, a bed of it |
//! | `facilities/{clues}/slots/{agenda}-{index}` | a slot |
//! | `holds/{id}`, `bookings/{id}` | a hold, a booking |

use crate::input::{FieldError, InputError, Problem};
use ledger::words::{
    AgendaId, Clues, CommitmentId, FacilityId, InstitutionCode, Place, ServiceCode, ServiceId,
    SlotId, Status,
};
use ledger::{Refusal, View};

const FACILITY: &str = "facilities/{clues}";
const SERVICE: &str = "facilities/{clues}/services/{code}";
const SLOT: &str = "facilities/{clues}/slots/{agenda}-{index}";
const PLACE: &str =
    "facilities/{clues}/services/{code} or facilities/{clues}/slots/{agenda}-{index}";
const COMMITMENT: &str = "bookings/{id} or holds/{id}";
const INSTITUTION: &str = "institutions/{code}";

/// The code in a facility's name.
///
/// # Errors
/// When it has another form.
pub fn clues(field: &str, name: &str) -> Result<Clues, FieldError> {
    let code = name.strip_prefix("facilities/").filter(|code| !code.contains('/'));
    let code = code.ok_or_else(|| FieldError::new(field, Problem::Name { pattern: FACILITY }))?;
    Clues::parse(code).map_err(|error| FieldError::new(field, Problem::Clues(error)))
}

/// The facility of a name.
///
/// # Errors
/// When the name has another form, or leads nowhere.
pub fn facility(view: &View, field: &str, name: &str) -> Result<FacilityId, InputError> {
    let clues = clues(field, name)?;
    view.resolve(&clues).ok_or_else(|| InputError::unknown(field, name, Refusal::UnknownFacility))
}

/// The service of a name.
///
/// # Errors
/// When the name has another form, or leads nowhere.
pub fn service(view: &View, field: &str, name: &str) -> Result<ServiceId, InputError> {
    let parts = name.split_once("/services/");
    let (facility_name, code) =
        parts.ok_or_else(|| FieldError::new(field, Problem::Name { pattern: SERVICE }))?;
    let id = facility(view, field, facility_name)?;
    let code =
        ServiceCode::parse(code).ok_or_else(|| FieldError::new(field, Problem::ServiceCode))?;
    view.facility(id)
        .and_then(|facility| facility.service(&code))
        .ok_or_else(|| InputError::unknown(field, name, Refusal::UnknownService))
}

/// The place of a name: a bed of a service, or a slot.
///
/// # Errors
/// When the name has another form, or leads nowhere.
pub fn place(view: &View, field: &str, name: &str) -> Result<Place, InputError> {
    if name.contains("/services/") {
        return service(view, field, name).map(Place::Bed);
    }
    let Some((facility_name, numbers)) = name.split_once("/slots/") else {
        return Err(FieldError::new(field, Problem::Name { pattern: PLACE }).into());
    };
    let id = facility(view, field, facility_name)?;
    let slot = slot_numbers(numbers)
        .ok_or_else(|| FieldError::new(field, Problem::Name { pattern: SLOT }))?;
    let unknown = |refusal| InputError::unknown(field, name, refusal);
    let agenda = view.agenda(slot.agenda).ok_or_else(|| unknown(Refusal::UnknownAgenda))?;
    let here = view.service(agenda.service).is_some_and(|service| service.facility == id);
    if here { Ok(Place::Slot(slot)) } else { Err(unknown(Refusal::UnknownAgenda)) }
}

fn slot_numbers(text: &str) -> Option<SlotId> {
    let (agenda, index) = text.split_once('-')?;
    Some(SlotId { agenda: AgendaId(digits(agenda)?), index: digits(index)? })
}

/// A number of plain digits: no sign, no space.
fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// The number in a hold's or a booking's name.
///
/// # Errors
/// When it has another form.
pub fn commitment(field: &str, name: &str) -> Result<CommitmentId, FieldError> {
    let number = name.strip_prefix("bookings/").or_else(|| name.strip_prefix("holds/"));
    number
        .and_then(digits)
        .map(CommitmentId)
        .ok_or_else(|| FieldError::new(field, Problem::Name { pattern: COMMITMENT }))
}

/// The code in an institution's name.
///
/// # Errors
/// When it has another form.
pub fn institution(field: &str, name: &str) -> Result<InstitutionCode, FieldError> {
    let code = name.strip_prefix("institutions/");
    let code =
        code.ok_or_else(|| FieldError::new(field, Problem::Name { pattern: INSTITUTION }))?;
    InstitutionCode::parse(code).ok_or_else(|| FieldError::new(field, Problem::Institution))
}

/// An institution's name.
#[must_use]
pub fn institution_name(code: InstitutionCode) -> String {
    format!("institutions/{code}")
}

/// A facility's name; empty for one that is not there.
#[must_use]
pub fn facility_name(view: &View, id: FacilityId) -> String {
    view.facility(id).map_or_else(String::new, |facility| format!("facilities/{}", facility.clues))
}

/// A service's name; empty for one that is not there.
#[must_use]
pub fn service_name(view: &View, id: ServiceId) -> String {
    let Some(service) = view.service(id) else {
        return String::new();
    };
    let mut name = facility_name(view, service.facility);
    name.push_str("/services/");
    name.push_str(service.code.as_str());
    name
}

/// A place's name; empty for one that is not there (any more).
#[must_use]
pub fn place_name(view: &View, place: Place) -> String {
    match place {
        Place::Bed(service) => service_name(view, service),
        Place::Slot(slot) => {
            let service = view.agenda(slot.agenda).and_then(|agenda| view.service(agenda.service));
            service.map_or_else(String::new, |service| {
                format!("{}/slots/{slot}", facility_name(view, service.facility))
            })
        }
    }
}

/// The name of a hold or booking.
#[must_use]
pub fn commitment_name(status: Status, id: CommitmentId) -> String {
    use ledger::words::Ending;
    let hold = matches!(status, Status::Held | Status::Ended(Ending::Released | Ending::Expired));
    if hold { hold_name(id) } else { booking_name(id) }
}

/// The name of a hold.
#[must_use]
pub fn hold_name(id: CommitmentId) -> String {
    format!("holds/{id}")
}

/// The name of a booking.
#[must_use]
pub fn booking_name(id: CommitmentId) -> String {
    format!("bookings/{id}")
}
