//! Whoever breaks things: one fault after the other, each drawn from the seed.

use super::clock::{DRIFT_MAX_PARTS_PER_MILLION, FAR_SECONDS};
use super::machine::HEALTHY_SYNC;
use super::mesh::{FAIR, Weather};
use super::mutant::Mutant;
use super::world::World;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use replica::Instant;
use std::collections::BTreeMap;
use std::time::Duration;

/// The faults there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A node loses its power.
    PowerCut,
    /// The leader loses its power.
    LeaderPowerCut,
    /// All nodes lose their power at once.
    Blackout,
    /// A machine is lost with its disk, and replaced by a new one.
    Loss,
    /// A process dies.
    Kill,
    /// A node stops as planned.
    Stop,
    /// The leader hands over.
    StepDown,
    /// A node is cut off.
    Isolate,
    /// The leader is cut off.
    IsolateLeader,
    /// A node is heard, and hears nothing, or the other way round.
    OneWay,
    /// Links between some pairs break.
    Tear,
    /// All links are mended.
    Mend,
    /// Messages are lost, late, out of order and doubled.
    Storm,
    /// The network is well again.
    Fair,
    /// A clock jumps: seconds, hours, a year, ahead or back.
    ClockJump,
    /// A clock runs too fast or too slowly.
    ClockDrift,
    /// Syncs take as long as 400 ms.
    SlowDisk,
    /// The disk is fast again.
    FastDisk,
    /// A disk is nearly full.
    FullDisk,
    /// There is room again, and changes are taken.
    Room,
    /// A sync fails.
    SyncFails,
    /// A disk takes no more changes.
    ReadOnly,
    /// A bit of what was written turns.
    Rot,
    /// A checkpoint is taken.
    Checkpoint,
}

/// What there is, and how often it comes.
const WEIGHTS: [(Fault, u32); 24] = [
    (Fault::PowerCut, 8),
    (Fault::LeaderPowerCut, 6),
    (Fault::Blackout, 2),
    (Fault::Loss, 1),
    (Fault::Kill, 6),
    (Fault::Stop, 4),
    (Fault::StepDown, 3),
    (Fault::Isolate, 5),
    (Fault::IsolateLeader, 5),
    (Fault::OneWay, 5),
    (Fault::Tear, 4),
    (Fault::Mend, 14),
    (Fault::Storm, 4),
    (Fault::Fair, 6),
    (Fault::ClockJump, 5),
    (Fault::ClockDrift, 3),
    (Fault::SlowDisk, 4),
    (Fault::FastDisk, 6),
    (Fault::FullDisk, 2),
    (Fault::Room, 4),
    (Fault::SyncFails, 2),
    (Fault::ReadOnly, 1),
    (Fault::Rot, 1),
    (Fault::Checkpoint, 6),
];

/// Breaks things.
pub struct Nemesis {
    chance: ChaCha8Rng,
    /// How often each fault came.
    pub counts: BTreeMap<Fault, u64>,
}

impl Nemesis {
    /// One that has done nothing yet.
    pub const fn new(chance: ChaCha8Rng) -> Self {
        Self { chance, counts: BTreeMap::new() }
    }

    /// Breaks things until then.
    pub async fn work(&mut self, world: &mut World, until: Instant) {
        while Instant::now() < until {
            let pause = Duration::from_millis(self.chance.random_range(100..=1_200));
            let next = Instant::now() + pause;
            while Instant::now() < next {
                tokio::time::sleep(Duration::from_millis(50)).await;
                world.supervise().await;
            }
            let chosen = WEIGHTS.choose_weighted(&mut self.chance, |(_, weight)| *weight);
            let (fault, _) = chosen.expect("weights are above zero");
            self.strike(*fault, world).await;
        }
    }

    async fn strike(&mut self, fault: Fault, world: &mut World) {
        let ids = world.ids();
        let any = *ids.choose(&mut self.chance).expect("there are nodes");
        let leader = world.leader().unwrap_or(any);
        world.trace.line(format_args!("nemesis {fault:?} {any} leader {leader}"));
        *self.counts.entry(fault).or_default() += 1;
        match fault {
            Fault::PowerCut => {
                self.wait_for_a_sync(world, any).await;
                self.power_cut(world, any);
            }
            Fault::LeaderPowerCut => {
                self.wait_for_a_sync(world, leader).await;
                self.power_cut(world, leader);
            }
            Fault::Blackout => ids.iter().for_each(|id| self.power_cut(world, *id)),
            Fault::Loss => world.lose(any),
            Fault::Rot => {
                let chance = self.chance.random();
                world.rot(any, chance);
            }
            Fault::Kill => {
                let mesh = world.mesh.clone();
                world.machine(any).kill(&mesh);
                self.switch_on(world, any);
            }
            Fault::Stop => self.stop(world, any).await,
            Fault::StepDown => {
                if let Some(replica) = world.machine(leader).replica().cloned() {
                    replica.step_down().await;
                }
            }
            Fault::Isolate => self.isolate(world, any),
            Fault::IsolateLeader => self.isolate(world, leader),
            Fault::OneWay => {
                let hears = self.chance.random_ratio(1, 2);
                for other in ids.into_iter().filter(|id| *id != any) {
                    let (from, to) = if hears { (any, other) } else { (other, any) };
                    world.mesh.cut(from, to);
                }
            }
            Fault::Tear => {
                for (from, to) in pairs(&ids) {
                    if self.chance.random_ratio(1, 3) {
                        world.mesh.cut(from, to);
                    }
                }
            }
            Fault::Mend => world.mesh.mend(),
            Fault::Storm => world.mesh.set_weather(self.storm()),
            Fault::Fair => world.mesh.set_weather(FAIR),
            Fault::Checkpoint => {
                if let Some(replica) = world.machine(any).replica().cloned() {
                    let within = Duration::from_millis(500);
                    drop(tokio::time::timeout(within, replica.checkpoint_now()).await);
                }
            }
            _ => self.wear(fault, world, any),
        }
    }

    /// What happens to a machine's parts.
    fn wear(&mut self, fault: Fault, world: &mut World, id: u64) {
        if matches!(fault, Fault::FullDisk | Fault::ReadOnly | Fault::SyncFails) {
            world.hurt(id);
        }
        let machine = world.machine(id);
        match fault {
            Fault::ClockJump => {
                let far = [0, FAR_SECONDS.cast_signed(), 3_600, 31_536_000]
                    .choose(&mut self.chance)
                    .copied();
                let seconds =
                    far.unwrap_or(0) * if self.chance.random_ratio(1, 2) { 1 } else { -1 };
                machine.clock.jump(seconds * 1_000_000);
            }
            Fault::ClockDrift => {
                let most = DRIFT_MAX_PARTS_PER_MILLION.cast_signed();
                machine.clock.drift(self.chance.random_range(-most..=most));
            }
            Fault::SlowDisk => machine.pace().set_sync((1_000, 400_000)),
            Fault::FastDisk => machine.pace().set_sync(HEALTHY_SYNC),
            Fault::FullDisk => {
                let left = self.chance.random_range(0..=40_000);
                machine.disk.set_capacity(Some(machine.disk.used_bytes() + left));
            }
            Fault::Room => {
                machine.disk.set_capacity(None);
                machine.disk.set_read_only(false);
            }
            Fault::ReadOnly => machine.disk.set_read_only(true),
            _ => machine.disk.fail_sync_after(self.chance.random_range(0..=20)),
        }
    }

    /// Half of the cuts come while the disk writes: that is when they hurt.
    async fn wait_for_a_sync(&mut self, world: &mut World, id: u64) {
        if self.chance.random_ratio(1, 2) {
            for _ in 0..100 {
                if world.machine(id).disk.is_syncing() {
                    return;
                }
                tokio::time::sleep(Duration::from_micros(300)).await;
            }
        }
    }

    fn power_cut(&mut self, world: &mut World, id: u64) {
        let mesh = world.mesh.clone();
        let lost = world.mutant == Some(Mutant::DiskLossHidden);
        match lost {
            true => world.machine(id).lose_disk(&mesh),
            false => world.machine(id).power_cut(&mesh),
        }
        self.switch_on(world, id);
    }

    fn switch_on(&mut self, world: &mut World, id: u64) {
        let pause = Duration::from_millis(self.chance.random_range(50..=3_000));
        world.switch_on_in(id, pause);
    }

    async fn stop(&mut self, world: &mut World, id: u64) {
        let mesh = world.mesh.clone();
        if let Some(replica) = world.machine(id).replica().cloned() {
            replica.stop().await;
            world.machine(id).kill(&mesh);
            self.switch_on(world, id);
        }
    }

    fn isolate(&self, world: &World, id: u64) {
        for other in world.ids().into_iter().filter(|other| *other != id) {
            world.mesh.cut(id, other);
            world.mesh.cut(other, id);
        }
    }

    fn storm(&mut self) -> Weather {
        let longest = self.chance.random_range(5_000..=120_000);
        let lost = self.chance.random_range(0..=150);
        Weather { micros: (200, longest), lost, twice: self.chance.random_range(0..=100) }
    }
}

fn pairs(ids: &[u64]) -> Vec<(u64, u64)> {
    let all = ids.iter().flat_map(|from| ids.iter().map(move |to| (*from, *to)));
    all.filter(|(from, to)| from != to).collect()
}
