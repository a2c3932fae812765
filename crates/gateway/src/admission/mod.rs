//! Admission: budgets, bounded concurrency and deadlines, before any request is read.
//!
//! It is a layer over all services, so that what is served beside gRPC later comes under the same
//! rules. Identity will be found here too, and be the caller's key instead of its address.

mod budget;
mod deadline;
mod layer;

pub(crate) use budget::Caller;
pub(crate) use deadline::Call;
pub(crate) use layer::{Admission, AdmissionLayer};
