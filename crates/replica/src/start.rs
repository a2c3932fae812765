//! Starting: everything is opened, made and set going here, and nowhere else.

use crate::background::desk;
use crate::clocks::Clocks;
use crate::core::Core;
use crate::digests::Digests;
use crate::error::StartError;
use crate::gate::Gate;
use crate::handover::Handover;
use crate::history::{Follower, History, Pace};
use crate::incoming::Incoming;
use crate::inner::Inner;
use crate::keeper::Keeper;
use crate::membership::Registrar;
use crate::open::{Opened, open};
use crate::parts::Parts;
use crate::past::{self, Historian};
use crate::peers::Peers;
use crate::proposer::Proposer;
use crate::published::Published;
use crate::pulse::Pulse;
use crate::raft::config::{self, Raft};
use crate::raft::log::LogStore;
use crate::raft::machine::{Growth, Machine, Surroundings};
use crate::raft::network::Roads;
use crate::raft::waiting::Waiting;
use crate::read::Reader;
use crate::runtime;
use crate::settings::Settings;
use crate::soundness::Kept;
use crate::submission::Waitroom;
use crate::watch::Watchtower;
use std::sync::{Arc, Mutex};
use store::journal::JournalReader;
use tokio::sync::{mpsc, watch};

/// Starts a replica.
///
/// # Errors
/// When what is on disk cannot be used, or the settings contradict themselves.
pub(crate) async fn start(settings: Settings, parts: Parts) -> Result<Inner, StartError> {
    let opened = open(&settings, &parts)?;
    let (waiting, back) = Waiting::new();
    let around = surroundings(&settings, &parts, &opened, waiting);
    let covered = around.covered.subscribe();
    let core = agree(&settings, &parts, &opened, &around).await?;
    let stopping = watch::Sender::new(false);

    let (submissions, incoming) = mpsc::unbounded_channel();
    let proposer = Proposer { core: core.clone(), waiting: around.waiting, incoming, back };
    runtime::spawn(proposer.run());
    let (reader, rounds) = Reader::new(core.clone(), settings.election.heartbeat);
    runtime::spawn(rounds.run());
    let lease = settings.election.wait_max;
    let handover = Handover { core: core.clone(), lease, heard: Arc::default() };
    let pulse = Pulse {
        core: core.clone(),
        digests: around.digests,
        handover: handover.clone(),
        interval: settings.pulse_interval,
        heard: Arc::new(Mutex::default()),
    };
    runtime::spawn(pulse.clone().run());
    let keeper = Keeper {
        core: core.clone(),
        growth: around.growth,
        policy: settings.checkpoint,
        log: opened.log.clone(),
        journal: opened.journal.clone(),
        disk: parts.disk.clone(),
        free_bytes_min: settings.free_bytes_min,
        stopping: stopping.subscribe(),
    };
    keeper.start();
    let journal = opened.journal_reader;
    let kept = Kept { checkpoints: opened.checkpoints, journal: journal.clone() };
    let tower = Watchtower::new(core.published.clone(), journal.clone(), stopping.subscribe());
    let incoming =
        Incoming::new(opened.vault, opened.journal.clone(), journal.clone(), core.peers.clone());
    let history = remember(&settings, parts, journal, &stopping);
    Ok(Inner {
        settings,
        waitroom: Arc::new(Waitroom::default()),
        submissions,
        reader,
        tower,
        pulse,
        registrar: Registrar { core: core.clone() },
        core,
        handover,
        incoming,
        history,
        kept,
        covered,
        log: opened.log,
        journal: opened.journal,
        stopping,
    })
}

/// What the state machine works with.
fn surroundings(
    settings: &Settings,
    parts: &Parts,
    opened: &Opened,
    waiting: Waiting,
) -> Surroundings {
    let position = opened.position();
    let digests = Digests::default();
    digests.reset(position.revision);
    let published = Published::new(opened.ledger.clone(), position, settings.ring);
    Surroundings {
        published: Arc::new(published),
        digests: Arc::new(digests),
        waiting: Arc::new(waiting),
        journal: opened.journal.clone(),
        vault: opened.vault.clone(),
        checkpoints: opened.checkpoints.clone(),
        covered: Arc::new(watch::Sender::new(position.index)),
        growth: Arc::new(Growth::default()),
        fatal: parts.fatal.clone(),
    }
}

/// Begins agreement: openraft applies what is committed in the log before this returns.
async fn agree(
    settings: &Settings,
    parts: &Parts,
    opened: &Opened,
    around: &Surroundings,
) -> Result<Core, StartError> {
    let config = config::config(settings).map_err(|reason| StartError::Settings { reason })?;
    let node = settings.node;
    let clocks = Arc::new(Clocks::new(node, parts.clock.clone()));
    let peers = Peers::new(parts.network.clone(), settings.pact, node);
    let log = LogStore::new(
        node.0,
        opened.log_reader.clone(),
        opened.log.clone(),
        around.waiting.clone(),
        around.covered.subscribe(),
    );
    let machine = Machine::new(around.clone(), opened.ledger.clone(), &opened.meta);
    let roads = Roads {
        peers: peers.clone(),
        clocks: clocks.clone(),
        checkpoints: opened.checkpoints.clone(),
        heartbeat: settings.election.heartbeat,
        metrics: Arc::default(),
        fatal: parts.fatal.clone(),
    };
    let known = roads.metrics.clone();
    let raft = Raft::new(node.0, config, roads, log, machine).await;
    let raft = raft.map_err(|error| StartError::Agreement { reason: error.to_string() })?;
    known.set(raft.metrics()).expect("agreement begins once");
    Ok(Core {
        node,
        pact: settings.pact,
        store: settings.store,
        metrics: raft.metrics(),
        raft,
        peers,
        clocks,
        published: around.published.clone(),
        gate: Arc::new(Gate::new()),
        fatal: parts.fatal.clone(),
    })
}

/// Sets the history going.
fn remember(
    settings: &Settings,
    parts: Parts,
    journal: JournalReader,
    stopping: &watch::Sender<bool>,
) -> Arc<History> {
    let history = Arc::new(History::new(parts.index));
    let events_per_second = settings.history_events_per_second;
    let pace = Pace { events_per_second, ..Pace::default() };
    let historian = Historian::new(Follower::new(history.clone(), pace), journal);
    let (orders, job) = desk(historian, 1);
    parts.background.start("history", job);
    runtime::spawn(past::drive(orders, pace, stopping.subscribe()));
    history
}
