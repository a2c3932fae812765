//! Holds and bookings as they are asked for, one at a time.

use crate::input::{FieldError, InputError, Problem};
use crate::{names, place, request, v1};
use ledger::acts::{Hold, Leg, Terms, Transfer};
use ledger::limits::{CANDIDATES_MAX, LEGS_MAX, REASON_BYTES_MAX};
use ledger::words::{CommitmentId, Place, Status, Text};
use ledger::{Granted, View};

/// How long a hold is kept when the request does not say, in seconds.
pub const HOLD_SECONDS_DEFAULT: u32 = 300;

/// Places to keep for a moment.
///
/// # Errors
/// When a field is wrong or names what does not exist.
pub fn hold(view: &View, given: &v1::CreateHoldRequest) -> Result<Hold, InputError> {
    Ok(Hold {
        legs: legs(view, &given.legs)?,
        terms: Terms::Hold { seconds: hold_seconds(given.hold_seconds) },
        arrival_seconds: given.arrival_seconds,
        person: request::person("person", &given.person)?,
        basis: request::basis(given.basis.as_ref())?,
        overcapacity: overcapacity(&given.overcapacity_reason)?,
    })
}

/// Places to book at once.
///
/// # Errors
/// When a field is wrong or names what does not exist.
pub fn book(view: &View, given: &v1::BookRequest) -> Result<Hold, InputError> {
    Ok(Hold {
        legs: legs(view, &given.legs)?,
        terms: Terms::Book,
        arrival_seconds: given.arrival_seconds,
        person: request::person("person", &given.person)?,
        basis: request::basis(given.basis.as_ref())?,
        overcapacity: overcapacity(&given.overcapacity_reason)?,
    })
}

/// A booking to move.
///
/// # Errors
/// When a field is wrong or names what does not exist.
pub fn transfer(view: &View, given: &v1::TransferBookingRequest) -> Result<Transfer, InputError> {
    Ok(Transfer {
        commitment: names::commitment("name", &given.name)?,
        candidates: candidates(view, &given.candidates)?,
        arrival_seconds: given.arrival_seconds,
    })
}

/// How long a hold is kept, in seconds, the default standing for zero.
pub(crate) const fn hold_seconds(given: u32) -> u32 {
    if given == 0 { HOLD_SECONDS_DEFAULT } else { given }
}

/// Why it may be granted beyond the room there is; empty for "it may not".
pub(crate) fn overcapacity(given: &str) -> Result<Option<Text<REASON_BYTES_MAX>>, FieldError> {
    if given.is_empty() { Ok(None) } else { reason("overcapacity_reason", given).map(Some) }
}

/// A reason somebody gives.
///
/// # Errors
/// When it is empty, too long, or holds control characters.
pub fn reason(field: &str, given: &str) -> Result<Text<REASON_BYTES_MAX>, FieldError> {
    if given.is_empty() {
        return Err(FieldError::new(field, Problem::Missing));
    }
    Text::new(given).map_err(|error| FieldError::new(field, Problem::Text(error)))
}

fn legs(view: &View, given: &[v1::Leg]) -> Result<Vec<Leg>, InputError> {
    count("legs", given.len(), LEGS_MAX)?;
    let read = |(index, leg): (usize, &v1::Leg)| {
        let candidates = candidates(view, &leg.candidates);
        let candidates = candidates.map_err(|error| error.item("legs", index))?;
        Ok(Leg { candidates })
    };
    given.iter().enumerate().map(read).collect()
}

fn candidates(view: &View, given: &[v1::Place]) -> Result<Vec<Place>, InputError> {
    count("candidates", given.len(), CANDIDATES_MAX)?;
    let read = |(index, place): (usize, &v1::Place)| {
        place::from_message(view, place).map_err(|error| error.item("candidates", index))
    };
    given.iter().enumerate().map(read).collect()
}

pub(crate) fn count(field: &str, given: usize, max: usize) -> Result<(), FieldError> {
    match given {
        0 => Err(FieldError::new(field, Problem::Missing)),
        _ if given > max => Err(FieldError::new(field, Problem::Count { given, max })),
        _ => Ok(()),
    }
}

/// What was granted, in the words of the request: `choice_of` gives a leg's candidate by its
/// place in the request.
#[must_use]
pub fn grants(
    view: &View,
    granted: &Granted,
    status: Status,
    choice_of: impl Fn(usize, usize) -> Option<Place>,
) -> Vec<v1::Grant> {
    let legs = usize::from(granted.legs).min(granted.choices.len());
    let grant = |leg: usize| {
        let choice = granted.choices[leg];
        let id = CommitmentId(granted.first.0.saturating_add(leg as u64));
        let taken = choice_of(leg, usize::from(choice));
        v1::Grant {
            name: names::commitment_name(status, id),
            id: id.0,
            choice: choice.into(),
            place: taken.map_or_else(String::new, |at| names::place_name(view, at)),
            place_number: taken.map_or(0, place::number),
        }
    };
    (0..legs).map(grant).collect()
}
