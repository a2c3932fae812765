//! Holds and bookings.

use super::{times, words};
use crate::output::{Cell, Column};
use uuid::Uuid;
use wire::v1;

/// The columns of a place that was taken.
pub const GRANT: [Column; 6] = [
    Column::new("name", "nombre", "name"),
    Column::new("id", "número", "number"),
    Column::new("fencing", "resguardo", "fencing"),
    Column::new("place", "lugar", "place"),
    Column::new("expire_time", "vence", "expires"),
    Column::new("revision", "revisión", "revision"),
];

/// A place that was taken, its time in the zone of its facility; in UTC where that is not known.
#[must_use]
pub fn grant(granted: &v1::Grant, answer: &v1::GrantResponse, zone: &str) -> Vec<Cell> {
    vec![
        Cell::text(&granted.name),
        Cell::Number(granted.id),
        Cell::Number(answer.fencing),
        Cell::text(&granted.place),
        times::time(answer.expire_time.as_ref(), zone),
        Cell::Number(answer.revision),
    ]
}

/// The columns of a hold or booking.
pub const COMMITMENT: [Column; 12] = [
    Column::new("name", "nombre", "name"),
    Column::new("status", "estado", "status"),
    Column::new("place", "lugar", "place"),
    Column::new("overdue", "atrasado", "overdue"),
    Column::new("slot_start_time", "empieza", "starts"),
    Column::new("slot_end_time", "termina", "ends"),
    Column::new("deadline_time", "plazo", "deadline"),
    Column::new("grant_time", "otorgado", "granted"),
    Column::new("end_time", "terminado", "ended"),
    Column::new("person", "persona", "person"),
    Column::new("dispute_reason", "impugnación", "dispute"),
    Column::new("fencing", "resguardo", "fencing"),
];

/// A hold or booking, its times in the zone of its facility.
#[must_use]
pub fn commitment(commitment: &v1::Commitment) -> Vec<Cell> {
    let time =
        |time: &Option<prost_types::Timestamp>| times::time(time.as_ref(), &commitment.time_zone);
    vec![
        Cell::text(&commitment.name),
        words::commitment_status(commitment.status),
        Cell::text(&commitment.place),
        Cell::Flag(commitment.overdue),
        time(&commitment.slot_start_time),
        time(&commitment.slot_end_time),
        time(&commitment.deadline_time),
        time(&commitment.grant_time),
        time(&commitment.end_time),
        person(&commitment.person),
        Cell::text(&commitment.dispute_reason),
        if commitment.fencing == 0 { Cell::Nothing } else { Cell::Number(commitment.fencing) },
    ]
}

/// A person's random number; it means nothing outside.
pub(super) fn person(bytes: &[u8]) -> Cell {
    Uuid::from_slice(bytes).map_or(Cell::Nothing, |id| Cell::Text(id.to_string()))
}
