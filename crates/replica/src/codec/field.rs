//! How a field stands in its message: always there, perhaps there, or any number of times.

use super::error::DecodeError;
use super::value::Value;
use super::wire::{Input, expect, read_delimited, write_delimited, write_key};
use prost::encoding::WireType;
use std::collections::BTreeSet;

/// Writes a field, be its value zero or not.
#[inline]
pub(super) fn put_value<V: Value>(number: u32, value: &V, out: &mut Vec<u8>) {
    write_key(number, V::WIRE, out);
    value.write(out);
}

/// A field that every message has; a zero is left out.
pub(super) mod one {
    use super::{DecodeError, Input, Value, WireType, expect, put_value};

    #[inline]
    pub(in crate::codec) fn put<V: Value>(number: u32, value: &V, out: &mut Vec<u8>) {
        if !value.is_zero() {
            put_value(number, value, out);
        }
    }

    #[inline]
    pub(in crate::codec) fn merge<V: Value>(
        found: &mut Option<V>,
        wire: WireType,
        input: &mut Input<'_>,
    ) -> Result<(), DecodeError> {
        expect(wire, V::WIRE)?;
        *found = Some(V::read(input)?);
        Ok(())
    }

    #[inline]
    pub(in crate::codec) fn finish<V: Value>(found: Option<V>) -> Result<V, DecodeError> {
        found.map_or_else(V::absent, Ok)
    }
}

/// A field that a message may have; a zero is not left out.
pub(super) mod maybe {
    pub(in crate::codec) use super::one::merge;
    use super::{DecodeError, Value, put_value};

    #[inline]
    pub(in crate::codec) fn put<V: Value>(number: u32, value: &Option<V>, out: &mut Vec<u8>) {
        if let Some(value) = value {
            put_value(number, value, out);
        }
    }

    #[inline]
    pub(in crate::codec) fn finish<V>(found: Option<V>) -> Result<Option<V>, DecodeError> {
        Ok(found)
    }
}

/// A field that a message has any number of times; numbers are packed.
pub(super) mod many {
    use super::{
        Collection, DecodeError, Input, Value, WireType, expect, read_delimited, write_delimited,
        write_key,
    };

    #[inline]
    pub(in crate::codec) fn put<C: Collection>(number: u32, values: &C, out: &mut Vec<u8>) {
        if C::Item::WIRE == WireType::LengthDelimited {
            for value in values.items() {
                write_key(number, WireType::LengthDelimited, out);
                value.write(out);
            }
        } else if values.items().next().is_some() {
            write_key(number, WireType::LengthDelimited, out);
            write_delimited(out, |out| values.items().for_each(|value| value.write(out)));
        }
    }

    #[inline]
    pub(in crate::codec) fn merge<C: Collection>(
        found: &mut C,
        wire: WireType,
        input: &mut Input<'_>,
    ) -> Result<(), DecodeError> {
        if wire == C::Item::WIRE {
            found.add(Value::read(input)?);
            return Ok(());
        }
        expect(wire, WireType::LengthDelimited)?;
        let mut packed = read_delimited(input)?;
        while !packed.is_empty() {
            found.add(Value::read(&mut packed)?);
        }
        Ok(())
    }

    #[inline]
    pub(in crate::codec) fn finish<C>(found: C) -> Result<C, DecodeError> {
        Ok(found)
    }
}

/// What a repeated field is kept in.
pub(super) trait Collection: Default {
    /// What it holds.
    type Item: Value;

    /// What it holds, in order.
    fn items(&self) -> impl Iterator<Item = &Self::Item>;

    /// Takes one more.
    fn add(&mut self, item: Self::Item);
}

impl<V: Value> Collection for Vec<V> {
    type Item = V;

    fn items(&self) -> impl Iterator<Item = &V> {
        self.iter()
    }

    fn add(&mut self, item: V) {
        self.push(item);
    }
}

impl<V: Value + Ord> Collection for BTreeSet<V> {
    type Item = V;

    fn items(&self) -> impl Iterator<Item = &V> {
        self.iter()
    }

    fn add(&mut self, item: V) {
        self.insert(item);
    }
}
