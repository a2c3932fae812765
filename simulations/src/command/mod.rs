//! The commands of the program, one file each.

pub mod mistakes;
pub mod model;
