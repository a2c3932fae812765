//! Asks a cluster: any of its servers, another one when that cannot answer, under one identity and
//! one deadline however often it is asked.
//!
//! Enter at [`Session`].

mod endpoints;
mod error;
mod purpose;
mod reason;
mod remedy;
mod session;
mod status;

pub use endpoints::DEFAULT_ENDPOINTS;
pub use error::ClientError;
pub use purpose::Purpose;
pub use reason::{passes, reason_of, settles};
pub use remedy::remedy_of;
pub use session::{Asked, Session};

#[cfg(test)]
mod client_test;
