//! The directory entries of a simulated disk: which names exist now, and which would survive.

use crate::random::Random;
use std::collections::BTreeMap;

/// Names now, names as of each directory's last sync, and the changes since.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    current: BTreeMap<String, u64>,
    durable: BTreeMap<String, u64>,
    changes: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Link { name: String, inode: u64 },
    Unlink { name: String },
    Rename { from: String, to: String, inode: u64 },
}

impl Change {
    fn directory(&self) -> &str {
        match self {
            Self::Link { name, .. } | Self::Unlink { name } => parent(name),
            Self::Rename { to, .. } => parent(to),
        }
    }

    fn apply(self, names: &mut BTreeMap<String, u64>) {
        match self {
            Self::Link { name, inode } => {
                names.insert(name, inode);
            }
            Self::Unlink { name } => {
                names.remove(&name);
            }
            Self::Rename { from, to, inode } => {
                if names.get(&from) == Some(&inode) {
                    names.remove(&from);
                }
                names.insert(to, inode);
            }
        }
    }
}

impl Names {
    pub(super) fn find(&self, name: &str) -> Option<u64> {
        self.current.get(name).copied()
    }

    pub(super) fn link(&mut self, name: &str, inode: u64) {
        self.change(Change::Link { name: name.to_owned(), inode });
    }

    pub(super) fn unlink(&mut self, name: &str) {
        self.change(Change::Unlink { name: name.to_owned() });
    }

    pub(super) fn rename(&mut self, from: &str, to: &str, inode: u64) {
        self.change(Change::Rename { from: from.to_owned(), to: to.to_owned(), inode });
    }

    fn change(&mut self, change: Change) {
        change.clone().apply(&mut self.current);
        self.changes.push(change);
    }

    /// The names directly in `directory`, sorted.
    pub(super) fn list(&self, directory: &str) -> Vec<String> {
        let inside = |name: &&String| parent(name) == directory;
        let base = |name: &String| name.rsplit('/').next().unwrap_or(name).to_owned();
        self.current.keys().filter(inside).map(base).collect()
    }

    /// Makes the changes in `directory` durable, in their order.
    pub(super) fn sync(&mut self, directory: &str) {
        for change in std::mem::take(&mut self.changes) {
            if change.directory() == directory {
                change.apply(&mut self.durable);
            } else {
                self.changes.push(change);
            }
        }
    }

    /// Each change since its directory's last sync survives or not, on its own.
    pub(super) fn power_cut(&mut self, random: &mut Random) {
        let kept_percent = [0, 50, 100][random.below(3) as usize];
        for change in std::mem::take(&mut self.changes) {
            if random.chance(kept_percent) {
                change.apply(&mut self.durable);
            }
        }
        self.current = self.durable.clone();
    }

    /// Whether anything may still lead to `inode`.
    pub(super) fn refers_to(&self, inode: u64) -> bool {
        let pending = |change: &Change| match change {
            Change::Link { inode: linked, .. } | Change::Rename { inode: linked, .. } => {
                *linked == inode
            }
            Change::Unlink { .. } => false,
        };
        self.current.values().chain(self.durable.values()).any(|found| *found == inode)
            || self.changes.iter().any(pending)
    }
}

/// The directory part of a name; empty at the root.
pub(super) fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(directory, _)| directory)
}
