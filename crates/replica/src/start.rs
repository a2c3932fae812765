//! Starting: the newest checkpoint, the journal rewound to it, the log after it.

use crate::background::desk;
use crate::clocks::Clocks;
use crate::digests::Digests;
use crate::error::StartError;
use crate::handover::Handover;
use crate::incoming::Incoming;
use crate::journal::JournalWriter;
use crate::keeper::Keeper;
use crate::limits::{JOURNAL_QUEUE_MAX, LOG_QUEUE_MAX};
use crate::membership::Registrar;
use crate::parts::{Clock, Fatal, Parts};
use crate::peers::Peers;
use crate::proposer::Proposer;
use crate::published::{Position, Published};
use crate::pulse::Pulse;
use crate::raft::config::{self, Raft};
use crate::raft::log::LogStore;
use crate::raft::machine::{Growth, Machine, Surroundings};
use crate::raft::network::Roads;
use crate::raft::snapshot::{AboutWord, Meta};
use crate::raft::writer::{self, Writer};
use crate::read::{self, Reader};
use crate::replica::Inner;
use crate::runtime;
use crate::settings::Settings;
use crate::state::Gate;
use crate::submission::Waitroom;
use crate::vault::{self, Vault};
use crate::waiting::Waiting;
use crate::watch::Watchtower;
use ledger::Ledger;
use std::sync::{Arc, Mutex};
use store::StoreError;
use store::checkpoint::{CheckpointReader, Checkpoints};
use store::journal::{Journal, JournalOptions, JournalReader};
use store::log::{Log, LogOptions, LogReader};
use tokio::sync::{mpsc, watch};

/// What lies on the disk, opened.
struct Opened {
    ledger: Ledger,
    meta: Meta,
    log: mpsc::Sender<writer::Order>,
    log_reader: LogReader,
    journal: mpsc::Sender<crate::journal::Order>,
    journal_reader: JournalReader,
    vault: mpsc::Sender<crate::vault::Order>,
    checkpoints: CheckpointReader,
}

/// Checkpoints are long work; few orders are ever open.
const VAULT_QUEUE_MAX: usize = 64;

/// Starts everything.
///
/// # Errors
/// When what is on disk cannot be used.
pub(crate) async fn start(settings: Settings, parts: Parts) -> Result<Inner, StartError> {
    let config = config::config(&settings).map_err(|reason| StartError::Settings { reason })?;
    let opened = open(&settings, &parts)?;
    let clocks = Arc::new(Clocks::new(settings.node, parts.clock.clone()));
    let peers = Peers::new(parts.network.clone(), settings.pact, settings.node);
    let digests = Arc::new(Digests::default());
    let (waiting, back) = Waiting::new();
    let waiting = Arc::new(waiting);
    let index = opened.meta.last_log_id.map_or(0, |id| id.index);
    let position = Position {
        index,
        term: opened.meta.last_log_id.map_or(0, |id| id.leader_id.term),
        revision: opened.ledger.revision(),
        moment: opened.ledger.moment(),
    };
    digests.reset(position.revision);
    let published = Arc::new(Published::new(opened.ledger.clone(), position, settings.ring));
    let covered = Arc::new(watch::Sender::new(index));
    let growth = Arc::new(Growth::default());
    let surroundings = Surroundings {
        published: published.clone(),
        digests: digests.clone(),
        waiting: waiting.clone(),
        journal: opened.journal.clone(),
        vault: opened.vault.clone(),
        checkpoints: opened.checkpoints.clone(),
        covered: covered.clone(),
        growth: growth.clone(),
        fatal: parts.fatal.clone(),
    };
    let node = settings.node;
    let heartbeat = settings.election.heartbeat;
    let log = LogStore::new(
        node.0,
        opened.log_reader,
        opened.log.clone(),
        waiting.clone(),
        covered.subscribe(),
    );
    let machine = Machine::new(surroundings, opened.ledger, &opened.meta);
    let roads = Roads {
        peers: peers.clone(),
        clocks: clocks.clone(),
        checkpoints: opened.checkpoints,
        heartbeat,
    };
    let raft = Raft::new(node.0, config, roads, log, machine).await;
    let raft = raft.map_err(|error| StartError::Agreement { reason: error.to_string() })?;
    let metrics = raft.metrics();
    let gate = Arc::new(Gate::new());
    let stopping = watch::Sender::new(false);
    let (submissions, incoming_submissions) = mpsc::unbounded_channel();
    runtime::spawn(
        Proposer {
            raft: raft.clone(),
            metrics: metrics.clone(),
            peers: peers.clone(),
            clocks: clocks.clone(),
            published: published.clone(),
            waiting,
            gate: gate.clone(),
            incoming: incoming_submissions,
            back,
            node,
        }
        .run(),
    );
    let (reader, rounds) =
        Reader::new(raft.clone(), peers.clone(), published.clone(), node, heartbeat);
    read::start(rounds);
    let pulse = Pulse {
        node,
        raft: raft.clone(),
        metrics: metrics.clone(),
        peers: peers.clone(),
        clocks: clocks.clone(),
        digests,
        published: published.clone(),
        gate: gate.clone(),
        interval: settings.pulse_interval,
        fatal: parts.fatal.clone(),
        heard: Arc::new(Mutex::default()),
    };
    runtime::spawn(pulse.clone().run());
    Keeper {
        raft: raft.clone(),
        metrics: metrics.clone(),
        growth,
        policy: settings.checkpoint,
        log: opened.log.clone(),
        journal: opened.journal.clone(),
        disk: parts.disk,
        gate: gate.clone(),
        free_bytes_min: settings.free_bytes_min,
        stopping: stopping.subscribe(),
        fatal: parts.fatal,
    }
    .start();
    let tower =
        Watchtower::new(published.clone(), opened.journal_reader.clone(), stopping.subscribe());
    let incoming = Incoming::new(
        opened.vault,
        opened.journal.clone(),
        opened.journal_reader,
        peers.clone(),
    );
    let registrar = Registrar {
        node,
        pact: settings.pact,
        raft: raft.clone(),
        metrics: metrics.clone(),
        peers: peers.clone(),
        published: published.clone(),
    };
    let handover = Handover {
        node,
        raft: raft.clone(),
        metrics: metrics.clone(),
        peers,
        published: published.clone(),
        gate: gate.clone(),
        lease: settings.election.wait_max,
        heard: Arc::default(),
    };
    Ok(Inner {
        settings,
        raft,
        metrics,
        published,
        clocks,
        gate,
        waitroom: Arc::new(Waitroom::default()),
        submissions,
        reader,
        tower,
        pulse,
        registrar,
        handover,
        incoming,
        covered: covered.subscribe(),
        log: opened.log,
        journal: opened.journal,
        stopping,
    })
}

/// Opens what lies on the disk, and starts those who write there.
fn open(settings: &Settings, parts: &Parts) -> Result<Opened, StartError> {
    let segment_bytes = settings.segment_bytes;
    let log_options = LogOptions { segment_bytes, ..LogOptions::default() };
    let log = Log::open(parts.disk.clone(), "log", &log_options)?;
    let checkpoints = Checkpoints::open(parts.disk.clone(), "checkpoints")?;
    let (ledger, meta) = restore(settings, &checkpoints.reader())?;
    let journal_options = JournalOptions { segment_bytes };
    let mut journal = Journal::open(parts.disk.clone(), "journal", &journal_options)?;
    rewind(&mut journal, &ledger)?;

    let (log_reader, journal_reader) = (log.reader(), journal.reader());
    let checkpoint_reader = checkpoints.reader();
    let fatal = |parts: &Parts| -> Arc<dyn Fn(Fatal) + Send + Sync> { parts.fatal.clone() };
    let clock: Arc<dyn Clock> = parts.clock.clone();
    let (log, job) = desk(Writer::new(log, fatal(parts)), LOG_QUEUE_MAX);
    parts.background.start("log", job);
    let writer = JournalWriter::new(journal, clock, fatal(parts));
    let (journal, job) = desk(writer, JOURNAL_QUEUE_MAX);
    parts.background.start("journal", job);
    let (vault, job) = desk(Vault::new(checkpoints, fatal(parts)), VAULT_QUEUE_MAX);
    parts.background.start("checkpoint", job);
    let checkpoints = checkpoint_reader;
    Ok(Opened { ledger, meta, log, log_reader, journal, journal_reader, vault, checkpoints })
}

/// The newest checkpoint's ledger and place, or an empty one.
fn restore(
    settings: &Settings,
    checkpoints: &CheckpointReader,
) -> Result<(Ledger, Meta), StartError> {
    let Some(newest) = checkpoints.latest() else {
        return Ok((Ledger::new(settings.incarnation), Meta::default()));
    };
    let refused = |reason| StartError::Checkpoint { revision: newest.number, reason };
    let about = AboutWord::of(&newest).map_err(refused)?;
    let ledger = vault::restore(checkpoints, &about, &newest.chunks).map_err(refused)?;
    Ok((ledger, about.meta()))
}

/// Rewinds the journal to the checkpoint: applying the log writes the rest anew.
fn rewind(journal: &mut Journal, ledger: &Ledger) -> Result<(), StartError> {
    let end = journal.truncate_after(ledger.revision().0)?;
    if end.revision == ledger.revision().0 && end.head == ledger.journal().head {
        return Ok(());
    }
    Err(StartError::Store(StoreError::Damaged {
        file: String::from("journal"),
        offset: 0,
        reason: "it does not lead to the checkpoint",
    }))
}
