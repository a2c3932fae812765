//! What every changing request carries, whatever else it asks.

use wire::v1;

/// A request that changes something.
pub(crate) trait Changing {
    /// Its UUIDv7.
    fn request_id(&self) -> &str;
    /// Who asks.
    fn author(&self) -> Option<&v1::Author>;
    /// The version of the policy its sender had in mind.
    fn policy_version(&self) -> Option<u32>;
}

macro_rules! changing {
    ($($request:ident),* $(,)?) => {
        $(impl Changing for v1::$request {
            fn request_id(&self) -> &str {
                &self.request_id
            }

            fn author(&self) -> Option<&v1::Author> {
                self.author.as_ref()
            }

            fn policy_version(&self) -> Option<u32> {
                self.policy_version
            }
        })*
    };
}

changing! {
    ImportFacilitiesRequest,
    CloseFacilityRequest,
    MergeFacilityRequest,
    CloseFacilityServiceRequest,
    ConfirmCapacityRequest,
    PutInstitutionRequest,
    PublishAgendaRequest,
    BlockSlotsRequest,
    WithdrawAgendaRequest,
    CreateHoldRequest,
    BookRequest,
    ConfirmHoldRequest,
    ReleaseHoldRequest,
    ExtendHoldRequest,
    CancelBookingRequest,
    TransferBookingRequest,
    RecordArrivalRequest,
    RecordDischargeRequest,
    RecordFulfilmentRequest,
    RecordNoShowRequest,
    DisputeBookingRequest,
}
