//! The wire format of protobuf, as far as cupo's messages use it.

use super::error::DecodeError;
use prost::encoding::{
    DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint, skip_field,
};

/// What has not been read yet.
pub(super) type Input<'a> = &'a [u8];

/// The number and wire type of the next field; nothing at the end.
pub(super) fn next_key(input: &mut Input<'_>) -> Result<Option<(u32, WireType)>, DecodeError> {
    if input.is_empty() {
        return Ok(None);
    }
    Ok(Some(decode_key(input)?))
}

/// Passes over a field that this version does not know.
pub(super) fn skip(number: u32, wire: WireType, input: &mut Input<'_>) -> Result<(), DecodeError> {
    Ok(skip_field(wire, number, input, DecodeContext::default())?)
}

pub(super) fn read_varint(input: &mut Input<'_>) -> Result<u64, DecodeError> {
    Ok(decode_varint(input)?)
}

pub(super) fn read_fixed(input: &mut Input<'_>) -> Result<u64, DecodeError> {
    let (word, rest) = input.split_first_chunk().ok_or_else(DecodeError::malformed)?;
    *input = rest;
    Ok(u64::from_le_bytes(*word))
}

/// The content of a field that says its own length.
pub(super) fn read_delimited<'a>(input: &mut Input<'a>) -> Result<Input<'a>, DecodeError> {
    let length = usize::try_from(decode_varint(input)?).map_err(|_| DecodeError::malformed())?;
    let (content, rest) = input.split_at_checked(length).ok_or_else(DecodeError::malformed)?;
    *input = rest;
    Ok(content)
}

/// `Ok` when a field lies on the wire as its message says.
pub(super) fn expect(found: WireType, expected: WireType) -> Result<(), DecodeError> {
    if found == expected { Ok(()) } else { Err(DecodeError::malformed()) }
}

pub(super) fn write_key(number: u32, wire: WireType, out: &mut Vec<u8>) {
    encode_key(number, wire, out);
}

pub(super) fn write_varint(number: u64, out: &mut Vec<u8>) {
    encode_varint(number, out);
}

pub(super) fn write_fixed(number: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(&number.to_le_bytes());
}

pub(super) fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    write_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// Writes content behind its length. Room for a length below 128 is left first: nearly every
/// message fits it, and the few that do not are moved, which beats counting all of them twice.
pub(super) fn write_delimited(out: &mut Vec<u8>, content: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    out.push(0);
    content(out);
    let length = out.len() - at - 1;
    if let Ok(short @ 0..128) = u8::try_from(length) {
        out[at] = short;
        return;
    }
    let mut prefix = Vec::with_capacity(10);
    write_varint(length as u64, &mut prefix);
    out.splice(at..=at, prefix);
}
