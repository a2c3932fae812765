//! The edge: who asks, how often and until when; words in, status codes out.
//!
//! Enter at [`Gateway`]: it serves the public services over a
//! [`Replica`](replica::Replica). A request passes `admission`, becomes an act or a read in
//! `services` and `streams`, and what comes back is a message or a complaint, of which `status`
//! makes a google.rpc.Status.
//!
//! Invariants: whatever is refused says why, by a published reason and in two languages, and when
//! to try again; nothing waits without a bound; a reader that does not read holds back only
//! itself.
//!
//! Absent: rules about places, openraft, storage. Identity, TLS, JSON, FHIR and the page will come
//! in here; until then nothing but loopback is served.

mod admission;
mod changing;
mod complaint;
mod connections;
mod edge;
mod language;
mod limits;
mod live;
mod map;
mod pages;
mod search;
mod serve;
mod services;
mod settings;
mod status;
mod streams;

pub use connections::{Connection, Visitor, connections};
pub use language::Language;
pub use serve::{Gateway, ServeError};
pub use settings::{Budget, Settings};
