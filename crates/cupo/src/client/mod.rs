//! Asks a cluster: any of its servers, another one when that cannot answer, under one identity and
//! one deadline however often it is asked.
//!
//! Enter at [`Session`].

mod endpoints;
mod error;
mod remedy;
mod session;

pub use endpoints::DEFAULT_ENDPOINTS;
pub use error::ClientError;
pub use remedy::remedy_of;
pub use session::{Asked, Purpose, Session};

#[cfg(test)]
mod client_test;
