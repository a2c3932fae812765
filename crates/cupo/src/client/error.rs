//! What can go wrong between this program and a cluster.

use super::purpose::Purpose;
use super::reason::reason_of;
use super::remedy::{exit_of, remedy_of};
use super::status::{heard, slow};
use crate::configuration::ConfigurationError;
use crate::exit::Exit;
use crate::language::Texts;
use crate::messages::{Explain, Explanation};
use std::collections::BTreeMap;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use uuid::Uuid;
use wire::v1::ErrorReason;

/// Why a cluster did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The file that names the servers is wrong.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// No server is named.
    #[error("{setting:?} names no server")]
    NoEndpoints {
        /// What was said.
        setting: String,
    },
    /// An address is none.
    #[error("{address:?} is no host:port")]
    BadEndpoint {
        /// What was said.
        address: String,
    },
    /// No server could be reached.
    #[error("no server can be reached")]
    Unreachable {
        /// Who did not answer, and what was seen.
        silent: Vec<Silent>,
        /// The request's identity.
        request: Uuid,
    },
    /// The deadline passed before an answer came.
    #[error("{address} did not answer within {timeout:?}")]
    Late {
        /// What was asked for.
        purpose: Purpose,
        /// Who was asked last.
        address: String,
        /// Within which time.
        timeout: Duration,
        /// The request's identity.
        request: Uuid,
    },
    /// A server refused.
    #[error("{}", status.message())]
    Refused {
        /// What it said.
        status: Box<Status>,
        /// The request's identity.
        request: Uuid,
    },
    /// What is to follow a revision that no server has heard of.
    #[error("no server is at revision {revision} yet, but at {newest}")]
    Ahead {
        /// The revision asked for.
        revision: u64,
        /// The newest that any of them is at.
        newest: u64,
        /// The request's identity.
        request: Uuid,
    },
    /// A server broke the agreement on messages.
    #[error("the answer misses {what}")]
    Incomplete {
        /// What is missing.
        what: &'static str,
    },
}

/// A server that could not be made to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// Where it is.
    pub address: String,
    /// What was heard of it.
    pub heard: Texts<String>,
}

impl ClientError {
    /// What this says about one server that was asked alone.
    #[must_use]
    pub fn heard(&self) -> Texts<String> {
        match self {
            Self::Unreachable { silent, .. } => match silent.last() {
                Some(one) => one.heard.clone(),
                None => Self::unheard(),
            },
            Self::Late { .. } => slow(),
            Self::Refused { status, .. } => heard(status),
            _ => self.explain().what,
        }
    }

    /// What is said of a server that nothing is known of.
    #[must_use]
    pub fn unheard() -> Texts<String> {
        Texts { es: "no contesta".into(), en: "does not answer".into() }
    }

    /// A server at this address that answered with this error.
    #[must_use]
    pub fn silence(&self, address: &str) -> Silent {
        Silent { address: address.to_owned(), heard: self.heard() }
    }

    /// Whether a stream that ended so may be opened again where it was cut.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => {
                status.code() == Code::Unavailable
                    || reason_of(status) == Some(ErrorReason::SlowReader)
            }
            _ => false,
        }
    }
}

impl Explain for ClientError {
    fn explain(&self) -> Explanation {
        match self {
            Self::Configuration(error) => error.explain(),
            Self::NoEndpoints { setting } => Explanation::new(
                Exit::Usage,
                "NO_ENDPOINTS",
                [
                    format!("{setting:?} no nombra ningún servidor"),
                    format!("{setting:?} names no server"),
                ],
                ["", ""],
                ENDPOINTS_REMEDY,
            ),
            Self::BadEndpoint { address } => Explanation::new(
                Exit::Usage,
                "BAD_ENDPOINT",
                [
                    format!("{address:?} no es una dirección"),
                    format!("{address:?} is not an address"),
                ],
                ["", ""],
                ENDPOINTS_REMEDY,
            ),
            Self::Unreachable { silent, request } => unreachable(silent, *request),
            Self::Late { purpose: Purpose::Read, address, timeout, request } => {
                unanswered(address, *timeout, *request)
            }
            Self::Late { purpose, address, timeout, request } => {
                late(*purpose, address, *timeout, *request)
            }
            Self::Refused { status, request } => refused(status, *request),
            Self::Ahead { revision, newest, request } => ahead(*revision, *newest, *request),
            Self::Incomplete { what } => Explanation::new(
                Exit::Other,
                "INCOMPLETE_ANSWER",
                [format!("a la respuesta le falta {what}"), format!("the answer misses {what}")],
                [
                    "el servidor y este programa hablan versiones que no concuerdan",
                    "the server and this program speak versions that do not agree",
                ],
                ["compara `cupo version` en ambos lados", "compare `cupo version` on both sides"],
            ),
        }
    }
}

const ENDPOINTS_REMEDY: [&str; 2] = [
    "di --cluster HOST:PUERTO,… o --cluster cluster.toml, o pon CUPO_CLUSTER",
    "say --cluster HOST:PORT,… or --cluster cluster.toml, or set CUPO_CLUSTER",
];

fn unreachable(silent: &[Silent], request: Uuid) -> Explanation {
    let seen = |heard: fn(&Silent) -> &str| {
        let seen: Vec<String> =
            silent.iter().map(|one| format!("{} ({})", one.address, heard(one))).collect();
        seen.join(", ")
    };
    let mut explanation = Explanation::new(
        Exit::NoQuorum,
        "UNREACHABLE",
        ["ningún servidor responde", "no server answers"],
        [seen(|one| &one.heard.es), seen(|one| &one.heard.en)],
        [
            "pon en marcha los servidores (cupo server run …) o di dónde están con --cluster",
            "start the servers (cupo server run …) or say where they are with --cluster",
        ],
    );
    explanation.request = Some(request);
    explanation
}

/// A question that changes nothing and was not answered.
fn unanswered(address: &str, timeout: Duration, request: Uuid) -> Explanation {
    let mut explanation = Explanation::new(
        Exit::NoQuorum,
        "NO_ANSWER",
        [
            format!("no hubo respuesta en {timeout:?}"),
            format!("there was no answer within {timeout:?}"),
        ],
        [
            format!("{address} no contestó a tiempo; la pregunta no cambia nada"),
            format!("{address} did not answer in time; the question changes nothing"),
        ],
        [
            "repite la orden, con más --timeout o con otros servidores en --cluster",
            "repeat the command, with more --timeout or with other servers in --cluster",
        ],
    );
    explanation.request = Some(request);
    explanation
}

fn ahead(revision: u64, newest: u64, request: Uuid) -> Explanation {
    let (exit, remedy) =
        (exit_of(ErrorReason::RevisionAhead), remedy_of(ErrorReason::RevisionAhead));
    let mut explanation = Explanation::new(
        exit,
        "REVISION_AHEAD",
        [
            format!("la revisión {revision} no ha ocurrido"),
            format!("revision {revision} has not happened"),
        ],
        [
            format!("los servidores que contestan van en la {newest}"),
            format!("the servers that answer are at {newest}"),
        ],
        [remedy.es, remedy.en],
    );
    explanation.request = Some(request);
    explanation
}

fn late(purpose: Purpose, address: &str, timeout: Duration, request: Uuid) -> Explanation {
    let remedy = if purpose == Purpose::Membership {
        [
            "mira qué se hizo con cupo cluster status y repite la orden: sigue donde quedó".into(),
            "see what was done with cupo cluster status and repeat: it goes on where it is".into(),
        ]
    } else {
        [
            format!("repite la misma orden con --request-id {request}: no se hará dos veces"),
            format!("repeat the command with --request-id {request}: it is not done twice"),
        ]
    };
    let mut explanation = Explanation::new(
        Exit::Other,
        "OUTCOME_UNKNOWN",
        [
            format!("no hubo respuesta en {timeout:?}"),
            format!("there was no answer within {timeout:?}"),
        ],
        [
            format!("{address} no contestó a tiempo; no se sabe si se hizo"),
            format!("{address} did not answer in time; whether it was done is not known"),
        ],
        remedy,
    );
    explanation.request = Some(request);
    explanation
}

fn refused(status: &Status, request: Uuid) -> Explanation {
    let details = status.get_error_details();
    let reason = reason_of(status);
    let localized = details.localized_message().map(|said| said.message.clone());
    let what = localized.unwrap_or_else(|| status.message().to_owned());
    let mut why = [Vec::new(), Vec::new()];
    if let Some(bad) = details.bad_request() {
        // What is wrong with a field is described in English; the localized message says it too.
        for wrong in &bad.field_violations {
            why[0].push(wrong.field.clone());
            why[1].push(format!("{}: {}", wrong.field, wrong.description));
        }
    }
    let named = details.resource_info().map(|resource| resource.resource_name.clone());
    let mut further: Vec<String> = named.into_iter().collect();
    if let Some(info) = details.error_info() {
        // What went wrong below is part of the message already, in the caller's language.
        let sorted: BTreeMap<_, _> =
            info.metadata.iter().filter(|(key, _)| *key != "problem").collect();
        further.extend(sorted.into_iter().map(|(key, value)| format!("{key} = {value}")));
    }
    let why = why.map(|mut parts| {
        parts.extend(further.iter().cloned());
        parts.join("; ")
    });
    let code = match (reason, details.error_info()) {
        (Some(reason), _) => reason.as_str_name().replacen("ERROR_REASON_", "", 1),
        (None, Some(info)) => info.reason.clone(),
        (None, None) => format!("{:?}", status.code()).to_uppercase(),
    };
    let (exit, remedy) = match reason {
        Some(reason) => (exit_of(reason), remedy_of(reason)),
        None => (exit_of_code(status.code()), remedy_of(ErrorReason::Unspecified)),
    };
    let remedy = [remedy.es, remedy.en];
    let mut explanation = Explanation::new(exit, &code, [what.clone(), what], why, remedy);
    explanation.request = Some(request);
    explanation
}

/// For servers that give no reason: proxies, and versions to come.
const fn exit_of_code(code: Code) -> Exit {
    match code {
        Code::Ok => Exit::Done,
        Code::NotFound => Exit::NotFound,
        Code::InvalidArgument | Code::OutOfRange => Exit::Usage,
        Code::Aborted | Code::AlreadyExists | Code::FailedPrecondition => Exit::Conflict,
        Code::Unavailable => Exit::NoQuorum,
        Code::ResourceExhausted => Exit::RateLimited,
        Code::PermissionDenied | Code::Unauthenticated => Exit::Denied,
        Code::Cancelled
        | Code::Unknown
        | Code::DeadlineExceeded
        | Code::Unimplemented
        | Code::Internal
        | Code::DataLoss => Exit::Other,
    }
}
