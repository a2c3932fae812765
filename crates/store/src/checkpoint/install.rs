//! Taking over a checkpoint from a peer, chunk by chunk; after a crash it goes on where it was.

use super::manifest::{Checkpoint, Chunk, Hash, Manifest};
use super::pack::PackWriter;
use super::{Checkpoints, StoreError};
use crate::error::InstallError;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A checkpoint being received.
pub(super) struct Install {
    pub(super) manifest: Manifest,
    /// Hash and length of the chunks still to come.
    missing: BTreeMap<Hash, u32>,
    pack: Option<PackWriter>,
}

impl Checkpoints {
    /// Begins, or after a crash resumes, taking over the checkpoint of this encoded manifest.
    /// Returns the hashes of the chunks that are not here yet. An install that was under way is
    /// given up, but what it received is kept for this one.
    ///
    /// # Errors
    /// [`InstallError::ContentMismatch`] when the bytes are no sound manifest.
    pub fn begin_install(&mut self, manifest: &[u8]) -> Result<Vec<Hash>, InstallError> {
        self.check_usable()?;
        let decoded = Manifest::decode(manifest).map_err(|reason| {
            InstallError::ContentMismatch { what: format!("a manifest ({reason})") }
        })?;
        if let Some(mut former) = self.install.take()
            && let Some(pack) = &mut former.pack
        {
            self.seal(pack)?;
        }
        let missing = {
            let state = self.shared.read();
            let absent = decoded.chunks.iter().filter(|chunk| !state.holds(chunk));
            absent.map(|chunk| (chunk.hash, chunk.length)).collect()
        };
        self.install = Some(Install { manifest: decoded, missing, pack: None });
        Ok(self.missing_chunks())
    }

    /// The hashes of the chunks that the install under way still needs; none without one.
    pub fn missing_chunks(&self) -> Vec<Hash> {
        let install = self.install.iter();
        install.flat_map(|install| install.missing.keys().copied()).collect()
    }

    /// What the checkpoint being taken in consists of: its free-form part and its chunks.
    pub fn installing(&self) -> Option<(&[u8], &[Chunk])> {
        let install = self.install.as_ref()?;
        Some((&install.manifest.meta, &install.manifest.chunks))
    }

    /// Takes in one missing chunk.
    ///
    /// # Errors
    /// [`InstallError::ContentMismatch`] when the bytes do not have this hash,
    /// [`InstallError::NotExpected`] when it is not missing.
    pub fn accept_chunk(&mut self, hash: &Hash, bytes: &[u8]) -> Result<(), InstallError> {
        self.check_usable()?;
        let what = || "a chunk".to_owned();
        let install = self.install.as_mut();
        let mut install = install.ok_or_else(|| InstallError::NotExpected { what: what() })?;
        let Some(length) = install.missing.get(hash).copied() else {
            return Err(InstallError::NotExpected { what: what() });
        };
        if bytes.len() != length as usize || Sha256::digest(bytes)[..] != hash[..] {
            return Err(InstallError::ContentMismatch { what: what() });
        }
        if install.pack.is_none() {
            let pack = self.new_pack()?;
            install = self.install.as_mut().expect("it was just there");
            install.pack = Some(pack);
        }
        let pack = install.pack.as_mut().expect("it was just made");
        let added = pack.add(*hash, bytes);
        if added.is_ok() {
            install.missing.remove(hash);
        }
        Ok(self.noting_failure(added)?)
    }

    /// Makes the received checkpoint durable and the newest.
    ///
    /// # Errors
    /// [`InstallError::Incomplete`] while chunks are missing.
    pub fn finish_install(&mut self) -> Result<Arc<Checkpoint>, InstallError> {
        self.check_usable()?;
        let what = || "the end of an install".to_owned();
        let missing = match &self.install {
            None => return Err(InstallError::NotExpected { what: what() }),
            Some(install) => install.missing.len() as u64,
        };
        if missing > 0 {
            return Err(InstallError::Incomplete { missing });
        }
        let mut install = self.install.take().expect("it was just there");
        if let Some(pack) = &mut install.pack
            && let Err(error) = self.seal(pack)
        {
            // Kept, so that the call can be repeated once there is room.
            self.install = Some(install);
            return Err(error.into());
        }
        install.pack = None;
        self.commit_install(install).map_err(InstallError::from)
    }

    fn commit_install(&mut self, install: Install) -> Result<Arc<Checkpoint>, StoreError> {
        let committed = self.commit(install.manifest.clone());
        if committed.is_err() {
            self.install = Some(install);
        }
        committed
    }
}
