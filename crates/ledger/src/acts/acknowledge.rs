//! A ward says that an ended commitment's bed is free again.

use crate::words::ServiceId;

/// The ward's last report counted this commitment's bed as taken; the commitment has ended since,
/// and the ward has set the bed free. Once a newer report is in, it says so itself, and an
/// acknowledgement adds nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Acknowledge {
    /// Of which service.
    pub service: ServiceId,
    /// The incarnation of the cluster whose commitment it was.
    pub incarnation: u64,
    /// The commitment's number among the service's.
    pub number: u64,
    /// The newest report the ward has sent: the acknowledgement holds only beside that one.
    pub sequence: u64,
}

impl Acknowledge {
    pub(crate) fn apply(
        &self,
        _: &mut crate::state::Step<'_>,
    ) -> Result<crate::Done, crate::Refusal> {
        Err(crate::Refusal::Internal)
    }
}
