//! Whose a directory is, and who is refused.

use super::{DirectoryLock, Identity, IdentityError, claim_identity, encode, read_identity};
use crate::disk::{Disk, MemoryDisk};
use proptest::prelude::*;

fn identity() -> Identity {
    Identity { cluster: 0xC0, node: 3, incarnation: 77, fingerprint: [0xAB; 32] }
}

#[test]
fn a_claim_is_written_once_and_compared_ever_after() {
    let disk = MemoryDisk::new(1);
    disk.create_directory("data").expect("memory");
    assert!(read_identity(&disk, "data").expect("sound").is_none());
    assert_eq!(claim_identity(&disk, "data", &identity()).expect("new"), identity());
    disk.power_cut();
    let later = Identity { incarnation: 78, ..identity() };
    assert_eq!(claim_identity(&disk, "data", &later).expect("same"), identity());
    let rows = [
        (Identity { cluster: 1, node: 4, ..identity() }, "belong to cluster"),
        (Identity { node: 4, fingerprint: [0; 32], ..identity() }, "belong to node 3, not 4"),
        (Identity { fingerprint: [0; 32], ..identity() }, "shared settings"),
    ];
    for (given, expected) in rows {
        let refused = claim_identity(&disk, "data", &given);
        let text = refused.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn the_file_is_golden_and_every_flipped_bit_is_found() {
    let golden = "cupo identity\nformat 1\ncluster 000000000000000000000000000000c0\nnode 3\n\
                  incarnation 0000000000000000000000000000004d\nfingerprint ";
    let bytes = encode(&identity());
    assert!(bytes.starts_with(golden.as_bytes()));
    for bit in 0..bytes.len() * 8 {
        let disk = MemoryDisk::new(1);
        claim_identity(&disk, "data", &identity()).expect("new");
        disk.corrupt("data/identity", bit as u64 / 8, 1 << (bit % 8)).expect("it is there");
        assert!(read_identity(&disk, "data").is_err(), "bit {bit}");
    }
}

#[test]
fn another_format_is_named() {
    let disk = MemoryDisk::new(1);
    disk.create_directory("data").expect("memory");
    let body = "cupo identity\nformat 2\n";
    let text = format!("{body}checksum {:08x}\n", crc32fast::hash(body.as_bytes()));
    let mut file = disk.create("data/identity").expect("memory");
    file.append(text.as_bytes()).expect("memory");
    let refused = claim_identity(&disk, "data", &identity());
    assert!(matches!(refused, Err(IdentityError::OtherFormat { found: 2 })));
}

#[test]
fn two_locks_never_hold_one_directory() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let first = DirectoryLock::acquire(directory.path()).expect("free");
    let second = DirectoryLock::acquire(directory.path());
    assert!(matches!(second, Err(IdentityError::Locked { .. })));
    drop(first);
    assert!(DirectoryLock::acquire(directory.path()).is_ok());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let disk = MemoryDisk::new(1);
        disk.create_directory("data").expect("memory");
        disk.create("data/identity").expect("memory").append(&bytes).expect("memory");
        prop_assert!(read_identity(&disk, "data").is_err());
    }
}
