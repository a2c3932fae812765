//! The binary.
mod configuration;
mod exit;
mod language;
mod limits;
mod output;
fn main() {}
