//! Rebuilding a log's state from its records, oldest first.
//!
//! The head of the stream may be gone: then the first entries met continue nothing, and a later
//! purge mark accounts for what is missing. Whether it does is only known at the end.

use super::Payload;
use super::format::{Kind, split_index};
use super::state::State;
use crate::limits::LOG_ENTRIES_MAX;
use crate::segments::Position;

/// Takes in one record; an error says what is wrong with it.
pub(super) fn apply(
    state: &mut State,
    position: Position,
    kind: u8,
    payload: &[u8],
) -> Result<(), &'static str> {
    let kind = Kind::decode(kind).ok_or("a log record of an unknown kind")?;
    match kind {
        Kind::Vote => state.vote = Some(Payload::from(payload)),
        Kind::Committed => state.committed = Some(Payload::from(payload)),
        Kind::Entry | Kind::Truncate | Kind::Purge => {
            let (index, rest) = split_index(payload).ok_or("a log record without its index")?;
            if index == u64::MAX {
                return Err("a log record with an index that has no next one");
            }
            apply_indexed(state, position, kind, index, rest)?;
        }
    }
    Ok(())
}

fn apply_indexed(
    state: &mut State,
    position: Position,
    kind: Kind,
    index: u64,
    rest: &[u8],
) -> Result<(), &'static str> {
    match kind {
        Kind::Truncate => state.truncate_from(index),
        Kind::Purge => state.purge_to(index, Payload::from(rest)),
        _ if state.last().is_some_and(|last| index != last + 1) => {
            return Err("a log entry that does not follow the one before");
        }
        _ if state.purged_to().is_some_and(|purged| index <= purged) => {
            return Err("a log entry that had been purged before it was written");
        }
        _ if state.count() >= LOG_ENTRIES_MAX => return Err("more log entries than can be"),
        _ => state.push(index, position, Payload::from(rest)),
    }
    Ok(())
}

/// Judges the whole once every record has been seen; `oldest` is the first segment's number.
pub(super) fn finish(state: &mut State, oldest: u64) -> Result<(), &'static str> {
    if oldest > 1 && state.purge.is_none() {
        return Err("the log's head is gone without a purge mark");
    }
    match (state.purged_to(), state.first()) {
        (Some(purged), Some(first)) if first != purged + 1 => {
            Err("entries between the purge mark and the first segment are gone")
        }
        _ => Ok(()),
    }
}
