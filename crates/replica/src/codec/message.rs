//! Messages as tables of numbered fields, and choices as tables of numbered variants.

use super::error::DecodeError;
use super::wire::Input;
use prost::encoding::WireType;

/// Several numbered fields.
pub(super) trait Message: Sized {
    /// Writes the fields in the order of their numbers.
    fn write_fields(&self, out: &mut Vec<u8>);

    /// Reads fields in any order, passing over unknown ones.
    fn read_fields(input: Input<'_>) -> Result<Self, DecodeError>;
}

/// One of several, each a field with its own number.
pub(super) trait Choice: Sized {
    /// The numbers and names of all of them.
    #[cfg(test)]
    const NUMBERS: &'static [(u32, &'static str)];

    /// Writes the one it is, as a field.
    fn put(&self, out: &mut Vec<u8>);

    /// Reads the one with this number; nothing when no such number is known, and then nothing is
    /// read.
    fn read(
        number: u32,
        wire: WireType,
        input: &mut Input<'_>,
    ) -> Result<Option<Self>, DecodeError>;
}

/// Reads the fields of a table into a value.
macro_rules! read_fields {
    ($input:expr, $make:path { $($number:literal $mode:ident $field:ident),* }
        derived { $($derived:ident),* }) => {{
        let mut input: crate::codec::wire::Input<'_> = $input;
        $(let mut $field = Default::default();)*
        while let Some((number, wire)) = crate::codec::wire::next_key(&mut input)? {
            match number {
                $($number => crate::codec::field::$mode::merge(&mut $field, wire, &mut input)
                    .map_err(|error| error.within(stringify!($field)))?,)*
                _ => crate::codec::wire::skip(number, wire, &mut input)?,
            }
        }
        $make {
            $($field: crate::codec::field::$mode::finish($field)
                .map_err(|error| error.within(stringify!($field)))?,)*
            $($derived: Default::default(),)*
        }
    }};
}
pub(super) use read_fields;

/// Messages: `Type { number mode field, …; derived fields }`.
macro_rules! messages {
    ($($type:path {
        $($number:literal $mode:ident $field:ident),* $(; $($derived:ident),*)?
    })*) => {$(
        impl crate::codec::message::Message for $type {
            fn write_fields(&self, out: &mut Vec<u8>) {
                $(crate::codec::field::$mode::put($number, &self.$field, out);)*
            }

            fn read_fields(
                input: crate::codec::wire::Input<'_>,
            ) -> Result<Self, crate::codec::error::DecodeError> {
                Ok(crate::codec::message::read_fields!(
                    input,
                    Self { $($number $mode $field),* } derived { $($($derived),*)? }
                ))
            }
        }
        crate::codec::message::nested!($type);
    )*};
}
pub(super) use messages;

/// A message may be the value of a field.
macro_rules! nested {
    ($type:ty) => {
        impl crate::codec::value::Value for $type {
            const WIRE: prost::encoding::WireType = prost::encoding::WireType::LengthDelimited;

            fn is_zero(&self) -> bool {
                false
            }

            fn write(&self, out: &mut Vec<u8>) {
                crate::codec::wire::write_delimited(out, |out| {
                    crate::codec::message::Message::write_fields(self, out);
                });
            }

            fn read(
                input: &mut crate::codec::wire::Input<'_>,
            ) -> Result<Self, crate::codec::error::DecodeError> {
                let fields = crate::codec::wire::read_delimited(input)?;
                crate::codec::message::Message::read_fields(fields)
            }

            fn absent() -> Result<Self, crate::codec::error::DecodeError> {
                Err(crate::codec::error::DecodeError::missing())
            }
        }
    };
}
pub(super) use nested;

/// Choices: `Type { number Variant(value), number Variant { number mode field, … }, … }`.
macro_rules! choices {
    ($($type:path { $($number:literal $variant:ident
        $(($value:ident))?
        $({ $($inner:literal $mode:ident $field:ident),* })?
    ),* $(,)? })*) => {$(
        impl crate::codec::message::Choice for $type {
            #[cfg(test)]
            const NUMBERS: &'static [(u32, &'static str)] =
                &[$(($number, stringify!($variant))),*];

            fn put(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($value))? $({ $($field),* })? => {
                        $(crate::codec::field::put_value($number, $value, out);)?
                        $(
                            crate::codec::wire::write_key(
                                $number, prost::encoding::WireType::LengthDelimited, out,
                            );
                            crate::codec::wire::write_delimited(out, |_out| {
                                $(crate::codec::field::$mode::put($inner, $field, _out);)*
                            });
                        )?
                    })*
                }
            }

            fn read(
                number: u32,
                wire: prost::encoding::WireType,
                input: &mut crate::codec::wire::Input<'_>,
            ) -> Result<Option<Self>, crate::codec::error::DecodeError> {
                match number {
                    $($number => (|| {
                        $(
                            let mut $value = None;
                            crate::codec::field::one::merge(&mut $value, wire, input)?;
                            Ok($value.map(Self::$variant))
                        )?
                        $(
                            crate::codec::wire::expect(
                                wire, prost::encoding::WireType::LengthDelimited,
                            )?;
                            let fields = crate::codec::wire::read_delimited(input)?;
                            Ok(Some(crate::codec::message::read_fields!(
                                fields,
                                Self::$variant { $($inner $mode $field),* } derived {}
                            )))
                        )?
                    })().map_err(|error: crate::codec::error::DecodeError| {
                        error.within(stringify!($variant))
                    }),)*
                    _ => Ok(None),
                }
            }
        }
    )*};
}
pub(super) use choices;

/// Messages that hold nothing but one choice.
macro_rules! choice_messages {
    ($($type:path),*) => {$(
        impl crate::codec::message::Message for $type {
            fn write_fields(&self, out: &mut Vec<u8>) {
                crate::codec::message::Choice::put(self, out);
            }

            fn read_fields(
                mut input: crate::codec::wire::Input<'_>,
            ) -> Result<Self, crate::codec::error::DecodeError> {
                let mut chosen = None;
                while let Some((number, wire)) = crate::codec::wire::next_key(&mut input)? {
                    chosen = <Self as crate::codec::message::Choice>::read(
                        number, wire, &mut input,
                    )?;
                    if chosen.is_none() {
                        let number = u64::from(number);
                        return Err(crate::codec::error::DecodeError::newer(number));
                    }
                }
                chosen.ok_or_else(crate::codec::error::DecodeError::missing)
            }
        }
        crate::codec::message::nested!($type);
    )*};
}
pub(super) use choice_messages;
