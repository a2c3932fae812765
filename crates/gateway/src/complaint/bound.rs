//! The ledger's bounds in words, with their numbers.

use ledger::Bound;

/// A bound in Spanish and in English.
pub(super) const fn text(bound: Bound) -> (&'static str, &'static str) {
    match bound {
        Bound::Institutions => ("256 instituciones como máximo", "at most 256 institutions"),
        Bound::Facilities => ("131,072 establecimientos como máximo", "at most 131,072 facilities"),
        Bound::Services => {
            ("256 servicios por establecimiento como máximo", "at most 256 services per facility")
        }
        Bound::Aliases => {
            ("16 claves adicionales como máximo", "at most 16 further codes per facility")
        }
        Bound::Position => (
            "una posición en el globo (latitud -90 a 90, longitud -180 a 180)",
            "a position on the globe (latitude -90 to 90, longitude -180 to 180)",
        ),
        Bound::Municipality => {
            ("una clave de municipio de 1001 a 32999", "a municipality's code of 1001 to 32999")
        }
        Bound::Beds => ("10,000 camas por servicio como máximo", "at most 10,000 beds per service"),
        Bound::Exceptions => (
            "256 excepciones como máximo, ninguna mayor que el último número contado",
            "at most 256 exceptions, none above the last number accounted for",
        ),
        Bound::BedTotals => (
            "la misma suma de camas por estado físico y por uso",
            "the same total of beds by physical state and by use",
        ),
        Bound::Available => (
            "no más lugares disponibles que camas libres o que camas abiertas",
            "no more places available than beds free, nor than beds open",
        ),
        Bound::Slots => ("de 1 a 4,096 citas por agenda", "1 to 4,096 slots per agenda"),
        Bound::SlotLength => (
            "una cita de al menos 1 s y no más larga que su paso",
            "a slot of at least 1 s and at \
             most its step",
        ),
        Bound::RowLength => (
            "filas que no se encimen: row_seconds de al menos columns × step_seconds",
            "rows that do not overlap: row_seconds of at least columns × step_seconds",
        ),
        Bound::AgendaTime => (
            "una agenda que termine en el futuro, a dos años como máximo",
            "an agenda that ends in the future, at most two years ahead",
        ),
        Bound::SlotCapacity => ("de 1 a 200 personas por cita", "1 to 200 people per slot"),
        Bound::Agendas => {
            ("1,024 agendas por servicio como máximo", "at most 1,024 agendas per service")
        }
        Bound::Legs => ("de 1 a 8 lugares juntos", "1 to 8 places together"),
        Bound::Candidates => ("de 1 a 64 opciones por lugar", "1 to 64 candidates per place"),
        Bound::HoldSeconds => ("un apartado de 5 s a 7,200 s", "a hold of 5 s to 7,200 s"),
        Bound::ArrivalSeconds => (
            "una espera de llegada de 604,800 s como máximo",
            "a wait for arrival of at most 604,800 s",
        ),
        Bound::WardCommitments => (
            "20,000 compromisos vivos por servicio como máximo",
            "at most 20,000 live commitments per service",
        ),
    }
}
