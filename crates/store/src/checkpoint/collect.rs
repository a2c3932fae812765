//! Giving back the room of what no checkpoint needs any more.

use super::manifest::Hash;
use super::pack::pack_file;
use super::{Checkpoints, manifest_name};
use crate::disk::join;
use crate::error::StoreError;
use crate::limits::CHECKPOINTS_KEPT;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Checkpoints {
    /// Removes all but the newest two checkpoints, then the packs without a needed chunk, and
    /// rewrites those of which less than half is needed. Chunks of checkpoints that somebody
    /// still holds, and of an install under way, stay. Returns how many bytes left.
    pub fn collect(&mut self) -> Result<u64, StoreError> {
        self.check_usable()?;
        let before = self.packed_bytes();
        self.retire_old()?;
        let live = self.live_bytes();
        let packs = self.shared.read().packs.clone();
        let live_of = |pack: &u64| live.get(pack).copied().unwrap_or(0);
        let sparse: BTreeSet<u64> = packs
            .iter()
            .filter(|(pack, total)| live_of(pack) * 2 < **total)
            .map(|(p, _)| *p)
            .collect();
        self.move_live_chunks(&sparse)?;
        // Packs of empty chunks alone count no bytes: they go once nothing refers to them.
        let referenced = self.referenced_packs();
        let dead: Vec<u64> =
            self.shared.read().packs.keys().copied().filter(|p| !referenced.contains(p)).collect();
        self.remove_packs(&dead)?;
        Ok(before.saturating_sub(self.packed_bytes()))
    }

    pub(super) fn packed_bytes(&self) -> u64 {
        self.shared.read().packs.values().sum()
    }

    /// Takes the manifests beyond the newest two out of the directory, durably.
    fn retire_old(&mut self) -> Result<(), StoreError> {
        let checkpoints = self.shared.read().checkpoints.clone();
        let surplus = checkpoints.len().saturating_sub(CHECKPOINTS_KEPT);
        for checkpoint in &checkpoints[..surplus] {
            let name = manifest_name(checkpoint.number);
            self.disk.remove(&join(&self.directory, &name))?;
            self.shared.write().checkpoints.remove(0);
            self.retired.push(Arc::downgrade(checkpoint));
        }
        drop(checkpoints);
        self.retired.retain(|retired| retired.strong_count() > 0);
        // No pack leaves before the manifests that referred to it are gone for good.
        let synced = self.disk.sync_directory(&self.directory);
        self.noting_failure(synced)
    }

    /// The hashes that must stay.
    fn live_chunks(&self) -> BTreeSet<Hash> {
        let retired = self.retired.iter().filter_map(|retired| retired.upgrade());
        let kept = self.shared.read().checkpoints.clone();
        let held = kept.into_iter().chain(retired);
        let mut live: BTreeSet<Hash> = BTreeSet::new();
        for checkpoint in held {
            live.extend(checkpoint.chunks.iter().map(|chunk| chunk.hash));
        }
        let wanted = self.install.iter().flat_map(|install| &install.manifest.chunks);
        live.extend(wanted.map(|chunk| chunk.hash));
        live
    }

    /// Needed bytes in each pack.
    fn live_bytes(&self) -> BTreeMap<u64, u64> {
        let live = self.live_chunks();
        let mut bytes: BTreeMap<u64, u64> = BTreeMap::new();
        for (hash, place) in &self.shared.read().places {
            if live.contains(hash) {
                *bytes.entry(place.pack).or_default() += u64::from(place.frame.length);
            }
        }
        bytes
    }

    fn referenced_packs(&self) -> BTreeSet<u64> {
        let live = self.live_chunks();
        let state = self.shared.read();
        let places = state.places.iter().filter(|(hash, _)| live.contains(*hash));
        places.map(|(_, place)| place.pack).collect()
    }

    /// Copies what is needed of these packs into a new one, durably.
    fn move_live_chunks(&mut self, packs: &BTreeSet<u64>) -> Result<(), StoreError> {
        let live = self.live_chunks();
        let moving: Vec<Hash> = {
            let state = self.shared.read();
            let inside = state.places.iter().filter(|(_, place)| packs.contains(&place.pack));
            inside.map(|(hash, _)| *hash).filter(|hash| live.contains(hash)).collect()
        };
        if moving.is_empty() {
            return Ok(());
        }
        let mut pack = self.new_pack()?;
        for hash in moving {
            let bytes = self.shared.chunk(&hash)?;
            pack.add(hash, &bytes)?;
        }
        self.seal(&mut pack)
    }

    fn remove_packs(&mut self, packs: &[u64]) -> Result<(), StoreError> {
        for pack in packs {
            let mut state = self.shared.write();
            state.packs.remove(pack);
            state.places.retain(|_, place| place.pack != *pack);
            drop(state);
            self.disk.remove(&pack_file(&self.directory, *pack))?;
        }
        let synced = self.disk.sync_directory(&self.directory);
        self.noting_failure(synced)
    }
}
