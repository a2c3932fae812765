//! The words that log, journal and checkpoints share, as `word.proto` numbers them.

use super::error::DecodeError;
use super::message::{choice_messages, choices, messages};
use super::value::{Value, listed};
use super::wire::{Input, read_varint, write_varint};
use ledger::words::{
    AgeGroup, AgendaId, AgendaShape, Alias, Author, Basis, BasisKind, BedArea, BedCount, BedType,
    Ending, FacilityProfile, FacilityStatus, Institution, Joint, Level, Place, Position,
    Registered, Role, ServiceId, ServiceKind, ServiceStatus, SlotId, Status,
};
use prost::encoding::WireType;

messages! {
    Author { 1 one principal, 2 one role }
    Basis { 1 one kind, 2 one reference, 3 maybe policy }
    Institution { 1 one name }
    FacilityProfile {
        1 one institution, 2 one name, 3 one level, 4 one position, 5 one municipality, 6 one zone
    }
    Position { 1 one latitude_e6, 2 one longitude_e6 }
    Alias { 1 one clues, 2 one since }
    BedType { 1 one area, 2 one age, 3 one isolation, 4 one ventilator, 5 one censable }
    BedCount {
        1 one free, 2 one occupied, 3 one dirty, 4 one cleaning, 5 one out_of_order,
        6 one open, 7 one blocked, 8 one surge, 9 one closed
    }
    AgendaShape {
        1 one start, 2 one step_seconds, 3 one length_seconds, 4 one columns, 5 one row_seconds,
        6 one rows, 7 one capacity
    }
}

choices! {
    ServiceKind { 1 Bed(kind), 2 Outpatient(specialty), 3 Teleconsultation(specialty) }
    Registered { 1 Unknown {}, 2 Proposed(beds), 3 Confirmed(beds) }
}

choice_messages!(ServiceKind, Registered);

listed! {
    Role: role => role as u8, number => Self::from_number(number);
    BasisKind: kind => kind as u8, number => Self::from_number(number);
    Level: level => level as u8, number => Self::from_number(number);
    AgeGroup: group => group as u8, number => Self::from_number(number);
    BedArea: area => area as u8, number => Self::from_number(number);
    Ending: ending => ending as u8, number => Self::from_number(number);
    // Statuses count from 1 on the wire, where 0 is "never written".
    FacilityStatus: status => status as u8 + 1,
        number => number.checked_sub(1).and_then(Self::from_number);
    ServiceStatus: status => match status {
        Self::Open => 1_u8,
        Self::Closed => 2,
    }, number => match number {
        1 => Some(Self::Open),
        2 => Some(Self::Closed),
        _ => None,
    };
    Status: status => match status {
        Self::Held => 1_u8,
        Self::Booked => 2,
        Self::Arrived => 3,
        Self::Ended(ending) => ENDED + ending as u8,
    }, number => match number {
        1 => Some(Self::Held),
        2 => Some(Self::Booked),
        3 => Some(Self::Arrived),
        _ => number.checked_sub(ENDED).and_then(Ending::from_number).map(Self::Ended),
    };
}

/// An ended commitment's status is this and its ending's number.
const ENDED: u8 = 10;

/// The lowest bits of a place's number say what it is.
const PLACE_BITS: u32 = 2;
const PLACE_BED: u64 = 0;
const PLACE_SLOT: u64 = 1;
/// The bits of a slot's index.
const INDEX_BITS: u32 = 16;

impl Value for Place {
    const WIRE: WireType = WireType::Varint;

    fn is_zero(&self) -> bool {
        matches!(self, Self::Bed(ServiceId(0)))
    }

    fn write(&self, out: &mut Vec<u8>) {
        let number = match self {
            Self::Bed(service) => u64::from(service.0) << PLACE_BITS | PLACE_BED,
            Self::Slot(slot) => {
                let which = u64::from(slot.agenda.0) << INDEX_BITS | u64::from(slot.index);
                which << PLACE_BITS | PLACE_SLOT
            }
        };
        write_varint(number, out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
        let number = read_varint(input)?;
        let which = number >> PLACE_BITS;
        match number & ((1 << PLACE_BITS) - 1) {
            PLACE_BED => u32::try_from(which).ok().map(|service| Self::Bed(ServiceId(service))),
            PLACE_SLOT => u32::try_from(which >> INDEX_BITS).ok().map(|agenda| {
                // What is cut off went into the agenda's number.
                Self::Slot(SlotId { agenda: AgendaId(agenda), index: which as u16 })
            }),
            kind => return Err(DecodeError::newer(kind)),
        }
        .ok_or_else(DecodeError::out_of_bounds)
    }

    fn absent() -> Result<Self, DecodeError> {
        Ok(Self::Bed(ServiceId(0)))
    }
}

/// Nearly every commitment is granted alone, and then nothing is written.
impl Value for Joint {
    const WIRE: WireType = WireType::Varint;

    fn is_zero(&self) -> bool {
        self.index == 0 && self.count == 1
    }

    fn write(&self, out: &mut Vec<u8>) {
        // Counting the others wraps, so that any two bytes come back as they were.
        let others = self.count.wrapping_sub(1);
        write_varint(u64::from(u16::from_be_bytes([self.index, others])), out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
        let number = u16::read(input)?;
        let [index, others] = number.to_be_bytes();
        Ok(Self { index, count: others.wrapping_add(1) })
    }

    fn absent() -> Result<Self, DecodeError> {
        Ok(Self { index: 0, count: 1 })
    }
}
