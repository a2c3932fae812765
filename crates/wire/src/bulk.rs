//! Operations in bulk: numbers instead of names, so that no picture of the ledger is needed.

use crate::booking::{count, hold_seconds, overcapacity};
use crate::input::{FieldError, Problem};
use crate::{place, request, v1};
use ledger::Act;
use ledger::acts::{
    Arrive, Cancel, Confirm, Discharge, Extend, Fulfil, Hold, Leg, NoShow, Release, Terms, Transfer,
};
use ledger::limits::{CANDIDATES_MAX, LEGS_MAX};
use ledger::words::{CommitmentId, Place, Revision};
use v1::operation::Operation as Asked;

/// The act an operation asks for.
///
/// # Errors
/// When it asks for nothing, or a field is wrong.
pub fn act(operation: &v1::Operation) -> Result<Act, FieldError> {
    let asked = operation.operation.as_ref();
    let asked = asked.ok_or_else(|| FieldError::new("operation", Problem::Missing))?;
    let commitment = |id: &u64| CommitmentId(*id);
    Ok(match asked {
        Asked::Book(take) => Act::Hold(self::take("book", take, Terms::Book)?),
        Asked::Hold(take) => {
            let terms = Terms::Hold { seconds: hold_seconds(take.hold_seconds) };
            Act::Hold(self::take("hold", take, terms)?)
        }
        Asked::Confirm(hold) => {
            Act::Confirm(Confirm { commitment: commitment(&hold.id), fencing: fencing(hold) })
        }
        Asked::Release(hold) => {
            Act::Release(Release { commitment: commitment(&hold.id), fencing: fencing(hold) })
        }
        Asked::Extend(hold) => Act::Extend(Extend {
            commitment: commitment(&hold.id),
            fencing: fencing(hold),
            seconds: hold_seconds(hold.hold_seconds),
        }),
        Asked::Cancel(id) => Act::Cancel(Cancel { commitment: commitment(id) }),
        Asked::Arrive(id) => Act::Arrive(Arrive { commitment: commitment(id) }),
        Asked::Discharge(id) => Act::Discharge(Discharge { commitment: commitment(id) }),
        Asked::Fulfil(id) => Act::Fulfil(Fulfil { commitment: commitment(id) }),
        Asked::NoShow(id) => Act::NoShow(NoShow { commitment: commitment(id) }),
        Asked::Transfer(transfer) => Act::Transfer(Transfer {
            commitment: commitment(&transfer.id),
            candidates: places("transfer", &transfer.candidates)?,
            arrival_seconds: transfer.arrival_seconds,
        }),
    })
}

const fn fencing(hold: &v1::BulkFenced) -> Revision {
    Revision(hold.fencing)
}

fn take(outer: &str, given: &v1::BulkTake, terms: Terms) -> Result<Hold, FieldError> {
    let further = given.further_legs.len();
    if further >= LEGS_MAX {
        let problem = Problem::Count { given: further, max: LEGS_MAX - 1 };
        return Err(FieldError::new("further_legs", problem).within(outer));
    }
    let mut legs = Vec::with_capacity(1 + further);
    legs.push(Leg { candidates: places(outer, &given.candidates)? });
    for (index, leg) in given.further_legs.iter().enumerate() {
        let candidates = places(outer, &leg.candidates);
        let candidates = candidates.map_err(|error| error.item("further_legs", index))?;
        legs.push(Leg { candidates });
    }
    Ok(Hold {
        legs,
        terms,
        arrival_seconds: given.arrival_seconds,
        person: request::person("person", &given.person).map_err(|error| error.within(outer))?,
        basis: request::basis(given.basis.as_ref()).map_err(|error| error.within(outer))?,
        overcapacity: overcapacity(&given.overcapacity_reason)
            .map_err(|error| error.within(outer))?,
    })
}

fn places(outer: &str, numbers: &[u64]) -> Result<Vec<Place>, FieldError> {
    let place = |number: &u64| place::from_number("candidates", *number);
    count("candidates", numbers.len(), CANDIDATES_MAX)
        .and_then(|()| numbers.iter().map(place).collect())
        .map_err(|error| error.within(outer))
}
