//! Ranks facilities for a need over a read-only view, and says why.
//!
//! Enter at [`rank()`]; the [`Atlas`] it searches is rebuilt when the catalogue has changed.
//!
//! Invariants: equal atlas, view, need and moment give an equal ranking; a ranking only reads, so
//! it can be stale but never oversell: the ledger decides again when a candidate is taken.
//!
//! Absent: clocks, tokio, replication, wire messages.

mod atlas;
mod exclusion;
pub mod limits;
mod need;
mod rank;
#[cfg(test)]
mod rank_test;
mod sphere;

pub use atlas::Atlas;
pub use exclusion::{Excluded, Exclusion};
pub use need::{Kind, Need};
pub use rank::{Candidate, Ranking, rank};
