//! How single values lie on the wire: numbers, moments, ids, text.

use super::FORMAT;
use super::error::DecodeError;
use super::wire::{
    Input, read_delimited, read_fixed, read_varint, write_bytes, write_fixed, write_varint,
};
use ledger::Digest;
use ledger::words::{
    AgendaId, Clues, CommitmentId, FacilityId, InstitutionCode, Moment, PersonId, PolicyVersion,
    Revision, ServiceCode, ServiceId, Specialty, Text,
};
use prost::encoding::WireType;
use std::num::NonZeroU128;
use std::ops::Deref;

/// What a field holds.
pub(super) trait Value: Sized {
    /// How it lies on the wire.
    const WIRE: WireType;

    /// Whether a field that every message has leaves it out.
    fn is_zero(&self) -> bool;

    /// Writes it, with its length where it has one, without its field number.
    fn write(&self, out: &mut Vec<u8>);

    /// Reads what [`Value::write`] wrote.
    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError>;

    /// What it means that a field is not there which every message has.
    fn absent() -> Result<Self, DecodeError>;
}

/// Numbers that fit 64 bits, written as varints.
macro_rules! numbers {
    ($($type:ty: $number:ident => $to:expr, $from:expr;)*) => {$(
        impl Value for $type {
            const WIRE: WireType = WireType::Varint;

            fn is_zero(&self) -> bool {
                let $number = *self;
                $to == 0
            }

            fn write(&self, out: &mut Vec<u8>) {
                let $number = *self;
                write_varint($to, out);
            }

            fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
                let $number = read_varint(input)?;
                $from.ok_or_else(DecodeError::out_of_bounds)
            }

            fn absent() -> Result<Self, DecodeError> {
                let $number = 0_u64;
                $from.ok_or_else(DecodeError::missing)
            }
        }
    )*};
}

numbers! {
    u64: n => n, Some(n);
    u32: n => u64::from(n), u32::try_from(n).ok();
    u16: n => u64::from(n), u16::try_from(n).ok();
    u8: n => u64::from(n), u8::try_from(n).ok();
    bool: n => u64::from(n), (n <= 1).then_some(n == 1);
    // Zigzag: small numbers are short on both sides of zero.
    i32: n => u64::from(((n << 1) ^ (n >> 31)).cast_unsigned()),
        u32::try_from(n).ok().map(|n| (n >> 1).cast_signed() ^ -(n & 1).cast_signed());
    FacilityId: n => u64::from(n.0), u32::try_from(n).ok().map(FacilityId);
    ServiceId: n => u64::from(n.0), u32::try_from(n).ok().map(ServiceId);
    AgendaId: n => u64::from(n.0), u32::try_from(n).ok().map(AgendaId);
    CommitmentId: n => n.0, Some(CommitmentId(n));
    PolicyVersion: n => u64::from(n.0), u32::try_from(n).ok().map(PolicyVersion);
    Revision: n => n.0, Some(Revision(n));
    Specialty: n => u64::from(n.0), u16::try_from(n).ok().map(Specialty);
}

/// Words that are one of a list, written as their numbers. A number that is not on the list comes
/// from a newer version.
macro_rules! listed {
    ($($type:ty: $word:ident => $to:expr, $number:ident => $from:expr;)*) => {$(
        impl Value for $type {
            const WIRE: WireType = WireType::Varint;

            fn is_zero(&self) -> bool {
                let $word = *self;
                u64::from($to) == 0
            }

            fn write(&self, out: &mut Vec<u8>) {
                let $word = *self;
                crate::codec::wire::write_varint(u64::from($to), out);
            }

            fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
                let whole = crate::codec::wire::read_varint(input)?;
                let $number = u8::try_from(whole).map_err(|_| DecodeError::newer(whole))?;
                $from.ok_or_else(|| DecodeError::newer(whole))
            }

            fn absent() -> Result<Self, DecodeError> {
                let $number = 0_u8;
                $from.ok_or_else(DecodeError::missing)
            }
        }
    )*};
}
pub(super) use listed;

/// Numbers that use all their bits, in eight bytes.
macro_rules! fixed {
    ($($type:ty: $to:expr, $from:expr;)*) => {$(
        impl Value for $type {
            const WIRE: WireType = WireType::SixtyFourBit;

            fn is_zero(&self) -> bool {
                $to(*self) == 0
            }

            fn write(&self, out: &mut Vec<u8>) {
                write_fixed($to(*self), out);
            }

            fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
                read_fixed(input).map($from)
            }

            fn absent() -> Result<Self, DecodeError> {
                Ok($from(0))
            }
        }
    )*};
}

/// A fingerprint: eight bytes, although its word is a plain number.
#[derive(Clone, Copy)]
pub(super) struct Fingerprint(pub u64);

fixed! {
    Moment: Moment::micros, Moment::from_micros;
    Digest: |digest: Digest| digest.0, Digest;
    Fingerprint: |fingerprint: Fingerprint| fingerprint.0, Fingerprint;
}

/// The format of a top message. It comes first, and one that is not known is refused as it is
/// read, so that nothing after it is misread.
#[derive(Clone, Copy)]
pub(super) struct Format;

impl Value for Format {
    const WIRE: WireType = WireType::Varint;

    fn is_zero(&self) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        write_varint(u64::from(FORMAT), out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
        match read_varint(input)? {
            0 => Err(DecodeError::out_of_bounds()),
            number if number > u64::from(FORMAT) => Err(DecodeError::newer(number)),
            _ => Ok(Self),
        }
    }

    fn absent() -> Result<Self, DecodeError> {
        Err(DecodeError::missing())
    }
}

/// 128 bits as 16 bytes, most significant first, as UUIDs are printed.
impl Value for u128 {
    const WIRE: WireType = WireType::LengthDelimited;

    fn is_zero(&self) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        write_bytes(&self.to_be_bytes(), out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
        let bytes = read_delimited(input)?.try_into().map_err(|_| DecodeError::out_of_bounds())?;
        Ok(Self::from_be_bytes(bytes))
    }

    fn absent() -> Result<Self, DecodeError> {
        Err(DecodeError::missing())
    }
}

impl Value for PersonId {
    const WIRE: WireType = WireType::LengthDelimited;

    fn is_zero(&self) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        self.0.get().write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
        NonZeroU128::new(u128::read(input)?).map(Self).ok_or_else(DecodeError::out_of_bounds)
    }

    fn absent() -> Result<Self, DecodeError> {
        Err(DecodeError::missing())
    }
}

/// A hash of 32 bytes.
impl Value for [u8; 32] {
    const WIRE: WireType = WireType::LengthDelimited;

    fn is_zero(&self) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        write_bytes(self, out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
        read_delimited(input)?.try_into().map_err(|_| DecodeError::out_of_bounds())
    }

    fn absent() -> Result<Self, DecodeError> {
        Err(DecodeError::missing())
    }
}

/// Words that are text.
macro_rules! texts {
    ($($(@$constant:ident)? $type:ty: $as:expr, $from:expr;)*) => {$(
        impl$(<const $constant: usize>)? Value for $type {
            const WIRE: WireType = WireType::LengthDelimited;

            fn is_zero(&self) -> bool {
                $as(self).is_empty()
            }

            fn write(&self, out: &mut Vec<u8>) {
                write_bytes($as(self).as_bytes(), out);
            }

            fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
                let text = std::str::from_utf8(read_delimited(input)?);
                $from(text.map_err(|_| DecodeError::malformed())?)
                    .ok_or_else(DecodeError::out_of_bounds)
            }

            fn absent() -> Result<Self, DecodeError> {
                $from("").ok_or_else(DecodeError::missing)
            }
        }
    )*};
}

texts! {
    @MAX Text<MAX>: Deref::deref, |text| Self::new(text).ok();
    ServiceCode: ServiceCode::as_str, ServiceCode::parse;
    InstitutionCode: InstitutionCode::as_str, InstitutionCode::parse;
    Clues: Clues::as_str, |text| Clues::parse(text).ok();
}
