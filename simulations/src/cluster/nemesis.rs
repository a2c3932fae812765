//! Whoever breaks things: one fault after the other, each drawn from the seed.

use super::clock::{DRIFT_MAX_PARTS_PER_MILLION, FAR_SECONDS};
use super::machine::HEALTHY_SYNC;
use super::mesh::{FAIR, Weather};
use super::mutant::Mutant;
use super::tally::{Deed, Fate};
use super::world::World;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use replica::{Instant, Replica, Role};
use std::collections::BTreeMap;
use std::time::Duration;
use store::disk::Refusals;

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
    /// A node loses its power while it installs a checkpoint that came from another.
    InstallPowerCut,
    /// A node stops as planned.
    Stop,
    /// A node stops as planned, and starts with other settings than before.
    Retune,
    /// One node after the other stops, and starts with other settings: a rolling upgrade, of what
    /// there is one version of.
    Roll,
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

/// How often a fault came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Struck {
    /// How often it was planned.
    pub planned: u64,
    /// How often it met something: a message on the link that was cut, a sync that was to fail, a
    /// node that was up.
    pub met: u64,
}

/// What there is, and how often it comes.
const WEIGHTS: [(Fault, u32); 27] = [
    (Fault::PowerCut, 8),
    (Fault::LeaderPowerCut, 6),
    (Fault::Blackout, 2),
    (Fault::Loss, 1),
    (Fault::Kill, 6),
    (Fault::InstallPowerCut, 4),
    (Fault::Stop, 3),
    (Fault::Retune, 3),
    (Fault::Roll, 1),
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
    pub counts: BTreeMap<Fault, Struck>,
    /// Faults of which only the end shows whether they met anything.
    open: Vec<(Fault, Meets)>,
}

/// Whether a fault met something.
enum Meets {
    /// It did.
    Something,
    /// It found nothing to break.
    Nothing,
    /// It did when a message meets the cut of this number, or a node the ambush.
    Cut(u64),
    /// It did when the disk of this machine has refused more than this.
    Disk(u64, Refusals),
}

/// How long a node that was told to stop may take until it is killed.
const STOP: Duration = Duration::from_secs(2);

impl From<bool> for Meets {
    fn from(something: bool) -> Self {
        if something { Self::Something } else { Self::Nothing }
    }
}

impl Fault {
    /// All faults.
    pub fn all() -> impl Iterator<Item = Self> {
        WEIGHTS.into_iter().map(|(fault, _)| fault)
    }
}

impl Nemesis {
    /// One that has done nothing yet.
    pub const fn new(chance: ChaCha8Rng) -> Self {
        Self { chance, counts: BTreeMap::new(), open: Vec::new() }
    }

    /// Breaks things until then.
    pub async fn work(&mut self, world: &mut World, until: Instant) {
        while Instant::now() < until {
            let pause = Duration::from_millis(self.chance.random_range(100..=1_200));
            wait(world, pause).await;
            let chosen = WEIGHTS.choose_weighted(&mut self.chance, |(_, weight)| *weight);
            let (fault, _) = *chosen.expect("weights are above zero");
            self.counts.entry(fault).or_default().planned += 1;
            match self.strike(fault, world).await {
                Meets::Something => self.counts.entry(fault).or_default().met += 1,
                Meets::Nothing => {}
                later => self.open.push((fault, later)),
            }
        }
        for (fault, meets) in std::mem::take(&mut self.open) {
            let met = match meets {
                Meets::Cut(number) => world.mesh.was_met(number),
                Meets::Disk(id, before) => {
                    world.machines.get(&id).is_some_and(|m| m.disk.refusals() != before)
                }
                Meets::Something => true,
                Meets::Nothing => false,
            };
            self.counts.entry(fault).or_default().met += u64::from(met);
        }
    }

    async fn strike(&mut self, fault: Fault, world: &mut World) -> Meets {
        let ids = world.ids();
        let any = *ids.choose(&mut self.chance).expect("there are nodes");
        let leader = world.leader().unwrap_or(any);
        world.trace.line(format_args!("nemesis {fault:?} {any} leader {leader}"));
        match fault {
            Fault::PowerCut | Fault::LeaderPowerCut => {
                let id = if fault == Fault::PowerCut { any } else { leader };
                self.wait_for_a_sync(world, id).await;
                self.power_cut(world, id).into()
            }
            Fault::Blackout => {
                let lived = ids.iter().filter(|id| self.power_cut(world, **id)).count();
                (lived > 0).into()
            }
            Fault::InstallPowerCut => self.lie_in_ambush(world),
            Fault::Loss => world.lose(any).into(),
            Fault::Rot => {
                let chance = self.chance.random();
                world.rot(any, chance).into()
            }
            Fault::Kill => {
                let mesh = world.mesh.clone();
                let lived = world.machine(any).kill(&mesh);
                self.switch_on(world, any);
                lived.into()
            }
            Fault::Stop => self.stop(world, any).await.into(),
            Fault::Retune => {
                world.machine(any).retune(&mut self.chance);
                self.stop(world, any).await.into()
            }
            Fault::Roll => self.roll(world, &ids).await.into(),
            Fault::StepDown => self.step_down(world, leader).await.into(),
            Fault::Isolate => self.isolate(world, any),
            Fault::IsolateLeader => self.isolate(world, leader),
            Fault::OneWay => {
                let hears = self.chance.random_ratio(1, 2);
                let others = ids.into_iter().filter(|id| *id != any);
                let ways = others.map(|other| if hears { (any, other) } else { (other, any) });
                Meets::Cut(world.mesh.cut(ways))
            }
            Fault::Tear => {
                let mut torn = pairs(&ids);
                torn.retain(|_| self.chance.random_ratio(1, 3));
                Meets::Cut(world.mesh.cut(torn))
            }
            Fault::Mend => world.mesh.mend().into(),
            Fault::Storm => world.mesh.set_weather(self.storm()).into(),
            Fault::Fair => world.mesh.set_weather(FAIR).into(),
            Fault::Checkpoint => ask_for_checkpoint(world, any).await.into(),
            _ => self.wear(fault, world, any),
        }
    }

    /// What happens to a machine's parts.
    fn wear(&mut self, fault: Fault, world: &mut World, id: u64) -> Meets {
        let machine = world.machine(id);
        let refused = Meets::Disk(id, machine.disk.refusals());
        match fault {
            Fault::ClockJump => {
                let far = [0, FAR_SECONDS.cast_signed(), 3_600, 31_536_000]
                    .choose(&mut self.chance)
                    .copied();
                let seconds =
                    far.unwrap_or(0) * if self.chance.random_ratio(1, 2) { 1 } else { -1 };
                machine.clock.jump(seconds * 1_000_000).into()
            }
            Fault::ClockDrift => {
                let most = DRIFT_MAX_PARTS_PER_MILLION.cast_signed();
                machine.clock.drift(self.chance.random_range(-most..=most)).into()
            }
            Fault::SlowDisk => machine.pace().set_sync((1_000, 400_000)).into(),
            Fault::FastDisk => machine.pace().set_sync(HEALTHY_SYNC).into(),
            Fault::FullDisk => {
                let left = self.chance.random_range(0..=40_000);
                machine.disk.set_capacity(Some(machine.disk.used_bytes() + left));
                machine.choked = true;
                refused
            }
            Fault::Room => {
                machine.disk.set_capacity(None);
                machine.disk.set_read_only(false);
                std::mem::take(&mut machine.choked).into()
            }
            Fault::ReadOnly => {
                machine.disk.set_read_only(true);
                machine.choked = true;
                refused
            }
            _ => {
                machine.disk.fail_sync_after(self.chance.random_range(0..=20));
                refused
            }
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

    /// Has the next node that installs a checkpoint lose its power while it does.
    fn lie_in_ambush(&mut self, world: &World) -> Meets {
        let late = Duration::from_millis(self.chance.random_range(0..=4));
        let disks = world.machines.iter().map(|(id, machine)| (*id, machine.disk.clone()));
        Meets::Cut(world.mesh.lie_in_ambush(late, disks.collect()))
    }

    /// True when the node was alive.
    fn power_cut(&mut self, world: &mut World, id: u64) -> bool {
        let mesh = world.mesh.clone();
        let lost = world.mutant == Some(Mutant::DiskLossHidden);
        let lived = match lost {
            true => world.machine(id).lose_disk(&mesh),
            false => world.machine(id).power_cut(&mesh),
        };
        self.switch_on(world, id);
        lived
    }

    /// Half of the nodes are back before anybody stands for election in their leader's place.
    fn switch_on(&mut self, world: &mut World, id: u64) {
        let millis = match self.chance.random_ratio(1, 2) {
            true => self.chance.random_range(20..=400),
            false => self.chance.random_range(400..=3_000),
        };
        world.switch_on_in(id, Duration::from_millis(millis));
    }

    /// True when the node was up, and led if it had to.
    async fn step_down(&self, world: &mut World, leader: u64) -> bool {
        let Some(replica) = world.machine(leader).replica().cloned() else { return false };
        if replica.status().role != Role::Leader {
            return false;
        }
        let gone = replica.step_down().await;
        let fate = if gone { Fate::Done } else { Fate::Refused };
        world.mesh.tally.count(Deed::HandOver(fate));
        true
    }

    /// True when the node was up.
    async fn stop(&mut self, world: &mut World, id: u64) -> bool {
        let Some(replica) = world.machine(id).replica().cloned() else { return false };
        end(world, id, &replica).await;
        self.switch_on(world, id);
        true
    }

    /// True when nodes were up.
    async fn roll(&mut self, world: &mut World, ids: &[u64]) -> bool {
        let mut rolled = 0;
        for id in ids {
            let Some(machine) = world.machines.get_mut(id) else { continue };
            machine.retune(&mut self.chance);
            if let Some(replica) = machine.replica().cloned() {
                end(world, *id, &replica).await;
                rolled += 1;
            }
            world.start(*id).await;
            wait(world, Duration::from_millis(self.chance.random_range(200..=800))).await;
        }
        rolled > 0
    }

    fn isolate(&self, world: &World, id: u64) -> Meets {
        let others = world.ids().into_iter().filter(|other| *other != id);
        Meets::Cut(world.mesh.cut(others.flat_map(|other| [(id, other), (other, id)])))
    }

    fn storm(&mut self) -> Weather {
        let longest = self.chance.random_range(5_000..=120_000);
        let lost = self.chance.random_range(0..=150);
        Weather { micros: (200, longest), lost, twice: self.chance.random_range(0..=100) }
    }
}

/// Waits, and looks after the world meanwhile.
async fn wait(world: &mut World, pause: Duration) {
    let until = Instant::now() + pause;
    while Instant::now() < until {
        let left = until.saturating_duration_since(Instant::now());
        tokio::time::sleep(left.min(Duration::from_millis(50))).await;
        world.supervise().await;
    }
}

/// Lets a node stop as planned; one that takes too long is killed.
async fn end(world: &mut World, id: u64, replica: &Replica) {
    drop(tokio::time::timeout(STOP, replica.stop()).await);
    let mesh = world.mesh.clone();
    world.machine(id).kill(&mesh);
}

/// True when the node was up.
async fn ask_for_checkpoint(world: &mut World, id: u64) -> bool {
    let machine = world.machine(id);
    let Some(replica) = machine.replica().cloned() else { return false };
    machine.asked_for_checkpoint = true;
    let within = Duration::from_millis(500);
    drop(tokio::time::timeout(within, replica.checkpoint_now()).await);
    true
}

fn pairs(ids: &[u64]) -> Vec<(u64, u64)> {
    let all = ids.iter().flat_map(|from| ids.iter().map(move |to| (*from, *to)));
    all.filter(|(from, to)| from != to).collect()
}
