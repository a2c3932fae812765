//! What the log carries: one act, and who asks for it, until when, under which identity.

use crate::acts::{
    Acknowledge, Arrive, BlockSlots, Cancel, CloseFacility, CloseService, Confirm, ConfirmCapacity,
    Discharge, Dispute, Extend, Fulfil, Heartbeat, Hold, MergeFacility, NoShow, PublishAgenda,
    PutFacility, PutInstitution, Release, Report, Transfer, WithdrawAgenda,
};
use crate::words::{Author, Moment, PolicyVersion, RequestId};

/// A command: everything the ledger needs to decide, and nothing it would have to look up outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What makes it itself when it is sent twice.
    pub request: RequestId,
    /// Refused when the log's moment is later; [`Moment::ZERO`] when the sender waits for ever.
    pub not_after: Moment,
    /// Who asks.
    pub author: Option<Author>,
    /// The version of the policy the sender had in mind.
    pub policy: Option<PolicyVersion>,
    /// What is asked.
    pub act: Act,
}

impl Command {
    /// A command whose own numbers identify it, from nobody in particular and without deadline.
    #[must_use]
    pub const fn natural(act: Act) -> Self {
        Self {
            request: RequestId::Natural,
            not_after: Moment::ZERO,
            author: None,
            policy: None,
            act,
        }
    }
}

/// What is asked. Each act has a file in `acts/` with its checks in order of precedence.
/// The numbers are part of the log's format and are never used again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Act {
    /// Time has passed; whatever is due happens.
    Tick = 1,
    /// Register an institution or rename it.
    PutInstitution(PutInstitution) = 10,
    /// Register a facility or bring its record up to date.
    PutFacility(PutFacility) = 11,
    /// Close a facility.
    CloseFacility(CloseFacility) = 12,
    /// Make a facility another one's duplicate.
    MergeFacility(MergeFacility) = 13,
    /// Close one service of a facility.
    CloseService(CloseService) = 14,
    /// Confirm how many beds a service has.
    ConfirmCapacity(ConfirmCapacity) = 15,
    /// A ward's statement of its beds.
    Report(Report) = 20,
    /// A facility says that what it last said still stands.
    Heartbeat(Heartbeat) = 21,
    /// A ward says that an ended commitment's bed is free again.
    Acknowledge(Acknowledge) = 22,
    /// Publish slots.
    PublishAgenda(PublishAgenda) = 30,
    /// Take slots out of use, or back into it.
    BlockSlots(BlockSlots) = 31,
    /// Withdraw a published agenda.
    WithdrawAgenda(WithdrawAgenda) = 32,
    /// Take places: the first candidate of each leg that has room.
    Hold(Hold) = 40,
    /// Turn a hold into a booking.
    Confirm(Confirm) = 41,
    /// Give a hold back.
    Release(Release) = 42,
    /// Keep a hold longer.
    Extend(Extend) = 43,
    /// Cancel a booking.
    Cancel(Cancel) = 44,
    /// The patient has arrived.
    Arrive(Arrive) = 45,
    /// The patient has left the bed.
    Discharge(Discharge) = 46,
    /// The visit has taken place.
    Fulfil(Fulfil) = 47,
    /// The patient did not come.
    NoShow(NoShow) = 48,
    /// Move a booking to another place in one commit.
    Transfer(Transfer) = 49,
    /// A facility disputes a commitment.
    Dispute(Dispute) = 50,
}
