//! Bytes on disk.
mod disk;
mod error;
mod limits;
mod random;
mod segments;
pub use disk::*;
pub use error::StoreError;
