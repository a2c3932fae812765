//! What each reason means for the caller: with what status to end, and what to do.

use crate::exit::Exit;
use crate::language::Texts;
use wire::v1::ErrorReason;

/// Makes the two functions from one table; a reason without a row does not compile.
macro_rules! meanings {
    ($($($reason:ident),+ => $exit:ident, $es:literal | $en:literal;)*) => {
        /// The status with which the program ends.
        #[must_use]
        pub const fn exit_of(reason: ErrorReason) -> Exit {
            match reason {
                $($(ErrorReason::$reason)|+ => Exit::$exit,)*
            }
        }

        /// What to do about it.
        #[must_use]
        pub const fn remedy_of(reason: ErrorReason) -> Texts<&'static str> {
            match reason {
                $($(ErrorReason::$reason)|+ => Texts { es: $es, en: $en },)*
            }
        }
    };
}

meanings! {
    Unspecified => Other,
        "repite la orden; si vuelve a pasar, avisa a quien opera el clúster"
        | "repeat the command; if it happens again, tell those who run the cluster";
    Internal => Other,
        "nada cambió; avisa a quien opera el clúster con la identidad de la solicitud"
        | "nothing changed; tell those who run the cluster the request's identity";

    RequestTooOld => Conflict,
        "pudo haberse hecho ya: revisa, y si no, repite sin --request-id"
        | "it may have been done before: check, and if not, repeat without --request-id";
    RequestFromFuture, RequestMalformed => Usage,
        "revisa el reloj de esta máquina y repite sin --request-id"
        | "check this machine's clock and repeat without --request-id";
    RequestReused => Conflict,
        "una identidad vale para una sola solicitud: repite sin --request-id"
        | "an identity is good for one request: repeat without --request-id";
    TooLate => Conflict,
        "no se hizo: repite sin --request-id y con más --timeout"
        | "it was not done: repeat without --request-id and with more --timeout";
    UnknownRequest => NotFound,
        "si no se hizo, repite sin --request-id"
        | "if it was not done, repeat without --request-id";

    UnknownInstitution, UnknownFacility, UnknownService => NotFound,
        "busca su nombre: cupo facility list"
        | "look for its name: cupo facility list";
    FacilityClosed, ServiceClosed => Conflict,
        "elige otro lugar: cupo place find"
        | "choose another place: cupo place find";
    CodesDisagree => Conflict,
        "une primero los dos registros, o corrige la clave"
        | "merge the two records first, or correct the code";
    SameFacility => Usage,
        "di dos establecimientos distintos"
        | "say two different facilities";
    HasCommitments => Conflict,
        "termina o transfiere antes lo que se nombra arriba"
        | "end or transfer first what is named above";
    KindFixed => Conflict,
        "registra otro servicio con otro código"
        | "register another service under another code";
    WrongKind => Usage,
        "las camas se informan y las citas se publican: elige un servicio de ese tipo"
        | "beds are reported and slots published: choose a service of that kind";
    CatalogueFull => Conflict,
        "cierra lo que ya no exista, o pide un límite mayor a quien opera el clúster"
        | "close what no longer exists, or ask those who run the cluster for a larger bound";

    OtherIncarnation, WatermarkWentBack, WatermarkAhead => Conflict,
        "reabre el flujo del establecimiento y cuenta de nuevo"
        | "reopen the facility's stream and count again";
    CapacityUnconfirmed => NoCapacity,
        "quien opera confirma cuántas camas hay: cupo facility confirm CLUES SERVICIO --beds N"
        | "an operator confirms how many beds there are: cupo facility confirm CLUES CODE --beds N";
    NothingToReturn => Conflict,
        "no hay nada que devolver; sigue con el siguiente"
        | "there is nothing to return; go on with the next";
    NeverReported, StaleFacility => NoCapacity,
        "el establecimiento tiene que informar primero; busca otro: cupo place find"
        | "the facility has to report first; look for another: cupo place find";

    UnknownAgenda, UnknownSlot => NotFound,
        "busca otra vez con cupo place find; las agendas pasadas se olvidan"
        | "look again with cupo place find; past agendas are forgotten";
    SlotBegun => Conflict,
        "busca una cita que no haya empezado: cupo place find"
        | "look for a slot that has not begun: cupo place find";
    Taken, Blocked => NoCapacity,
        "busca otro lugar: cupo place find"
        | "look for another place: cupo place find";
    AgendaOverlaps => Conflict,
        "quita la otra agenda o publica otras horas"
        | "withdraw the other agenda or publish other hours";

    UnknownCommitment => NotFound,
        "revisa el número: cupo booking list --facility CLUES"
        | "check the number: cupo booking list --facility CLUES";
    Forgotten => NotFound,
        "terminó hace tiempo; su historia está en cupo booking list --facility CLUES --day DÍA"
        | "it ended long ago; its history is in cupo booking list --facility CLUES --day DAY";
    NotYours => Denied,
        "pídelo a quien lo apartó o reservó"
        | "ask whoever held or booked it";
    FencingMismatch => Conflict,
        "usa el número de resguardo que se dio al apartar o al prolongar"
        | "use the fencing number that was given with the hold or its extension";
    Expired, AlreadyReleased, AlreadyCancelled => Conflict,
        "ya no ocupa lugar; si aún se necesita, aparta otra vez"
        | "it takes no room any more; if it is still needed, hold again";
    AlreadyBooked, AlreadyArrived, AlreadyEnded => Conflict,
        "mira cómo está: cupo booking get NÚMERO"
        | "see how it stands: cupo booking get NUMBER";
    NotBooked => Conflict,
        "confírmalo primero: cupo booking confirm NÚMERO --fencing N"
        | "confirm it first: cupo booking confirm NUMBER --fencing N";
    NotArrived => Conflict,
        "anota primero la llegada: cupo booking arrive NÚMERO"
        | "record the arrival first: cupo booking arrive NUMBER";
    SlotNotBegun => Conflict,
        "espera a que empiece la cita"
        | "wait until the slot begins";
    TooManyCommitments => RateLimited,
        "espera a que terminen otras reservas y repite"
        | "wait until other bookings have ended and repeat";
    ReasonMissing => Usage,
        "el sobrecupo lleva autor y razón"
        | "overcapacity needs an author and a reason";

    InvalidArgument, OutOfBounds, Inconsistent, MessageTooLarge, BatchTooLarge => Usage,
        "corrige lo que se nombra arriba"
        | "correct what is named above";
    DeadlineMissing, DeadlineTooLong => Usage,
        "da un --timeout dentro de lo permitido"
        | "give a --timeout within what is allowed";
    RateLimited, Overloaded => RateLimited,
        "espera un momento y repite con la misma --request-id"
        | "wait a moment and repeat with the same --request-id";
    TooManyStreams, TooManyOpenStreams => RateLimited,
        "cierra los flujos que no uses"
        | "close the streams that are not used";
    TooManyConnections => RateLimited,
        "pregunta a otro servidor con --cluster, o cierra conexiones que no uses"
        | "ask another server with --cluster, or close connections that are not used";
    NoQuorum, NotReady, Stopping => NoQuorum,
        "mira quién falta con cupo cluster status y repite con la misma --request-id"
        | "see who is missing with cupo cluster status and repeat with the same --request-id";
    OutcomeUnknown => Other,
        "repite con la misma --request-id: no se hará dos veces"
        | "repeat with the same --request-id: it is not done twice";
    DiskFull => Other,
        "libera espacio en el disco del servidor"
        | "free space on the server's disk";
    RevisionCompacted => Usage,
        "empieza por la revisión que se nombra arriba, o sin --after-revision"
        | "begin at the revision named above, or without --after-revision";
    SlowReader => Other,
        "sigue con --after-revision y la revisión que se nombra arriba"
        | "go on with --after-revision and the revision named above";
    RevisionAhead => Usage,
        "di una revisión que ya haya ocurrido"
        | "say a revision that has happened";
    TooStale => NoQuorum,
        "espera un momento, o pregunta a otro servidor con --cluster"
        | "wait a moment, or ask another server with --cluster";
    PageTokenExpired => Usage,
        "empieza otra vez por la primera página"
        | "start again from the first page";
    Diverged => Other,
        "los nodos no concuerdan: avisa a quien opera el clúster antes de seguir"
        | "the nodes disagree: tell those who run the cluster before going on";
    MembershipRefused => Conflict,
        "mira quiénes son con cupo cluster status"
        | "see who they are with cupo cluster status";
    HistoryUnavailable => Other,
        "la historia se está reconstruyendo: espera, o pregunta a otro servidor"
        | "the history is being rebuilt: wait, or ask another server";
    SnapshotFailed => Other,
        "revisa el disco del servidor y repite"
        | "check the server's disk and repeat";
}
