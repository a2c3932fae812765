//! Any bytes as a checkpoint's numbers and chunks: a ledger that keeps its own rules, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use replica::checkpoint::Restoration;

fuzz_target!(|input: &[u8]| {
    // Parts, each after two bytes of its length: first the numbers, then chunks.
    let mut parts = Vec::new();
    let mut rest = input;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_le_bytes(*length)).min(after.len());
        let (part, after) = after.split_at(length);
        parts.push(part);
        rest = after;
    }
    let Some((numbers, chunks)) = parts.split_first() else { return };
    let Ok(mut restoration) = Restoration::begin(numbers) else { return };
    for chunk in chunks {
        if restoration.take(chunk).is_err() {
            return;
        }
    }
    if let Ok(ledger) = restoration.finish() {
        assert_eq!(ledger.recomputed_digest(), ledger.digest());
    }
});
