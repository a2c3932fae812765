//! Whether this node takes commands, and how far it is with its own end.

use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch;

/// Whether this node still takes commands, and how far it is with ending.
pub(crate) struct Gate {
    stopping: AtomicBool,
    handing_over: AtomicBool,
    diverged: AtomicBool,
    full: AtomicBool,
    out_of_space: AtomicBool,
    clock_off: AtomicBool,
    idle: watch::Sender<bool>,
}

impl Gate {
    pub fn new() -> Self {
        Self {
            stopping: AtomicBool::new(false),
            handing_over: AtomicBool::new(false),
            diverged: AtomicBool::new(false),
            full: AtomicBool::new(false),
            out_of_space: AtomicBool::new(false),
            clock_off: AtomicBool::new(false),
            idle: watch::Sender::new(true),
        }
    }

    /// This node takes nothing more. False when that was so before.
    pub fn begin_stopping(&self) -> bool {
        !self.stopping.swap(true, Ordering::AcqRel)
    }

    /// Whether it takes nothing more.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// A leader proposes nothing while another is to take its place.
    pub fn set_handing_over(&self, handing_over: bool) {
        self.handing_over.store(handing_over, Ordering::Release);
    }

    /// Whether another is to take this leader's place.
    pub fn is_handing_over(&self) -> bool {
        self.handing_over.load(Ordering::Acquire)
    }

    /// Nodes disagree, and no majority is known.
    pub fn set_diverged(&self, diverged: bool) {
        self.diverged.store(diverged, Ordering::Release);
    }

    /// Whether nodes disagree, and no majority is known.
    pub fn is_diverged(&self) -> bool {
        self.diverged.load(Ordering::Acquire)
    }

    /// So much room is left on the disk. Below the minimum nothing more is taken from callers;
    /// below a quarter of it nothing from a leader either, which keeps a rest for checkpoints.
    pub fn set_space(&self, free_bytes: u64, free_bytes_min: u64) {
        self.full.store(free_bytes < free_bytes_min, Ordering::Release);
        self.out_of_space.store(free_bytes < free_bytes_min / 4, Ordering::Release);
    }

    /// Whether there is no room left even for a leader's entries.
    pub fn is_out_of_space(&self) -> bool {
        self.out_of_space.load(Ordering::Acquire)
    }

    /// Whether the disk has too little room.
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Acquire)
    }

    /// This node's clock is too far from the others' to lead, or right again.
    pub fn set_clock_off(&self, off: bool) {
        if self.clock_off.swap(off, Ordering::AcqRel) != off {
            tracing::warn!(off, "whether this node's clock is too far off to lead has changed");
        }
    }

    /// Whether this node's clock is too far from the others' to lead.
    pub fn is_clock_off(&self) -> bool {
        self.clock_off.load(Ordering::Acquire)
    }

    /// Whether any command of a caller is under way here.
    pub fn set_idle(&self, idle: bool) {
        self.idle.send_if_modified(|was| std::mem::replace(was, idle) != idle);
    }

    /// Waits until no command of a caller is under way here.
    pub async fn idle(&self) {
        // The sender is this gate itself, so the wait only ends when it is idle.
        drop(self.idle.subscribe().wait_for(|idle| *idle).await);
    }
}
