//! One machine: its disk and clock outlive its lives; its house does not.

use super::clock::NodeClock;
use super::mesh::{Link, Mesh, Node};
use super::seed::Seed;
use super::trace::Trace;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use replica::history::MemoryRoom;
use replica::{
    Background, CheckpointPolicy, Election, Fatal, House, Job, NodeId, Pact, Parts, Replica,
    RingBounds, Settings, StartError,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::disk::{Disk, MemoryDisk, Operation, Refusals};
use store::identity::{Identity, IdentityError, claim_identity};

/// What all nodes of a run have in common.
pub const PACT: Pact = Pact { cluster: 7, fingerprint: [3; 32] };

/// A machine and what runs on it.
pub struct Machine {
    pub id: u64,
    pub disk: MemoryDisk,
    pub clock: Arc<NodeClock>,
    /// When its node doubts a leader.
    pub election: Election,
    /// When its node takes checkpoints.
    pub checkpoint: CheckpointPolicy,
    segment_bytes: u64,
    ring: RingBounds,
    /// Whether a checkpoint was asked for that has not been seen yet.
    pub asked_for_checkpoint: bool,
    /// Whether its disk is nearly full, or takes no changes.
    pub choked: bool,
    /// What its disk had refused when its current life began.
    refused: Refusals,
    pace: Arc<DiskPace>,
    seed: Seed,
    lives: u64,
    alive: Option<Node>,
    /// Why the node of the current life asked to be ended.
    fatal: Arc<Mutex<Option<Fatal>>>,
}

/// How long the disk takes, in microseconds of work not yet waited for.
pub struct DiskPace {
    owed: AtomicU64,
    /// The shortest and the longest sync.
    sync: Mutex<(u64, u64)>,
    /// Of a thousand syncs, how many stall, and for how long.
    stalls: Mutex<(u32, u64)>,
    chance: Mutex<ChaCha8Rng>,
}

/// Runs a node's blocking work as tasks of its house, each as slow as the disk.
struct Workers {
    house: House,
    pace: Arc<DiskPace>,
    disk: MemoryDisk,
}

/// How long a start may take, on the slowest disk: what hangs then hangs for ever.
const START: Duration = Duration::from_secs(60);
/// Small, so that checkpoints, purges and segments turn over many times in a run.
const CHECKPOINTS: CheckpointPolicy = CheckpointPolicy {
    log_bytes: u64::MAX,
    log_entries: 100,
    interval_min: Duration::from_millis(500),
    entries_kept: 20,
};
/// A healthy disk's syncs, in microseconds.
pub const HEALTHY_SYNC: (u64, u64) = (300, 2_000);

impl DiskPace {
    /// How long a thread that has work waits for its turn: mostly not at all.
    fn late(&self) -> Duration {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        Duration::from_millis(if chance.random_ratio(1, 8) {
            chance.random_range(1..=5)
        } else {
            0
        })
    }

    fn operate(&self, operation: Operation) {
        let (shortest, longest) = *self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        let micros = match operation {
            // 200 MB a second.
            Operation::Append(bytes) => bytes / 200,
            Operation::Sync | Operation::SyncDirectory => {
                let (often, long) = *self.stalls.lock().unwrap_or_else(PoisonError::into_inner);
                let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
                let stall = if chance.random_ratio(often, 1_000) { long } else { 0 };
                chance.random_range(shortest..=longest) + stall
            }
        };
        self.owed.fetch_add(micros, Ordering::Relaxed);
    }

    /// Makes so many of a thousand syncs take so much longer, in microseconds.
    pub fn set_stalls(&self, permille: u32, micros: u64) {
        *self.stalls.lock().unwrap_or_else(PoisonError::into_inner) = (permille, micros);
    }

    /// Makes syncs take between these times. True when they took others before.
    pub fn set_sync(&self, micros: (u64, u64)) -> bool {
        let mut sync = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *sync, micros) != micros
    }
}

impl Background for Workers {
    fn start(&self, _name: &'static str, mut job: Box<dyn Job>) {
        let (pace, disk) = (self.pace.clone(), self.disk.clone());
        self.house.spawn(async move {
            while job.ready().await {
                tokio::time::sleep(pace.late()).await;
                let announcements = job.work();
                let owed = pace.owed.swap(0, Ordering::Relaxed);
                if owed > 0 {
                    tokio::time::sleep(Duration::from_micros(owed)).await;
                }
                // Until now the power could still take what the last sync was writing.
                disk.settle();
                announcements.announce();
            }
        });
    }
}

/// A disk that takes its time.
fn empty_disk(seed: u64, pace: &Arc<DiskPace>) -> MemoryDisk {
    let disk = MemoryDisk::new(seed);
    let hook = pace.clone();
    disk.set_hook(Some(Arc::new(move |operation, _: &str| hook.operate(operation))));
    disk.set_syncs_linger(true);
    disk
}

impl Machine {
    /// A machine that is off, with an empty disk.
    pub fn new(id: u64, seed: Seed, clock: NodeClock) -> Self {
        let pace = Arc::new(DiskPace {
            owed: AtomicU64::new(0),
            sync: Mutex::new(HEALTHY_SYNC),
            stalls: Mutex::new((0, 0)),
            chance: Mutex::new(seed.stream(&format!("pace {id}"))),
        });
        let disk = empty_disk(seed.number(&format!("disk {id}")), &pace);
        let clock = Arc::new(clock);
        Self {
            id,
            disk,
            clock,
            election: Election::default(),
            checkpoint: CHECKPOINTS,
            segment_bytes: 32 << 10,
            ring: RingBounds::default(),
            asked_for_checkpoint: false,
            choked: false,
            refused: Refusals::default(),
            pace,
            seed,
            lives: 0,
            alive: None,
            fatal: Arc::default(),
        }
    }

    /// The replica, if the machine is on.
    pub fn replica(&self) -> Option<&Replica> {
        self.alive.as_ref().map(|alive| &alive.replica)
    }

    /// How many checkpoints are on its disk.
    pub fn checkpoints_kept(&self) -> usize {
        let files = self.disk.list("checkpoints").unwrap_or_default();
        files.iter().filter(|file| file.ends_with(".manifest")).count()
    }

    /// How often its node has begun to live.
    pub const fn lives(&self) -> u64 {
        self.lives
    }

    /// Whether a checkpoint was asked for since the last time somebody asked this.
    pub fn take_request(&mut self) -> bool {
        std::mem::take(&mut self.asked_for_checkpoint)
    }

    /// Whether its disk has refused something in the current life, as it was told to.
    pub fn met_a_fault(&self) -> bool {
        self.disk.refusals() != self.refused
    }

    /// Gives its node, from its next life on, other settings than the others have.
    pub fn retune(&mut self, chance: &mut ChaCha8Rng) {
        let millis = Duration::from_millis;
        self.checkpoint = CheckpointPolicy {
            log_entries: chance.random_range(40..=160),
            interval_min: millis(chance.random_range(200..=1_000)),
            entries_kept: chance.random_range(5..=40),
            ..CHECKPOINTS
        };
        self.election = Election {
            heartbeat: millis(chance.random_range(70..=110)),
            wait_min: millis(chance.random_range(300..=350)),
            wait_max: millis(chance.random_range(400..=450)),
        };
        self.segment_bytes = chance.random_range(16..=64) << 10;
        self.ring = RingBounds { events: chance.random_range(64..=4_096), ..self.ring };
    }

    /// The pace of its disk.
    pub fn pace(&self) -> &DiskPace {
        &self.pace
    }

    /// Why the node asked to be ended, if it did.
    pub fn fatal(&self) -> Option<Fatal> {
        self.fatal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Starts the node from what is on its disk.
    ///
    /// # Errors
    /// When what is there cannot be used.
    pub async fn start(&mut self, mesh: &Arc<Mesh>, trace: &Trace) -> Result<(), StartError> {
        self.lives += 1;
        self.refused = self.disk.refusals();
        let (id, life) = (self.id, self.lives);
        *self.fatal.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let settings = self.settings()?;
        let house = House::new(self.seed.number(&format!("raft {id} {life}")));
        let fatal = self.fatal.clone();
        let told = trace.clone();
        let parts = Parts {
            disk: Arc::new(self.disk.clone()),
            index: Box::new(MemoryRoom),
            network: Arc::new(Link { mesh: mesh.clone(), from: id }),
            clock: self.clock.clone(),
            background: Arc::new(Workers {
                house: house.clone(),
                pace: self.pace.clone(),
                disk: self.disk.clone(),
            }),
            fatal: Arc::new(move |reason| {
                told.line(format_args!("node {id} fatal {reason}"));
                let mut fatal = fatal.lock().unwrap_or_else(PoisonError::into_inner);
                fatal.get_or_insert(reason);
            }),
        };
        let starting = house.spawn(Replica::start(settings, parts));
        let started = match tokio::time::timeout(START, starting).await {
            Ok(Ok(started)) => started,
            Ok(Err(error)) => Err(StartError::Agreement { reason: error.to_string() }),
            Err(_) => {
                let reason = format!("it is not up after {START:?}");
                Err(StartError::Agreement { reason })
            }
        };
        let replica = match started {
            Ok(replica) => replica,
            Err(error) => {
                house.raze();
                return Err(error);
            }
        };
        let node = Node { house, replica };
        mesh.attach(id, node.clone());
        self.alive = Some(node);
        Ok(())
    }

    fn settings(&self) -> Result<Settings, StartError> {
        let identity = Identity {
            cluster: PACT.cluster,
            node: self.id,
            incarnation: u128::from(self.seed.number(&format!("store {}", self.id))),
            fingerprint: PACT.fingerprint,
        };
        let claimed = claim_identity(&self.disk, "node", &identity);
        let claimed = claimed.map_err(|error| match error {
            IdentityError::Store(error) => StartError::Store(error),
            error => StartError::Settings { reason: error.to_string() },
        })?;
        let mut settings = Settings::new(NodeId(self.id), PACT, 1, claimed.incarnation);
        settings.checkpoint = self.checkpoint;
        settings.election = self.election;
        settings.segment_bytes = self.segment_bytes;
        settings.ring = self.ring;
        settings.free_bytes_min = 16 << 10;
        Ok(settings)
    }

    /// Ends the life: nothing of it does another step. True when it was alive.
    pub fn end(&mut self, mesh: &Mesh) -> bool {
        mesh.detach(self.id);
        let Some(alive) = self.alive.take() else {
            return false;
        };
        alive.house.raze();
        true
    }

    /// The power goes: of what was not synced a part is lost. True when the node was alive.
    pub fn power_cut(&mut self, mesh: &Mesh) -> bool {
        let lived = self.end(mesh);
        self.disk.power_cut();
        lived
    }

    /// A bit turns in one of the files that are complete, where there is one.
    pub fn rot(&mut self, chance: u64) -> bool {
        let mut files = Vec::new();
        for directory in ["log", "journal", "checkpoints"] {
            let names = self.disk.list(directory).unwrap_or_default();
            let mut segments: Vec<_> = names.iter().filter(|n| n.ends_with(".seg")).collect();
            segments.pop();
            let sealed = [".manifest", ".pack"];
            let others = names.iter().filter(|name| sealed.iter().any(|end| name.ends_with(end)));
            files.extend(segments.into_iter().chain(others).map(|n| format!("{directory}/{n}")));
        }
        let mut chance = ChaCha8Rng::seed_from_u64(chance);
        let Some(file) = files.choose(&mut chance) else { return false };
        let size = self.disk.size(file).unwrap_or(0).max(1);
        let (offset, bit) = (chance.random_range(0..size), chance.random_range(0..8));
        self.disk.corrupt(file, offset, 1 << bit).is_ok()
    }

    /// The disk is lost, and nobody says so: an empty one takes its place under the same name.
    pub fn lose_disk(&mut self, mesh: &Mesh) -> bool {
        let lived = self.end(mesh);
        let number = self.seed.number(&format!("disk {} {}", self.id, self.lives));
        self.disk = empty_disk(number, &self.pace);
        lived
    }

    /// The process dies: what was written stays, and is not all durable. True when it was alive.
    pub fn kill(&mut self, mesh: &Mesh) -> bool {
        let lived = self.end(mesh);
        self.disk.process_restart();
        lived
    }
}
