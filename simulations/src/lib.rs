//! Simulations: what the cluster must do, held against models, from a seed.
//!
//! Enter at [`tier_one::run`]: the ledger against an independent, slow, obvious [`model`], driven
//! by commands that [`generate`] derives from a seed.
//!
//! Invariants: one seed derives everything, so a failure is repeated by one command; a model shares
//! nothing with what it judges but its words; a judge is itself judged by mistakes it must find.
//!
//! Absent: clocks, operating-system randomness, hash order.

pub mod generate;
pub mod model;
pub mod tier_one;
