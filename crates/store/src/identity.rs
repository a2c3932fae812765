//! Who this node's data belong to: written once, compared at every start.

use crate::disk::{Disk, join, read_whole, write_atomically};
use crate::error::StoreError;
use crate::limits::IDENTITY_BYTES_MAX;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// The format of everything this room writes; another number means another layout.
pub const FORMAT: u32 = 1;

const NAME: &str = "identity";

/// What a directory of data belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The cluster, a random number.
    pub cluster: u128,
    /// The node's number in it. A node that lost its data returns under a new one.
    pub node: u64,
    /// A random number of this very set of data, chosen when it was begun.
    pub incarnation: u128,
    /// Hash over all settings that must be equal on every node.
    pub fingerprint: [u8; 32],
}

/// Why a directory was not taken.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The data are another cluster's.
    #[error(
        "the data belong to cluster {found:032x}, not {given:032x}: \
         use another data directory, or join the cluster they belong to"
    )]
    OtherCluster {
        /// The cluster in the data.
        found: u128,
        /// The cluster in the settings.
        given: u128,
    },
    /// The data are another node's.
    #[error("the data belong to node {found}, not {given}: each node needs its own directory")]
    OtherNode {
        /// The node in the data.
        found: u64,
        /// The node in the settings.
        given: u64,
    },
    /// The settings that all nodes share are not those the data were begun with.
    #[error(
        "the cluster's shared settings have the fingerprint {given}, the data were begun with \
         {found}: use the same cluster settings on every node"
    )]
    OtherFingerprint {
        /// The fingerprint in the data, in hexadecimal.
        found: String,
        /// The fingerprint of the settings, in hexadecimal.
        given: String,
    },
    /// The data were written by another version.
    #[error("the data have format {found}, this program knows {FORMAT}: use a matching version")]
    OtherFormat {
        /// The format in the data.
        found: u32,
    },
    /// Another process has the directory open.
    #[error("another process uses {directory}: stop it, or use another data directory")]
    Locked {
        /// The contested directory.
        directory: String,
    },
    /// The disk refused, or the file is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads whose data `directory` holds; none when nothing has been begun there.
pub fn read_identity(disk: &dyn Disk, directory: &str) -> Result<Option<Identity>, IdentityError> {
    let file = join(directory, NAME);
    match read_whole(disk, &file, IDENTITY_BYTES_MAX) {
        Ok(bytes) => decode(&bytes, &file).map(Some),
        Err(StoreError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Takes `directory` for `given`: writes it where nothing has been begun, and otherwise compares.
/// Returns what is on disk, whose incarnation may be older than the given one.
///
/// # Errors
/// A variant of its own for each thing that differs, the cluster first.
pub fn claim_identity(
    disk: &dyn Disk,
    directory: &str,
    given: &Identity,
) -> Result<Identity, IdentityError> {
    disk.create_directory(directory)?;
    let Some(found) = read_identity(disk, directory)? else {
        write_atomically(disk, directory, NAME, &encode(given))?;
        let written = read_identity(disk, directory)?;
        assert_eq!(written.as_ref(), Some(given), "an identity reads back as it was written");
        return Ok(given.clone());
    };
    if found.cluster != given.cluster {
        let (found, given) = (found.cluster, given.cluster);
        return Err(IdentityError::OtherCluster { found, given });
    }
    if found.node != given.node {
        return Err(IdentityError::OtherNode { found: found.node, given: given.node });
    }
    if found.fingerprint != given.fingerprint {
        let (found, given) = (hexadecimal(&found.fingerprint), hexadecimal(&given.fingerprint));
        return Err(IdentityError::OtherFingerprint { found, given });
    }
    Ok(found)
}

/// The exclusive use of a directory by this process, until dropped.
#[derive(Debug)]
pub struct DirectoryLock {
    /// Held open: the operating system releases the lock with it, also when the process dies.
    _file: File,
}

impl DirectoryLock {
    /// Locks `directory`, which must exist.
    pub fn acquire(directory: &Path) -> Result<Self, IdentityError> {
        let path = directory.join("lock");
        let shown = path.display().to_string();
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = opened.map_err(|error| StoreError::from_io(&shown, "open", error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(IdentityError::Locked { directory: directory.display().to_string() })
            }
            Err(TryLockError::Error(error)) => {
                Err(StoreError::from_io(&shown, "lock", error).into())
            }
        }
    }
}

/// Text, so that an operator can read it; a checksum, so that nothing else can be mistaken for it.
fn encode(identity: &Identity) -> Vec<u8> {
    let Identity { cluster, node, incarnation, fingerprint } = identity;
    let fingerprint = hexadecimal(fingerprint);
    let body = format!(
        "cupo identity\nformat {FORMAT}\ncluster {cluster:032x}\nnode {node}\n\
         incarnation {incarnation:032x}\nfingerprint {fingerprint}\n"
    );
    format!("{body}checksum {:08x}\n", crc32fast::hash(body.as_bytes())).into_bytes()
}

fn decode(bytes: &[u8], file: &str) -> Result<Identity, IdentityError> {
    let damaged = || StoreError::damaged(file, 0, "the identity does not verify");
    let text = std::str::from_utf8(bytes).map_err(|_| damaged())?;
    let (body, checksum) =
        text.split_at_checked(text.len().saturating_sub(18)).ok_or_else(damaged)?;
    if checksum != format!("checksum {:08x}\n", crc32fast::hash(body.as_bytes())) {
        return Err(damaged().into());
    }
    let field = |name: &str| body.lines().find_map(|line| line.strip_prefix(name));
    let format = field("format ").and_then(|text| text.parse().ok()).ok_or_else(damaged)?;
    if format != FORMAT {
        return Err(IdentityError::OtherFormat { found: format });
    }
    let random = |name| field(name).and_then(|text| u128::from_str_radix(text, 16).ok());
    let node = field("node ").and_then(|text| text.parse().ok());
    Ok(Identity {
        cluster: random("cluster ").ok_or_else(damaged)?,
        node: node.ok_or_else(damaged)?,
        incarnation: random("incarnation ").ok_or_else(damaged)?,
        fingerprint: field("fingerprint ").and_then(bytes_of).ok_or_else(damaged)?,
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod identity_test;
