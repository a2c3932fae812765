//! The index's keys. Numbers are written most significant byte first, so that keys sort as they do.
//!
//! Only the events themselves have values, under their commitment; a person and a facility lead to
//! commitments by keys alone.

use ledger::words::{CommitmentId, FacilityId, Moment, PersonId, Revision};

/// Events: commitment, revision, place among the events of the revision.
const EVENT: u8 = b'c';
/// Bookings of a person, newest first: person, revision counted down, commitment.
const OF_PERSON: u8 = b'p';
/// Bookings at a facility, in the order of time: facility, moment, commitment.
const OF_FACILITY: u8 = b'f';

/// Bytes of a commitment's number, with which keys that lead to one end.
const COMMITMENT_BYTES: usize = 8;

/// All events of a commitment.
pub(super) fn events_of(commitment: CommitmentId) -> Vec<u8> {
    joined(&[&[EVENT], &commitment.0.to_be_bytes()])
}

/// One event. A commitment may have several at one revision: what fell due at an entry's moment
/// happens with the entry's first command.
pub(super) fn event(commitment: CommitmentId, revision: Revision, place: u32) -> Vec<u8> {
    let mut key = events_of(commitment);
    key.extend(revision.0.to_be_bytes());
    key.extend(place.to_be_bytes());
    key
}

/// All bookings of a person.
pub(super) fn of_person(person: PersonId) -> Vec<u8> {
    joined(&[&[OF_PERSON], &person.0.get().to_be_bytes()])
}

/// A person's booking, granted at this revision.
pub(super) fn person(person: PersonId, granted: Revision, commitment: CommitmentId) -> Vec<u8> {
    let mut key = of_person(person);
    key.extend((!granted.0).to_be_bytes());
    key.extend(commitment.0.to_be_bytes());
    key
}

/// All bookings at a facility.
pub(super) fn of_facility(facility: FacilityId) -> Vec<u8> {
    joined(&[&[OF_FACILITY], &facility.0.to_be_bytes()])
}

/// What every booking at a facility from this moment on is behind.
pub(super) fn facility_from(facility: FacilityId, moment: Moment) -> Vec<u8> {
    let mut key = of_facility(facility);
    key.extend(moment.micros().to_be_bytes());
    key
}

/// A booking at a facility: a slot's when it begins, a bed's when it was granted.
pub(super) fn facility(facility: FacilityId, moment: Moment, commitment: CommitmentId) -> Vec<u8> {
    let mut key = facility_from(facility, moment);
    key.extend(commitment.0.to_be_bytes());
    key
}

/// The commitment that a person's or a facility's key leads to; nothing for a key that is cut
/// short.
pub(super) fn commitment(key: &[u8]) -> Option<CommitmentId> {
    let bytes: &[u8; COMMITMENT_BYTES] = key.last_chunk()?;
    Some(CommitmentId(u64::from_be_bytes(*bytes)))
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU128;

    #[test]
    fn keys_sort_as_their_numbers_do() {
        #[track_caller]
        fn check(keys: &[Vec<u8>]) {
            assert!(keys.is_sorted(), "{keys:x?}");
        }
        let who = PersonId(NonZeroU128::MIN);
        let (one, two) = (CommitmentId(255), CommitmentId(256));
        check(&[
            event(one, Revision(255), 0),
            event(one, Revision(256), 0),
            event(one, Revision(256), 1),
            event(one, Revision(256), 256),
            event(two, Revision(1), 0),
        ]);
        check(&[
            person(who, Revision(256), one),
            person(who, Revision(255), one),
            person(who, Revision(255), two),
            person(who, Revision(0), two),
        ]);
        let at = FacilityId(7);
        check(&[
            facility_from(at, Moment::from_micros(255)),
            facility(at, Moment::from_micros(255), two),
            facility_from(at, Moment::from_micros(256)),
            facility(at, Moment::from_micros(256), one),
        ]);
    }

    #[test]
    fn keys_lead_to_their_commitment() {
        let id = CommitmentId(0x0102_0304_0506_0708);
        let who = PersonId(NonZeroU128::MAX);
        assert_eq!(commitment(&person(who, Revision(3), id)), Some(id));
        assert_eq!(commitment(&facility(FacilityId(1), Moment::MAX, id)), Some(id));
        assert_eq!(commitment(&[1, 2, 3]), None);
        assert!(person(who, Revision(3), id).starts_with(&of_person(who)));
        let from = facility(FacilityId(1), Moment::MAX, id);
        assert!(from.starts_with(&of_facility(FacilityId(1))));
    }
}
