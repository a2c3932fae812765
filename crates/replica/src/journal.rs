//! The journal's one writer. Applying never waits for it unless its queue is full; checkpoints
//! wait until it is durable up to where they stand.

use crate::background::{Announcements, Worker};
use crate::limits::JOURNAL_SYNC_INTERVAL;
use crate::parts::{Clock, Fatal};
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use store::journal::{Head, Journal};
use tokio::sync::oneshot;

/// What the journal's writer is asked to do.
pub(crate) enum Order {
    /// Add the events of one entry.
    Append(Page),
    /// Sync, and say so, with where the journal then ends.
    Sync(oneshot::Sender<Result<(u64, Head), String>>),
    /// Sync when it is time.
    Tidy,
}

/// The events of one entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Page {
    /// Its first revision.
    pub first: u64,
    /// Its last revision.
    pub last: u64,
    /// The events, encoded.
    pub payload: Bytes,
}

pub(crate) struct JournalWriter {
    journal: Journal,
    clock: Arc<dyn Clock>,
    synced_at: Duration,
    fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
    failed: Option<String>,
}

impl JournalWriter {
    pub fn new(
        journal: Journal,
        clock: Arc<dyn Clock>,
        fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
    ) -> Self {
        let synced_at = clock.monotonic();
        Self { journal, clock, synced_at, fatal, failed: None }
    }

    /// Adds a page. One that is there already is left as it is: a node that fetched the journal
    /// from another computes the same pages again when it applies.
    fn append(&mut self, page: &Page) -> Result<(), StoreError> {
        if page.last > self.journal.end().revision {
            self.journal.append(page.first, page.last, &page.payload)?;
        }
        Ok(())
    }

    fn carry_out(
        &mut self,
        order: Order,
        announcements: &mut Announcements,
    ) -> Result<(), StoreError> {
        match order {
            Order::Append(page) => self.append(&page)?,
            Order::Tidy => {
                let now = self.clock.monotonic();
                if now.saturating_sub(self.synced_at) >= JOURNAL_SYNC_INTERVAL {
                    self.journal.sync()?;
                    self.synced_at = now;
                }
            }
            Order::Sync(done) => {
                let synced = self.journal.sync();
                let end = self.journal.end();
                let result = match &synced {
                    Ok(()) => Ok((end.revision, end.head)),
                    Err(error) => Err(error.to_string()),
                };
                announcements.push(move || drop(done.send(result)));
                synced?;
            }
        }
        Ok(())
    }
}

impl Worker for JournalWriter {
    type Order = Order;

    fn work(&mut self, orders: Vec<Order>, announcements: &mut Announcements) {
        for order in orders {
            if let Some(reason) = self.failed.clone() {
                if let Order::Sync(done) = order {
                    announcements.push(move || drop(done.send(Err(reason))));
                }
                continue;
            }
            if let Err(error) = self.carry_out(order, announcements) {
                let reason = error.to_string();
                tracing::error!(%reason, "the journal cannot be written");
                self.failed = Some(reason.clone());
                (self.fatal)(Fatal::Disk { reason });
            }
        }
    }
}
