//! The reconciling report, case by case. The property over whole stories is in `ward_property`.

use super::check;
use super::script::Script;

#[track_caller]
fn beds(script: &Script, place: &str, available: u32, overcommitted: u32) {
    let (_, service) = script.ledger.service_of(script.place(place)).expect("it is registered");
    let ward = service.ward.as_ref().expect("it has beds");
    assert_eq!((ward.available(), ward.overcommitted()), (available, overcommitted));
}

#[test]
fn a_bed_the_ward_has_not_seen_taken_is_not_given_twice() {
    let script = check(
        "
        1 d1 hold OCIMB000011/icu => granted 0 at 0
        # The ward counted before it heard of the hold.
        2 f1 report OCIMB000011/icu #2 total=4 free=2 through=0 => ok
        2 d2 hold OCIMB000011/icu => granted 1 at 0
        2 d2 hold OCIMB000011/icu => Taken
        # Now it knows of both, and says that nothing is left.
        3 f1 report OCIMB000011/icu #3 total=4 free=0 through=2 => ok
        3 d2 hold OCIMB000011/icu => Taken
        ",
    );
    beds(&script, "OCIMB000011/icu", 0, 0);
}

#[test]
fn a_bed_the_ward_counts_as_taken_is_not_subtracted_again() {
    let script = check(
        "
        1 d1 hold OCIMB000011/icu => granted 0 at 0
        2 f1 report OCIMB000011/icu #2 total=4 free=1 through=1 => ok
        2 d2 hold OCIMB000011/icu => granted 1 at 0
        2 d2 hold OCIMB000011/icu => Taken
        ",
    );
    beds(&script, "OCIMB000011/icu", 0, 0);
}

#[test]
fn a_ward_may_have_counted_an_arrival_and_not_yet_an_earlier_hold() {
    let script = check(
        "
        1 d1 hold OCIMB000011/icu => granted 0 at 0
        1 d2 book OCIMB000011/icu => granted 1 at 0
        1 f1 arrive 1 => ok
        2 f1 report OCIMB000011/icu #2 total=4 free=3 through=2 except=1 => ok
        ",
    );
    beds(&script, "OCIMB000011/icu", 2, 0);
}

#[test]
fn the_end_of_a_commitment_never_adds_to_a_reported_number() {
    let script = check(
        "
        1 d1 hold OCIMB000011/icu => granted 0 at 0
        1 d1 hold OCIMB000011/icu => granted 1 at 0
        2 f1 report OCIMB000011/icu #2 total=4 free=1 through=1 => ok
        # The second was never counted, and simply stops being subtracted.
        3 d1 release 1 => ok
        3 d2 hold OCIMB000011/icu => granted 2 at 0
        # The first was counted, and comes back only with the ward's word.
        4 d1 release 0 => ok
        4 d3 hold OCIMB000011/icu => Taken
        5 f1 ack OCIMB000011/icu 3 => NothingToReturn
        5 f1 ack OCIMB000011/icu 1 incarnation=8 => OtherIncarnation
        5 f1 ack OCIMB000011/icu 1 => ok
        5 f1 ack OCIMB000011/icu 1 => NothingToReturn
        5 d3 hold OCIMB000011/icu => granted 3 at 0
        5 d3 hold OCIMB000011/icu => Taken
        5 f3 ack OCIMB000023/card 1 => WrongKind
        5 f3 ack OCIMB000023/none 1 => UnknownService
        ",
    );
    beds(&script, "OCIMB000011/icu", 0, 0);
}

#[test]
fn an_acknowledgement_adds_nothing_once_a_newer_report_is_in() {
    let script = check(
        "
        1 d1 hold OCIMB000011/icu => granted 0 at 0
        2 f1 report OCIMB000011/icu #2 total=4 free=1 through=1 => ok
        3 d1 release 0 => ok
        # The ward has set it free and counts it so; its acknowledgement comes after.
        4 f1 report OCIMB000011/icu #3 total=4 free=2 through=1 => ok
        5 f1 ack OCIMB000011/icu 1 => NothingToReturn
        ",
    );
    beds(&script, "OCIMB000011/icu", 2, 0);
}

#[test]
fn a_report_below_the_commitments_is_the_truth() {
    let script = check(
        "
        1 d1 hold OCIMB000011/icu => granted 0 at 0
        1 d1 hold OCIMB000011/icu => granted 1 at 0
        # Somebody nobody told cupo about lies in one of the two.
        2 f1 report OCIMB000011/icu #2 total=4 free=1 through=0 => overcommitted 1
        2 d2 hold OCIMB000011/icu => Taken
        3 d1 release 1 => ok
        3 d2 hold OCIMB000011/icu => Taken
        ",
    );
    beds(&script, "OCIMB000011/icu", 0, 0);
}

#[test]
fn reports_that_are_late_contradictory_or_of_elsewhere_change_nothing() {
    let script = check(
        "
        1 d1 hold OCIMB000011/icu => granted 0 at 0
        2 f1 report OCIMB000011/icu #5 total=4 free=1 through=1 => ok
        2 f1 report OCIMB000011/icu #5 total=4 free=4 through=1 => stale 5
        2 f1 report OCIMB000011/icu #4 total=4 free=4 through=1 => stale 5
        2 f1 report OCIMB000011/icu #6 total=4 free=4 through=0 => WatermarkWentBack
        2 f1 report OCIMB000011/icu #6 total=4 free=4 through=2 => WatermarkAhead
        2 f1 report OCIMB000011/icu #6 total=4 free=4 through=1 incarnation=8 => OtherIncarnation
        2 f1 report OCIMB000011/icu #6 total=4 free=4 through=1 open=3 => Inconsistent BedTotals
        2 f1 report OCIMB000011/icu #6 total=4 free=2 available=3 through=1 => Inconsistent Available
        2 f1 report OCIMB000011/icu #6 total=4 free=4 open=1 blocked=3 through=1 => Inconsistent Available
        2 f1 report OCIMB000011/icu #6 total=4 free=4 through=1 except=2 => Inconsistent Exceptions
        2 f1 report OCIMB000011/icu #6 total=4 free=4 through=1 except=0 => Inconsistent Exceptions
        2 f1 report OCIMB000011/icu #6 total=10001 free=0 through=1 => Inconsistent Beds
        2 f1 report OCIMB000023/card #6 total=4 free=0 through=0 => WrongKind
        2 f1 report OCIMB000023/none #6 total=4 free=0 through=0 => UnknownService
        # Fourteen beds, one of which may be used.
        3 f1 report OCIMB000011/icu #6 total=4 free=4 open=1 blocked=3 available=1 through=1 => ok
        ",
    );
    beds(&script, "OCIMB000011/icu", 1, 0);
}

#[test]
fn capacity_is_believed_once_an_operator_confirms_it() {
    let script = check(
        "
        1 f1 report OCIMB000011/er #1 total=6 free=3 through=0 => proposed 6
        1 d1 hold OCIMB000011/er => CapacityUnconfirmed
        2 o1 capacity OCIMB000011/er 0 => OutOfBounds Beds
        2 o1 capacity OCIMB000011/er 10001 => OutOfBounds Beds
        2 o1 capacity OCIMB000023/card 5 => WrongKind
        2 o1 capacity OCIMB000023/none 5 => UnknownService
        2 o1 capacity OCIMB000011/er 6 => ok
        2 d1 hold OCIMB000011/er => granted 0 at 0
        # A jump is shown to an operator, and what was believed before still stands.
        3 f1 report OCIMB000011/er #2 total=60 free=40 through=1 => claim over 6
        3 d1 hold OCIMB000011/er + OCIMB000011/er => granted 1 at 0,0
        3 d1 hold OCIMB000011/er => Taken
        4 o1 capacity OCIMB000011/er 60 => ok
        4 f1 report OCIMB000011/er #3 total=60 free=40 through=1 => ok
        4 d1 hold OCIMB000011/er => granted 3 at 0
        # A number confirmed below the beds it spoke of makes the ward speak again, though it offers
        # fewer than that: some of those it offers may be among those there are not.
        5 o1 capacity OCIMB000011/er 50 => ok
        5 d1 hold OCIMB000011/er => NeverReported
        5 f1 report OCIMB000011/er #4 total=60 free=40 through=1 => claim over 50
        5 f1 report OCIMB000011/er #5 total=50 free=40 through=1 => ok
        5 d1 hold OCIMB000011/er => granted 4 at 0
        5 o1 capacity OCIMB000011/er 2 => ok
        5 d1 hold OCIMB000011/er => NeverReported
        # An import proposed nine beds; nobody has confirmed them, and the ward never spoke.
        6 o1 capacity OCIMB000011/ward 9 => ok
        6 d1 hold OCIMB000011/ward => NeverReported
        ",
    );
    beds(&script, "OCIMB000011/er", 0, 5);
}

#[test]
fn a_silent_ward_drops_out_and_a_heartbeat_is_news() {
    check(
        "
        7200 d1 hold OCIMB000011/icu => granted 0 at 0
        7201 d1 hold OCIMB000011/icu => StaleFacility
        # A repeated number is not news …
        7202 f1 report OCIMB000011/icu #2 total=4 free=2 through=0 => ok
        7202 d1 hold OCIMB000011/icu => StaleFacility
        # … a heartbeat is.
        7203 f1 heartbeat OCIMB000011 incarnation=8 => OtherIncarnation
        7203 f1 heartbeat OCIMB000099 => UnknownFacility
        7203 f3 heartbeat OCIMB000023 => NeverReported
        7203 f1 heartbeat OCIMB000011 => ok
        7203 d1 hold OCIMB000011/icu => granted 1 at 0
        ",
    );
}
