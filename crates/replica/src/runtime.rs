//! The one place that names the async runtime: tokio, and the houses that a simulator puts its
//! nodes in.
//!
//! A house is what a machine is to a node: whatever the node starts runs in it, draws its chance
//! from it, and ends with it in the same instant. A binary has no need of one.

use openraft::async_runtime::AsyncOneshotSendExt;
use openraft::{AsyncRuntime, TokioInstant};
use rand_for_openraft::rngs::{StdRng, ThreadRng};
use rand_for_openraft::{Error, RngCore, SeedableRng, thread_rng};
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinError, JoinHandle};
use tokio::time::error::Elapsed;
use tokio::time::{Sleep, Timeout};

/// A point on the runtime's monotonic clock, by which deadlines are given. A
/// `std::time::Instant` converts into it.
pub type Instant = tokio::time::Instant;

/// Runs a task beside the others until it ends.
pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    drop(Runtime::spawn(task));
}

tokio::task_local! {
    static HOUSE: House;
}

/// Where the tasks of one simulated node run. Clones are the same house.
#[derive(Clone)]
pub struct House(Arc<Mutex<Rooms>>);

struct Rooms {
    tasks: Vec<AbortHandle>,
    chance: StdRng,
    /// Tasks at which those that have ended are next forgotten.
    sweep_at: usize,
}

/// Tasks among which looking for ended ones is worth while.
const SWEEP_MIN: usize = 256;

impl House {
    /// An empty house whose chance follows from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let chance = StdRng::seed_from_u64(seed);
        Self(Arc::new(Mutex::new(Rooms { tasks: Vec::new(), chance, sweep_at: SWEEP_MIN })))
    }

    /// Runs a task in this house, and with it all that it starts.
    pub fn spawn<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        let handle = tokio::spawn(HOUSE.scope(self.clone(), task));
        let mut rooms = self.rooms();
        if rooms.tasks.len() >= rooms.sweep_at {
            rooms.tasks.retain(|task| !task.is_finished());
            rooms.sweep_at = SWEEP_MIN.max(2 * rooms.tasks.len());
        }
        rooms.tasks.push(handle.abort_handle());
        handle
    }

    /// The power goes: no task of this house does another step.
    pub fn raze(&self) {
        for task in std::mem::take(&mut self.rooms().tasks) {
            task.abort();
        }
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a house of {} tasks", self.rooms().tasks.len())
    }
}

/// The runtime openraft runs on: tokio, in the house of whoever starts something, if he has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Runtime;

/// Chance: the house's, or the thread's.
pub(crate) enum Chance {
    House(House),
    Thread(ThreadRng),
}

/// Tells one waiter; openraft wants to print it.
pub(crate) struct Teller<T>(oneshot::Sender<T>);

impl AsyncRuntime for Runtime {
    type JoinError = JoinError;
    type JoinHandle<T: Send + 'static> = JoinHandle<T>;
    type Sleep = Sleep;
    type Instant = TokioInstant;
    type TimeoutError = Elapsed;
    type Timeout<R, T: Future<Output = R> + Send> = Timeout<T>;
    type ThreadLocalRng = Chance;
    type OneshotSender<T: Send> = Teller<T>;
    type OneshotReceiver<T: Send> = oneshot::Receiver<T>;
    type OneshotReceiverError = oneshot::error::RecvError;

    fn spawn<T>(future: T) -> JoinHandle<T::Output>
    where
        T: Future + Send + 'static,
        T::Output: Send + 'static,
    {
        match HOUSE.try_with(House::clone) {
            Ok(house) => house.spawn(future),
            Err(_) => tokio::spawn(future),
        }
    }

    fn sleep(duration: Duration) -> Sleep {
        tokio::time::sleep(duration)
    }

    fn sleep_until(deadline: TokioInstant) -> Sleep {
        tokio::time::sleep_until(deadline)
    }

    fn timeout<R, F: Future<Output = R> + Send>(duration: Duration, future: F) -> Timeout<F> {
        tokio::time::timeout(duration, future)
    }

    fn timeout_at<R, F: Future<Output = R> + Send>(
        deadline: TokioInstant,
        future: F,
    ) -> Timeout<F> {
        tokio::time::timeout_at(deadline, future)
    }

    fn is_panic(join_error: &JoinError) -> bool {
        join_error.is_panic()
    }

    fn thread_rng() -> Chance {
        match HOUSE.try_with(House::clone) {
            Ok(house) => Chance::House(house),
            Err(_) => Chance::Thread(thread_rng()),
        }
    }

    fn oneshot<T: Send>() -> (Teller<T>, oneshot::Receiver<T>) {
        let (sender, receiver) = oneshot::channel();
        (Teller(sender), receiver)
    }
}

impl<T: Send> AsyncOneshotSendExt<T> for Teller<T> {
    fn send(self, told: T) -> Result<(), T> {
        self.0.send(told)
    }
}

impl<T> fmt::Debug for Teller<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Teller")
    }
}

impl RngCore for Chance {
    fn next_u32(&mut self) -> u32 {
        match self {
            Self::House(house) => house.rooms().chance.next_u32(),
            Self::Thread(thread) => thread.next_u32(),
        }
    }

    fn next_u64(&mut self) -> u64 {
        match self {
            Self::House(house) => house.rooms().chance.next_u64(),
            Self::Thread(thread) => thread.next_u64(),
        }
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        match self {
            Self::House(house) => house.rooms().chance.fill_bytes(bytes),
            Self::Thread(thread) => thread.fill_bytes(bytes),
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_for_openraft::Rng;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[tokio::test(start_paused = true)]
    async fn a_razed_house_takes_with_it_what_its_tasks_have_started() {
        let house = House::new(1);
        let steps = Arc::new(AtomicU64::new(0));
        let counted = steps.clone();
        house.spawn(async move {
            spawn(async move {
                loop {
                    counted.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            });
        });
        tokio::time::sleep(Duration::from_millis(10)).await;
        let before = steps.load(Ordering::Relaxed);
        assert!(before >= 5);
        house.raze();
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert_eq!(steps.load(Ordering::Relaxed), before);
    }

    #[tokio::test]
    async fn the_same_seed_gives_the_same_chance() {
        let draw = |seed| async move {
            let drawn = House::new(seed).spawn(async { Runtime::thread_rng().r#gen::<u64>() });
            drawn.await.unwrap_or_default()
        };
        assert_eq!(draw(7).await, draw(7).await);
        assert_ne!(draw(7).await, draw(8).await);
    }
}
