//! Whether what this node holds, in memory and on disk, is what was agreed and written.

use crate::checkpoint;
use crate::raft::snapshot::AboutWord;
use crate::raft::vault;
use ledger::words::Revision;
use ledger::{Digest, View};
use store::StoreError;
use store::checkpoint::{Checkpoint, CheckpointReader};
use store::journal::JournalReader;

/// What is on this node's disk for years, to be read as a whole.
#[derive(Clone)]
pub(crate) struct Kept {
    pub checkpoints: CheckpointReader,
    pub journal: JournalReader,
}

/// What a look at everything has shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Soundness {
    /// The revision of the state in memory.
    pub revision: Revision,
    /// Its digest as it is kept up.
    pub digest: Digest,
    /// Its digest computed afresh from every record.
    pub recomputed: Digest,
    /// Bytes of checkpoints that were read and are what was written.
    pub checkpoint_bytes: u64,
    /// The last revision of the journal that was read and is what was written; 0 without one.
    pub journal_revision: Revision,
    /// What on disk is not what was written, and where: this node has to be replaced.
    pub damage: Option<String>,
}

impl Soundness {
    /// Looks at the newest of some checkpoints that lie apart from any node: reads every byte, and
    /// builds the state from them. None when there is no checkpoint.
    #[must_use]
    pub fn of_checkpoints(reader: &CheckpointReader) -> Option<Self> {
        let newest = reader.latest()?;
        let mut found = Self::default();
        let read = found.read_apart(reader, &newest);
        found.damage = read.err();
        Some(found)
    }

    fn read_apart(&mut self, reader: &CheckpointReader, newest: &Checkpoint) -> Result<(), String> {
        let about = AboutWord::of(newest)?;
        let numbers = checkpoint::meta(&about.ledger).map_err(|error| error.to_string())?;
        (self.revision, self.digest) = (numbers.revision, numbers.digest);
        self.checkpoint_bytes = reader.verify().map_err(|error| error.finding())?;
        let ledger = vault::restore(reader, &about, &newest.chunks);
        self.recomputed = ledger.map_err(|error| error.to_string())?.recomputed_digest();
        Ok(())
    }

    /// Whether all is as it was written.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.digest == self.recomputed && self.damage.is_none()
    }
}

impl Kept {
    /// Looks at every record in memory, and at every byte of the checkpoints and the journal.
    /// Blocks for as long as the disk takes.
    pub fn look(&self, view: &View) -> Soundness {
        let mut found = Soundness {
            revision: view.revision(),
            digest: view.digest(),
            recomputed: view.recomputed_digest(),
            ..Soundness::default()
        };
        let read = self.read(&mut found);
        found.damage = read.err().map(|error| error.to_string());
        found
    }

    fn read(&self, found: &mut Soundness) -> Result<(), StoreError> {
        found.checkpoint_bytes = self.checkpoints.verify()?;
        found.journal_revision = Revision(self.journal.verify()?.revision);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Nation;
    use prost::Message;
    use std::sync::Arc;
    use store::checkpoint::Checkpoints;
    use store::disk::{Disk, MemoryDisk};
    use store::journal::{Journal, JournalOptions};

    /// What is carried elsewhere is the state, or is said not to be.
    #[test]
    fn a_state_is_built_from_a_copy_of_it() {
        let disk = MemoryDisk::new(1);
        let mut copy = Checkpoints::open(Arc::new(disk.clone()), "copy").unwrap();
        assert_eq!(Soundness::of_checkpoints(&copy.reader()), None);
        let nation = Nation::new(3);
        let mut writer = copy.write().unwrap();
        let add = |name: &str, bytes: &[u8]| writer.add(name, bytes).map(drop);
        let numbers = checkpoint::write(&nation.ledger, add).unwrap();
        let about = AboutWord { place: None, ledger: numbers.into() };
        writer.finish(&about.encode_to_vec()).unwrap();
        let look = || Soundness::of_checkpoints(&copy.reader()).unwrap();
        assert!(look().is_sound(), "{:?}", look());
        let (revision, digest) = (nation.ledger.revision(), nation.ledger.digest());
        assert_eq!((look().revision, look().recomputed), (revision, digest));
        let pack = "copy/00000001.pack";
        disk.corrupt(pack, disk.size(pack).unwrap() / 2, 4).unwrap();
        let damage = look().damage.unwrap_or_default();
        assert!(damage.contains(pack), "{damage}");
        assert!(!damage.contains("node"), "a copy is no node's: {damage}");
    }

    /// A turned bit is found wherever it is, and its file is named.
    #[test]
    fn what_is_not_what_was_written_is_named() {
        for file in ["checkpoints/00000001.pack", "journal/00000001.seg"] {
            let disk = MemoryDisk::new(1);
            let shared: Arc<dyn Disk> = Arc::new(disk.clone());
            let mut checkpoints = Checkpoints::open(shared.clone(), "checkpoints").unwrap();
            let mut writer = checkpoints.write().unwrap();
            writer.add("a", &[7; 500]).unwrap();
            writer.finish(b"").unwrap();
            let mut journal = Journal::open(shared, "journal", &JournalOptions::default()).unwrap();
            journal.append(1, 3, &[8; 500]).unwrap();
            journal.sync().unwrap();
            let kept = Kept { checkpoints: checkpoints.reader(), journal: journal.reader() };
            let found = kept.look(&View::new(1));
            assert!(found.is_sound(), "{found:?}");
            assert_eq!((found.checkpoint_bytes, found.journal_revision), (500, Revision(3)));
            disk.corrupt(file, disk.size(file).unwrap() / 2, 4).unwrap();
            let found = kept.look(&View::new(1));
            assert!(found.damage.as_ref().is_some_and(|damage| damage.contains(file)), "{found:?}");
        }
    }
}
