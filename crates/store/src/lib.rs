//! Bytes on disk.
mod disk;
mod error;
mod journal;
mod limits;
mod log;
mod random;
mod segments;
pub use disk::*;
pub use error::*;
pub use journal::*;
pub use log::*;
