//! Tier two: whole clusters of real replicas in one thread, where disk, network, clock and power
//! are simulated and everything follows from one seed.
//!
//! Enter at [`run`]. A run has two phases: first the `nemesis` breaks things while desks and wards
//! work; then everything heals, all must converge within a bounded time, and the [`judges`] look at
//! what was promised and what is there.
//!
//! Invariants: the same seed gives the same trace, bit for bit; no task of a node that lost its
//! power does another step; a client retries under the same request id, at any node.

mod clock;
mod desk;
mod failover;
mod forwarded;
pub mod judges;
mod lookout;
mod machine;
mod mesh;
mod mutant;
mod nation;
mod nemesis;
mod operator;
mod panics;
mod record;
mod registry;
mod run;
mod seed;
mod tally;
mod trace;
mod trial;
mod visitor;
mod ward;
mod watcher;
mod world;

pub use failover::{Loss, Lost, PATIENCE, lose_a_leader};
pub use judges::{Judge, Violation};
pub use mutant::Mutant;
pub use nemesis::{Fault, Struck};
pub use run::{Plan, Verdict, run};
pub use tally::{Deed, Fate};
