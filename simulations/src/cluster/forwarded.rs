//! What is in a call by which one node forwards commands to another, as the network sees it.

use ledger::Act;
use ledger::words::RequestId;
use prost::encoding::decode_varint;
use replica::codec;

/// Bytes by which every call of a peer says what it is: its format, cluster and configuration, who
/// calls, and the data it means.
const HEADING: usize = 1 + 16 + 32 + 8 + 16;
/// The tag of a command: field 1, with a length.
const COMMAND: u64 = 1 << 3 | 2;

/// Whether all that is forwarded may come twice: it has ids by which it is known again, or is a
/// report, whose number says so. What a caller without an id has asked for is sent once, and so
/// carried at most once: that much a connection promises.
pub fn may_come_twice(body: &[u8]) -> bool {
    let Some(mut words) = body.get(HEADING..) else { return false };
    let mut commands = 0;
    while let Ok(tag) = decode_varint(&mut words) {
        let Ok(length) = decode_varint(&mut words) else { return false };
        if tag != COMMAND {
            continue;
        }
        let Some((command, rest)) =
            usize::try_from(length).ok().and_then(|length| words.split_at_checked(length))
        else {
            return false;
        };
        words = rest;
        commands += 1;
        let known = codec::decode_command(command).is_ok_and(|command| {
            command.request != RequestId::Natural || matches!(command.act, Act::Report(_))
        });
        if !known {
            return false;
        }
    }
    commands > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::Command;
    use ledger::acts::{Cancel, Report};
    use ledger::words::{BedCount, CommitmentId, ServiceId};

    /// A call that forwards these, as a node writes it.
    fn call(commands: &[Command]) -> Vec<u8> {
        let mut body = vec![2; HEADING];
        for command in codec::encode_commands(commands) {
            let length = u8::try_from(command.len()).expect("it is a short command");
            assert!(length < 0x80, "its length is one byte");
            body.extend([0x0a, length]);
            body.extend_from_slice(&command);
        }
        body.extend([0x10, 0x96, 0x01]);
        body
    }

    #[test]
    fn only_what_is_known_again_comes_twice() {
        let cancel = Command::natural(Act::Cancel(Cancel { commitment: CommitmentId(1) }));
        let unique = Command { request: RequestId::Unique(7 << 76 | 2 << 62), ..cancel.clone() };
        let report = Command::natural(Act::Report(Report {
            service: ServiceId(1),
            sequence: 1,
            incarnation: 1,
            beds: BedCount::default(),
            available: 0,
            accounted_through: 0,
            exceptions: Vec::new(),
        }));
        let rows: [(&[Command], bool); 5] = [
            (&[], false),
            (std::slice::from_ref(&unique), true),
            (&[unique.clone(), report.clone()], true),
            (&[report, cancel.clone()], false),
            (&[cancel], false),
        ];
        for (commands, expected) in rows {
            assert_eq!(may_come_twice(&call(commands)), expected, "{commands:?}");
        }
        let whole = call(&[unique]);
        assert!((0..whole.len() - 3).all(|end| !may_come_twice(&whole[..end])), "it is cut off");
    }
}
