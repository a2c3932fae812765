//! The history's driver: takes it forward step by step, at its pace, beside everything else.

use crate::background::{Announcements, Worker};
use crate::history::{Follower, HistoryError, Pace, Step};
use crate::runtime::Instant;
use std::time::Duration;
use store::journal::JournalReader;
use tokio::sync::{mpsc, oneshot, watch};

/// Takes the history forward; sled works on the disk, so this has a thread of its own.
pub(crate) struct Historian {
    follower: Follower,
    journal: JournalReader,
}

/// One step is asked for.
pub(crate) type Order = oneshot::Sender<Result<Step, HistoryError>>;

/// How often the journal is looked at when the history has caught up with it.
const LOOK: Duration = Duration::from_millis(200);
/// How much longer than it worked the driver rests while the history is behind. sled spends tens
/// of microseconds on an event, ten times what deciding it costs: without a share of its own, a
/// history that catches up would take the processor from the bookings it tells of. A sixteenth of
/// a core is more than the nation's thousand events a second ask for.
const REST_PER_WORK: u32 = 15;
/// How long the driver waits after a step that failed.
const PAUSE: Duration = Duration::from_secs(5);

impl Historian {
    pub const fn new(follower: Follower, journal: JournalReader) -> Self {
        Self { follower, journal }
    }
}

impl Worker for Historian {
    type Order = Order;

    fn work(&mut self, orders: Vec<Order>, announcements: &mut Announcements) {
        for order in orders {
            let step = self.follower.step(&self.journal);
            announcements.push(move || drop(order.send(step)));
        }
    }
}

/// Asks for steps until the node stops.
pub(crate) async fn drive(
    historian: mpsc::Sender<Order>,
    pace: Pace,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let started = Instant::now();
        let (order, answer) = oneshot::channel();
        if historian.send(order).await.is_err() {
            return;
        }
        let rest = match answer.await {
            Ok(Ok(step)) if step.behind > 0 => {
                pace.rest(step.events).max(started.elapsed() * REST_PER_WORK)
            }
            Ok(Ok(_)) => LOOK,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the history does not go on; it is tried again");
                PAUSE
            }
            Err(_) => return,
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}
