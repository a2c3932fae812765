//! Under which id a command is sent, and commands that are sent again.

use super::draft::Draft;
use ledger::limits::{
    REQUEST_AHEAD_SECONDS, REQUEST_SECONDS, STREAM_SEQUENCE_MAX, STREAM_WINDOW, STREAMS_MAX,
};
use ledger::words::RequestId;
use ledger::{Act, Command};

/// Commands that may be sent again.
const KEPT_MAX: usize = 96;
/// Streams that are in use.
const STREAMS_KEPT_MAX: usize = 4;

/// What the senders of a story remember.
#[derive(Clone, Debug, Default)]
pub(super) struct Sender {
    kept: Vec<Command>,
    streams: Vec<(u128, u64)>,
}

impl Sender {
    /// A command that was sent before: itself, or with another body under its id.
    pub fn again(&mut self, draft: &mut Draft<'_>) -> Option<Command> {
        if self.kept.is_empty() || !draft.chance.once_in(9) {
            return None;
        }
        let at = draft.chance.below(self.kept.len() as u32) as usize;
        let mut again = self.kept[at].clone();
        match draft.chance.below(10) {
            0 => again.author = None,
            // The deadline is not part of what makes a command itself.
            1 => again.not_after = draft.not_after(),
            2 => {
                let other = draft.chance.below(self.kept.len() as u32) as usize;
                again.act = self.kept[other].act.clone();
            }
            3 => again.act = Act::Tick,
            _ => {}
        }
        Some(again)
    }

    /// Keeps what may be sent again; what is kept long enough becomes an old request.
    pub fn sent(&mut self, command: &Command) {
        if command.request == RequestId::Natural {
            return;
        }
        if self.kept.len() == KEPT_MAX {
            // The first eighth stays for long, so that old ids come again.
            self.kept.remove(KEPT_MAX / 8);
        }
        self.kept.push(command.clone());
    }

    /// The id of a new command.
    pub fn request(&mut self, draft: &mut Draft<'_>) -> RequestId {
        let crowded = draft.model.requests.streams.len() >= STREAMS_MAX;
        if crowded && draft.chance.once_in(2) {
            return RequestId::Stream { stream: uuid(draft), sequence: 1 };
        }
        match draft.chance.below(100) {
            0..35 => RequestId::Natural,
            35..78 => RequestId::Unique(uuid(draft)),
            _ => self.in_stream(draft),
        }
    }

    fn in_stream(&mut self, draft: &mut Draft<'_>) -> RequestId {
        if self.streams.len() < STREAMS_KEPT_MAX || draft.chance.once_in(6) {
            if self.streams.len() == STREAMS_KEPT_MAX {
                self.streams.remove(draft.chance.below(STREAMS_KEPT_MAX as u32) as usize);
            }
            self.streams.push((uuid(draft), 1));
        }
        let at = draft.chance.below(self.streams.len() as u32) as usize;
        let (stream, next) = &mut self.streams[at];
        let sequence = match draft.chance.below(24) {
            0 => next.saturating_sub(u64::from(draft.chance.below(4))),
            1 => 1,
            2 => *next + STREAM_WINDOW - u64::from(draft.chance.below(3)),
            3 => *next + u64::from(draft.chance.between(2, 9)),
            4 => draft.chance.one_of([u64::MAX, STREAM_SEQUENCE_MAX + 1]),
            _ => *next,
        };
        if sequence < STREAM_SEQUENCE_MAX {
            *next = (*next).max(sequence + 1);
        }
        RequestId::Stream { stream: *stream, sequence }
    }
}

/// A UUIDv7 made about now; rarely too early, too far ahead, at an edge of either, or none.
fn uuid(draft: &mut Draft<'_>) -> u128 {
    let now = draft.now.micros() / 1_000;
    let day = REQUEST_SECONDS * 1_000;
    let ahead = REQUEST_AHEAD_SECONDS * 1_000;
    let made = match draft.chance.below(60) {
        0 => now - day,
        1 => now - day - 1,
        2 => now - day + u64::from(draft.chance.below(5_000)),
        3 => now + ahead,
        4 => now + ahead + 1,
        6 | 7 => now + 2 * ahead,
        5 => now - 2 * day,
        _ => now - u64::from(draft.chance.below(3_000)),
    };
    let random = u128::from(draft.chance.bits()) & 0x3fff_ffff_ffff_ffff;
    let version = if draft.chance.once_in(50) { 4 } else { 7 };
    u128::from(made) << 80 | version << 76 | 0b10 << 62 | random
}
