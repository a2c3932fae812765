//! The one catalogue of what people read when a call is refused: what happened, and what to do.
//! A complaint without a text in both languages does not compile.

use super::Complaint;
use super::refusal_text;
use crate::language::Language;
use replica::MembershipError;
use std::borrow::Cow;
use wire::{InputError, Problem};

/// A text in both languages.
pub(super) struct Text {
    es: Cow<'static, str>,
    en: Cow<'static, str>,
}

impl Text {
    pub const fn fixed(es: &'static str, en: &'static str) -> Self {
        Self { es: Cow::Borrowed(es), en: Cow::Borrowed(en) }
    }

    pub const fn made(es: String, en: String) -> Self {
        Self { es: Cow::Owned(es), en: Cow::Owned(en) }
    }

    fn of(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Spanish => self.es,
            Language::English => self.en,
        }
    }
}

impl Complaint {
    /// What a person reads.
    pub fn text(&self, language: Language) -> Cow<'static, str> {
        text(self).of(language)
    }
}

#[rustfmt::skip]
fn text(complaint: &Complaint) -> Text {
    match complaint {
        Complaint::Refused(refusal) => refusal_text::text(refusal),
        Complaint::Input(error) => input(error),
        Complaint::BatchTooLarge { given, max } => batch_too_large(*given, *max),
        Complaint::MessageTooLarge { bytes_max } => message_too_large(*bytes_max),
        Complaint::RateLimited { .. } => RATE_LIMITED,
        Complaint::Overloaded { .. } => OVERLOADED,
        Complaint::TooManyOpenStreams => TOO_MANY_OPEN_STREAMS,
        Complaint::TooManyConnections => TOO_MANY_CONNECTIONS,
        Complaint::NoQuorum { .. } => NO_QUORUM,
        Complaint::NotReady => NOT_READY,
        Complaint::OutcomeUnknown => OUTCOME_UNKNOWN,
        Complaint::Stopping => STOPPING,
        Complaint::DiskFull => DISK_FULL,
        Complaint::Diverged => DIVERGED,
        Complaint::DeadlineMissing => DEADLINE_MISSING,
        Complaint::DeadlineTooLong { max } => deadline_too_long(max.as_secs()),
        Complaint::Compacted { first } => compacted(first.0),
        Complaint::Ahead { newest } => ahead(newest.0),
        Complaint::SlowReader { resume } => slow_reader(resume.0),
        Complaint::PageToken => PAGE_TOKEN,
        Complaint::TooStale { age_max } => too_stale(age_max.as_millis()),
        Complaint::UnknownRequest => UNKNOWN_REQUEST,
        Complaint::Membership(error) => membership(error),
        Complaint::NumberReused { id } => number_reused(id.0),
        Complaint::LastVoter { id } => last_voter(id.0),
        Complaint::History { problem } => history(problem),
        Complaint::Snapshot { problem } => snapshot(problem),
    }
}

const RATE_LIMITED: Text = Text::fixed(
    "Se rebasó el límite de solicitudes; espere lo indicado y reintente.",
    "The budget of requests is used up; wait as told and try again.",
);
const OVERLOADED: Text = Text::fixed(
    "Este nodo tiene demasiado trabajo; no se hizo nada. Espere lo indicado y reintente.",
    "This node has too much to do; nothing was done. Wait as told and try again.",
);
const TOO_MANY_OPEN_STREAMS: Text = Text::fixed(
    "Este nodo no acepta más canales abiertos; use otro nodo o cierre alguno.",
    "This node takes no more open streams; use another node or close one.",
);
const TOO_MANY_CONNECTIONS: Text = Text::fixed(
    "Este nodo tiene abiertas tantas conexiones como acepta; no se hizo nada. Use otro nodo o \
     cierre conexiones que no use.",
    "This node has as many connections open as it takes; nothing was done. Use another node or \
     close connections that are not used.",
);
const NO_QUORUM: Text = Text::fixed(
    "No hay mayoría de nodos; no se hizo nada. Espere lo indicado y reintente.",
    "There is no majority of nodes; nothing was done. Wait as told and try again.",
);
const NOT_READY: Text = Text::fixed(
    "Este nodo aún no forma parte de un clúster o no está al día; use otro nodo.",
    "This node is in no cluster yet or has not caught up; use another node.",
);
const OUTCOME_UNKNOWN: Text = Text::fixed(
    "El plazo venció sin conocerse el resultado: reenvíe la misma solicitud con el mismo \
     request_id, o consulte LookUpRequest.",
    "The deadline passed before the outcome was known: send the same request again with the same \
     request_id, or ask LookUpRequest.",
);
const STOPPING: Text = Text::fixed(
    "Este nodo se está deteniendo; use otro nodo.",
    "This node is stopping; use another node.",
);
const DISK_FULL: Text = Text::fixed(
    "El disco del clúster está lleno; no se hizo nada. Avise a quien lo opera.",
    "The cluster's disk is full; nothing was done. Tell its operators.",
);
const DIVERGED: Text = Text::fixed(
    "Los nodos no concuerdan y no se conoce una mayoría; avise a quien opera el clúster.",
    "The nodes disagree and no majority is known; tell the cluster's operators.",
);
const DEADLINE_MISSING: Text = Text::fixed(
    "Falta el plazo; indíquelo en grpc-timeout.",
    "The deadline is missing; give it in grpc-timeout.",
);
const PAGE_TOKEN: Text = Text::fixed(
    "La marca de página no es válida o ya no se conserva; empiece desde la primera página.",
    "The page token is wrong or no longer kept; start again from the first page.",
);
const UNKNOWN_REQUEST: Text = Text::fixed(
    "Nada se recuerda de esa solicitud: no se llevó a cabo, o fue hace más de un día.",
    "Nothing is remembered of that request: it was not carried out, or more than a day ago.",
);

fn batch_too_large(given: usize, max: usize) -> Text {
    Text::made(
        format!("La solicitud trae {given} elementos; envíe {max} como máximo por mensaje."),
        format!("The request has {given} items; send at most {max} per message."),
    )
}

fn message_too_large(bytes_max: usize) -> Text {
    Text::made(
        format!("El mensaje rebasa {bytes_max} bytes; divídalo."),
        format!("The message is larger than {bytes_max} bytes; split it."),
    )
}

fn deadline_too_long(seconds: u64) -> Text {
    Text::made(
        format!("El plazo es demasiado largo; pida {seconds} s como máximo."),
        format!("The deadline is too far away; ask for at most {seconds} s."),
    )
}

fn compacted(first: u64) -> Text {
    Text::made(
        format!(
            "Los sucesos se conservan desde la revisión {first}: lea el estado actual y reanude \
             desde ahí."
        ),
        format!(
            "Events are kept from revision {first} on: read the current state and resume from \
             there."
        ),
    )
}

fn ahead(newest: u64) -> Text {
    Text::made(
        format!("La revisión pedida no ha llegado a este nodo, que va en la {newest}; reintente."),
        format!(
            "The revision asked for has not come to this node, which is at {newest}; try again."
        ),
    )
}

fn slow_reader(resume: u64) -> Text {
    Text::made(
        format!("La lectura fue muy lenta y se cortó; reanude después de la revisión {resume}."),
        format!("The reader was too slow and was cut; resume after revision {resume}."),
    )
}

fn too_stale(millis: u128) -> Text {
    Text::made(
        format!(
            "Lo que sabe este nodo puede tener más de {millis} ms; reintente o acepte datos menos \
             recientes."
        ),
        format!(
            "What this node knows may be older than {millis} ms; try again or accept older data."
        ),
    )
}

fn number_reused(id: u64) -> Text {
    Text::made(
        format!(
            "El número {id} no puede reemplazarse a sí mismo: dé al nodo nuevo un número que nunca \
             se haya usado."
        ),
        format!("Number {id} cannot replace itself: give the new node a number never used."),
    )
}

fn last_voter(id: u64) -> Text {
    Text::made(
        format!("El nodo {id} es el único que vota; agregue otro antes de sacarlo."),
        format!("Node {id} is the only one that votes; let another one join before it goes."),
    )
}

fn history(problem: &str) -> Text {
    Text::made(
        format!("La historia no está disponible en este nodo ({problem}); reintente o use otro."),
        format!("The history is not available on this node ({problem}); retry or use another."),
    )
}

fn snapshot(problem: &str) -> Text {
    Text::made(
        format!("No se pudo escribir la instantánea ({problem}); reintente."),
        format!("The snapshot could not be written ({problem}); try again."),
    )
}

fn input(error: &InputError) -> Text {
    match error {
        InputError::Field(error) => {
            // What is said of codes is a sentence of its own.
            let joint = if matches!(error.problem, Problem::Clues(_)) { ":" } else { "" };
            Text::made(
                format!("El campo {}{joint} {}.", error.field, error.problem.es()),
                format!("The field {}{joint} {}.", error.field, error.problem.en()),
            )
        }
        InputError::Unknown { field, name, .. } => Text::made(
            format!("No existe {name} (campo {field}); revise el nombre."),
            format!("There is no {name} (field {field}); check the name."),
        ),
    }
}

fn membership(error: &MembershipError) -> Text {
    let es = match error {
        MembershipError::Initialized => {
            "El clúster ya está fundado: que el nodo se una con join.".to_owned()
        }
        MembershipError::NoQuorum { .. } => {
            "No hay mayoría de nodos; espere lo indicado y reintente.".to_owned()
        }
        MembershipError::Duplicate { existing } => {
            format!("El nodo {} en {} ya es miembro.", existing.id, existing.address)
        }
        MembershipError::Unknown { id } => format!("El nodo {id} no es miembro."),
        MembershipError::Unreachable { id, reason } => {
            format!("El nodo {id} no responde ({reason}); revise que esté en marcha.")
        }
        MembershipError::OtherNode { expected, found } => {
            format!("El nodo en esa dirección es el {found}, no el {expected}.")
        }
        MembershipError::OtherCluster { id } => {
            format!("El nodo {id} es de otro clúster: dele un directorio vacío y un número nuevo.")
        }
        MembershipError::OtherFingerprint { id } => {
            format!("El nodo {id} tiene otra configuración de clúster: iguale los archivos.")
        }
        MembershipError::Members { reason } => {
            format!("Con esos miembros no se puede fundar un clúster ({reason}).")
        }
        MembershipError::Incomplete { reason } => {
            format!("El cambio no ha terminado ({reason}): pídalo otra vez y continuará.")
        }
        MembershipError::Stopping => "Este nodo se está deteniendo; use otro nodo.".to_owned(),
    };
    Text::made(es, format!("The membership stays as it is: {error}."))
}
