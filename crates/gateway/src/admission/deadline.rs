//! Until when a caller waits, and in which language it reads.

use crate::complaint::Complaint;
use crate::language::Language;
use crate::limits::{WAY_BACK_MAX, WAY_BACK_SHARE};
use crate::settings::Settings;
use ledger::words::Moment;
use replica::{Clock, Instant};
use std::time::Duration;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Response, Status};

/// What is known of a call before its request is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    /// The caller's language.
    pub language: Language,
    /// When an answer must be on its way.
    pub until: Instant,
    /// The same for the ledger, by this node's clock.
    pub not_after: Moment,
    /// The default deadline, when the call carried none.
    default: Option<Duration>,
}

impl Call {
    /// Reads a call's metadata.
    pub fn begin(
        metadata: &MetadataMap,
        settings: &Settings,
        clock: &dyn Clock,
    ) -> Result<Self, Status> {
        let text = |key| metadata.get(key).and_then(|value| value.to_str().ok());
        let language = Language::asked(text("accept-language"));
        let refuse = |complaint: Complaint| complaint.status(language);
        let given = text("grpc-timeout").and_then(timeout);
        let default = given.is_none().then_some(settings.deadline_default);
        let (max, required) = (settings.deadline_max, settings.deadline_required);
        let length = match given {
            None if required => return Err(refuse(Complaint::DeadlineMissing)),
            None => settings.deadline_default,
            Some(length) if length > max => {
                return Err(refuse(Complaint::DeadlineTooLong { max }));
            }
            Some(length) => length,
        };
        let length = length.saturating_sub(WAY_BACK_MAX.min(length / WAY_BACK_SHARE));
        let micros = u64::try_from(length.as_micros()).unwrap_or(u64::MAX);
        let not_after = clock.now().micros().saturating_add(micros);
        Ok(Self {
            language,
            until: Instant::now() + length,
            not_after: Moment::from_micros(not_after),
            default,
        })
    }

    /// The answer to the call, in its language.
    pub fn answer<T>(&self, result: Result<T, Complaint>) -> Result<Response<T>, Status> {
        let mut response = Response::new(result.map_err(|wrong| wrong.status(self.language))?);
        if let Some(length) = self.default {
            let seconds = MetadataValue::from(length.as_secs());
            response.metadata_mut().insert("x-cupo-deadline-default", seconds);
        }
        Ok(response)
    }
}

/// The length that `grpc-timeout` gives: at most eight digits and a unit.
fn timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(number * 3_600),
        "M" => Duration::from_secs(number * 60),
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_grpc_writes_them() {
        #[track_caller]
        fn check(text: &str, expected: Option<Duration>) {
            assert_eq!(timeout(text), expected, "{text}");
        }
        check("2H", Some(Duration::from_secs(7_200)));
        check("3M", Some(Duration::from_secs(180)));
        check("10S", Some(Duration::from_secs(10)));
        check("250m", Some(Duration::from_millis(250)));
        check("99999999u", Some(Duration::from_micros(99_999_999)));
        check("0n", Some(Duration::ZERO));
        check("100000000m", None);
        check("S", None);
        check("", None);
        check("1", None);
        check("-1S", None);
        check("1é", None);
    }
}
