//! Every text that people are shown, in every language: a missing one does not compile.
//!
//! [`Help`] is what `--help` says, [`Notice`] what is said on the way, an [`Explanation`] what went
//! wrong, why, and what to do. What comes from a server is translated there.

mod catalogue;
mod configuration;
mod explanation;
mod help;
mod notice;

pub(crate) use catalogue::catalogue;
pub use explanation::{Explain, Explanation};
pub use help::{Help, say};
pub use notice::{Notice, tell};

#[cfg(test)]
mod messages_test;
