//! Places by number, and positions.

use crate::input::{FieldError, InputError, Problem};
use crate::{names, v1};
use ledger::View;
use ledger::words::{AgendaId, Place, Position, ServiceId, SlotId};

/// The largest number of a slot: 32 bits of agenda, 16 of index, and the mark of a slot.
const SLOT_NUMBER_MAX: u64 = (1 << 49) - 1;
/// The largest number of a bed.
const BED_NUMBER_MAX: u64 = (u32::MAX as u64) << 1;

/// A place's number: a bed is twice its service's number; a slot is twice (agenda × 65,536 +
/// index), plus one.
#[must_use]
pub const fn number(place: Place) -> u64 {
    match place {
        Place::Bed(service) => (service.0 as u64) << 1,
        Place::Slot(slot) => ((slot.agenda.0 as u64) << 17) | ((slot.index as u64) << 1) | 1,
    }
}

/// The place of a number, whether or not there is such a place.
///
/// # Errors
/// When no place can have this number.
pub fn from_number(field: &str, number: u64) -> Result<Place, FieldError> {
    let max = if number & 1 == 0 { BED_NUMBER_MAX } else { SLOT_NUMBER_MAX };
    if number > max {
        let given = i64::try_from(number).unwrap_or(i64::MAX);
        let problem = Problem::Range { given, min: 0, max: max as i64 };
        return Err(FieldError::new(field, problem));
    }
    let payload = number >> 1;
    Ok(if number & 1 == 0 {
        Place::Bed(ServiceId(payload as u32))
    } else {
        Place::Slot(SlotId { agenda: AgendaId((payload >> 16) as u32), index: payload as u16 })
    })
}

/// A place by name or number.
///
/// # Errors
/// When neither is given, or the one given is wrong or leads nowhere.
pub fn from_message(view: &View, given: &v1::Place) -> Result<Place, InputError> {
    match &given.place {
        None => Err(FieldError::new("place", Problem::Missing).into()),
        Some(v1::place::Place::Number(number)) => Ok(from_number("number", *number)?),
        Some(v1::place::Place::Name(name)) => names::place(view, "name", name),
    }
}

/// A position in millionths of a degree.
///
/// # Errors
/// When it is not on the globe, or no number.
pub fn position(field: &str, given: &v1::Position) -> Result<Position, FieldError> {
    let wrong = || FieldError::new(field, Problem::Position);
    let (latitude, longitude) = (given.latitude, given.longitude);
    let fits = latitude.is_finite() && longitude.is_finite();
    if !fits || latitude.abs() > 90.0 || longitude.abs() > 180.0 {
        return Err(wrong());
    }
    let e6 = |degrees: f64| (degrees * 1e6).round() as i32;
    Ok(Position { latitude_e6: e6(latitude), longitude_e6: e6(longitude) })
}

/// A position in degrees.
#[must_use]
pub fn position_message(position: Position) -> v1::Position {
    v1::Position {
        latitude: f64::from(position.latitude_e6) / 1e6,
        longitude: f64::from(position.longitude_e6) / 1e6,
    }
}
