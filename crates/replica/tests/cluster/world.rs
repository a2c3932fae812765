//! A cluster in one process: its network, its disks, its time.

use bytes::Bytes;
use ledger::acts::PutInstitution;
use ledger::words::{Institution, InstitutionCode, Moment, RequestId, Text};
use ledger::{Act, Applied, Command};
use replica::history::MemoryRoom;
use replica::{
    CheckpointPolicy, Clock, Election, Fatal, Instant, Member, Network, NodeId, Pact, Parts,
    PeerCall, ProposeError, Replica, Role, Settings, Tasks, Unreachable,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::disk::MemoryDisk;
use store::identity::{Identity, claim_identity};

pub const PACT: Pact = Pact { cluster: 7, fingerprint: [3; 32] };

/// Some day in 2027.
const START_SECONDS: u64 = 1_800_000_000;

/// Who can reach whom.
#[derive(Default)]
pub struct Mesh {
    nodes: Mutex<BTreeMap<u64, (u64, Replica)>>,
    epochs: AtomicU64,
    cut: Mutex<BTreeSet<u64>>,
    /// Calls seen, by kind.
    pub calls: Mutex<BTreeMap<PeerCall, u64>>,
}

struct Link {
    mesh: Arc<Mesh>,
    from: u64,
    epoch: u64,
}

impl Mesh {
    /// Separates a node from all others, or brings it back.
    pub fn set_cut(&self, node: u64, cut: bool) {
        let mut cuts = self.cut.lock().unwrap();
        if cut {
            cuts.insert(node)
        } else {
            cuts.remove(&node)
        };
    }

    pub fn count(&self, call: PeerCall) -> u64 {
        self.calls.lock().unwrap().get(&call).copied().unwrap_or(0)
    }

    fn is_cut(&self, node: u64) -> bool {
        self.cut.lock().unwrap().contains(&node)
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
        let not_sent = |reason: &str| Unreachable::NotSent { reason: reason.to_owned() };
        tokio::time::sleep(Duration::from_micros(200)).await;
        let peer = self.mesh.nodes.lock().unwrap().get(&to.id.0).cloned();
        let own = self.mesh.nodes.lock().unwrap().get(&self.from).map(|(epoch, _)| *epoch);
        let Some((_, peer)) = peer else {
            return Err(not_sent("it is down"));
        };
        let dead = own.is_some_and(|epoch| epoch != self.epoch);
        if dead || self.mesh.is_cut(self.from) || self.mesh.is_cut(to.id.0) {
            return Err(not_sent("the link is cut"));
        }
        *self.mesh.calls.lock().unwrap().entry(call).or_default() += 1;
        let answer = tokio::time::timeout_at(until, peer.answer(call, body)).await;
        tokio::time::sleep(Duration::from_micros(200)).await;
        if self.mesh.is_cut(self.from) || self.mesh.is_cut(to.id.0) {
            return Err(Unreachable::Unknown { reason: String::from("the link was cut") });
        }
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(not_sent(&error.to_string())),
            Err(_) => Err(Unreachable::Unknown { reason: String::from("too late") }),
        }
    }
}

/// A node's clock: simulated time, plus how wrong it is.
pub struct SimulatedClock {
    start: Instant,
    pub wrong_millis: AtomicI64,
}

impl Clock for SimulatedClock {
    fn now(&self) -> Moment {
        let right = START_SECONDS * 1_000_000 + self.start.elapsed().as_micros() as u64;
        let wrong = self.wrong_millis.load(Ordering::Relaxed) * 1_000;
        Moment::from_micros(right.saturating_add_signed(wrong))
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A cluster.
pub struct World {
    pub mesh: Arc<Mesh>,
    pub disks: BTreeMap<u64, MemoryDisk>,
    pub clocks: BTreeMap<u64, Arc<SimulatedClock>>,
    pub fatal: Arc<Mutex<Vec<(u64, Fatal)>>>,
    pub tune: fn(&mut Settings),
    start: Instant,
    seeds: u64,
    requests: u64,
}

impl World {
    /// A cluster of these many nodes that has begun.
    pub async fn new(nodes: u64) -> Self {
        Self::tuned(nodes, |_| {}).await
    }

    /// The same with other settings.
    pub async fn tuned(nodes: u64, tune: fn(&mut Settings)) -> Self {
        let mut world = Self {
            mesh: Arc::default(),
            disks: BTreeMap::new(),
            clocks: BTreeMap::new(),
            fatal: Arc::default(),
            tune,
            start: Instant::now(),
            seeds: 0,
            requests: 0,
        };
        for id in 1..=nodes {
            world.start(id).await;
        }
        let members = (1..=nodes).map(member).collect();
        world.node(1).initialize(members).await.unwrap();
        world.leader().await;
        world
    }

    fn settings(&self, id: u64) -> Settings {
        let mut settings = Settings::new(NodeId(id), PACT, 1, 0);
        settings.election = Election {
            heartbeat: Duration::from_millis(100),
            wait_min: Duration::from_millis(300),
            wait_max: Duration::from_millis(500),
        };
        settings.checkpoint = CheckpointPolicy {
            log_bytes: u64::MAX,
            log_entries: u64::MAX,
            interval_min: Duration::from_millis(100),
            entries_kept: 10,
        };
        settings.segment_bytes = 64 << 10;
        settings.free_bytes_min = 0;
        (self.tune)(&mut settings);
        settings
    }

    /// Starts a node from its disk.
    pub async fn start(&mut self, id: u64) -> Replica {
        let settings = self.settings(id);
        self.start_with(id, settings).await
    }

    /// Starts a node from its disk with settings of its own.
    pub async fn start_with(&mut self, id: u64, mut settings: Settings) -> Replica {
        self.seeds += 1;
        let disk = self.disks.entry(id).or_insert_with(|| MemoryDisk::new(id)).clone();
        let identity = Identity {
            cluster: settings.pact.cluster,
            node: id,
            incarnation: u128::from(self.seeds),
            fingerprint: settings.pact.fingerprint,
        };
        settings.store = claim_identity(&disk, "node", &identity).unwrap().incarnation;
        let clock = SimulatedClock { start: self.start, wrong_millis: AtomicI64::new(0) };
        let clock = self.clocks.entry(id).or_insert_with(|| Arc::new(clock)).clone();
        let epoch = self.mesh.epochs.fetch_add(1, Ordering::Relaxed);
        let link = Link { mesh: self.mesh.clone(), from: id, epoch };
        let fatal = self.fatal.clone();
        let parts = Parts {
            disk: Arc::new(disk),
            index: Box::new(MemoryRoom),
            network: Arc::new(link),
            clock,
            background: Arc::new(Tasks),
            fatal: Arc::new(move |reason| fatal.lock().unwrap().push((id, reason))),
        };
        let replica = Replica::start(settings, parts).await.unwrap();
        self.mesh.nodes.lock().unwrap().insert(id, (epoch, replica.clone()));
        replica
    }

    /// The power of a node goes. What its disk has is what was synced, and some of the rest.
    pub async fn crash(&mut self, id: u64) {
        let (_, old) = self.mesh.nodes.lock().unwrap().remove(&id).unwrap();
        self.seeds += 1;
        let disk = self.disks[&id].fork(self.seeds);
        disk.power_cut();
        self.disks.insert(id, disk);
        // Its tasks go on upon the old disk, which nobody looks at, until they are told to end.
        old.stop().await;
    }

    /// A node stops as planned.
    pub async fn stop(&mut self, id: u64) {
        let node = self.node(id);
        node.stop().await;
        self.mesh.nodes.lock().unwrap().remove(&id);
    }

    pub fn node(&self, id: u64) -> Replica {
        self.mesh.nodes.lock().unwrap()[&id].1.clone()
    }

    pub fn nodes(&self) -> Vec<u64> {
        self.mesh.nodes.lock().unwrap().keys().copied().collect()
    }

    /// Waits for a leader that is not cut off and has a quorum.
    pub async fn leader(&self) -> u64 {
        for _ in 0..2_000 {
            for id in self.nodes() {
                let status = self.node(id).status();
                if status.role == Role::Leader && !self.mesh.is_cut(id) {
                    return id;
                }
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no leader in 20 s");
    }

    /// A node that does not lead.
    pub async fn follower(&self) -> u64 {
        let leader = self.leader().await;
        self.nodes().into_iter().find(|id| *id != leader && !self.mesh.is_cut(*id)).unwrap()
    }

    /// A new request id.
    pub fn request(&mut self) -> RequestId {
        self.requests += 1;
        let millis = u128::from(START_SECONDS * 1_000 + self.start.elapsed().as_millis() as u64);
        let uuid = millis << 80 | 0x7 << 76 | 0b10 << 62 | u128::from(self.requests);
        RequestId::Unique(uuid)
    }

    /// A command that is carried out whenever it comes.
    pub fn command(&mut self) -> Command {
        command(self.request(), self.requests)
    }

    /// Proposes one command at a node and expects its outcome.
    pub async fn put(&mut self, id: u64) -> Applied {
        let command = self.command();
        propose(&self.node(id), vec![command]).await.unwrap().remove(0)
    }

    /// Waits until all nodes have applied as much as the leader, and compares their states.
    pub async fn converge(&self) {
        let leader = self.leader().await;
        let want = self.node(leader).status();
        for id in self.nodes() {
            let read = replica::Consistency::AtLeast(want.revision);
            self.node(id).read(read, in_seconds(20)).await.unwrap();
        }
        let statuses: Vec<_> = self.nodes().iter().map(|id| self.node(*id).status()).collect();
        for status in &statuses {
            assert_eq!(status.revision, statuses[0].revision, "{statuses:#?}");
            assert_eq!(status.digest, statuses[0].digest, "{statuses:#?}");
        }
    }

    pub fn assert_nothing_fatal(&self) {
        assert_eq!(*self.fatal.lock().unwrap(), []);
    }
}

pub fn member(id: u64) -> Member {
    Member { id: NodeId(id), address: format!("node-{id}") }
}

pub fn command(request: RequestId, number: u64) -> Command {
    let code = InstitutionCode::parse("IMS").unwrap();
    let name = Text::new(&format!("number {number}")).unwrap();
    let act = Act::PutInstitution(PutInstitution { code, institution: Institution { name } });
    Command { request, ..Command::natural(act) }
}

pub async fn propose(
    replica: &Replica,
    commands: Vec<Command>,
) -> Result<Vec<Applied>, ProposeError> {
    replica.propose(commands, in_seconds(10)).await
}

pub fn in_seconds(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

pub async fn pause(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
