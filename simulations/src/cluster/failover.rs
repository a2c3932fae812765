//! One leader loses its power while places are booked: how long until the next one is.

use super::clock::START_SECONDS;
use super::mesh::Mesh;
use super::nation::{founding, places};
use super::seed::Seed;
use super::trace::Trace;
use super::world::World;
use ledger::acts::{Cancel, Hold, Leg, Terms};
use ledger::words::{Author, Place, RequestId, Role};
use ledger::{Act, Command, Done, Outcome};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use replica::{Election, Instant};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, RngSeed};

/// What a loss is made of.
#[derive(Clone, Copy, Debug)]
pub struct Loss {
    /// What all chance follows from.
    pub seed: u64,
    /// When nodes doubt a leader.
    pub election: Election,
    /// Of a thousand syncs of every disk, how many stall.
    pub stalls: u32,
    /// How long.
    pub stall: Duration,
}

/// What it showed.
#[derive(Clone, Copy, Debug)]
pub struct Lost {
    /// From the loss until the first booking that was asked for afterwards was acknowledged; none
    /// when that did not happen within [`PATIENCE`].
    pub gap: Option<Duration>,
    /// Times that another leader was elected before, though nobody was lost.
    pub needless: u64,
    /// How long nobody was lost.
    pub quiet: Duration,
}

/// Desks that book and cancel.
const DESKS: u32 = 8;
/// How long the next booking is waited for.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How long one try may take, as long as a client of the command line gives a call.
const TRY: Duration = Duration::from_secs(5);

/// When the first acknowledged booking that was asked for since a time was told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Option<Since>>>);

#[derive(Clone, Copy)]
struct Since {
    begin: Instant,
    first: Option<Instant>,
}

impl Told {
    /// From now on.
    fn begin(&self) {
        let since = Since { begin: Instant::now(), first: None };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(since);
    }

    fn booked(&self, asked: Instant) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = told.as_mut().filter(|since| asked >= since.begin) {
            since.first.get_or_insert_with(Instant::now);
        }
    }

    fn gap(&self) -> Option<Duration> {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.and_then(|since| Some(since.first? - since.begin))
    }
}

/// Founds a cluster of three, lets desks book for a while, and takes the leader's power.
///
/// # Panics
/// When the host gives no runtime.
#[must_use]
pub fn lose_a_leader(loss: Loss) -> Lost {
    let seed = Seed(loss.seed);
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .rng_seed(RngSeed::from_bytes(&seed.number("runtime").to_be_bytes()))
        .build()
        .expect("a runtime without sockets needs nothing of the host");
    runtime.block_on(live(loss, seed))
}

async fn live(loss: Loss, seed: Seed) -> Lost {
    let mut world = World::new(seed, 3, Trace::new(false), None);
    for machine in world.machines.values_mut() {
        machine.election = loss.election;
    }
    world.found().await;
    found_nation(&world).await;
    let micros = u64::try_from(loss.stall.as_micros()).unwrap_or(u64::MAX);
    world.machines.values().for_each(|machine| machine.pace().set_stalls(loss.stalls, micros));
    let told = Told::default();
    for number in 0..DESKS {
        let (mesh, told) = (world.mesh.clone(), told.clone());
        tokio::spawn(work(number, mesh, told, seed.stream(&format!("desk {number}"))));
    }
    let term = newest_term(&world);
    let quiet = Duration::from_millis(seed.stream("loss").random_range(4_000..=6_000));
    tokio::time::sleep(quiet).await;
    while world.leader().is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let needless = newest_term(&world) - term;
    let (leader, mesh) = (world.leader().unwrap_or(1), world.mesh.clone());
    told.begin();
    world.machine(leader).power_cut(&mesh);
    let until = Instant::now() + PATIENCE;
    while told.gap().is_none() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world.end();
    Lost { gap: told.gap(), needless, quiet }
}

async fn found_nation(world: &World) {
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let soon = Instant::now() + Duration::from_secs(2);
        if let Some(replica) = world.replicas().first()
            && replica.propose(founding(), soon).await.is_ok()
        {
            return;
        }
    }
}

fn newest_term(world: &World) -> u64 {
    world.replicas().iter().map(|replica| replica.status().term).max().unwrap_or(0)
}

/// A desk that books a slot and cancels it again, at any node that is up.
async fn work(number: u32, mesh: Arc<Mesh>, told: Told, mut chance: ChaCha8Rng) {
    let slots: Vec<_> = places().into_iter().filter(|p| matches!(p, Place::Slot(_))).collect();
    let begun = Instant::now();
    let mut asked = 0_u128;
    let mut granted = None;
    loop {
        let act = match granted.take() {
            Some(commitment) => Act::Cancel(Cancel { commitment }),
            None => Act::Hold(Hold {
                legs: vec![Leg {
                    candidates: slots.choose_multiple(&mut chance, 4).copied().collect(),
                }],
                terms: Terms::Book,
                arrival_seconds: 0,
                person: None,
                basis: None,
                overcapacity: None,
            }),
        };
        asked += 1;
        let millis = u128::from(START_SECONDS * 1_000) + begun.elapsed().as_millis();
        let own = u128::from(number) << 32 | asked;
        let request = RequestId::Unique(millis << 80 | 0x7 << 76 | 0b10 << 62 | own);
        let author = Some(Author { principal: u64::from(number) + 1, role: Role::Desk });
        let command = Command { request, author, ..Command::natural(act) };
        let pause = chance.random_range(1..=40);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let since = Instant::now();
        let Some((_, replica)) = mesh.somebody(&mut chance) else { continue };
        match replica.propose(vec![command], Instant::now() + TRY).await {
            Ok(applied) => {
                if let Some(Outcome::Done(Done::Granted(got))) = applied.first().map(|a| &a.outcome)
                {
                    granted = Some(got.first);
                    told.booked(since);
                }
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
