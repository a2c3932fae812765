//! Housekeeping: checkpoints when the log has grown, syncs nobody waits for, free space, and an
//! eye on agreement itself.

use crate::core::Core;
use crate::gate::Gate;
use crate::journal;
use crate::limits::{FREE_BYTES_INTERVAL, LOG_TIDY_INTERVAL};
use crate::parts::Fatal;
use crate::raft::config::{Metrics, Raft};
use crate::raft::machine::Growth;
use crate::raft::writer;
use crate::runtime::{self, Instant};
use crate::settings::CheckpointPolicy;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::disk::Disk;
use tokio::sync::{mpsc, watch};

/// Keeps house.
pub(crate) struct Keeper {
    pub core: Core,
    pub growth: Arc<Growth>,
    pub policy: CheckpointPolicy,
    pub log: mpsc::Sender<writer::Order>,
    pub journal: mpsc::Sender<journal::Order>,
    pub disk: Arc<dyn Disk>,
    pub free_bytes_min: u64,
    pub stopping: watch::Receiver<bool>,
}

impl Keeper {
    /// Starts all of it.
    pub fn start(self) {
        let Self { core, growth, policy, log, journal, disk, free_bytes_min, stopping } = self;
        let (raft, gate) = (core.raft, core.gate);
        beside(&stopping, async move { take_checkpoints(&raft, &growth, policy).await });
        beside(&stopping, async move { tidy(&log, &journal).await });
        beside(&stopping, async move { look_at_space(&*disk, &gate, free_bytes_min).await });
        runtime::spawn(guard(core.metrics, stopping, core.fatal));
    }
}

/// Runs a task until this node stops.
fn beside(stopping: &watch::Receiver<bool>, task: impl Future<Output = ()> + Send + 'static) {
    let mut stopping = stopping.clone();
    runtime::spawn(async move {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => {}
            () = task => {}
        }
    });
}

async fn take_checkpoints(raft: &Raft, growth: &Growth, policy: CheckpointPolicy) {
    let mut earliest = Instant::now();
    loop {
        growth.changed.notified().await;
        let much = growth.bytes.load(Ordering::Relaxed) >= policy.log_bytes
            || growth.entries.load(Ordering::Relaxed) >= policy.log_entries;
        if !much {
            continue;
        }
        tokio::time::sleep_until(earliest).await;
        // openraft takes no second one while the first is under way.
        if raft.trigger().snapshot().await.is_err() {
            return;
        }
        earliest = Instant::now() + policy.interval_min;
    }
}

async fn tidy(log: &mpsc::Sender<writer::Order>, journal: &mpsc::Sender<journal::Order>) {
    loop {
        tokio::time::sleep(LOG_TIDY_INTERVAL).await;
        // A full queue will be synced anyway; a closed one is found closed by everybody else.
        drop(log.try_send(writer::Order::Tidy));
        drop(journal.try_send(journal::Order::Tidy));
    }
}

async fn look_at_space(disk: &dyn Disk, gate: &Gate, free_bytes_min: u64) {
    loop {
        match disk.free_bytes() {
            Ok(free) => gate.set_space(free, free_bytes_min),
            Err(error) => tracing::warn!(%error, "the free space is not known"),
        }
        tokio::time::sleep(FREE_BYTES_INTERVAL).await;
    }
}

/// Guard G4: when agreement has stopped by itself, the node must not live on as if it had not.
async fn guard(
    mut metrics: watch::Receiver<Metrics>,
    stopping: watch::Receiver<bool>,
    fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
) {
    let failed = metrics.wait_for(|metrics| metrics.running_state.is_err()).await;
    let reason = match &failed {
        Ok(metrics) => match &metrics.running_state {
            Err(error) => error.to_string(),
            Ok(()) => String::from("it says that it runs"),
        },
        Err(_) => String::from("its task has ended"),
    };
    drop(failed);
    if !*stopping.borrow() {
        tracing::error!(%reason, "agreement has stopped");
        fatal(Fatal::Agreement { reason });
    }
}
