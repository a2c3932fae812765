//! The network between nodes: messages take time, are lost, come twice, and links break in one
//! direction or both.

use super::mutant::Mutant;
use super::trace::Trace;
use bytes::Bytes;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use replica::{House, Instant, Member, Network, PeerCall, PeerError, Replica, Unreachable};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How the network is at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weather {
    /// The shortest and the longest way of a message, in microseconds.
    pub micros: (u64, u64),
    /// Messages lost, of 1,000.
    pub lost: u32,
    /// Messages that come twice, of 1,000.
    pub twice: u32,
}

/// Good weather: a network within one city.
pub const FAIR: Weather = Weather { micros: (200, 900), lost: 0, twice: 0 };

/// All nodes and the links among them.
pub struct Mesh {
    state: Mutex<State>,
    trace: Trace,
    mutant: Option<Mutant>,
}

struct State {
    chance: ChaCha8Rng,
    weather: Weather,
    /// Who answers at each number.
    nodes: BTreeMap<u64, Node>,
    /// Directions in which nothing passes.
    cut: BTreeSet<(u64, u64)>,
    counts: Counts,
}

/// A node in one of its lives.
#[derive(Clone)]
pub struct Node {
    /// Where its tasks run.
    pub house: House,
    /// What it answers with.
    pub replica: Replica,
}

/// What became of messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Carried.
    pub carried: u64,
    /// Lost, by chance or on a link that was cut.
    pub lost: u64,
    /// Delivered twice.
    pub twice: u64,
}

/// One node's way to the others.
pub struct Link {
    pub mesh: Arc<Mesh>,
    pub from: u64,
}

impl Mesh {
    /// No nodes, fair weather.
    pub fn new(chance: ChaCha8Rng, trace: Trace, mutant: Option<Mutant>) -> Self {
        let state = State {
            chance,
            weather: FAIR,
            nodes: BTreeMap::new(),
            cut: BTreeSet::new(),
            counts: Counts::default(),
        };
        Self { state: Mutex::new(state), trace, mutant }
    }

    /// A node answers from now on.
    pub fn attach(&self, id: u64, node: Node) {
        self.state().nodes.insert(id, node);
    }

    /// A node does not answer any more.
    pub fn detach(&self, id: u64) {
        self.state().nodes.remove(&id);
    }

    /// Changes the weather.
    pub fn set_weather(&self, weather: Weather) {
        self.state().weather = weather;
    }

    /// Cuts one direction of a link.
    pub fn cut(&self, from: u64, to: u64) {
        self.state().cut.insert((from, to));
    }

    /// Mends all links.
    pub fn mend(&self) {
        self.state().cut.clear();
    }

    /// What became of messages.
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a message is under way; none when it is lost.
    fn carry(&self, from: u64, to: u64) -> Option<Duration> {
        let mut state = self.state();
        let weather = state.weather;
        let micros = state.chance.random_range(weather.micros.0..=weather.micros.1);
        let lost = state.chance.random_ratio(weather.lost, 1_000);
        if lost || state.cut.contains(&(from, to)) {
            state.counts.lost += 1;
            return None;
        }
        state.counts.carried += 1;
        Some(Duration::from_micros(micros))
    }

    fn comes_twice(&self) -> bool {
        let mut state = self.state();
        let twice = state.weather.twice;
        let comes = state.chance.random_ratio(twice, 1_000);
        state.counts.twice += u64::from(comes);
        comes
    }

    /// Some node that is up, as a client finds one.
    pub fn somebody(&self, chance: &mut ChaCha8Rng) -> Option<(u64, Replica)> {
        let state = self.state();
        let up: Vec<_> = state.nodes.iter().collect();
        let (id, node) = up.choose(chance)?;
        Some((**id, node.replica.clone()))
    }

    fn at(&self, id: u64) -> Option<Node> {
        self.state().nodes.get(&id).cloned()
    }

    /// Lets the node at the other end answer, if it still lives when the message comes.
    async fn deliver(
        &self,
        to: u64,
        call: PeerCall,
        body: Bytes,
    ) -> Option<Result<Bytes, PeerError>> {
        let Node { house, replica } = self.at(to)?;
        if let Some(forged) = self.mutant.and_then(|mutant| mutant.forged(call)) {
            return Some(Ok(forged));
        }
        // In its own house: what the answer sets going ends with the node that gives it, not with
        // the one that asked. An answer of a life that ended meanwhile was never sent.
        house.spawn(async move { replica.answer(call, body).await }).await.ok()
    }

    async fn exchange(
        &self,
        (from, to): (u64, u64),
        call: PeerCall,
        body: Bytes,
    ) -> Result<Bytes, Unreachable> {
        let silence = || std::future::pending::<Result<Bytes, Unreachable>>();
        let Some(there) = self.carry(from, to) else {
            return silence().await;
        };
        tokio::time::sleep(there).await;
        if self.at(to).is_none() {
            // Its machine answers for a process that is down.
            return Err(Unreachable::NotSent { reason: String::from("it is down") });
        }
        // What a caller without an id has asked for is sent once, and so carried at most once: that
        // much a connection promises.
        if call != PeerCall::Forward && self.comes_twice() {
            drop(self.deliver(to, call, body.clone()).await);
        }
        let answer = self.deliver(to, call, body).await;
        let (Some(answer), Some(back)) = (answer, self.carry(to, from)) else {
            return silence().await;
        };
        tokio::time::sleep(back).await;
        answer.map_err(|error| Unreachable::NotSent { reason: error.to_string() })
    }
}

#[async_trait::async_trait]
impl Network for Link {
    async fn call(
        &self,
        to: &Member,
        call: PeerCall,
        body: Bytes,
        until: Instant,
    ) -> Result<Bytes, Unreachable> {
        let exchange = self.mesh.exchange((self.from, to.id.0), call, body);
        let answer = match tokio::time::timeout_at(until, exchange).await {
            Ok(answer) => answer,
            Err(_) => Err(Unreachable::Unknown { reason: String::from("the deadline passed") }),
        };
        let heard = answer.as_ref().map_or(0, Bytes::len);
        self.mesh.trace.line(format_args!("net {}>{} {call:?} {heard}", self.from, to.id.0));
        answer
    }
}
