//! Proof: whole clusters in a world that breaks, all from a seed.
//!
//! Enter at [`cluster::run`].
//!
//! Invariants: the same seed is the same run, bit for bit, on every machine; what is judged is what
//! clients were told and what all nodes' journals say, never what one node claims of itself.
//!
//! Absent: sockets, threads, real time. Nothing depends on this package.

pub mod cluster;
