//! Reads the catalogue of health establishments as it is published, and registers what it names.
//!
//! Enter at [`Catalogue::read`] for what a file says, at [`import_batch`] for sending it. A row is
//! imported, imported with a warning, skipped because nobody is treated there, or refused, each
//! with its line and the reason: nothing is dropped silently.
//!
//! Invariants: a wrong check digit is told and never a reason to refuse (4 % of the codes in use
//! have one); a number of beds from a file is a proposal that an operator confirms.

mod catalogue;
mod columns;
mod error;
mod institutions;
mod position;
mod remark;
mod row;
mod send;
mod services;
mod text;

#[cfg(test)]
mod import_test;

pub use catalogue::{Catalogue, Finding, Remark};
pub use error::ImportError;
pub use remark::{Problem, Refusal};
pub use send::{
    BATCH_ROWS, import_batch, known_facilities, known_profile, put_institutions, says_nothing_new,
};
