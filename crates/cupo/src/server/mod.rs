//! A node: its data, its replica, its edge, its peers' door, and the way all of them end.
//!
//! Enter at [`run`].

mod data;
mod descriptors;
mod ending;
mod error;
mod node;

pub use error::StartError;

use crate::configuration::Configuration;
use crate::exit::Exit;
use std::io::{self, IsTerminal};
use tracing_subscriber::EnvFilter;

/// Serves until asked to stop.
///
/// # Errors
/// Why the server did not start.
pub fn run(read: &Configuration) -> Result<Exit, StartError> {
    write_log(read);
    let threads = usize::try_from(read.node.worker_threads).unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name("cupo")
        .enable_all()
        .build()
        .map_err(StartError::Threads)?;
    let exit = runtime.block_on(node::live(read))?;
    // Whatever still runs has had its time.
    runtime.shutdown_background();
    Ok(exit)
}

/// Sends the log to stderr; a terminal gets colours unless `NO_COLOR` says otherwise.
fn write_log(read: &Configuration) {
    let colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&read.node.log))
        .with_ansi(colours)
        .with_writer(io::stderr)
        .init();
}
