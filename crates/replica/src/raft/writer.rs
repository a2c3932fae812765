//! The log's one writer: takes all orders that wait, writes them in order, syncs once, and then
//! tells everybody in order. Votes take the same path. Nothing is ever announced before the sync
//! that covers it has returned.

use crate::background::{Announcements, Worker};
use crate::parts::Fatal;
use crate::raft::config::Types;
use openraft::storage::LogFlushed;
use std::io;
use std::sync::Arc;
use store::StoreError;
use store::log::{Log, Payload};
use tokio::sync::oneshot;

/// What the log's writer is asked to do.
pub(crate) enum Order {
    /// Add entries.
    Append {
        /// The first one's index.
        first: u64,
        /// Their bytes.
        entries: Vec<Payload>,
        /// Who waits for them.
        flushed: LogFlushed<Types>,
    },
    /// Replace the vote.
    Vote(Payload, Done),
    /// Remember up to where entries are committed. Nobody waits for it, and a sync of its own would
    /// double the syncs of every entry: it is synced with whatever comes next, at the latest with
    /// the next [`Order::Tidy`]. A node that forgets it applies those entries again later; one that
    /// led does so only after an election (guard G1).
    Committed(Payload),
    /// Remove entries from this index on.
    Truncate(u64, Done),
    /// Forget entries up to this index; the bytes say where that is.
    Purge(u64, Payload, Done),
    /// Sync what was written without anybody waiting for it.
    Tidy,
    /// Sync, and say so: the last order before the process ends.
    Finish(Done),
}

/// Who waits for an order.
pub(crate) type Done = oneshot::Sender<Result<(), String>>;

pub(crate) struct Writer {
    log: Log,
    fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
    /// Once something failed everything else fails: what the disk holds is unknown.
    failed: Option<String>,
}

/// What is to be done once a batch of orders is written.
#[derive(Default)]
struct After {
    waiting: Vec<Waiting>,
    sync: bool,
    reclaim: bool,
}

enum Waiting {
    Flushed(LogFlushed<Types>),
    Done(Done),
}

impl Writer {
    pub fn new(log: Log, fatal: Arc<dyn Fn(Fatal) + Send + Sync>) -> Self {
        Self { log, fatal, failed: None }
    }

    fn carry_out(&mut self, order: Order, after: &mut After) -> Result<(), StoreError> {
        after.sync |= !matches!(order, Order::Committed(_));
        match order {
            Order::Append { first, entries, flushed } => {
                after.waiting.push(Waiting::Flushed(flushed));
                self.log.append(first, &entries)?;
            }
            Order::Vote(vote, done) => {
                after.waiting.push(Waiting::Done(done));
                self.log.save_vote(&vote)?;
            }
            Order::Committed(committed) => self.log.save_committed(&committed)?,
            Order::Truncate(index, done) => {
                after.waiting.push(Waiting::Done(done));
                self.log.truncate_from(index)?;
            }
            Order::Purge(index, mark, done) => {
                after.waiting.push(Waiting::Done(done));
                self.log.purge_to(index, &mark)?;
                after.reclaim = true;
            }
            Order::Tidy => {}
            Order::Finish(done) => after.waiting.push(Waiting::Done(done)),
        }
        Ok(())
    }

    fn write(&mut self, orders: Vec<Order>, after: &mut After) -> Result<(), StoreError> {
        let mut result = Ok(());
        for order in orders {
            // After a failure the rest is only heard, so that all who wait are told.
            match &result {
                Ok(()) => result = self.carry_out(order, after),
                Err(_) => after.waiting.extend(order.waiting()),
            }
        }
        result?;
        if after.sync {
            self.log.sync()?;
        }
        if after.reclaim {
            // The purge mark is durable by now; only then may its bytes leave.
            self.log.reclaim()?;
        }
        Ok(())
    }
}

impl Order {
    fn waiting(self) -> Option<Waiting> {
        match self {
            Self::Append { flushed, .. } => Some(Waiting::Flushed(flushed)),
            Self::Vote(_, done)
            | Self::Truncate(_, done)
            | Self::Purge(_, _, done)
            | Self::Finish(done) => Some(Waiting::Done(done)),
            Self::Committed(_) | Self::Tidy => None,
        }
    }
}

impl Worker for Writer {
    type Order = Order;

    fn work(&mut self, orders: Vec<Order>, announcements: &mut Announcements) {
        let mut after = After::default();
        if self.failed.is_some() {
            after.waiting.extend(orders.into_iter().filter_map(Order::waiting));
        } else if let Err(error) = self.write(orders, &mut after) {
            let reason = error.to_string();
            tracing::error!(%reason, "the log cannot be written");
            self.failed = Some(reason.clone());
            (self.fatal)(Fatal::Disk { reason });
        }
        let result = match &self.failed {
            Some(reason) => Err(reason.clone()),
            None => Ok(()),
        };
        for one in after.waiting {
            let result = result.clone();
            announcements.push(move || one.tell(result));
        }
    }
}

impl Waiting {
    fn tell(self, result: Result<(), String>) {
        match self {
            Self::Flushed(flushed) => flushed.log_io_completed(result.map_err(io::Error::other)),
            // Whoever asked may have gone; the order is carried out all the same.
            Self::Done(done) => drop(done.send(result)),
        }
    }
}
