//! Blocking work beside the async tasks: a queue of orders and one worker that takes all of them
//! at once.
//!
//! A binary gives each worker a thread. A simulator runs it as a task, and delays what it
//! announces by the time that the disk would have taken.

use futures::future::BoxFuture;
use std::thread;
use tokio::sync::mpsc;

/// Runs jobs.
pub trait Background: Send + Sync {
    /// Runs `job` until no more orders come.
    fn start(&self, name: &'static str, job: Box<dyn Job>);
}

/// A worker and its queue.
pub trait Job: Send {
    /// Blocks until there are orders; false when none will ever come again.
    fn wait(&mut self) -> bool;

    /// The same for a task.
    fn ready(&mut self) -> BoxFuture<'_, bool>;

    /// Carries out all orders that wait, and returns what is to be announced after that.
    fn work(&mut self) -> Announcements;
}

/// What is to be told to those who wait, in order, once the work counts as done.
#[derive(Default)]
pub struct Announcements(Vec<Box<dyn FnOnce() + Send>>);

impl Announcements {
    /// Adds one at the end.
    pub fn push(&mut self, announcement: impl FnOnce() + Send + 'static) {
        self.0.push(Box::new(announcement));
    }

    /// Tells everybody.
    pub fn announce(self) {
        for announcement in self.0 {
            announcement();
        }
    }
}

/// A thread per job.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threads;

impl Background for Threads {
    fn start(&self, name: &'static str, mut job: Box<dyn Job>) {
        let run = move || {
            while job.wait() {
                job.work().announce();
            }
        };
        let started = thread::Builder::new().name(name.to_owned()).spawn(run);
        started.expect("a process that has just begun may have a handful of threads");
    }
}

/// A task per job: for a single-threaded runtime.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tasks;

impl Background for Tasks {
    fn start(&self, _name: &'static str, mut job: Box<dyn Job>) {
        crate::runtime::spawn(async move {
            while job.ready().await {
                job.work().announce();
            }
        });
    }
}

/// Somebody who carries out orders of one kind.
pub(crate) trait Worker: Send + 'static {
    /// What can be ordered.
    type Order: Send + 'static;

    /// Carries out these orders in order.
    fn work(&mut self, orders: Vec<Self::Order>, announcements: &mut Announcements);
}

/// A worker's job and the way to give it orders, `capacity` of which may wait.
pub(crate) fn desk<W: Worker>(
    worker: W,
    capacity: usize,
) -> (mpsc::Sender<W::Order>, Box<Desk<W>>) {
    let (sender, receiver) = mpsc::channel(capacity);
    (sender, Box::new(Desk { worker, receiver, waiting: Vec::new() }))
}

pub(crate) struct Desk<W: Worker> {
    worker: W,
    receiver: mpsc::Receiver<W::Order>,
    waiting: Vec<W::Order>,
}

impl<W: Worker> Job for Desk<W> {
    fn wait(&mut self) -> bool {
        self.waiting.extend(self.receiver.blocking_recv());
        !self.waiting.is_empty()
    }

    fn ready(&mut self) -> BoxFuture<'_, bool> {
        Box::pin(async {
            self.waiting.extend(self.receiver.recv().await);
            !self.waiting.is_empty()
        })
    }

    fn work(&mut self) -> Announcements {
        while let Ok(order) = self.receiver.try_recv() {
            self.waiting.push(order);
        }
        let mut announcements = Announcements::default();
        self.worker.work(std::mem::take(&mut self.waiting), &mut announcements);
        announcements
    }
}
