//! The kinds of records of a log and their payloads.

use crate::segments::array;

/// Bytes of an index before the rest of a payload.
pub(super) const INDEX_BYTES: u64 = 8;

/// What a record says. The numbers are on disk and never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// Index, then the entry's bytes.
    Entry = 1,
    /// The index from which on entries are removed.
    Truncate = 2,
    /// Index, then the mark's bytes: everything up to the index is purged.
    Purge = 3,
    /// The vote's bytes.
    Vote = 4,
    /// The committed mark's bytes.
    Committed = 5,
}

impl Kind {
    pub(super) fn decode(kind: u8) -> Option<Self> {
        let kinds = [Self::Entry, Self::Truncate, Self::Purge, Self::Vote, Self::Committed];
        kinds.into_iter().find(|known| *known as u8 == kind)
    }
}

/// Parts a payload into its index and the rest; none when it is too short.
pub(super) fn split_index(payload: &[u8]) -> Option<(u64, &[u8])> {
    let bytes = INDEX_BYTES as usize;
    if payload.len() < bytes {
        return None;
    }
    Some((u64::from_le_bytes(array(payload, 0)), &payload[bytes..]))
}

#[cfg(test)]
mod tests {
    use super::{Kind, split_index};

    #[test]
    fn kinds_keep_their_numbers() {
        let rows = [
            (1, Some(Kind::Entry)),
            (2, Some(Kind::Truncate)),
            (3, Some(Kind::Purge)),
            (4, Some(Kind::Vote)),
            (5, Some(Kind::Committed)),
            (0, None),
            (6, None),
        ];
        for (number, expected) in rows {
            assert_eq!(Kind::decode(number), expected);
        }
    }

    #[test]
    fn a_short_payload_has_no_index() {
        assert_eq!(split_index(&[1; 7]), None);
        assert_eq!(split_index(&[1, 0, 0, 0, 0, 0, 0, 0, 9]), Some((1, &[9][..])));
    }
}
