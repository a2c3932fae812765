//! The one place where a complaint becomes a google.rpc.Status.

use crate::complaint::Complaint;
use crate::language::Language;
use std::collections::HashMap;
use tonic::Status;
use tonic_types::{ErrorDetails, StatusExt};
use wire::{InputError, reason};

impl Complaint {
    /// The complaint as gRPC carries it: the English text for those who read logs, and details for
    /// programs (ErrorInfo, and BadRequest, RetryInfo or ResourceInfo where they fit) and for
    /// people (LocalizedMessage).
    pub(crate) fn status(&self, language: Language) -> Status {
        let english = self.text(Language::English);
        let mut details = ErrorDetails::new();
        let name = reason::name(self.reason());
        let metadata: HashMap<String, String> = self.metadata().into_iter().collect();
        details.set_error_info(name, reason::DOMAIN, metadata);
        if let Some(after) = self.retry_after() {
            details.set_retry_info(Some(after));
        }
        match self {
            Self::Input(InputError::Field(error)) => {
                details.add_bad_request_violation(&error.field, error.problem.en());
            }
            Self::Input(InputError::Unknown { name, .. }) => {
                details.set_resource_info(resource_type(name), name, "", english.as_ref());
            }
            _ => {}
        }
        details.set_localized_message(language.tag(), self.text(language));
        Status::with_error_details(self.code(), english, details)
    }
}

/// The type of a named resource (AIP-123).
fn resource_type(name: &str) -> &'static str {
    match name.split('/').next() {
        Some("institutions") => "cupo.mx/Institution",
        Some("holds" | "bookings") => "cupo.mx/Booking",
        _ if name.contains("/services/") => "cupo.mx/Service",
        _ if name.contains("/slots/") => "cupo.mx/Slot",
        _ => "cupo.mx/Facility",
    }
}
