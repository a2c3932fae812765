//! One run: everything from one seed.

use super::clock::right;
use super::desk::{Counter, Desk};
use super::judges::{Evidence, Judge, Violation, judge};
use super::mutant::Mutant;
use super::nation::{FACILITIES, founding};
use super::nemesis::{Fault, Nemesis, Struck};
use super::panics;
use super::record::Record;
use super::registry::register;
use super::seed::Seed;
use super::tally::Deed;
use super::trace::Trace;
use super::trial::try_everything;
use super::visitor::visit;
use super::ward::Ward;
use super::watcher::{Diary, watch};
use super::world::World;
use ledger::Event;
use ledger::words::{Moment, Revision};
use replica::{CheckpointPolicy, Consistency, Instant, LogStatus, Replica, Soundness};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::runtime::{Builder, RngSeed};

/// What a run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What all chance follows from.
    pub seed: u64,
    /// Machines.
    pub nodes: u64,
    /// How long things break.
    pub seconds: u64,
    /// A bug that is switched on.
    pub mutant: Option<Mutant>,
    /// Whether the trace is printed.
    pub show: bool,
}

/// What a run showed.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The hash of its trace.
    pub hash: String,
    /// What clients asked.
    pub asked: usize,
    /// Commands that were agreed on.
    pub revisions: u64,
    /// Simulated time, in seconds.
    pub seconds: u64,
    /// How often each fault came, and met something.
    pub faults: BTreeMap<Fault, Struck>,
    /// How often each kind of thing happened.
    pub deeds: BTreeMap<Deed, u64>,
    /// What must not be, and was.
    pub violations: Vec<Violation>,
}

/// What runs until it is waited for, or ended.
type Tasks = Vec<tokio::task::JoinHandle<()>>;

/// Desks of a run.
const DESKS: u32 = 5;
/// Watchers of a run.
const WATCHERS: u32 = 2;
/// How long healing may take until all have answers and all nodes are equal.
const HEALING: Duration = Duration::from_secs(40);

/// How long all rest in the end: longer than desks hold places.
const REST: Duration = Duration::from_secs(15);
/// How long a checkpoint, and what follows from it, may take when nobody asks for anything else.
const PURGE: Duration = Duration::from_secs(1);
/// How late what falls due may happen, in microseconds: a follower hears of it after its leader.
const LATE_MICROS: u64 = 2_000_000;

/// Runs.
///
/// # Panics
/// When the host gives no runtime.
#[must_use]
pub fn run(plan: Plan) -> Verdict {
    let seed = Seed(plan.seed);
    panics::begin();
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .rng_seed(RngSeed::from_bytes(&seed.number("runtime").to_be_bytes()))
        .build()
        .expect("a runtime without sockets needs nothing of the host");
    let mut verdict = runtime.block_on(live(plan, seed));
    let panicked = panics::count();
    if panicked > 0 {
        verdict
            .violations
            .push(Judge::Panics.finds(format!("{panicked} times something panicked")));
    }
    verdict
}

async fn live(plan: Plan, seed: Seed) -> Verdict {
    let trace = Trace::new(plan.show);
    let mut world = World::new(seed, plan.nodes, trace.clone(), plan.mutant);
    world.found().await;
    let mut verdict = Verdict::default();
    if !lay_the_ground(&world).await {
        let what = String::from("the nation could not be founded");
        verdict.violations.push(Judge::Founding.finds(what));
        verdict.hash = trace.hash();
        world.end();
        return verdict;
    }
    let record = Record::default();
    let (mesh, mutant) = (world.mesh.clone(), plan.mutant);
    let counter = Counter { mesh, record: record.clone(), trace: trace.clone(), mutant };
    let until = Instant::now() + Duration::from_secs(plan.seconds);
    let (desks, wards) = serve(&counter, seed, until);
    let diaries: Vec<_> = (0..WATCHERS).map(|_| Diary::default()).collect();
    for (number, diary) in diaries.iter().enumerate() {
        let chance = seed.stream(&format!("watcher {number}"));
        tokio::spawn(watch(counter.clone(), chance, diary.clone()));
    }
    let mut nemesis = Nemesis::new(seed.stream("nemesis"));
    nemesis.work(&mut world, until).await;

    trace.line(format_args!("healing"));
    world.heal();
    let mut healed = heal(&mut world, &desks).await;
    if healed.is_none() {
        wards.iter().for_each(tokio::task::JoinHandle::abort);
        if !world.rots() {
            let chance = seed.stream("trial");
            let found = try_everything(&mut world, counter.clone(), chance).await;
            verdict.violations.extend(found);
        }
        healed = rest(&mut world, &trace).await;
    }
    let rested = match &healed {
        None => cover(&mut world).await,
        Some(_) => BTreeMap::new(),
    };
    let histories = histories(&world).await;
    let evidence = Evidence {
        histories,
        diaries: diaries.iter().map(Diary::read).collect(),
        machines: world.ids(),
        rested,
        healed: healed.is_none(),
        misled: world.misled,
    };
    verdict.violations.append(&mut world.complaints);
    verdict.violations.extend(healed.map(|what| Judge::Healing.finds(what)));
    verdict.violations.extend(judge(&evidence, &record.notes()));
    verdict.hash = trace.hash();
    verdict.asked = record.notes().asked.len();
    verdict.revisions = evidence.histories.first().map_or(0, |history| history.revision);
    verdict.seconds = trace.micros() / 1_000_000;
    verdict.faults = nemesis.counts;
    verdict.deeds = counter.mesh.tally.counts();
    world.end();
    verdict
}

/// Sets those going who ask for places and give them: desks, whose answers are waited for, and
/// wards.
fn serve(counter: &Counter, seed: Seed, until: Instant) -> (Tasks, Tasks) {
    let mut desks = Tasks::new();
    for number in 0..DESKS {
        let desk = Desk::new(number, counter.clone(), seed.stream(&format!("desk {number}")));
        desks.push(tokio::spawn(desk.work(until)));
    }
    desks.push(tokio::spawn(visit(counter.clone(), seed.stream("visitors"), until)));
    tokio::spawn(register(counter.clone(), seed.stream("registry"), until));
    let mut wards = Tasks::new();
    for facility in 0..FACILITIES {
        let chance = seed.stream(&format!("ward {facility}"));
        wards.push(tokio::spawn(Ward::new(facility, counter.clone(), chance).work()));
    }
    (desks, wards)
}

/// Registers the nation. True when it is there.
async fn lay_the_ground(world: &World) -> bool {
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let Some(replica) = world.replicas().first().cloned() else {
            return false;
        };
        if replica.propose(founding(), Instant::now() + Duration::from_secs(2)).await.is_ok() {
            return true;
        }
    }
    false
}

/// Waits until every desk is done and all nodes are equal; says what did not come in time.
async fn heal(world: &mut World, desks: &[tokio::task::JoinHandle<()>]) -> Option<String> {
    let until = Instant::now() + HEALING;
    while Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.supervise().await;
        if desks.iter().all(tokio::task::JoinHandle::is_finished) && converged(world).await {
            return None;
        }
    }
    let open = desks.iter().filter(|desk| !desk.is_finished()).count();
    let statuses: Vec<_> = world.replicas().iter().map(Replica::status).collect();
    let nodes: Vec<_> = statuses.iter().map(|s| (s.node.0, s.role, s.revision.0)).collect();
    Some(format!("{HEALING:?} after all was well {open} desks wait; nodes {nodes:?}"))
}

/// Nobody asks for anything any more: what falls due happens by itself. Says what did not.
async fn rest(world: &mut World, trace: &Trace) -> Option<String> {
    let until = Instant::now() + REST;
    while Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.supervise().await;
    }
    let late = right(trace.micros()).micros().saturating_sub(LATE_MICROS);
    for replica in world.replicas() {
        let view = replica.view();
        if let Some(due) = view.next_due().filter(|due| due.micros() < late) {
            let node = replica.status().node.0;
            return Some(format!("node {node} lets {due:?} pass, and nothing happens"));
        }
    }
    None
}

/// Asks every node for a checkpoint, and gives it time to purge what that covers. How each log
/// stood before.
async fn cover(world: &mut World) -> BTreeMap<u64, LogStatus> {
    let mut rested = BTreeMap::new();
    for replica in world.replicas() {
        let status = replica.status();
        rested.insert(status.node.0, status.log);
        drop(tokio::time::timeout(PURGE, replica.checkpoint_now()).await);
    }
    tokio::time::sleep(PURGE).await;
    world.supervise().await;
    rested
}

/// Whether all nodes are up and show what a linearizable read shows.
async fn converged(world: &World) -> bool {
    let replicas = world.replicas();
    if replicas.len() < world.machines.len() || world.operator.is_busy() {
        return false;
    }
    let Some(first) = replicas.first() else {
        return false;
    };
    let soon = Instant::now() + Duration::from_secs(2);
    let Ok(view) = first.read(Consistency::Linearizable, soon).await else {
        return false;
    };
    for replica in &replicas {
        let want = Consistency::AtLeast(view.revision());
        if replica.read(want, soon).await.is_err() {
            return false;
        }
    }
    true
}

/// What one node says has happened, from the beginning.
pub struct History {
    /// Which node.
    pub node: u64,
    /// Everything that happened up to there.
    pub events: Vec<Event>,
    /// Up to where.
    pub revision: u64,
    /// The log's moment, when what happened was asked for.
    pub moment: Moment,
    /// The state's digest there.
    pub digest: ledger::Digest,
    /// Its log.
    pub log: LogStatus,
    /// When it takes checkpoints.
    pub checkpoint: CheckpointPolicy,
    /// How many of them are on its disk.
    pub checkpoints: usize,
    /// Who votes, as it knows.
    pub voters: Vec<u64>,
    /// What the state breaks, if something.
    pub violation: Option<String>,
    /// What is not what was written, on a disk on which no bit was turned.
    pub unsound: Option<Soundness>,
}

/// Every node's journal, up to one revision.
async fn histories(world: &World) -> Vec<History> {
    let mut histories = Vec::new();
    for machine in world.machines.values() {
        let Some(replica) = machine.replica() else { continue };
        let (view, status) = (replica.view(), replica.status());
        let voters = status.members.iter().filter(|member| member.votes);
        let found = replica.look_through();
        let unsound = !found.is_sound() && !world.is_rotten(status.node.0);
        let mut history = History {
            node: status.node.0,
            voters: voters.map(|voter| voter.member.id.0).collect(),
            events: Vec::new(),
            revision: 0,
            moment: view.moment(),
            digest: view.digest(),
            log: status.log,
            checkpoint: machine.checkpoint,
            checkpoints: machine.checkpoints_kept(),
            violation: view.violation().map(|violation| format!("{violation:?}")),
            unsound: unsound.then_some(found),
        };
        if let Ok(mut watch) = replica.watch(Revision(0)) {
            while history.revision < view.revision().0 {
                match tokio::time::timeout(Duration::from_secs(2), watch.next()).await {
                    Ok(Ok(happenings)) => {
                        history.events.extend_from_slice(&happenings.events);
                        history.revision = happenings.through.0;
                    }
                    _ => break,
                }
            }
        }
        histories.push(history);
    }
    histories
}
