//! The binary.
mod nation;
fn main() {}
