//! The public and peer messages generated from `proto/`, and their conversion to ledger words.
//!
//! Enter at [`v1`] for the messages, clients and services; at [`names`] for resource names; at
//! [`booking`], [`catalogue`] and [`capacity`] for requests that become acts; at [`outcome`] and
//! [`mod@reason`] for what comes back.
//!
//! Invariants: every conversion is total. What comes from outside is either a ledger word or an
//! [`InputError`] that names the field, the bound and the remedy; nothing panics on input.
//!
//! Absent: openraft, storage, sockets, clocks.

pub mod agenda;
pub mod booking;
pub mod bulk;
pub mod capacity;
pub mod catalogue;
pub mod commitment;
#[cfg(test)]
mod conversion_test;
#[cfg(test)]
mod descriptor_test;
pub mod event;
mod input;
mod limits;
pub mod names;
#[cfg(test)]
mod names_test;
pub mod outcome;
pub mod place;
pub mod reason;
#[cfg(test)]
mod reason_test;
pub mod request;
pub mod service;
pub mod time;

pub use input::{FieldError, InputError, Problem};

/// The public messages, clients and services of package `cupo.v1`.
#[allow(missing_docs, unused_qualifications, clippy::all)]
pub mod v1 {
    tonic::include_proto!("cupo.v1");

    /// Descriptors of the public messages with their comments, for reflection.
    pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/cupo.v1.bin"));
}

/// The messages and service of package `cupo.internal.v1`, for peers alone.
#[allow(missing_docs, unused_qualifications, clippy::all)]
pub mod internal {
    tonic::include_proto!("cupo.internal.v1");
}
