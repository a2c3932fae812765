//! What the roads between nodes are like, each way by itself.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// What one road does to the bytes on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// How long a piece is under way at most; each draws its own time.
    pub delay_max: Duration,
    /// Bytes a second, where there is a bound.
    pub rate: Option<u32>,
    /// Nothing passes: it waits, as what is sent again and again does. Whoever connects is let in,
    /// and never heard.
    pub held: bool,
    /// How often connections on it were torn in the middle of a message.
    pub torn: u32,
}

/// All roads between some nodes.
#[derive(Clone)]
pub struct Roads {
    nodes: usize,
    conditions: Arc<watch::Sender<Vec<Condition>>>,
    chance: Arc<Mutex<StdRng>>,
}

/// One road, one way, as one connection finds it.
#[derive(Clone)]
pub(super) struct Road {
    at: usize,
    conditions: watch::Receiver<Vec<Condition>>,
    chance: Arc<Mutex<StdRng>>,
    torn_before: u32,
}

impl Roads {
    /// Good roads among so many nodes.
    pub(super) fn new(nodes: usize, seed: u64) -> Self {
        let conditions = Arc::new(watch::Sender::new(vec![Condition::default(); nodes * nodes]));
        Self { nodes, conditions, chance: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))) }
    }

    /// Changes one road, one way.
    pub fn change(&self, from: usize, to: usize, change: impl FnOnce(&mut Condition)) {
        let at = from * self.nodes + to;
        self.conditions.send_modify(|conditions| change(&mut conditions[at]));
    }

    /// Makes all roads good again.
    pub fn heal(&self) {
        self.conditions.send_modify(|conditions| {
            for one in conditions {
                *one = Condition { torn: one.torn, ..Condition::default() };
            }
        });
    }

    /// Waits until something can pass both ways, as a handshake must.
    pub(super) async fn passable(&self, from: usize, to: usize) {
        let (up, down) = (from * self.nodes + to, to * self.nodes + from);
        let mut conditions = self.conditions.subscribe();
        let open = conditions.wait_for(|all| !all[up].held && !all[down].held).await;
        open.expect("the roads are there as long as this");
    }

    /// One road for one connection.
    pub(super) fn road(&self, from: usize, to: usize) -> Road {
        let at = from * self.nodes + to;
        let conditions = self.conditions.subscribe();
        let torn_before = conditions.borrow()[at].torn;
        Road { at, conditions, chance: Arc::clone(&self.chance), torn_before }
    }
}

impl Road {
    /// What it is like now.
    pub fn condition(&self) -> Condition {
        self.conditions.borrow()[self.at]
    }

    /// How long the next piece is under way.
    pub fn delay(&self) -> Duration {
        let most = self.condition().delay_max;
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        most.mul_f64(chance.random_range(0.3..=1.0))
    }

    /// Whether the connection was torn since it began.
    pub fn is_torn(&self) -> bool {
        self.condition().torn != self.torn_before
    }

    /// Waits until something can pass, or the connection is torn.
    pub async fn passable(&mut self) {
        let (at, before) = (self.at, self.torn_before);
        let open = self.conditions.wait_for(|all| !all[at].held || all[at].torn != before).await;
        drop(open);
    }

    /// Waits until the connection is torn.
    pub async fn torn(&mut self) {
        let (at, before) = (self.at, self.torn_before);
        drop(self.conditions.wait_for(|all| all[at].torn != before).await);
    }
}
