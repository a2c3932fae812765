//! A log whose bytes were changed anywhere: it opens and reads what it has, or says that it is
//! damaged.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::Arc;
use store::StoreError;
use store::disk::{Disk, MemoryDisk};
use store::log::{Log, LogOptions, Payload};

const OPTIONS: LogOptions = LogOptions { segment_bytes: 300, tail_bytes: 100 };

fn open(disk: &MemoryDisk) -> Result<Log, StoreError> {
    Log::open(Arc::new(disk.clone()), "log", &OPTIONS)
}

/// Writes what the bytes say.
fn write(disk: &MemoryDisk, script: &[u8]) -> Result<(), StoreError> {
    let mut log = open(disk)?;
    let mut next = 1;
    for byte in script {
        let (what, size) = (byte % 8, usize::from(byte / 8));
        match what {
            0..=3 => {
                log.append(next, &[Payload::from(vec![*byte; size])])?;
                next += 1;
            }
            4 => log.save_vote(&vec![*byte; size])?,
            5 => log.save_committed(&vec![*byte; size])?,
            6 => {
                let state = log.reader().state();
                let back = state.last.unwrap_or(0).saturating_sub(size as u64 % 4);
                if state.purge.is_none_or(|(purged, _)| back > purged) && back > 0 {
                    log.truncate_from(back)?;
                    next = back.min(next);
                }
            }
            _ => {
                let last = log.reader().state().last.unwrap_or(0);
                log.purge_to(last.saturating_sub(size as u64 % 4), b"mark")?;
                log.reclaim()?;
            }
        }
    }
    log.sync()
}

fuzz_target!(|input: &[u8]| {
    let Some((length, rest)) = input.split_first() else { return };
    let (script, changes) = rest.split_at(usize::from(*length).min(rest.len()));
    let disk = MemoryDisk::new(1);
    if write(&disk, script).is_err() {
        return;
    }
    let files = disk.list("log").unwrap_or_default();
    for change in changes.chunks_exact(4) {
        let file = format!("log/{}", files[usize::from(change[0]) % files.len()]);
        let size = disk.size(&file).unwrap_or(0).max(1);
        let offset = u64::from(u16::from_le_bytes([change[1], change[2]])) % size;
        disk.corrupt(&file, offset, change[3]).expect("the file is there");
    }
    if let Ok(log) = open(&disk) {
        let state = log.reader().state();
        if let (Some(first), Some(last)) = (state.first, state.last) {
            let entries = log.reader().read(first..last + 1, u64::MAX).expect("it was verified");
            assert_eq!(entries.len() as u64, last + 1 - first);
        }
    }
});
