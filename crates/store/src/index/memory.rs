//! An index in memory, for the simulator and for tests.

use super::{Change, Index, IndexError, Mark, Pair, check_batch, check_limit};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock};

/// A sorted map behind a lock.
#[derive(Debug)]
pub struct MemoryIndex {
    content: RwLock<Content>,
}

#[derive(Debug)]
struct Content {
    pairs: BTreeMap<Vec<u8>, Vec<u8>>,
    mark: Mark,
}

impl MemoryIndex {
    /// An empty index at revision 0.
    pub fn new() -> Self {
        Self { content: RwLock::new(Content { pairs: BTreeMap::new(), mark: Mark::GENESIS }) }
    }
}

impl Default for MemoryIndex {
    fn default() -> Self {
        Self::new()
    }
}

impl Index for MemoryIndex {
    fn apply_batch(&self, changes: &[Change], mark: Mark) -> Result<(), IndexError> {
        let mut content = self.content.write().unwrap_or_else(PoisonError::into_inner);
        check_batch(content.mark, changes, mark)?;
        for change in changes {
            match change {
                Change::Put { key, value } => content.pairs.insert(key.clone(), value.clone()),
                Change::Remove { key } => content.pairs.remove(key),
            };
        }
        content.mark = mark;
        Ok(())
    }

    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, IndexError> {
        let content = self.content.read().unwrap_or_else(PoisonError::into_inner);
        Ok(content.pairs.get(key).cloned())
    }

    fn range(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: u64,
    ) -> Result<Vec<Pair>, IndexError> {
        let limit = check_limit(limit)?;
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let content = self.content.read().unwrap_or_else(PoisonError::into_inner);
        let found = content.pairs.range::<[u8], _>((start, Bound::Unbounded));
        let inside = found.take_while(|(key, _)| key.starts_with(prefix)).take(limit);
        Ok(inside.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn mark(&self) -> Result<Mark, IndexError> {
        Ok(self.content.read().unwrap_or_else(PoisonError::into_inner).mark)
    }
}
