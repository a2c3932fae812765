//! A synthetic nation from a seed: establishments in the thirty-two states with beds and weekly
//! agendas, wards that hold up their end of the reconciling report, and people who ask for places.
//!
//! Enter at [`Nation`]. Nothing here is a real establishment; what is taken from the world is
//! public: states, towns and population (INEGI), institutions and the form of their codes (DGIS).
//!
//! Invariants: the same seed gives the same nation, byte by byte, on every machine; every code has
//! a good check digit; every zone of Mexico is inhabited.
//!
//! Absent: clocks, floating point, connections.

mod chance;
mod establishment;
mod names;
mod services;
mod site;
mod states;
mod ward;

pub use chance::Chance;
pub use establishment::{Establishment, Nation};
pub use states::{STATES, State, Town};
pub use ward::{Doing, Habits, Heard, SimulatedWard, Standing, Statement};
