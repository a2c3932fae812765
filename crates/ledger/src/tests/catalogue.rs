//! Institutions, facilities, services: what changes, and what refuses to strand a commitment.

use super::check;
use crate::words::{Clues, FacilityId};

#[test]
fn institutions_are_registered_once_and_renamed() {
    check(
        "
        1 o1 institution ISS => ok
        1 o1 institution ISS => ok
        ",
    );
}

#[test]
fn facilities_are_registered_and_brought_up_to_date() {
    let script = check(
        "
        1 o1 facility PLIMB000015 => facility 3
        1 o1 facility PLIMB000015 icu:beds=5! card:slots => facility 3
        1 o1 facility PLIMB000015 icu:slots => KindFixed
        1 o1 facility PLIMB000015 new:slots new:beds => KindFixed
        1 o1 facility PLIMB000015 new:slots new:slots => facility 3
        1 o1 facility PLXXX000015 => UnknownInstitution
        1 o1 facility PLIMB000027 lat=90000001 => OutOfBounds Position
        1 o1 facility PLIMB000027 mun=1000 => OutOfBounds Municipality
        1 o1 facility PLIMB000027 mun=33000 => OutOfBounds Municipality
        1 o1 facility PLIMB000027 icu:beds=0 => OutOfBounds Beds
        1 o1 facility PLIMB000027 icu:beds=10001 => OutOfBounds Beds
        1 o1 facility PLIMB000027 card:slots=4 => OutOfBounds Beds
        # A number that an operator confirmed is not changed by a catalogue.
        1 o1 facility OCIMB000011 icu:beds=90 => facility 0
        2 f1 report OCIMB000011/icu #2 total=5 free=2 through=0 => claim over 4
        ",
    );
    assert_eq!(script.ledger.facility_count(), 4);
}

#[test]
fn what_was_said_under_a_greater_number_of_beds_does_not_outlive_it() {
    check(
        "
        1 f1 report OCIMB000011/er #1 total=6 free=5 through=0 => proposed 6
        1 d1 hold OCIMB000011/er => CapacityUnconfirmed
        2 o1 facility OCIMB000011 er:beds=4! => facility 0
        3 d1 hold OCIMB000011/er => NeverReported
        4 f1 report OCIMB000011/er #2 total=4 free=1 through=0 => ok
        4 d1 hold OCIMB000011/er => granted 0 at 0
        4 d1 hold OCIMB000011/er => Taken
        ",
    );
}

#[test]
fn an_old_code_leads_to_the_new_one() {
    let script = check(
        "
        # The same building under its former code, which it had before …
        1 o1 facility OCSSA000052 of=IMB => facility 3
        # … and now under its new one.
        2 o1 facility OCIMB000052 also=OCSSA000052 => facility 3
        3 o1 facility OCSSA000052 also=OCIMB000052 of=IMB => facility 3
        4 o1 facility OCIMB000052 also=OCIMB000011 => CodesDisagree
        ",
    );
    for code in ["OCSSA000052", "OCIMB000052"] {
        let code = Clues::parse(code).unwrap();
        assert_eq!(script.ledger.resolve(&code), Some(FacilityId(3)));
    }
}

#[test]
fn duplicates_are_merged_when_nothing_is_committed() {
    let script = check(
        "
        1 d1 hold OCIMS000015/icu => granted 0 at 0
        1 o1 merge OCIMS000015 OCIMB000011 => HasCommitments 1: 0
        1 o1 merge OCIMB000011 OCIMB000011 => SameFacility
        1 o1 merge MNIMB000011 OCIMB000011 => UnknownFacility
        2 d1 release 0 => ok
        2 o1 merge OCIMS000015 OCIMB000011 => facility 0
        3 d1 hold OCIMS000015/icu => granted 1 at 0
        3 o1 close-facility OCIMS000015 => HasCommitments 1: 1
        ",
    );
    let code = Clues::parse("OCIMS000015").unwrap();
    assert_eq!(script.ledger.resolve(&code), Some(FacilityId(0)));
}

#[test]
fn nothing_is_closed_over_a_commitment() {
    check(
        "
        1 d1 hold OCIMB000011/icu for=60 => granted 0 at 0
        1 d1 book 0-1 => granted 1 at 0
        2 o1 close-service OCIMB000011/icu => HasCommitments 1: 0
        2 o1 close-service OCIMB000023/card => HasCommitments 1: 1
        2 o1 close-facility OCIMB000011 => HasCommitments 1: 0
        2 o1 close-service OCIMB000011/none => UnknownService
        3 d1 release 0 => ok
        3 d1 cancel 1 => ok
        3 o1 close-service OCIMB000011/icu => ok
        3 o1 close-service OCIMB000011/icu => ServiceClosed
        3 d1 hold OCIMB000011/icu => ServiceClosed
        3 o1 close-service OCIMB000023/card => ok
        3 d1 hold 0-0 => UnknownAgenda
        4 o1 close-facility OCIMB000011 => ok
        4 o1 close-facility OCIMB000011 => FacilityClosed
        4 f1 report OCIMB000011/icu #9 total=4 free=1 through=0 => FacilityClosed
        # A service is opened again by registering it again, at a facility that takes part.
        4 o1 facility OCIMB000011 icu:beds => FacilityClosed
        4 o1 facility OCIMB000023 card:slots => facility 2
        4 f3 publish OCIMB000023/card start=7200 => agenda 1
        ",
    );
}
