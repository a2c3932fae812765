//! A journal whose bytes were changed anywhere: what it still tells is what was written, or it says
//! that it is damaged.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::Arc;
use store::disk::{Disk, MemoryDisk};
use store::journal::{Journal, JournalOptions};

const OPTIONS: JournalOptions = JournalOptions { segment_bytes: 300 };

fuzz_target!(|input: &[u8]| {
    let Some((length, rest)) = input.split_first() else { return };
    let (script, changes) = rest.split_at(usize::from(*length).min(rest.len()));
    let disk = MemoryDisk::new(1);
    let open = || Journal::open(Arc::new(disk.clone()), "journal", &OPTIONS);
    let mut journal = open().expect("an empty disk");
    let mut written = Vec::new();
    for (number, byte) in (1..).zip(script) {
        let payload = vec![*byte; usize::from(*byte)];
        journal.append(number, number, &payload).expect("there is room");
        written.push(payload);
    }
    journal.sync().expect("the disk syncs");
    drop(journal);
    let files = disk.list("journal").unwrap_or_default();
    for change in changes.chunks_exact(4) {
        let file = format!("journal/{}", files[usize::from(change[0]) % files.len()]);
        let size = disk.size(&file).unwrap_or(0).max(1);
        let offset = u64::from(u16::from_le_bytes([change[1], change[2]])) % size;
        disk.corrupt(&file, offset, change[3]).expect("the file is there");
    }
    let Ok(journal) = open() else { return };
    // Whatever it says is verified: it never tells what was not written.
    drop(journal.reader().verify());
    for (batch, payload) in journal.reader().read_from(1).zip(&written) {
        let Ok(batch) = batch else { return };
        assert_eq!(&batch.payload[..], &payload[..]);
    }
});
