//! Agendas, slots and the life of an appointment.

use super::check;
use crate::words::{CommitmentId, Ending, Status};
use alloc::format;
use alloc::string::String;

#[test]
fn agendas_have_bounds_and_do_not_overlap() {
    check(
        "
        1 f3 publish OCIMB000023/tele start=100 step=600 cols=0 => OutOfBounds Slots
        1 f3 publish OCIMB000023/tele start=100 step=600 cols=64 rows=65 row=86400 => OutOfBounds Slots
        1 f3 publish OCIMB000023/tele start=100 step=600 length=601 => OutOfBounds SlotLength
        1 f3 publish OCIMB000023/tele start=100 step=0 => OutOfBounds SlotLength
        1 f3 publish OCIMB000023/tele start=100 cols=10 rows=2 row=5999 => OutOfBounds RowLength
        1 f3 publish OCIMB000023/tele start=100 cap=0 => OutOfBounds SlotCapacity
        1 f3 publish OCIMB000023/tele start=100 cap=201 => OutOfBounds SlotCapacity
        1000 f3 publish OCIMB000023/tele start=100 => OutOfBounds AgendaTime
        1000 f3 publish OCIMB000023/tele start=63245201 => OutOfBounds AgendaTime
        1000 f1 publish OCIMB000011/icu start=2000 => WrongKind
        1000 f1 publish OCIMB000011/none start=2000 => UnknownService
        1000 f3 publish OCIMB000023/card start=7200 => AgendaOverlaps
        1000 f3 publish OCIMB000023/card start=14400 => agenda 1
        1000 f3 publish OCIMB000023/tele start=2000 cols=10 rows=20 => agenda 2
        1000 f3 publish OCIMB000023/tele start=8000 => agenda 3
        1000 f3 publish OCIMB000023/tele start=89000 => AgendaOverlaps
        # A single row has no next one, however long it is said to be.
        1000 f3 publish OCIMB000023/card start=20000 step=600 length=60 cols=3 row=0 => agenda 4
        1000 f3 publish OCIMB000023/card start=20300 step=60 => agenda 5
        1000 f3 publish OCIMB000023/card start=21200 step=60 => AgendaOverlaps
        1000 f3 publish OCIMB000023/card start=30000 step=600 length=60 cols=3 row=1 => agenda 6
        1000 f3 publish OCIMB000023/card start=30300 step=60 => agenda 7
        1000 f3 publish OCIMB000023/card start=31200 step=60 => AgendaOverlaps
        ",
    );
}

#[test]
fn a_hold_that_is_kept_for_days_expires_with_its_agenda() {
    let mut table = String::from(
        "
        0 f3 publish OCIMB000023/tele start=60 => agenda 1
        0 f3 publish OCIMB000023/tele start=600000 => agenda 2
        0 d1 hold 1-0 + 2-0 for=7200 => granted 0 at 0,0
        ",
    );
    // Three days after its end an agenda goes, and whoever still holds one of its slots with it.
    for seconds in (7_000..259_860).step_by(7_000) {
        table.push_str(&format!("{seconds} d1 extend 0 for=7200 => granted 0 at 0,0\n"));
    }
    table.push_str("259860 d1 confirm 0 => Expired\n 259860 d1 confirm 1 => Expired\n");
    table.push_str("270000 - tick => ok\n");
    let script = check(&table);
    assert_eq!(script.ledger.live_count(), 0);
}

#[test]
fn a_slot_has_room_until_it_begins() {
    check(
        "
        0 f3 publish OCIMB000023/tele start=100 cap=2 => agenda 1
        1 d1 book 1-0 => granted 0 at 0
        1 d1 book 1-0 => granted 1 at 0
        1 d1 book 1-0 => Taken
        99 d1 cancel 0 => ok
        99 d1 book 1-0 => granted 2 at 0
        100 d1 cancel 2 => ok
        100 d1 book 1-0 => SlotBegun
        ",
    );
}

#[test]
fn blocked_slots_keep_what_is_committed() {
    check(
        "
        0 d1 book 0-1 => granted 0 at 0
        1 f3 block 0 0 2 => ok
        1 f3 block 0 2 2 => UnknownSlot
        1 f3 block 0 2 0 => UnknownSlot
        1 f3 block 9 0 1 => UnknownAgenda
        1 d1 book 0-0 => Blocked
        1 d1 book 0-0 over=outbreak => Blocked
        1 d1 book 0-0 | 0-2 => granted 1 at 1
        2 f3 unblock 0 0 1 => ok
        2 d1 book 0-0 => granted 2 at 0
        3 f3 withdraw 0 => HasCommitments 3: 0,1,2
        4 d1 cancel 0 => ok
        4 d1 cancel 1 => ok
        4 d1 cancel 2 => ok
        4 f3 withdraw 0 => ok
        4 f3 withdraw 0 => UnknownAgenda
        ",
    );
}

#[test]
fn a_visit_takes_place_or_not() {
    let script = check(
        "
        0 c1 book 0-0 => granted 0 at 0
        0 c2 book 0-1 => granted 1 at 0
        0 c3 book 0-2 => granted 2 at 0
        3599 f3 noshow 0 => SlotNotBegun
        3599 f3 fulfil 0 => NotArrived
        3599 f3 arrive 0 => ok
        3599 f3 discharge 0 => WrongKind
        5000 f3 fulfil 0 => ok
        7300 f3 noshow 1 => ok
        # Three days after the last slot nobody has said what became of it.
        273599 f3 arrive 2 => ok
        273600 - tick => ok
        ",
    );
    let ending = |id| script.ledger.commitment(CommitmentId(id)).map(|c| c.status);
    assert_eq!(ending(2), Some(Status::Ended(Ending::Unreported)));
    assert_eq!(script.ledger.agenda_count(), 0, "an agenda that is over is forgotten");
}
