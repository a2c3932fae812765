//! The ledger's refusals in words: what happened, and what to do.

use super::bound;
use super::text::Text;
use ledger::{Bound, Refusal};

/// What a person reads of a refusal. A refusal without a text does not compile.
#[rustfmt::skip]
pub(super) fn text(refusal: &Refusal) -> Text {
    match refusal {
        Refusal::Internal => INTERNAL,
        Refusal::RequestTooOld => REQUEST_TOO_OLD,
        Refusal::RequestFromFuture => REQUEST_FROM_FUTURE,
        Refusal::RequestMalformed => REQUEST_MALFORMED,
        Refusal::RequestReused => REQUEST_REUSED,
        Refusal::TooLate => TOO_LATE,
        Refusal::TooManyStreams => TOO_MANY_STREAMS,
        Refusal::UnknownInstitution => UNKNOWN_INSTITUTION,
        Refusal::UnknownFacility => UNKNOWN_FACILITY,
        Refusal::UnknownService => UNKNOWN_SERVICE,
        Refusal::FacilityClosed => FACILITY_CLOSED,
        Refusal::ServiceClosed => SERVICE_CLOSED,
        Refusal::CodesDisagree { one, other } => codes_disagree(one, other),
        Refusal::HasCommitments { count, .. } => has_commitments(*count),
        Refusal::KindFixed => KIND_FIXED,
        Refusal::CatalogueFull { bound } => catalogue_full(*bound),
        Refusal::OutOfBounds { bound } => out_of_bounds(*bound),
        Refusal::SameFacility => SAME_FACILITY,
        Refusal::WrongKind => WRONG_KIND,
        Refusal::OtherIncarnation { incarnation } => other_incarnation(*incarnation),
        Refusal::WatermarkWentBack { accounted_through } => went_back(*accounted_through),
        Refusal::WatermarkAhead { last_number } => ahead(*last_number),
        Refusal::Inconsistent { bound } => inconsistent(*bound),
        Refusal::CapacityUnconfirmed => CAPACITY_UNCONFIRMED,
        Refusal::NothingToReturn => NOTHING_TO_RETURN,
        Refusal::NeverReported => NEVER_REPORTED,
        Refusal::UnknownAgenda => UNKNOWN_AGENDA,
        Refusal::UnknownSlot => UNKNOWN_SLOT,
        Refusal::SlotBegun => SLOT_BEGUN,
        Refusal::Blocked => BLOCKED,
        Refusal::StaleFacility => STALE_FACILITY,
        Refusal::Taken => TAKEN,
        Refusal::AgendaOverlaps { agenda } => agenda_overlaps(agenda.0),
        Refusal::UnknownCommitment => UNKNOWN_COMMITMENT,
        Refusal::Forgotten => FORGOTTEN,
        Refusal::NotYours => NOT_YOURS,
        Refusal::FencingMismatch { .. } => FENCING_MISMATCH,
        Refusal::Expired => EXPIRED,
        Refusal::AlreadyReleased => ALREADY_RELEASED,
        Refusal::AlreadyBooked => ALREADY_BOOKED,
        Refusal::AlreadyCancelled => ALREADY_CANCELLED,
        Refusal::AlreadyArrived => ALREADY_ARRIVED,
        Refusal::AlreadyEnded => ALREADY_ENDED,
        Refusal::NotBooked => NOT_BOOKED,
        Refusal::NotArrived => NOT_ARRIVED,
        Refusal::SlotNotBegun => SLOT_NOT_BEGUN,
        Refusal::TooManyCommitments => TOO_MANY_COMMITMENTS,
        Refusal::ReasonMissing => REASON_MISSING,
    }
}

const INTERNAL: Text = Text::fixed(
    "Falló una comprobación interna; no se cambió nada. Avise a quien opera el clúster.",
    "An internal check failed; nothing was changed. Tell the cluster's operators.",
);
const REQUEST_TOO_OLD: Text = Text::fixed(
    "La solicitud es tan antigua que pudo haberse hecho ya: consulte el estado y, si hace falta, \
     envíela con un request_id nuevo.",
    "The request is so old that it may have been carried out: look at the state and, if need be, \
     send it under a new request_id.",
);
const REQUEST_FROM_FUTURE: Text = Text::fixed(
    "La hora del request_id está adelantada; corrija el reloj que lo generó.",
    "The time in the request_id is ahead; set right the clock that made it.",
);
const REQUEST_MALFORMED: Text = Text::fixed(
    "El request_id no es un UUIDv7; genere uno.",
    "The request_id is no UUIDv7; make one.",
);
const REQUEST_REUSED: Text = Text::fixed(
    "Ese request_id ya se usó para otra solicitud; genere uno nuevo.",
    "That request_id was used for another request; make a new one.",
);
const TOO_LATE: Text = Text::fixed(
    "El plazo venció antes de poder hacerlo; no se hizo nada ni se hará. Envíela de nuevo con más \
     plazo y un request_id nuevo.",
    "The deadline passed before it could be done; nothing was done and nothing will be. Send it \
     again with more time and a new request_id.",
);
const TOO_MANY_STREAMS: Text = Text::fixed(
    "Se recuerdan ya demasiados canales; reutilice uno o espere.",
    "Too many streams are remembered already; reuse one or wait.",
);
const UNKNOWN_INSTITUTION: Text = Text::fixed(
    "No existe esa institución; regístrela primero.",
    "There is no such institution; register it first.",
);
const UNKNOWN_FACILITY: Text = Text::fixed(
    "No existe ese establecimiento; revise la CLUES.",
    "There is no such facility; check the CLUES.",
);
const UNKNOWN_SERVICE: Text = Text::fixed(
    "No existe ese servicio; consulte los del establecimiento.",
    "There is no such service; look at the facility's.",
);
const FACILITY_CLOSED: Text = Text::fixed(
    "El establecimiento está cerrado o se fusionó con otro; busque otro lugar.",
    "The facility is closed or merged into another; look for another place.",
);
const SERVICE_CLOSED: Text = Text::fixed(
    "El servicio está cerrado; busque otro lugar.",
    "The service is closed; look for another place.",
);
const KIND_FIXED: Text = Text::fixed(
    "Un servicio no puede cambiar de tipo; ciérrelo y registre otro con otra clave.",
    "A service cannot change its kind; close it and register another under another code.",
);
const SAME_FACILITY: Text = Text::fixed(
    "Un establecimiento no puede fusionarse consigo mismo; indique dos distintos.",
    "A facility cannot be merged into itself; name two different ones.",
);
const WRONG_KIND: Text = Text::fixed(
    "El servicio no es de ese tipo: solo las camas se reportan y solo las consultas tienen agenda.",
    "The service is of another kind: only beds are reported, and only consultations have agendas.",
);
const CAPACITY_UNCONFIRMED: Text = Text::fixed(
    "Nadie ha confirmado cuántas camas tiene el servicio; pida a quien opera que lo confirme.",
    "Nobody has confirmed how many beds the service has; ask an operator to confirm it.",
);
const NOTHING_TO_RETURN: Text = Text::fixed(
    "Esa cama ya consta como libre o nunca se contó como ocupada; no hace falta avisar.",
    "That bed is known to be free already, or was never counted as taken; nothing need be said.",
);
const NEVER_REPORTED: Text = Text::fixed(
    "El establecimiento aún no ha reportado; busque otro lugar o espere su reporte.",
    "The facility has not reported yet; look for another place or wait for its report.",
);
const UNKNOWN_AGENDA: Text = Text::fixed(
    "No existe esa agenda, o ya pasó; consulte las citas del servicio.",
    "There is no such agenda, or it is over; look at the service's slots.",
);
const UNKNOWN_SLOT: Text = Text::fixed(
    "No existe esa cita en la agenda; consulte las citas del servicio.",
    "There is no such slot in the agenda; look at the service's slots.",
);
const SLOT_BEGUN: Text = Text::fixed(
    "La cita ya comenzó; elija una posterior.",
    "The slot has begun; choose a later one.",
);
const BLOCKED: Text = Text::fixed(
    "El lugar está fuera de servicio; elija otro.",
    "The place is out of use; choose another.",
);
const STALE_FACILITY: Text = Text::fixed(
    "No se sabe del establecimiento desde hace más de dos horas; elija otro o espere su reporte.",
    "The facility was not heard of for more than two hours; choose another or wait for its report.",
);
const TAKEN: Text = Text::fixed(
    "Ya no hay lugar ahí: alguien más lo tomó. Busque de nuevo.",
    "There is no room there any more: somebody else took it. Search again.",
);
const UNKNOWN_COMMITMENT: Text = Text::fixed(
    "No existe ese apartado ni esa reserva; revise el número.",
    "There is no such hold or booking; check the number.",
);
const FORGOTTEN: Text = Text::fixed(
    "Terminó hace tiempo; su historia se consulta en ListBookingHistory.",
    "It ended long ago; its history is in ListBookingHistory.",
);
const NOT_YOURS: Text = Text::fixed(
    "Lo tiene otra persona; solo ella, el establecimiento o quien opera pueden cambiarlo.",
    "It is somebody else's; only they, the facility or an operator may change it.",
);
const FENCING_MISMATCH: Text = Text::fixed(
    "El número de resguardo no es el vigente: el apartado se extendió o ya no es suyo. Consúltelo.",
    "The fencing number is not the present one: the hold was extended or is not yours any more. \
     Look at it.",
);
const EXPIRED: Text = Text::fixed(
    "El apartado venció; aparte de nuevo.",
    "The hold has expired; hold a place again.",
);
const ALREADY_RELEASED: Text = Text::fixed(
    "El apartado ya se liberó; aparte de nuevo.",
    "The hold was given back already; hold a place again.",
);
const ALREADY_BOOKED: Text = Text::fixed(
    "Ya es una reserva; no hace falta confirmarla, y se deja con cancelar.",
    "It is a booking already; it need not be confirmed, and is given up by cancelling.",
);
const ALREADY_CANCELLED: Text = Text::fixed(
    "La reserva ya estaba cancelada; reserve de nuevo si hace falta.",
    "The booking was cancelled already; book again if need be.",
);
const ALREADY_ARRIVED: Text = Text::fixed(
    "El paciente ya llegó; lo que sigue es su egreso o su atención.",
    "The patient has arrived already; what follows is discharge or the visit.",
);
const ALREADY_ENDED: Text = Text::fixed(
    "Ya había terminado de otra manera; consúltela.",
    "It had ended in another way already; look at it.",
);
const NOT_BOOKED: Text = Text::fixed(
    "Todavía es un apartado; confírmelo primero.",
    "It is a hold still; confirm it first.",
);
const NOT_ARRIVED: Text = Text::fixed(
    "El paciente no ha llegado; registre primero su llegada.",
    "The patient has not arrived; record the arrival first.",
);
const SLOT_NOT_BEGUN: Text = Text::fixed(
    "La cita aún no comienza; espere a su hora.",
    "The slot has not begun; wait for its time.",
);
const TOO_MANY_COMMITMENTS: Text = Text::fixed(
    "El sistema no admite más apartados ni reservas; avise a quien lo opera.",
    "The system takes no more holds or bookings; tell its operators.",
);
const REASON_MISSING: Text = Text::fixed(
    "Para rebasar la capacidad hacen falta autor y motivo; indíquelos.",
    "Going beyond capacity needs an author and a reason; give them.",
);

fn codes_disagree(one: &ledger::words::Clues, other: &ledger::words::Clues) -> Text {
    Text::made(
        format!(
            "Las claves son de establecimientos distintos ({one} y {other}); fusiónelos antes."
        ),
        format!("The codes belong to different facilities ({one} and {other}); merge them first."),
    )
}

fn has_commitments(count: u32) -> Text {
    Text::made(
        format!("Quedarían sin lugar {count} apartados o reservas; muévalos o cancélelos antes."),
        format!("{count} holds or bookings would be stranded; move or cancel them first."),
    )
}

fn catalogue_full(bound: Bound) -> Text {
    let (es, en) = bound::text(bound);
    Text::made(
        format!("El catálogo está lleno: se admiten {es}."),
        format!("The catalogue is full: it takes {en}."),
    )
}

fn out_of_bounds(bound: Bound) -> Text {
    let (es, en) = bound::text(bound);
    Text::made(
        format!("Un número está fuera de rango: se pide {es}."),
        format!("A number is out of bounds: give {en}."),
    )
}

fn inconsistent(bound: Bound) -> Text {
    let (es, en) = bound::text(bound);
    Text::made(
        format!("Los números del reporte se contradicen: se pide {es}."),
        format!("The report's numbers contradict each other: give {en}."),
    )
}

fn other_incarnation(incarnation: u64) -> Text {
    Text::made(
        format!(
            "El reporte habla de otra encarnación del clúster; la vigente es la {incarnation}: \
                 abra de nuevo el canal y cuente otra vez."
        ),
        format!(
            "The report speaks of another incarnation of the cluster; the present one is \
                 {incarnation}: open the stream again and count anew."
        ),
    )
}

fn went_back(accounted_through: u64) -> Text {
    Text::made(
        format!(
            "El reporte toma en cuenta menos que el anterior, que llegó al compromiso \
                 {accounted_through}; cuente de nuevo."
        ),
        format!(
            "The report accounts for less than the last one, which went up to commitment \
                 {accounted_through}; count again."
        ),
    )
}

fn ahead(last_number: u64) -> Text {
    Text::made(
        format!(
            "El reporte toma en cuenta compromisos que no existen: el último es el \
                 {last_number}."
        ),
        format!(
            "The report accounts for commitments that do not exist: the last one is \
                 {last_number}."
        ),
    )
}

fn agenda_overlaps(agenda: u32) -> Text {
    Text::made(
        format!(
            "Las citas se enciman con las de la agenda {agenda}; cambie el horario o retírela."
        ),
        format!("The slots overlap those of agenda {agenda}; change the times or withdraw it."),
    )
}
