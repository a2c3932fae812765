//! What a search found, and what it left out.

use super::{code, times, words};
use crate::output::{Cell, Column};
use ledger::words::Moment;
use wire::v1;

/// The columns of a place.
pub const PLACE: [Column; 10] = [
    Column::new("place", "lugar", "place"),
    Column::new("display_name", "establecimiento", "facility"),
    Column::new("institution", "institución", "institution"),
    Column::new("kind", "tipo", "kind"),
    Column::new("distance_metres", "distancia", "distance"),
    Column::new("free", "libres", "free"),
    Column::new("last_heard_seconds", "última noticia", "last heard"),
    Column::new("freshness", "frescura", "freshness"),
    Column::new("start_time", "empieza", "starts"),
    Column::new("end_time", "termina", "ends"),
];

/// A place, seen at this moment.
#[must_use]
pub fn place(found: &v1::Candidate, now: Moment) -> Vec<Cell> {
    let distance = found.distance_metres;
    let slot = found.start_time.is_some();
    vec![
        Cell::text(&found.place),
        Cell::text(&found.facility_display_name),
        Cell::text(code(&found.institution)),
        words::kind(found.kind.as_ref()),
        distance.map_or(Cell::Nothing, |metres| Cell::Distance { metres: metres.into() }),
        Cell::Whole(found.free.into()),
        times::age(found.heard_time.as_ref(), now),
        if slot { Cell::Nothing } else { words::freshness(found.freshness) },
        times::time(found.start_time.as_ref(), &found.time_zone),
        times::time(found.end_time.as_ref(), &found.time_zone),
    ]
}

/// The columns of what was left out.
pub const EXCLUSION: [Column; 2] =
    [Column::new("excluded", "descartados", "left out"), Column::new("why", "por qué", "why")];

/// Services that were left out for one reason.
#[must_use]
pub fn exclusion(left: &v1::Exclusion) -> Vec<Cell> {
    vec![Cell::Whole(left.count.into()), words::exclusion_reason(left.reason)]
}
