//! What every story needs: three real servers, somebody who asks them, a small nation, and an
//! observer who writes down what was answered.
//!
//! Enter at [`Cluster::start`].

pub mod client;
pub mod cluster;
pub mod desk;
pub mod greeting;
pub mod nation;
pub mod node;
pub mod observer;
pub mod program;
pub mod proxy;
pub mod story;
pub mod verdict;

pub use client::{Client, reason_of};
pub use cluster::Cluster;
pub use desk::{Desk, Load};
pub use nation::Nation;
pub use story::Story;
pub use verdict::verdict;
