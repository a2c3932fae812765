//! Measures a cluster of three processes on this machine: bookings one by one and in bulk, reports,
//! and how long a dead leader is missed. Each measurement is a line of JSON on stdout.
//!
//! Enter at [`run`]. What an operation is, is said in each line: a booking is one command, hold and
//! confirmation at once; in a steady state as many operations are cancellations. The echo is the
//! same calls, of the same sizes, to a process that decides nothing.

mod bulk;
mod command;
mod disk;
mod echo;
mod failover;
mod measure;
mod pool;
mod reports;
mod unary;

pub use command::run;
