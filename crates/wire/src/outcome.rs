//! What became of commands, for messages that carry many.

use crate::input::InputError;
use crate::{reason, v1};
use ledger::words::Revision;
use ledger::{Applied, Done, Granted, Outcome, Refusal};
use v1::ErrorReason;

/// What became of one command.
#[must_use]
pub fn message(sequence: u64, applied: &Applied) -> v1::Outcome {
    match &applied.outcome {
        Outcome::Refused(refusal) => refused(sequence, applied.revision, refusal),
        Outcome::Done(done) => {
            let mut outcome =
                v1::Outcome { sequence, revision: applied.revision.0, ..Default::default() };
            match done {
                Done::Plain => {}
                Done::Facility(id) => outcome.facility = Some(id.0),
                Done::Agenda(id) => outcome.agenda = Some(id.0),
                Done::Granted(granted) => {
                    outcome.commitment = Some(granted.first.0);
                    outcome.fencing = granted.fencing.0;
                    outcome.choices = choices(granted);
                }
                Done::Stale { sequence } => outcome.newest_sequence = Some(*sequence),
                Done::Proposed { beds } => outcome.proposed_beds = Some(*beds),
                Done::ClaimHeld { registered } => outcome.claim_held_above = Some(*registered),
                Done::Overcommitted { by } => outcome.overcommitted = Some(*by),
            }
            outcome
        }
    }
}

/// A refusal by the ledger.
#[must_use]
pub fn refused(sequence: u64, revision: Revision, refusal: &Refusal) -> v1::Outcome {
    v1::Outcome {
        sequence,
        revision: revision.0,
        reason: reason::of(refusal).into(),
        metadata: reason::metadata(refusal),
        ..Default::default()
    }
}

/// A refusal before the ledger was asked.
#[must_use]
pub fn unasked(sequence: u64, reason: ErrorReason) -> v1::Outcome {
    v1::Outcome { sequence, reason: reason.into(), ..Default::default() }
}

/// A command that could not be read.
#[must_use]
pub fn unfit(sequence: u64, error: &InputError) -> v1::Outcome {
    let (reason, field, problem) = match error {
        InputError::Field(error) => {
            (ErrorReason::InvalidArgument, error.field.clone(), error.problem.en())
        }
        InputError::Unknown { field, name, refusal } => {
            (reason::of(refusal), field.clone(), format!("there is no {name}"))
        }
    };
    let metadata = [("field", field), ("problem", problem)];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value)).into();
    v1::Outcome { metadata, ..unasked(sequence, reason) }
}

/// For each leg which candidate was taken; nothing when it was always the first.
fn choices(granted: &Granted) -> Vec<u32> {
    let taken = &granted.choices[..usize::from(granted.legs).min(granted.choices.len())];
    if taken.iter().all(|choice| *choice == 0) {
        return Vec::new();
    }
    taken.iter().map(|choice| u32::from(*choice)).collect()
}
