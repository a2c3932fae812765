//! What became of commands, as `outcome.proto` numbers it.

use super::error::DecodeError;
use super::field::{many, one, put_value};
use super::limits::ANSWERS_BYTES_MAX;
use super::message::{Choice, Message, choice_messages, choices, messages, nested};
use super::value::{Format, Value, listed};
use super::wire::{Input, next_key, read_delimited, skip, write_bytes};
use bytes::Bytes;
use ledger::limits::{COMMANDS_PER_ENTRY_MAX, LEGS_MAX};
use ledger::{Applied, Bound, Done, Granted, Outcome, Refusal};
use prost::encoding::WireType;

/// What one answer takes on average.
const APPLIED_BYTES_USUAL: usize = 24;

/// The field of a refusal among the outcomes.
const REFUSED: u32 = 15;

/// The bytes of what became of commands, in their order.
#[must_use]
pub fn encode_applied(applied: &[Applied]) -> Bytes {
    let mut out = Vec::with_capacity(8 + APPLIED_BYTES_USUAL * applied.len());
    one::put(1, &Format, &mut out);
    for applied in applied {
        put_value(2, applied, &mut out);
    }
    out.into()
}

/// What became of commands, from its bytes.
///
/// # Errors
/// When they are no answers, more than one entry has, or when only a newer version understands
/// them.
pub fn decode_applied(bytes: &[u8]) -> Result<Vec<Applied>, DecodeError> {
    DecodeError::bounded("bytes", bytes.len(), ANSWERS_BYTES_MAX)
        .and_then(|()| read_answers(bytes))
        .map_err(|error| error.within("answers"))
}

fn read_answers(mut input: Input<'_>) -> Result<Vec<Applied>, DecodeError> {
    let (mut format, mut applied) = (None::<Format>, Vec::new());
    while let Some((number, wire)) = next_key(&mut input)? {
        match number {
            1 => one::merge(&mut format, wire, &mut input).map_err(|e| e.within("format"))?,
            2 => {
                DecodeError::bounded("applied", applied.len() + 1, COMMANDS_PER_ENTRY_MAX)?;
                many::merge(&mut applied, wire, &mut input).map_err(|e| e.within("applied"))?;
            }
            _ => skip(number, wire, &mut input)?,
        }
    }
    one::finish(format).map_err(|error| error.within("format"))?;
    Ok(applied)
}

messages! {
    Applied { 1 one revision, 2 one outcome }
    Granted { 1 one first, 2 one fencing, 3 one legs, 4 one choices }
}

choices! {
    Done {
        1 Plain {},
        2 Facility(facility),
        3 Agenda(agenda),
        4 Granted(granted),
        5 Stale { 1 one sequence },
        6 Proposed { 1 one beds },
        7 Overcommitted { 1 one by },
        8 ClaimHeld { 1 one registered },
    }
    Refusal {
        1 Internal {},
        10 RequestTooOld {},
        11 RequestFromFuture {},
        12 RequestMalformed {},
        13 RequestReused {},
        14 TooLate {},
        15 TooManyStreams {},
        20 UnknownInstitution {},
        21 UnknownFacility {},
        22 UnknownService {},
        23 FacilityClosed {},
        24 ServiceClosed {},
        25 CodesDisagree { 1 one one, 2 one other },
        26 HasCommitments { 1 one count, 2 many named },
        27 KindFixed {},
        28 CatalogueFull { 1 one bound },
        29 OutOfBounds { 1 one bound },
        30 SameFacility {},
        40 WrongKind {},
        41 OtherIncarnation { 1 one incarnation },
        42 WatermarkWentBack { 1 one accounted_through },
        43 WatermarkAhead { 1 one last_number },
        44 Inconsistent { 1 one bound },
        46 CapacityUnconfirmed {},
        47 NothingToReturn {},
        48 NeverReported {},
        60 UnknownAgenda {},
        61 UnknownSlot {},
        62 SlotBegun {},
        63 Blocked {},
        64 StaleFacility {},
        65 Taken {},
        66 AgendaOverlaps { 1 one agenda },
        80 UnknownCommitment {},
        81 Forgotten {},
        82 NotYours {},
        83 FencingMismatch { 1 one fencing },
        84 Expired {},
        85 AlreadyReleased {},
        86 AlreadyBooked {},
        87 AlreadyCancelled {},
        88 AlreadyArrived {},
        89 AlreadyEnded {},
        90 NotBooked {},
        91 NotArrived {},
        92 SlotNotBegun {},
        93 TooManyCommitments {},
        94 ReasonMissing {},
    }
}

choice_messages!(Refusal);

impl Message for Outcome {
    fn write_fields(&self, out: &mut Vec<u8>) {
        match self {
            Self::Done(done) => done.put(out),
            Self::Refused(refusal) => put_value(REFUSED, refusal, out),
        }
    }

    fn read_fields(mut input: Input<'_>) -> Result<Self, DecodeError> {
        let mut outcome = None;
        while let Some((number, wire)) = next_key(&mut input)? {
            if number == REFUSED {
                let mut refusals = Vec::new();
                many::merge(&mut refusals, wire, &mut input).map_err(|e| e.within("refused"))?;
                outcome = refusals.pop().map(Self::Refused);
            } else if let Some(done) = Done::read(number, wire, &mut input)? {
                outcome = Some(Self::Done(done));
            } else {
                return Err(DecodeError::newer(u64::from(number)));
            }
        }
        outcome.ok_or_else(DecodeError::missing)
    }
}

nested!(Outcome);

/// Bounds by their numbers, both ways, so that one without a number does not compile.
macro_rules! bounds {
    ($($number:literal $name:ident),*) => {
        listed! {
            Bound: bound => match bound { $(Self::$name => $number as u8),* },
                number => match number {
                    $($number => Some(Self::$name),)*
                    _ => None,
                };
        }

        /// Every bound that a refusal may name.
        #[cfg(test)]
        pub(super) const BOUNDS: &[(Bound, u8)] = &[$((Bound::$name, $number)),*];
    };
}

bounds! {
    1 Institutions, 2 Facilities, 3 Services, 4 Aliases,
    5 Position, 6 Municipality, 7 Beds, 8 Exceptions,
    9 BedTotals, 10 Available, 11 Slots, 12 SlotLength,
    13 RowLength, 14 AgendaTime, 15 SlotCapacity, 16 Agendas,
    17 Legs, 18 Candidates, 19 HoldSeconds, 20 ArrivalSeconds,
    21 WardCommitments
}

/// Which candidates were taken, a byte each without the zeros at the end: mostly the first of one
/// leg was, and then nothing is written.
impl Value for [u8; LEGS_MAX] {
    const WIRE: WireType = WireType::LengthDelimited;

    fn is_zero(&self) -> bool {
        self.iter().all(|choice| *choice == 0)
    }

    fn write(&self, out: &mut Vec<u8>) {
        let used = self.iter().rposition(|choice| *choice != 0).map_or(0, |last| last + 1);
        write_bytes(&self[..used], out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
        let bytes = read_delimited(input)?;
        let mut choices = [0; LEGS_MAX];
        let used = choices.get_mut(..bytes.len()).ok_or_else(DecodeError::out_of_bounds)?;
        used.copy_from_slice(bytes);
        Ok(choices)
    }

    fn absent() -> Result<Self, DecodeError> {
        Ok([0; LEGS_MAX])
    }
}
