//! The network between nodes: messages take time, are lost, come twice, and links break in one
//! direction or both.

use super::forwarded::may_come_twice;
use super::mutant::Mutant;
use super::tally::{Deed, Fate, Tally};
use super::trace::Trace;
use bytes::Bytes;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use replica::{House, Instant, Member, Network, PeerCall, PeerError, Replica, Unreachable};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::disk::MemoryDisk;

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
    /// What became of messages.
    pub tally: Tally,
    mutant: Option<Mutant>,
}

struct State {
    chance: ChaCha8Rng,
    weather: Weather,
    /// Who answers at each number.
    nodes: BTreeMap<u64, Node>,
    /// Directions in which nothing passes, and the number of the cut that made them so.
    cut: BTreeMap<(u64, u64), u64>,
    /// Cuts so far.
    cuts: u64,
    /// The cuts that a message has met, and the ambushes into which a node went.
    met: BTreeSet<u64>,
    ambush: Option<Ambush>,
    /// Nodes that lost their power in an ambush, and do not know it yet.
    ambushed: Vec<u64>,
    /// How often each node was asked to install what it was offered last.
    installs: BTreeMap<u64, u32>,
    /// How many checkpoints each node has installed.
    installed: BTreeMap<u64, u64>,
}

/// A node in one of its lives.
#[derive(Clone)]
pub struct Node {
    /// Where its tasks run.
    pub house: House,
    /// What it answers with.
    pub replica: Replica,
}

/// Waits for the first node that installs a checkpoint, to cut its power while it does.
struct Ambush {
    number: u64,
    /// How long after it was asked to install what it is ready for.
    late: Duration,
    disks: BTreeMap<u64, MemoryDisk>,
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
            cut: BTreeMap::new(),
            cuts: 0,
            met: BTreeSet::new(),
            ambush: None,
            ambushed: Vec::new(),
            installs: BTreeMap::new(),
            installed: BTreeMap::new(),
        };
        Self { state: Mutex::new(state), trace, tally: Tally::default(), mutant }
    }

    /// A node answers from now on.
    pub fn attach(&self, id: u64, node: Node) {
        self.state().nodes.insert(id, node);
    }

    /// A node does not answer any more.
    pub fn detach(&self, id: u64) {
        self.state().nodes.remove(&id);
    }

    /// Changes the weather. True when it was another.
    pub fn set_weather(&self, weather: Weather) -> bool {
        std::mem::replace(&mut self.state().weather, weather) != weather
    }

    /// Cuts these directions of links, and numbers the cut.
    pub fn cut(&self, directions: impl IntoIterator<Item = (u64, u64)>) -> u64 {
        let mut state = self.state();
        state.cuts += 1;
        let number = state.cuts;
        state.cut.extend(directions.into_iter().map(|direction| (direction, number)));
        number
    }

    /// Whether a message has met the cut of this number, or a node its ambush.
    pub fn was_met(&self, cut: u64) -> bool {
        self.state().met.contains(&cut)
    }

    /// Mends all links. True when one was cut.
    pub fn mend(&self) -> bool {
        !std::mem::take(&mut self.state().cut).is_empty()
    }

    /// Cuts the power of the first node that installs a checkpoint from now on, so long after it
    /// began. The number under which it can be asked whether one was met.
    pub fn lie_in_ambush(&self, late: Duration, disks: BTreeMap<u64, MemoryDisk>) -> u64 {
        let mut state = self.state();
        state.cuts += 1;
        let number = state.cuts;
        state.ambush = Some(Ambush { number, late, disks });
        number
    }

    /// Nobody lies in ambush any more.
    pub fn lift_ambush(&self) {
        self.state().ambush = None;
    }

    /// Nodes that have lost their power in an ambush since the last time somebody asked this.
    pub fn take_ambushed(&self) -> Vec<u64> {
        std::mem::take(&mut self.state().ambushed)
    }

    /// How many checkpoints of others a node has installed.
    pub fn installed(&self, id: u64) -> u64 {
        self.state().installed.get(&id).copied().unwrap_or(0)
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
        if let Some(cut) = state.cut.get(&(from, to)).copied() {
            state.met.insert(cut);
            self.tally.count(Deed::Cut);
            return None;
        }
        (!lost).then(|| Duration::from_micros(micros))
    }

    fn comes_twice(&self, call: PeerCall, body: &[u8]) -> bool {
        let mut state = self.state();
        let twice = state.weather.twice;
        let comes = state.chance.random_ratio(twice, 1_000)
            && (call != PeerCall::Forward || may_come_twice(body));
        if comes {
            self.tally.count(Deed::Call(call, Fate::Twice));
        }
        comes
    }

    /// Notes how far a node is with the checkpoint that it is offered. When it is asked to install
    /// it for the first time it only prepares itself, and says that it is not ready.
    fn note(self: &Arc<Self>, to: u64, call: PeerCall) {
        let mut state = self.state();
        let times = match call {
            PeerCall::Offer => 0,
            PeerCall::Install => state.installs.get(&to).copied().unwrap_or(0) + 1,
            _ => return,
        };
        state.installs.insert(to, times);
        let there = |ambush: &mut Ambush| times > 1 && ambush.disks.contains_key(&to);
        let Some(mut ambush) = state.ambush.take_if(there) else { return };
        let (Some(disk), Some(node)) = (ambush.disks.remove(&to), state.nodes.get(&to).cloned())
        else {
            return;
        };
        let mesh = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(ambush.late).await;
            node.house.raze();
            disk.power_cut();
            let mut state = mesh.state();
            state.met.insert(ambush.number);
            state.ambushed.push(to);
        });
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

    /// What a bug answers in a node's place.
    fn forged(&self, call: PeerCall) -> Option<Bytes> {
        self.mutant?.forged(call, self.trace.micros())
    }

    /// Lets the node at the other end answer, if it still lives when the message comes.
    async fn deliver(
        self: &Arc<Self>,
        to: u64,
        call: PeerCall,
        body: Bytes,
    ) -> Option<Result<Bytes, PeerError>> {
        let Node { house, replica } = self.at(to)?;
        self.note(to, call);
        if let Some(forged) = self.forged(call) {
            return Some(Ok(forged));
        }
        // In its own house: what the answer sets going ends with the node that gives it, not with
        // the one that asked. An answer of a life that ended meanwhile was never sent.
        let answer = house.spawn(async move { replica.answer(call, body).await }).await.ok()?;
        // A node that has not yet installed what it was offered says nothing.
        if call == PeerCall::Install && answer.as_ref().is_ok_and(|answer| !answer.is_empty()) {
            *self.state().installed.entry(to).or_default() += 1;
        }
        Some(answer)
    }

    async fn exchange(
        self: &Arc<Self>,
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
        let answer = if self.comes_twice(call, &body) {
            let once = self.deliver(to, call, body.clone());
            tokio::join!(once, self.deliver(to, call, body)).1
        } else {
            self.deliver(to, call, body).await
        };
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
        self.mesh.tally.count(Deed::Call(
            call,
            match &answer {
                Ok(_) => Fate::Done,
                Err(Unreachable::NotSent { .. }) => Fate::Refused,
                Err(Unreachable::Unknown { .. }) => Fate::Unknown,
            },
        ));
        self.mesh.trace.line(format_args!("net {}>{} {call:?} {heard}", self.from, to.id.0));
        answer
    }
}
