//! The replicated state machine: every rule about places, people and permission, as one pure
//! function from a [`Command`] and a [`Moment`](words::Moment) to an [`Outcome`].
//!
//! Enter at [`Ledger::apply`]. Words are in [`words`], what can be asked in [`acts`].
//!
//! Invariants: apply is total (every command has a numbered outcome, and refused ones change
//! nothing); equal commands give equal state, digest and events on every machine; nothing is
//! granted without room, except as declared overcapacity.
//!
//! Absent: clocks, randomness, floating point, hash order, threads, files, logging. The crate has
//! no standard library, so the compiler says so.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod acts;
mod command;
mod derived;
mod digest;
mod event;
mod invariants;
mod ledger;
pub mod limits;
mod outcome;
mod shelf;
mod state;
pub mod words;

pub use command::{Act, Command};
pub use derived::Derived;
pub use digest::Digest;
pub use event::{Event, Happening};
pub use invariants::Violation;
pub use ledger::{Applied, Ledger, View};
pub use outcome::{Bound, Done, Granted, Outcome, Refusal};
pub use shelf::Shelf;
pub use state::{Journal, Meta, Receipt, RestoreError, Restorer, Stream};

#[cfg(test)]
mod tests;
