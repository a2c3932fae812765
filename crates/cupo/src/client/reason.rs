//! What a reason means for whoever sends again.

use tonic::Status;
use tonic_types::StatusExt;
use wire::v1::ErrorReason;

/// The reason a server gave; none when nobody was there to refuse.
#[must_use]
pub fn reason_of(status: &Status) -> Option<ErrorReason> {
    wire::reason::from_name(&status.get_details_error_info()?.reason)
}

/// Whether a reason passes by itself, so that the same item is to be sent again.
#[must_use]
pub const fn passes(reason: ErrorReason) -> bool {
    matches!(
        reason,
        ErrorReason::RateLimited
            | ErrorReason::Overloaded
            | ErrorReason::NoQuorum
            | ErrorReason::NotReady
            | ErrorReason::OutcomeUnknown
            | ErrorReason::Stopping
            | ErrorReason::DiskFull
            | ErrorReason::TooStale
    )
}

/// Whether a reason settles the matter: the cluster decided and will not decide otherwise. From 200
/// on the edge answers instead of the ledger; of those only a malformed request stays one.
#[must_use]
pub const fn settles(reason: ErrorReason) -> bool {
    let edge = ErrorReason::InvalidArgument as i32;
    (reason as i32) <= edge && !matches!(reason, ErrorReason::Unspecified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reason_both_passes_and_settles() {
        for number in 0..400 {
            let Ok(reason) = ErrorReason::try_from(number) else { continue };
            assert!(!(passes(reason) && settles(reason)), "{reason:?}");
        }
        assert!(settles(ErrorReason::Taken) && !settles(ErrorReason::OutcomeUnknown));
    }
}
