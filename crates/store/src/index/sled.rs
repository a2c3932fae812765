//! The index on sled, with the habits that keep sled's failures from mattering.

use super::{Change, Index, IndexError, Mark, Pair, check_batch, check_limit};
use crate::error::StoreError;
use crate::limits::{INDEX_CACHE_BYTES, INDEX_SEGMENT_BYTES};
use std::fs::{self, File};
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The mark's own key; every other key is stored behind [`KEY_PREFIX`]. Mark and keys share one
/// tree, because sled's batches are atomic within a tree only.
const MARK_KEY: [u8; 1] = [0];
const KEY_PREFIX: u8 = 1;

/// An index in a directory of its own.
pub struct SledIndex {
    database: sled::Db,
    path: PathBuf,
    /// One batch at a time: the mark is read, compared and moved in one step.
    applying: Mutex<()>,
}

impl SledIndex {
    /// Opens the index in the directory `path`, or creates it at revision 0. `agrees` is asked
    /// whether the journal's head at the mark's revision is the mark's.
    ///
    /// # Errors
    /// [`IndexError::Unusable`] whenever [`SledIndex::reset`] and filling it again is the remedy.
    pub fn open(path: &Path, agrees: &dyn Fn(&Mark) -> bool) -> Result<Self, IndexError> {
        remove_if_there(&beside(path, "new"))?;
        remove_if_there(&beside(path, "old"))?;
        if !path.exists() {
            create(path)?;
        }
        let index = open_database(path)?;
        let mark = index.mark()?;
        if !agrees(&mark) {
            let reason = format!("its mark at revision {} is not the journal's", mark.revision);
            return Err(IndexError::Unusable { reason });
        }
        Ok(index)
    }

    /// Puts the directory `path` aside, removes it and creates an empty index in its place.
    pub fn reset(path: &Path) -> Result<Self, IndexError> {
        let aside = beside(path, "old");
        remove_if_there(&aside)?;
        if path.exists() {
            fs::rename(path, &aside).map_err(|error| failed(path, "rename", error))?;
            remove_if_there(&aside)?;
        }
        Self::open(path, &|mark| *mark == Mark::GENESIS)
    }

    /// Writes everything out. sled's own flush reaches the operating system only, so its file is
    /// synced as well. An index needs no durability, but the fresher it is, the less a restart
    /// has to repeat.
    pub fn flush(&self) -> Result<(), IndexError> {
        self.database.flush().map_err(unusable)?;
        let file = self.path.join("db");
        let synced = File::open(&file).and_then(|file| file.sync_data());
        Ok(synced.map_err(|error| failed(&file, "sync", error))?)
    }
}

impl Index for SledIndex {
    fn apply_batch(&self, changes: &[Change], mark: Mark) -> Result<(), IndexError> {
        let _applying = self.applying.lock().unwrap_or_else(PoisonError::into_inner);
        check_batch(self.mark()?, changes, mark)?;
        let mut batch = sled::Batch::default();
        for change in changes {
            match change {
                Change::Put { key, value } => batch.insert(stored_key(key), value.as_slice()),
                Change::Remove { key } => batch.remove(stored_key(key)),
            }
        }
        batch.insert(&MARK_KEY, mark.encode().as_slice());
        self.database.apply_batch(batch).map_err(unusable)
    }

    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError> {
        let found = self.database.get(stored_key(key)).map_err(unusable)?;
        Ok(found.map(|value| value.to_vec()))
    }

    fn range(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: u64,
    ) -> Result<Vec<Pair>, IndexError> {
        let limit = check_limit(limit)?;
        let prefix_stored = stored_key(prefix);
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(stored_key(after)),
            _ => Bound::Included(prefix_stored.clone()),
        };
        let mut pairs = Vec::new();
        for found in self.database.range((start, Bound::Unbounded)).take(limit) {
            let (key, value) = found.map_err(unusable)?;
            if !key.starts_with(&prefix_stored) {
                break;
            }
            pairs.push((key[1..].to_vec(), value.to_vec()));
        }
        Ok(pairs)
    }

    fn mark(&self) -> Result<Mark, IndexError> {
        let found = self.database.get(MARK_KEY).map_err(unusable)?;
        // It is written when the index is created: an index without it has lost everything.
        let bytes = found.ok_or_else(|| IndexError::Unusable {
            reason: "it is unexpectedly empty".to_owned(),
        })?;
        let damaged = || IndexError::Unusable { reason: "its mark is damaged".to_owned() };
        Mark::decode(&bytes).ok_or_else(damaged)
    }
}

/// Creates an index that has its name only once its first mark is on disk.
fn create(path: &Path) -> Result<(), IndexError> {
    let building = beside(path, "new");
    let index = open_database(&building)?;
    index.database.insert(MARK_KEY, Mark::GENESIS.encode().as_slice()).map_err(unusable)?;
    index.flush()?;
    drop(index);
    fs::rename(&building, path).map_err(|error| failed(path, "rename", error))?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let synced = File::open(parent).and_then(|directory| directory.sync_all());
    Ok(synced.map_err(|error| failed(parent, "sync", error))?)
}

/// How long the lock of a database that was closed in this process may outlive it.
const LOCK_LINGERS: Duration = Duration::from_secs(2);
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Opens sled; whatever it does about a damaged file, the answer is an error, not a panic.
///
/// sled's threads may hold the lock of a database for a moment after it was dropped, and `create`
/// has just dropped this one. Nobody else can have it: the directory is locked as a whole.
fn open_database(path: &Path) -> Result<SledIndex, IndexError> {
    let config = sled::Config::new()
        .path(path)
        .segment_size(INDEX_SEGMENT_BYTES)
        .cache_capacity(INDEX_CACHE_BYTES);
    let panicked = |_| IndexError::Unusable { reason: "sled panicked while opening it".to_owned() };
    let mut waited = Duration::ZERO;
    let database = loop {
        match catch_unwind(AssertUnwindSafe(|| config.open())).map_err(panicked)? {
            Err(error) if is_locked(&error) && waited < LOCK_LINGERS => {
                std::thread::sleep(LOCK_PAUSE);
                waited += LOCK_PAUSE;
            }
            opened => break opened.map_err(unusable)?,
        }
    };
    check_no_spilled_values(path)?;
    Ok(SledIndex { database, path: path.to_owned(), applying: Mutex::new(()) })
}

/// sled says it in words only: its error is of the kind `Other`.
fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(source) if source.to_string().contains("acquire lock"))
}

/// Values that spill into files of their own are not covered by sled's log.
fn check_no_spilled_values(path: &Path) -> Result<(), IndexError> {
    let blobs = path.join("blobs");
    let mut entries = match fs::read_dir(&blobs) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(&blobs, "list", error).into()),
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => {
            let reason = "values have spilled into separate files".to_owned();
            Err(IndexError::Unusable { reason })
        }
    }
}

fn stored_key(key: &[u8]) -> Vec<u8> {
    let mut stored = Vec::with_capacity(key.len() + 1);
    stored.push(KEY_PREFIX);
    stored.extend_from_slice(key);
    stored
}

/// The directory next to `path` with a further ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(failed(path, "remove", error))
        }
        _ => Ok(()),
    }
}

fn failed(path: &Path, operation: &'static str, error: std::io::Error) -> StoreError {
    StoreError::from_io(&path.display().to_string(), operation, error)
}

fn unusable(error: sled::Error) -> IndexError {
    match error {
        sled::Error::Io(source) if source.kind() == std::io::ErrorKind::StorageFull => {
            StoreError::Full { file: "the index".to_owned() }.into()
        }
        error => IndexError::Unusable { reason: error.to_string() },
    }
}
