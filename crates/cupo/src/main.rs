//! The binary.
mod configuration;
mod exit;
mod import;
mod language;
mod limits;
mod nation;
mod output;
fn main() {}
