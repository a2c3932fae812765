//! What happened.

use super::{bookings, code, times, words};
use crate::output::{Cell, Column};
use wire::v1;
use wire::v1::event::Happening;

/// The columns of an event.
pub const EVENT: [Column; 9] = [
    Column::new("revision", "revisión", "revision"),
    Column::new("time", "hora", "time"),
    Column::new("kind", "qué", "what"),
    Column::new("facility", "establecimiento", "facility"),
    Column::new("name", "nombre", "name"),
    Column::new("status", "estado", "status"),
    Column::new("place", "lugar", "place"),
    Column::new("available", "libres", "free"),
    Column::new("person", "persona", "person"),
];

/// An event, its time in this zone: the facility's own, or UTC where many facilities' events follow
/// each other.
#[must_use]
pub fn event(event: &v1::Event, zone: &str) -> Vec<Cell> {
    let mut row = vec![Cell::Nothing; EVENT.len()];
    row[0] = Cell::Number(event.revision);
    row[1] = times::time(event.time.as_ref(), zone);
    row[3] = Cell::text(code(&event.facility));
    match &event.happening {
        None => {}
        Some(Happening::Catalogue(change)) => {
            row[2] = words::catalogue_change(change.kind);
            row[4] = Cell::text(&change.name);
        }
        Some(Happening::Capacity(change)) => {
            row[2] = words::capacity_change(change.kind);
            row[4] = Cell::text(&change.service);
            row[7] = Cell::Whole(change.available.into());
        }
        Some(Happening::Agenda(change)) => {
            row[2] = words::agenda_change(change.kind);
            row[4] = Cell::text(&change.service);
        }
        Some(Happening::Commitment(change)) => {
            row[2] = words::commitment_change(change.kind);
            row[4] = Cell::text(&change.name);
            row[5] = words::commitment_status(change.status);
            row[6] = Cell::text(&change.place);
            row[8] = bookings::person(&change.person);
        }
    }
    row
}
