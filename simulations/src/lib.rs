//! Simulations: what the ledger and whole clusters must do, from a seed.
//!
//! Enter at [`tier_one::run`]: the ledger against an independent, slow, obvious [`model`], driven
//! by commands that [`generate`] derives from a seed; and at [`cluster::run`]: real replicas whose
//! disks, links, clocks and power fail.
//!
//! Invariants: one seed derives everything, so a failure is repeated by one command, bit for bit; a
//! model shares nothing with what it judges but its words; clusters are judged by what clients were
//! told and what all journals say, never by what a node claims of itself; a judge is itself judged
//! by mistakes it must find.
//!
//! Absent: sockets, threads, real time, operating-system randomness, hash order.

pub mod cluster;
pub mod generate;
pub mod model;
pub mod tier_one;
