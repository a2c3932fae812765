//! Hold, confirm, release, extend, cancel, transfer and the life of a booking.

use super::check;
use crate::Happening;
use crate::words::{CommitmentId, Ending, Status};

#[test]
fn a_place_is_given_once() {
    check(
        "
        1 d1 hold OCIMS000015/icu => granted 0 at 0
        1 d2 hold OCIMS000015/icu => Taken
        2 d1 release 0 => ok
        2 d2 hold OCIMS000015/icu => granted 1 at 0
        3 d3 book 0-0 => granted 2 at 0
        3 d1 book 0-0 => Taken
        ",
    );
}

#[test]
fn the_first_candidate_with_room_is_taken() {
    check(
        "
        1 d1 hold OCIMS000015/icu | OCIMB000011/icu => granted 0 at 0
        1 d1 hold OCIMS000015/icu | OCIMB000011/icu => granted 1 at 1
        1 d1 hold OCIMS000015/icu | OCIMB000011/icu => granted 2 at 1
        1 d1 hold OCIMS000015/icu | OCIMB000011/icu => Taken
        # One that is merely full is worth more to know than one that does not exist.
        1 d1 hold OCIMS000099/icu | OCIMB000011/icu | 9-9 => Taken
        1 d1 hold OCIMS000099/icu | 9-9 => UnknownService
        1 d1 hold 9-9 => UnknownAgenda
        1 d1 hold 0-3 => UnknownSlot
        1 d1 hold OCIMB000011/ward => CapacityUnconfirmed
        1 d1 hold OCIMB000023/card => WrongKind
        1 d1 hold => OutOfBounds Candidates
        1 d1 hold OCIMS000015/icu for=4 => OutOfBounds HoldSeconds
        1 d1 hold OCIMS000015/icu for=7201 => OutOfBounds HoldSeconds
        1 d1 hold OCIMS000015/icu arrival=604801 => OutOfBounds ArrivalSeconds
        1 d1 hold 0-0+0-0+0-0+0-0+0-0+0-0+0-0+0-0+0-0 => OutOfBounds Legs
        ",
    );
}

#[test]
fn several_places_are_taken_together_or_not_at_all() {
    let script = check(
        "
        1 d1 hold OCIMB000011/icu + OCIMS000015/icu + 0-0 => granted 0 at 0,0,0
        1 d2 hold 0-1 + OCIMS000015/icu => Taken
        1 d2 hold 0-1 + 0-1 => Taken
        1 d2 hold OCIMB000011/icu + OCIMB000011/icu => Taken
        2 d1 confirm 1 => ok
        3 d1 cancel 2 => ok
        4 d2 hold 0-1 + OCIMS000015/icu => granted 3 at 0,0
        4 d2 hold OCIMB000011/icu | 0-2 + OCIMB000011/icu | 0-2 => granted 5 at 0,0
        5 d2 release 6 => ok
        5 d1 hold OCIMB000011/icu | 0-2 + OCIMS000015/icu | 0-2 => granted 7 at 0,1
        ",
    );
    for id in 0..3 {
        let status = script.ledger.commitment(CommitmentId(id)).map(|c| c.status);
        assert_eq!(status, Some(Status::Ended(Ending::Cancelled)));
    }
}

#[test]
fn a_hold_ends_exactly_once() {
    let script = check(
        "
        0 d1 hold OCIMB000011/icu for=60 => granted 0 at 0
        0 d1 hold OCIMB000011/icu for=60 => granted 1 at 0
        1 d1 confirm 0 f=3 => FencingMismatch
        1 d2 confirm 0 => NotYours
        1 - confirm 0 => NotYours
        1 o9 confirm 7 => UnknownCommitment
        59 d1 confirm 0 => ok
        59 d1 confirm 0 => AlreadyBooked
        59 d1 release 0 => AlreadyBooked
        59 d1 extend 0 => AlreadyBooked
        60 d1 confirm 1 => Expired
        60 d1 release 1 => Expired
        60 d1 extend 1 => Expired
        60 d1 cancel 1 => Expired
        61 d2 hold OCIMB000011/icu => granted 2 at 0
        61 d2 cancel 2 => NotBooked
        61 d2 release 2 => ok
        61 d2 release 2 => AlreadyReleased
        61 d2 confirm 2 => AlreadyReleased
        # The end is remembered for ten minutes; then its history has the rest.
        659 d1 confirm 1 => Expired
        660 d1 confirm 1 => Forgotten
        ",
    );
    let endings = script.events.iter().filter_map(|event| match &event.happening {
        Happening::Ended { commitment, ending, .. } => Some((commitment.0, *ending)),
        _ => None,
    });
    let endings: alloc::vec::Vec<_> = endings.collect();
    assert_eq!(endings, [(1, Ending::Expired), (2, Ending::Released)]);
}

#[test]
fn a_hold_is_kept_longer_under_a_new_fencing_number() {
    let script = check(
        "
        0 d1 hold OCIMB000011/icu + 0-0 for=60 => granted 0 at 0,0
        50 d1 extend 1 for=60 => granted 0 at 0,0
        50 d1 extend 1 for=3 => OutOfBounds HoldSeconds
        60 d1 confirm 0 f=18 => FencingMismatch
        109 d1 confirm 0 => ok
        ",
    );
    let fencings = script.ledger.commitments_from(CommitmentId(0)).map(|(_, c)| c.fencing.0);
    assert_eq!(fencings.collect::<alloc::vec::Vec<_>>(), [20, 20]);
}

#[test]
fn a_bed_is_assigned_reached_and_left() {
    check(
        "
        0 d1 book OCIMB000011/icu arrival=100 => granted 0 at 0
        0 d1 discharge 0 => NotArrived
        0 d1 fulfil 0 => WrongKind
        0 f1 arrive 0 => ok
        0 f1 arrive 0 => AlreadyArrived
        0 d1 cancel 0 => AlreadyArrived
        0 f1 noshow 0 => AlreadyArrived
        9 f1 discharge 0 => ok
        9 f1 discharge 0 => AlreadyEnded
        9 f1 arrive 0 => AlreadyEnded
        ",
    );
}

#[test]
fn a_bed_whose_patient_does_not_come_is_overdue_and_still_counted() {
    let script = check(
        "
        0 d1 book OCIMS000015/icu arrival=100 => granted 0 at 0
        100 d2 hold OCIMS000015/icu => Taken
        7000 d2 hold OCIMS000015/icu => Taken
        7000 f2 arrive 0 => ok
        7001 d1 book OCIMB000011/icu arrival=100 => granted 1 at 0
        7101 f1 noshow 1 => ok
        ",
    );
    let overdue = |event: &&crate::Event| matches!(event.happening, Happening::Overdue { .. });
    assert_eq!(script.events.iter().filter(overdue).count(), 2);
}

#[test]
fn a_booking_moves_to_another_place_in_one_commit() {
    let script = check(
        "
        0 d1 book OCIMS000015/icu => granted 0 at 0
        1 f2 arrive 0 => ok
        2 d2 transfer 0 OCIMB000011/icu => NotYours
        2 f2 transfer 0 OCIMS000015/icu => Taken
        2 f2 transfer 0 => OutOfBounds Candidates
        2 f2 transfer 0 OCIMS000015/icu | OCIMB000011/icu => granted 1 at 1
        3 d2 hold OCIMS000015/icu => granted 2 at 0
        3 f2 transfer 0 OCIMB000011/icu => AlreadyEnded
        3 d2 transfer 2 OCIMB000011/icu => NotBooked
        ",
    );
    let moved = script.ledger.commitment(CommitmentId(1)).expect("it was granted");
    let from = moved.rare.as_ref().and_then(|rare| rare.transferred_from);
    assert_eq!((from, moved.status), (Some(CommitmentId(0)), Status::Booked));
}

#[test]
fn declared_overcapacity_has_an_author_and_a_reason() {
    let script = check(
        "
        0 d1 book OCIMS000015/icu => granted 0 at 0
        0 d1 book OCIMS000015/icu => Taken
        0 - book OCIMS000015/icu over=accident => ReasonMissing
        0 d1 book OCIMS000015/icu over= => ReasonMissing
        0 d1 book OCIMS000015/icu over=accident => granted 1 at 0
        0 d1 book 0-0 + 0-0 over=outbreak => granted 2 at 0,0
        0 d1 book OCIMB000011/ward over=accident => CapacityUnconfirmed
        ",
    );
    let (_, service) =
        script.ledger.service_of(script.place("OCIMS000015/icu")).expect("it is registered");
    assert_eq!(service.ward.as_ref().map(|ward| ward.overcommitted()), Some(1));
}

#[test]
fn a_facility_may_dispute_what_is_committed() {
    let script = check(
        "
        0 d1 book OCIMS000015/icu => granted 0 at 0
        1 d2 dispute 0 unknown-to-us => NotYours
        1 f2 dispute 0 unknown-to-us => ok
        1 d2 hold OCIMS000015/icu => Taken
        ",
    );
    let disputed = script.ledger.commitment(CommitmentId(0)).and_then(|c| c.rare.as_ref());
    let why = disputed.and_then(|rare| rare.dispute.as_deref());
    assert_eq!(why, Some("unknown-to-us"));
}

#[test]
fn a_thousand_deadlines_stall_nothing() {
    use super::script::brief;
    use crate::acts::{Hold, Leg, PublishAgenda, Terms};
    use crate::words::{AgendaId, AgendaShape, Moment, Place, SlotId};
    use crate::{Act, Command, limits};
    let mut script = check("");
    let shape = AgendaShape {
        start: Moment::from_seconds(super::script::BEGINNING + 90_000),
        step_seconds: 60,
        length_seconds: 60,
        columns: 60,
        row_seconds: 3_600,
        rows: 60,
        capacity: 1,
    };
    let service = script.service("OCIMB000023/tele");
    let publish = Command::natural(Act::PublishAgenda(PublishAgenda { service, shape }));
    let at = |seconds| Moment::from_seconds(super::script::BEGINNING + seconds);
    let (ledger, events) = (&mut script.ledger, &mut script.events);
    assert_eq!(brief(&ledger.apply(at(1), &[publish], events)[0].outcome), "agenda 1");
    let hold = |index| {
        let slot = Place::Slot(SlotId { agenda: AgendaId(1), index });
        let legs = [Leg { candidates: [slot].into() }].into();
        let terms = Terms::Hold { seconds: 60 };
        Command::natural(Act::Hold(Hold {
            legs,
            terms,
            arrival_seconds: 0,
            person: None,
            basis: None,
            overcapacity: None,
        }))
    };
    let holds: alloc::vec::Vec<_> = (0..3_600).map(hold).collect();
    assert!(ledger.apply(at(2), &holds, events).iter().all(|a| a.outcome.granted().is_some()));
    let mut entries = 0;
    while ledger.next_due().is_some_and(|due| due <= at(62)) {
        events.clear();
        ledger.apply(at(62), &[Command::natural(Act::Tick)], events);
        assert!(events.len() <= limits::EXPIRIES_PER_ENTRY_MAX);
        entries += 1;
    }
    assert_eq!((entries, ledger.live_count(), ledger.violation()), (4, 0, None));
}
