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
    /// Remember up to where entries are committed. Nobody waits for it: it is synced with whatever
    /// comes next, at the latest with the next [`Order::Tidy`].
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

enum Waiting {
    Flushed(LogFlushed<Types>),
    Done(Done),
}

impl Writer {
    pub fn new(log: Log, fatal: Arc<dyn Fn(Fatal) + Send + Sync>) -> Self {
        Self { log, fatal, failed: None }
    }

    fn carry_out(&mut self, order: Order, waiting: &mut Vec<Waiting>) -> Result<bool, StoreError> {
        let mut reclaim = false;
        match order {
            Order::Append { first, entries, flushed } => {
                waiting.push(Waiting::Flushed(flushed));
                self.log.append(first, &entries)?;
            }
            Order::Vote(vote, done) => {
                waiting.push(Waiting::Done(done));
                self.log.save_vote(&vote)?;
            }
            Order::Committed(committed) => self.log.save_committed(&committed)?,
            Order::Truncate(index, done) => {
                waiting.push(Waiting::Done(done));
                self.log.truncate_from(index)?;
            }
            Order::Purge(index, mark, done) => {
                waiting.push(Waiting::Done(done));
                self.log.purge_to(index, &mark)?;
                reclaim = true;
            }
            Order::Tidy => {}
            Order::Finish(done) => waiting.push(Waiting::Done(done)),
        }
        Ok(reclaim)
    }

    fn write(&mut self, orders: Vec<Order>, waiting: &mut Vec<Waiting>) -> Result<(), StoreError> {
        let mut reclaim = false;
        let mut result = Ok(());
        for order in orders {
            // After a failure the rest is only heard, so that all who wait are told.
            match &result {
                Ok(()) => match self.carry_out(order, waiting) {
                    Ok(more) => reclaim |= more,
                    Err(error) => result = Err(error),
                },
                Err(_) => waiting.extend(order.waiting()),
            }
        }
        result?;
        self.log.sync()?;
        if reclaim {
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
        let mut waiting = Vec::with_capacity(orders.len());
        if self.failed.is_some() {
            waiting.extend(orders.into_iter().filter_map(Order::waiting));
        } else if let Err(error) = self.write(orders, &mut waiting) {
            let reason = error.to_string();
            tracing::error!(%reason, "the log cannot be written");
            self.failed = Some(reason.clone());
            (self.fatal)(Fatal::Disk { reason });
        }
        let result = match &self.failed {
            Some(reason) => Err(reason.clone()),
            None => Ok(()),
        };
        for one in waiting {
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
