//! What a failed attempt says: whether somebody was there to refuse, and what became of the
//! connection where nobody was.

use super::reason::reason_of;
use crate::language::Texts;
use crate::limits;
use std::error::Error;
use std::io;
use std::time::Duration;
use tonic::{Code, Status, TimeoutExpired};
use tonic_types::StatusExt;
use wire::v1::ErrorReason;

/// What a failure says about a server: its own words, or what became of the connection.
pub(super) fn heard(status: &Status) -> Texts<String> {
    if let Some(said) = status.get_details_localized_message() {
        return Texts { es: said.message.clone(), en: said.message };
    }
    if is_unbound(status) {
        return Texts { es: "nadie escucha ahí".into(), en: "nobody listens there".into() };
    }
    if has(status, io::ErrorKind::TimedOut) {
        return slow();
    }
    let message = status.message();
    Texts {
        es: format!("se perdió la conexión: {message}"),
        en: format!("the connection was lost: {message}"),
    }
}

/// What a server that hangs is said to do.
pub(super) fn slow() -> Texts<String> {
    Texts { es: "no contestó a tiempo".into(), en: "did not answer in time".into() }
}

/// Whether the deadline passed while nobody had answered yet.
pub(super) fn ran_out(status: &Status) -> bool {
    causes(status).any(|error| error.is::<TimeoutExpired>())
        || (status.code() == Code::DeadlineExceeded && status.get_details_error_info().is_none())
}

/// Whether nobody was there to refuse: a server's own refusals carry a reason.
pub(super) fn is_transport(status: &Status) -> bool {
    let lost = matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled);
    lost && status.get_details_error_info().is_none()
}

/// Whether nobody listens there.
pub(super) fn is_unbound(status: &Status) -> bool {
    has(status, io::ErrorKind::ConnectionRefused)
}

/// Whether a change of membership was refused, which passes only when somebody does something.
pub(super) fn is_membership_refused(status: &Status) -> bool {
    reason_of(status) == Some(ErrorReason::MembershipRefused)
}

/// How long to wait before somebody is asked again; nothing when asking again would not help.
/// Once around the servers there is no wait: the next one may well answer.
pub(super) fn pause(status: &Status, asked: usize, servers: usize) -> Option<Duration> {
    let transient = is_transport(status) || status.code() == Code::Unavailable;
    if !transient || ran_out(status) {
        return None;
    }
    if !asked.is_multiple_of(servers) {
        return Some(Duration::ZERO);
    }
    let advised = status.get_details_retry_info().and_then(|info| info.retry_delay);
    Some(advised.unwrap_or(limits::RETRY_PAUSE).clamp(limits::RETRY_PAUSE, limits::RETRY_PAUSE_MAX))
}

/// Whatever led to a failure on this side, the nearest first.
fn causes(status: &Status) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Error::source(status), |&error| error.source())
}

fn has(status: &Status, kind: io::ErrorKind) -> bool {
    causes(status).filter_map(kind_of).any(|found| found == kind)
}

fn kind_of(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    if error.is::<TimeoutExpired>() {
        return Some(io::ErrorKind::TimedOut);
    }
    error.downcast_ref::<io::Error>().map(io::Error::kind)
}
