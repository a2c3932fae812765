//! What goes to stdout: sheets of records, as a table for people or in a form for programs.
//! Everything else goes to stderr.
//!
//! Enter at [`Printer`]. Keys of columns and codes of words are the same in every language; only
//! the table is translated.

mod cell;
mod printer;
mod progress;

pub use cell::Cell;
pub use printer::{Column, Format, Printer};
pub use progress::progress;

#[cfg(test)]
mod output_test;
