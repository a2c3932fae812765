//! Published slots.

use crate::input::{FieldError, Problem};
use crate::{names, place, service, time, v1};
use ledger::View;
use ledger::acts::BlockSlots;
use ledger::words::{Agenda, AgendaId, AgendaShape, Place, SlotId};

/// The pattern of a block of slots. Whether it fits is the ledger's to say.
///
/// # Errors
/// When it is missing, or a number of it cannot be one.
pub fn shape(field: &str, given: Option<&v1::AgendaShape>) -> Result<AgendaShape, FieldError> {
    let missing = |name: &str| FieldError::new(name, Problem::Missing);
    let given = given.ok_or_else(|| missing(field))?;
    let read = || {
        let start = given.start_time.as_ref().ok_or_else(|| missing("start_time"))?;
        Ok(AgendaShape {
            start: time::moment("start_time", start)?,
            step_seconds: given.step_seconds,
            length_seconds: given.length_seconds,
            columns: small("columns", given.columns)?,
            row_seconds: given.row_seconds,
            rows: small("rows", given.rows)?,
            capacity: small("capacity", given.capacity)?,
        })
    };
    read().map_err(|error: FieldError| error.within(field))
}

/// A number that the ledger keeps in fewer bits than the message does.
fn small<T>(field: &str, given: u32) -> Result<T, FieldError>
where
    T: TryFrom<u32> + Bounded,
{
    T::try_from(given).map_err(|_| {
        let problem = Problem::Range { given: i64::from(given), min: 0, max: T::LARGEST };
        FieldError::new(field, problem)
    })
}

/// An integer that knows its largest value.
trait Bounded {
    const LARGEST: i64;
}

impl Bounded for u8 {
    const LARGEST: i64 = Self::MAX as i64;
}

impl Bounded for u16 {
    const LARGEST: i64 = Self::MAX as i64;
}

/// A pattern as a message.
#[must_use]
pub fn shape_message(shape: &AgendaShape) -> v1::AgendaShape {
    v1::AgendaShape {
        start_time: time::timestamp(shape.start),
        step_seconds: shape.step_seconds,
        length_seconds: shape.length_seconds,
        columns: shape.columns.into(),
        row_seconds: shape.row_seconds,
        rows: shape.rows.into(),
        capacity: shape.capacity.into(),
    }
}

/// Slots to take out of use, or back into it.
///
/// # Errors
/// When it is missing, or a number of it cannot be one.
pub fn block(field: &str, given: Option<&v1::SlotBlock>) -> Result<BlockSlots, FieldError> {
    let given = given.ok_or_else(|| FieldError::new(field, Problem::Missing))?;
    let read = || {
        Ok(BlockSlots {
            agenda: AgendaId(given.agenda),
            first: small("first", given.first)?,
            count: small("count", given.count)?,
            blocked: given.blocked,
        })
    };
    read().map_err(|error: FieldError| error.within(field))
}

/// One slot of an agenda.
#[must_use]
pub fn slot_message(view: &View, id: AgendaId, agenda: &Agenda, index: u16) -> v1::Slot {
    let at = Place::Slot(SlotId { agenda: id, index });
    v1::Slot {
        name: names::place_name(view, at),
        number: place::number(at),
        service: names::service_name(view, agenda.service),
        kind: view.service(agenda.service).map(|found| service::kind_message(found.kind)),
        start_time: time::timestamp(agenda.shape.slot_start(index)),
        end_time: time::timestamp(agenda.shape.slot_end(index)),
        capacity: agenda.shape.capacity.into(),
        available: agenda.available(index).into(),
        blocked: agenda.blocked.contains(&index),
    }
}
