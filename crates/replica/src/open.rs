//! Opening what lies on the disk: the newest checkpoint, the journal rewound to it, and the log,
//! which agreement then applies from there on.

use crate::background::desk;
use crate::error::StartError;
use crate::journal::{self, JournalWriter};
use crate::limits::{JOURNAL_QUEUE_MAX, LOG_QUEUE_MAX};
use crate::parts::Parts;
use crate::published::Position;
use crate::raft::snapshot::{AboutWord, Meta};
use crate::raft::vault::{self, Vault};
use crate::raft::writer::{self, Writer};
use crate::settings::Settings;
use ledger::Ledger;
use store::StoreError;
use store::checkpoint::{CheckpointReader, Checkpoints};
use store::journal::{Journal, JournalOptions, JournalReader};
use store::log::{Log, LogOptions, LogReader};
use tokio::sync::mpsc;

/// What lies on the disk, opened.
pub(crate) struct Opened {
    pub ledger: Ledger,
    pub meta: Meta,
    pub log: mpsc::Sender<writer::Order>,
    pub log_reader: LogReader,
    pub journal: mpsc::Sender<journal::Order>,
    pub journal_reader: JournalReader,
    pub vault: mpsc::Sender<vault::Order>,
    pub checkpoints: CheckpointReader,
}

/// Checkpoints are long work; few orders are ever open.
const VAULT_QUEUE_MAX: usize = 64;

impl Opened {
    /// Where the ledger stands in the log.
    pub fn position(&self) -> Position {
        let last = self.meta.last_log_id;
        Position {
            index: last.map_or(0, |id| id.index),
            term: last.map_or(0, |id| id.leader_id.term),
            revision: self.ledger.revision(),
            moment: self.ledger.moment(),
        }
    }
}

/// Opens what lies on the disk, and starts those who write there.
pub(crate) fn open(settings: &Settings, parts: &Parts) -> Result<Opened, StartError> {
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
    let (log, job) = desk(Writer::new(log, parts.fatal.clone()), LOG_QUEUE_MAX);
    parts.background.start("log", job);
    let writer = JournalWriter::new(journal, parts.clock.clone(), parts.fatal.clone());
    let (journal, job) = desk(writer, JOURNAL_QUEUE_MAX);
    parts.background.start("journal", job);
    let (vault, job) = desk(Vault::new(checkpoints, parts.fatal.clone()), VAULT_QUEUE_MAX);
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
    let refused = |reason| StartError::Checkpoint { number: newest.number, reason };
    let about = AboutWord::of(&newest).map_err(refused)?;
    let ledger = vault::restore(checkpoints, &about, &newest.chunks);
    let ledger = ledger.map_err(|error| refused(error.to_string()))?;
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
