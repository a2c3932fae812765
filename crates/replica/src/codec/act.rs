//! What can be asked, as `act.proto` and `log.proto` number it.

use super::error::DecodeError;
use super::message::{choices, messages};
use super::value::Value;
use super::wire::{Input, write_varint};
use ledger::Act;
use ledger::acts::{
    Acknowledge, Arrive, BlockSlots, Cancel, CloseFacility, CloseService, Confirm, ConfirmCapacity,
    Discharge, Dispute, Extend, Fulfil, Heartbeat, Hold, Leg, MergeFacility, NoShow, PublishAgenda,
    PutFacility, PutInstitution, PutService, Release, Report, Terms, Transfer, WithdrawAgenda,
};
use prost::encoding::WireType;

choices! {
    Act {
        1 Tick {},
        10 PutInstitution(act),
        11 PutFacility(act),
        12 CloseFacility(act),
        13 MergeFacility(act),
        14 CloseService(act),
        15 ConfirmCapacity(act),
        20 Report(act),
        21 Heartbeat(act),
        22 Acknowledge(act),
        30 PublishAgenda(act),
        31 BlockSlots(act),
        32 WithdrawAgenda(act),
        40 Hold(act),
        41 Confirm(act),
        42 Release(act),
        43 Extend(act),
        44 Cancel(act),
        45 Arrive(act),
        46 Discharge(act),
        47 Fulfil(act),
        48 NoShow(act),
        49 Transfer(act),
        50 Dispute(act),
    }
}

messages! {
    PutInstitution { 1 one code, 2 one institution }
    PutFacility { 1 one clues, 2 many aliases, 3 one profile, 4 many services }
    PutService { 1 one code, 2 one kind, 3 maybe beds, 4 one confirmed }
    CloseFacility { 1 one facility }
    MergeFacility { 1 one duplicate, 2 one into }
    CloseService { 1 one service }
    ConfirmCapacity { 1 one service, 2 one beds }
    Report {
        1 one service, 2 one sequence, 3 one incarnation, 4 one beds, 5 one available,
        6 one accounted_through, 7 many exceptions
    }
    Heartbeat { 1 one facility, 2 one incarnation }
    Acknowledge { 1 one service, 2 one incarnation, 3 one number }
    PublishAgenda { 1 one service, 2 one shape }
    BlockSlots { 1 one agenda, 2 one first, 3 one count, 4 one blocked }
    WithdrawAgenda { 1 one agenda }
    Leg { 1 many candidates }
    Confirm { 1 one commitment, 2 one fencing }
    Release { 1 one commitment, 2 one fencing }
    Extend { 1 one commitment, 2 one fencing, 3 one seconds }
    Cancel { 1 one commitment }
    Arrive { 1 one commitment }
    Discharge { 1 one commitment }
    Fulfil { 1 one commitment }
    NoShow { 1 one commitment }
    Transfer { 1 one commitment, 2 many candidates, 3 one arrival_seconds }
    Dispute { 1 one commitment, 2 one reason }
    Hold {
        1 many legs, 2 one terms, 3 one arrival_seconds, 4 maybe person, 5 maybe basis,
        6 maybe overcapacity
    }
}

/// The seconds of a hold; a booking at once is the field's absence.
impl Value for Terms {
    const WIRE: WireType = WireType::Varint;

    fn is_zero(&self) -> bool {
        matches!(self, Self::Book)
    }

    fn write(&self, out: &mut Vec<u8>) {
        if let Self::Hold { seconds } = self {
            write_varint(u64::from(*seconds), out);
        }
    }

    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
        u32::read(input).map(|seconds| Self::Hold { seconds })
    }

    fn absent() -> Result<Self, DecodeError> {
        Ok(Self::Book)
    }
}
