//! Any bytes as what lies in the log and the journal. What can be read is read back the same, and
//! the ledger takes or refuses it.

#![no_main]

use ledger::words::Moment;
use ledger::{Command, Ledger};
use libfuzzer_sys::fuzz_target;
use replica::codec::{
    decode_applied, decode_command, decode_entry, decode_events, encode_applied, encode_command,
    encode_entry, encode_events,
};

/// Carries commands out on an empty ledger. An entry has at least one.
fn carry_out(moment: Moment, commands: &[Command]) {
    if commands.is_empty() {
        return;
    }
    let mut ledger = Ledger::new(1);
    let mut events = Vec::new();
    let applied = ledger.apply(moment, commands, &mut events);
    assert_eq!(applied.len(), commands.len());
    assert_eq!(ledger.recomputed_digest(), ledger.digest());
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    match kind % 5 {
        0 => {
            if let Ok(command) = decode_command(bytes) {
                let again = decode_command(&encode_command(&command));
                assert_eq!(again.as_ref().ok(), Some(&command));
                carry_out(Moment::from_seconds(1_800_000_000), &[command]);
            }
        }
        1 => {
            // Several commands one after the other: each two bytes of length, then itself.
            let mut commands = Vec::new();
            let mut rest = bytes;
            while let Some((length, after)) = rest.split_first_chunk::<2>() {
                let length = usize::from(u16::from_le_bytes(*length)).min(after.len());
                let (one, after) = after.split_at(length);
                commands.extend(decode_command(one));
                rest = after;
            }
            carry_out(Moment::from_seconds(1_800_000_000), &commands);
        }
        2 => {
            if let Ok((moment, commands)) = decode_entry(bytes) {
                let again = decode_entry(&encode_entry(moment, &commands));
                assert_eq!(again.ok(), Some((moment, commands)));
            }
        }
        3 => {
            if let Ok(events) = decode_events(bytes) {
                assert_eq!(decode_events(&encode_events(&events)).ok(), Some(events));
            }
        }
        _ => {
            if let Ok(applied) = decode_applied(bytes) {
                assert_eq!(decode_applied(&encode_applied(&applied)).ok(), Some(applied));
            }
        }
    }
});
