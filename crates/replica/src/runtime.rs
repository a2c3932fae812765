//! The one place that names the async runtime, so that a seeded one can take its place.

use std::future::Future;

/// The runtime openraft runs on.
pub(crate) type Runtime = openraft::TokioRuntime;

/// A point on the runtime's monotonic clock, by which deadlines are given. A
/// `std::time::Instant` converts into it.
pub type Instant = tokio::time::Instant;

/// Runs a task beside the others until it ends.
pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(task));
}
