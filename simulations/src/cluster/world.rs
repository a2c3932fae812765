//! The machines of a run, and what can be done to them.

use super::clock::NodeClock;
use super::judges::{Judge, Violation};
use super::lookout::Lookout;
use super::machine::{HEALTHY_SYNC, Machine};
use super::mesh::{FAIR, Mesh};
use super::mutant::Mutant;
use super::operator::{Operator, member};
use super::seed::Seed;
use super::trace::Trace;
use replica::{Fatal, Instant, Replica, Role, StartError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;

/// How long nodes go by what they heard of others' clocks, and a little.
const CLOCKS_BELIEVED: Duration = Duration::from_secs(11);

/// All machines, the network between them, and what went wrong with starting them.
pub struct World {
    pub machines: BTreeMap<u64, Machine>,
    pub mesh: Arc<Mesh>,
    pub trace: Trace,
    pub mutant: Option<Mutant>,
    /// Puts new machines in the place of lost ones.
    pub operator: Operator,
    seed: Seed,
    start: Instant,
    /// The greatest number that a machine ever had.
    newest: u64,
    /// The machine whose disk has rotted, if one has.
    rotten: Option<u64>,
    lookout: Lookout,
    /// When a machine that is off is to be switched on.
    pub starts: BTreeMap<u64, Instant>,
    /// When each machine's clock was last far ahead.
    ahead: BTreeMap<u64, Instant>,
    /// Whether so many clocks were far ahead at once that the log's time may have followed them.
    pub misled: bool,
    /// What must not happen to a node, and did.
    pub complaints: Vec<Violation>,
}

impl World {
    /// Machines that are off.
    pub fn new(seed: Seed, nodes: u64, trace: Trace, mutant: Option<Mutant>) -> Self {
        let mesh = Arc::new(Mesh::new(seed.stream("network"), trace.clone(), mutant));
        let lookout = Lookout::new(mesh.tally.clone());
        let mut world = Self {
            machines: BTreeMap::new(),
            mesh,
            trace,
            mutant,
            operator: Operator::new(seed.stream("operator")),
            seed,
            start: Instant::now(),
            newest: nodes,
            rotten: None,
            lookout,
            starts: BTreeMap::new(),
            ahead: BTreeMap::new(),
            misled: false,
            complaints: Vec::new(),
        };
        (1..=nodes).for_each(|id| world.place(id));
        world
    }

    /// Puts up a new machine, with an empty disk, that is off.
    fn place(&mut self, id: u64) {
        let machine = Machine::new(id, self.seed, NodeClock::new(self.start));
        machine.disk.set_syncs_lie(self.mutant == Some(Mutant::SyncsLie));
        self.machines.insert(id, machine);
    }

    /// A machine is lost with all that was on it, and another one comes in its place. Not while
    /// the last one lost is being replaced or another's disk rots: whoever loses a majority has
    /// lost.
    /// True when it was.
    pub fn lose(&mut self, id: u64) -> bool {
        if self.operator.is_busy() || self.rotten.is_some_and(|rotten| rotten != id) {
            return false;
        }
        let mesh = self.mesh.clone();
        self.machine(id).end(&mesh);
        self.machines.remove(&id);
        self.starts.remove(&id);
        self.rotten.take_if(|rotten| *rotten == id);
        let new = self.newest + 1;
        self.newest = new;
        self.place(new);
        self.operator.replace(id, new);
        self.switch_on_in(new, Duration::from_millis(500));
        true
    }

    /// A bit turns in a file that is complete. Of one machine at a time: what rots on a majority is
    /// lost. And not where a stream ends, where nothing tells rot from a write that the power
    /// interrupted.
    /// True when one turned.
    pub fn rot(&mut self, id: u64, chance: u64) -> bool {
        let rots =
            self.rotten.is_none() && !self.operator.is_busy() && self.machine(id).rot(chance);
        if rots {
            self.rotten = Some(id);
        }
        rots
    }

    /// Whether a bit has turned on some disk: its node may have to end itself at any time.
    pub const fn rots(&self) -> bool {
        self.rotten.is_some()
    }

    /// Whether a bit has turned on a machine's disk.
    pub fn is_rotten(&self, id: u64) -> bool {
        self.rotten == Some(id)
    }

    /// Switches all on and founds the cluster.
    pub async fn found(&mut self) {
        for id in self.ids() {
            self.start(id).await;
        }
        let members = self.ids().into_iter().map(member).collect();
        if let Some(first) = self.machines[&1].replica().cloned()
            && let Err(error) = first.initialize(members).await
        {
            let what = format!("the cluster could not be founded: {error}");
            self.complaints.push(Judge::Founding.finds(what));
        }
    }

    /// All machines' numbers.
    pub fn ids(&self) -> Vec<u64> {
        self.machines.keys().copied().collect()
    }

    /// A machine.
    pub fn machine(&mut self, id: u64) -> &mut Machine {
        self.machines.get_mut(&id).expect("only machines that are there are spoken of")
    }

    /// The replicas that are up.
    pub fn replicas(&self) -> Vec<Replica> {
        self.machines.values().filter_map(|machine| machine.replica().cloned()).collect()
    }

    /// Who leads, as one that leads says.
    pub fn leader(&self) -> Option<u64> {
        let leads = |machine: &&Machine| {
            machine.replica().is_some_and(|replica| replica.status().role == Role::Leader)
        };
        self.machines.values().find(leads).map(|machine| machine.id)
    }

    /// Switches a machine on. A node that cannot start from what a fault left is a complaint.
    pub async fn start(&mut self, id: u64) {
        self.starts.remove(&id);
        let (mesh, trace) = (self.mesh.clone(), self.trace.clone());
        let started = self.machine(id).start(&mesh, &trace).await;
        self.trace.line(format_args!("node {id} start {}", started.is_ok()));
        let Err(error) = started else { return };
        self.trace.line(format_args!("node {id} {error}"));
        let refused = matches!(&error, StartError::Store(error) if is_of_the_disk(error));
        if refused && !self.machine(id).met_a_fault() {
            let what = format!("node {id}, whose disk refused nothing, cannot start: {error}");
            self.complaints.push(Judge::Starts.finds(what));
        }
        match error {
            // A fault met it on its way up: it is right not to go on.
            StartError::Store(StoreError::SyncFailed { .. }) => {
                self.machine(id).power_cut(&mesh);
            }
            StartError::Store(StoreError::Full { .. } | StoreError::ReadOnly { .. }) => {
                self.machine(id).kill(&mesh);
            }
            // It says that it must not go on: an operator puts another one in its place.
            StartError::Store(StoreError::Damaged { .. }) | StartError::Checkpoint { .. }
                if self.rotten == Some(id) =>
            {
                self.starts.insert(id, Instant::now() + Duration::from_secs(1));
                let _ = self.lose(id);
                return;
            }
            error => {
                let what = format!("node {id} cannot start: {error}");
                self.complaints.push(Judge::Starts.finds(what));
            }
        }
        self.switch_on_in(id, Duration::from_secs(1));
    }

    /// Switches on what is due, and ends what asked to be ended.
    pub async fn supervise(&mut self) {
        self.look_at_clocks();
        let mesh = self.mesh.clone();
        for id in mesh.take_ambushed() {
            if self.machines.get_mut(&id).is_some_and(|machine| machine.power_cut(&mesh)) {
                self.switch_on_in(id, Duration::from_millis(300));
            }
        }
        for id in self.ids() {
            let installed = self.mesh.installed(id);
            let machine = self.machines.get_mut(&id).expect("it is one of those that are there");
            self.lookout.look(machine, installed);
            if self.machine(id).replica().is_some()
                && let Some(fatal) = self.machine(id).fatal()
            {
                self.bury(id, &fatal);
            }
        }
        self.operator.work(&mesh).await;
        let due: Vec<_> = self.starts.iter().filter(|(_, at)| **at <= Instant::now()).collect();
        for id in due.into_iter().map(|(id, _)| *id).collect::<Vec<_>>() {
            self.start(id).await;
        }
    }

    /// Looks whether most clocks are far ahead, or were so lately that nodes may still believe it.
    fn look_at_clocks(&mut self) {
        let far = self.machines.values().filter(|machine| machine.clock.is_far_ahead());
        let now = Instant::now();
        self.ahead.extend(far.map(|machine| (machine.id, now)));
        self.ahead.retain(|_, at| at.elapsed() < CLOCKS_BELIEVED);
        self.misled |= 2 * self.ahead.len() >= self.machines.len();
    }

    /// A node that must not go on ends at once.
    fn bury(&mut self, id: u64, fatal: &Fatal) {
        let unsound = match fatal {
            Fatal::Diverged { .. } | Fatal::Apply { .. } | Fatal::Lost { .. } => true,
            // An assertion of agreement's own failed: it ends without another word.
            Fatal::Agreement { reason } => reason.contains("its task has ended"),
            Fatal::Disk { .. } | Fatal::Damaged { .. } => false,
        };
        if unsound {
            self.complaints.push(Judge::Soundness.finds(format!("node {id}: {fatal}")));
        }
        let well = match fatal {
            Fatal::Disk { .. } => !self.machine(id).met_a_fault(),
            Fatal::Damaged { .. } => self.rotten != Some(id),
            _ => false,
        };
        if well {
            let what = format!("node {id}, whose disk is well: {fatal}");
            self.complaints.push(Judge::Endings.finds(what));
        }
        let replaceable = self.rotten == Some(id) && !self.operator.is_busy();
        if matches!(fatal, Fatal::Damaged { .. }) && replaceable {
            let _ = self.lose(id);
            return;
        }
        let mesh = self.mesh.clone();
        // What a failed sync covered is gone for good; a power cut shows it.
        match fatal {
            Fatal::Disk { .. } => self.machine(id).power_cut(&mesh),
            _ => self.machine(id).kill(&mesh),
        };
        self.switch_on_in(id, Duration::from_millis(300));
    }

    /// Switches a machine on after a while.
    pub fn switch_on_in(&mut self, id: u64, pause: Duration) {
        self.starts.insert(id, Instant::now() + pause);
    }

    /// Ends all nodes. Replicas know the mesh and the mesh knows them, so that neither would ever
    /// leave memory by itself.
    pub fn end(&mut self) {
        let mesh = self.mesh.clone();
        for machine in self.machines.values_mut() {
            machine.end(&mesh);
        }
    }

    /// Everything is well again, but for what was done.
    pub fn heal(&mut self) {
        self.mesh.mend();
        self.mesh.set_weather(FAIR);
        self.mesh.lift_ambush();
        for machine in self.machines.values() {
            machine.clock.jump(0);
            machine.clock.drift(0);
            machine.disk.set_capacity(None);
            machine.disk.set_read_only(false);
            // A fault that was still to come comes no more.
            machine.disk.fail_sync_after(u64::MAX);
            machine.pace().set_sync(HEALTHY_SYNC);
        }
        for id in self.ids() {
            if self.machine(id).replica().is_none() {
                self.switch_on_in(id, Duration::ZERO);
            }
        }
    }
}

/// Whether it is the disk that refused, and not what lies on it.
const fn is_of_the_disk(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::SyncFailed { .. } | StoreError::Full { .. } | StoreError::ReadOnly { .. }
    )
}
