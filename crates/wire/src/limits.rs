//! Bounds of what is taken from outside, beyond the ledger's own.

/// The largest exactly named whole seconds since 1970 (the year 9999), so that no arithmetic on
/// microseconds can overflow.
pub const SECONDS_MAX: i64 = 253_402_300_799;

/// The longest length of time in whole seconds, as `google.protobuf.Duration` bounds it: 10,000
/// years.
pub const LENGTH_SECONDS_MAX: i64 = 315_576_000_000;

/// Bytes of a text that is repeated in an error; what is longer is cut, so that an error is never
/// larger than what caused it.
pub const ECHO_BYTES_MAX: usize = 80;

/// Bytes of a person's number.
pub const PERSON_BYTES: usize = 16;

const _: () = assert!(SECONDS_MAX as u64 <= u64::MAX / 1_000_000);
