//! What happened in a run, as a hash and, on demand, as lines.

use replica::Instant;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The trace of a run. Clones write into the same one.
#[derive(Clone)]
pub struct Trace {
    start: Instant,
    show: bool,
    written: Arc<Mutex<(Sha256, u64)>>,
}

impl Trace {
    /// An empty trace that begins now, and prints its lines if it is to show them.
    pub fn new(show: bool) -> Self {
        Self { start: Instant::now(), show, written: Arc::default() }
    }

    /// Adds a line.
    pub fn line(&self, text: fmt::Arguments<'_>) {
        let at = self.start.elapsed();
        let line = format!("{:>10.6} {text}\n", at.as_secs_f64());
        if self.show {
            eprint!("{line}");
        }
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.0.update(line.as_bytes());
        written.1 += 1;
    }

    /// Microseconds since the run began.
    pub fn micros(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// The hash of all lines so far.
    pub fn hash(&self) -> String {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = written.0.clone().finalize();
        hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
