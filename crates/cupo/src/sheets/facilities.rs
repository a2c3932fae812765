//! Facilities, their services and beds.

use super::{code, times, words};
use crate::output::{Cell, Column};
use ledger::words::Moment;
use wire::v1;

/// The columns of a facility.
pub const FACILITY: [Column; 9] = [
    Column::new("clues", "CLUES", "CLUES"),
    Column::new("display_name", "nombre", "name"),
    Column::new("institution", "institución", "institution"),
    Column::new("level", "nivel", "level"),
    Column::new("status", "estado", "status"),
    Column::new("service_count", "servicios", "services"),
    Column::new("latitude", "latitud", "latitude"),
    Column::new("longitude", "longitud", "longitude"),
    Column::new("time_zone", "zona", "zone"),
];

/// A facility.
#[must_use]
pub fn facility(facility: &v1::Facility) -> Vec<Cell> {
    let degrees = |of: fn(&v1::Position) -> f64| {
        let position = facility.position.as_ref();
        position.map_or(Cell::Nothing, |at| Cell::Decimal { value: of(at), places: 4 })
    };
    vec![
        Cell::text(code(&facility.name)),
        Cell::text(&facility.display_name),
        Cell::text(code(&facility.institution)),
        words::level(facility.level),
        words::facility_status(facility.status),
        Cell::Whole(facility.services.len() as u64),
        degrees(|at| at.latitude),
        degrees(|at| at.longitude),
        Cell::text(&facility.time_zone),
    ]
}

/// What is told of a service, whatever is told of its facility beside it.
const SERVICE_NAME: Column = Column::new("service", "servicio", "service");
const SERVICE_KIND: Column = Column::new("kind", "tipo", "kind");

/// What is told of a service's beds.
const COUNTS: [Column; 7] = [
    Column::new("available", "libres", "free"),
    Column::new("committed", "comprometidas", "committed"),
    Column::new("overcommitted", "sin lugar", "overcommitted"),
    Column::new("registered", "registradas", "registered"),
    Column::new("registration", "cuenta", "count"),
    Column::new("freshness", "frescura", "freshness"),
    Column::new("last_heard_seconds", "última noticia", "last heard"),
];

/// The columns of a service.
pub const SERVICE: [Column; 3] =
    [SERVICE_NAME, SERVICE_KIND, Column::new("status", "estado", "status")];

/// A service of a facility.
#[must_use]
pub fn service(service: &v1::Service) -> Vec<Cell> {
    vec![
        Cell::text(&service.name),
        words::kind(service.kind.as_ref()),
        words::service_status(service.status),
    ]
}

/// The columns of a service's beds.
pub const CAPACITY: [Column; 9] = {
    let [available, committed, overcommitted, registered, registration, freshness, heard] = COUNTS;
    [
        SERVICE_NAME,
        SERVICE_KIND,
        available,
        committed,
        overcommitted,
        registered,
        registration,
        freshness,
        heard,
    ]
};

/// A service's beds, seen at this moment.
#[must_use]
pub fn capacity(capacity: &v1::Capacity, now: Moment) -> Vec<Cell> {
    let named = [Cell::text(&capacity.name), words::kind(capacity.kind.as_ref())];
    named.into_iter().chain(counts(capacity, now)).collect()
}

fn counts(capacity: &v1::Capacity, now: Moment) -> [Cell; COUNTS.len()] {
    [
        Cell::Whole(capacity.available.into()),
        Cell::Whole(capacity.committed.into()),
        Cell::Whole(capacity.overcommitted.into()),
        Cell::Whole(capacity.registered.into()),
        words::registration(capacity.registration),
        words::freshness(capacity.freshness),
        times::age(capacity.heard_time.as_ref(), now),
    ]
}

/// The columns of a service with its beds, for programs; a visit has none.
pub const OFFER: [Column; 10] = {
    let [available, committed, overcommitted, registered, registration, freshness, heard] = COUNTS;
    [
        SERVICE_NAME,
        SERVICE_KIND,
        // A row may stand beside its facility's, which has a status too.
        Column::new("service_status", "estado", "status"),
        available,
        committed,
        overcommitted,
        registered,
        registration,
        freshness,
        heard,
    ]
};

/// Every service of a facility with its beds, seen at this moment.
#[must_use]
pub fn offers(facility: &v1::Facility, beds: &[v1::Capacity], now: Moment) -> Vec<Vec<Cell>> {
    let offer = |offered: &v1::Service| {
        let mut row = service(offered);
        let counted = beds.iter().find(|beds| beds.name == offered.name);
        match counted {
            Some(beds) => row.extend(counts(beds, now)),
            None => row.resize(OFFER.len(), Cell::Nothing),
        }
        row
    };
    facility.services.iter().map(offer).collect()
}
