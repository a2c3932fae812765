//! The same request has one outcome; what is too old, too early or malformed is refused.

use super::check;

#[test]
fn a_retry_has_the_first_outcome() {
    let script = check(
        "
        10 d1 hold OCIMS000015/icu for=60 id=10.1 => granted 0 at 0
        11 d1 hold OCIMS000015/icu for=60 id=10.1 => granted 0 at 0
        # Refusals are remembered too.
        11 d1 hold OCIMS000015/icu for=60 id=10.2 => Taken
        12 d1 release 0 => ok
        12 d1 hold OCIMS000015/icu for=60 id=10.2 => Taken
        # Another body or another author under the same id is a mistake that must be seen.
        13 d1 hold OCIMS000015/icu for=61 id=10.1 => RequestReused
        13 d2 hold OCIMS000015/icu for=60 id=10.1 => RequestReused
        99 d1 hold OCIMS000015/icu for=60 id=10.1 => granted 0 at 0
        ",
    );
    assert_eq!(script.ledger.live_count(), 0);
}

#[test]
fn requests_age() {
    check(
        "
        86400 d1 hold OCIMS000015/icu id=0.1 => StaleFacility
        86400 d1 hold OCIMS000015/icu id=-1.1 => RequestTooOld
        86400 d1 hold OCIMS000015/icu id=86700.1 => StaleFacility
        86400 d1 hold OCIMS000015/icu id=86701.1 => RequestFromFuture
        86400 d1 hold OCIMS000015/icu v4=1 => RequestMalformed
        # What was remembered is too old in turn.
        86402 d1 hold OCIMS000015/icu id=0.1 => RequestTooOld
        ",
    );
}

#[test]
fn a_command_is_never_carried_out_for_nobody() {
    check(
        "
        10 d1 hold OCIMS000015/icu by=9 id=9.1 => TooLate
        10 d1 hold OCIMS000015/icu by=10 id=9.2 => granted 0 at 0
        # Whoever was told *too late* may rely on it.
        10 d1 hold OCIMB000011/icu by=9 id=9.3 => TooLate
        10 d1 hold OCIMB000011/icu by=20 id=9.3 => TooLate
        ",
    );
}

#[test]
fn a_stream_is_remembered_by_sequence() {
    check(
        "
        10 d1 hold OCIMS000015/icu stream=5/1 => granted 0 at 0
        10 d1 hold OCIMB000011/icu stream=5/3 => granted 1 at 0
        10 d1 hold OCIMB000011/icu stream=5/2 => granted 2 at 0
        11 d1 hold OCIMS000015/icu stream=5/1 => granted 0 at 0
        11 d1 hold OCIMB000011/icu stream=5/1 => RequestReused
        11 d1 hold OCIMB000011/icu stream=5/4 => Taken
        11 d1 hold OCIMB000011/icu stream=400/1 => RequestFromFuture
        # A stream is forgotten a day after its last use, and cannot come back.
        90000 - tick => ok
        90001 d1 release 1 stream=5/5 => RequestTooOld
        90001 d1 release 1 stream=6/1 => Expired
        ",
    );
}

#[test]
fn a_sequence_that_cannot_be_real_is_refused() {
    check(
        "
        10 d1 hold OCIMS000015/icu stream=5/18446744073709551615 => RequestMalformed
        10 d1 hold OCIMS000015/icu stream=5/281474976710656 => RequestMalformed
        10 d1 hold OCIMS000015/icu stream=5/281474976710655 => granted 0 at 0
        11 d1 hold OCIMS000015/icu stream=5/281474976710655 => granted 0 at 0
        11 d1 release 0 stream=5/18446744073709551615 => RequestMalformed
        ",
    );
}

#[test]
fn a_window_slides_over_a_stream() {
    use crate::words::{Moment, RequestId};
    use crate::{Act, Command, Ledger, Outcome, Refusal, limits};
    let stream = u128::from(1_000_000_u64) << 80 | 0x7 << 76 | 0b10 << 62;
    let mut ledger = Ledger::new(1);
    let command = |sequence| Command {
        request: RequestId::Stream { stream, sequence },
        ..Command::natural(Act::Tick)
    };
    let window = limits::STREAM_WINDOW;
    let now = Moment::from_seconds(1_000);
    for first in (1..=2 * window).step_by(1_024) {
        let commands: alloc::vec::Vec<_> = (first..first + 1_024).map(command).collect();
        ledger.apply(now, &commands, &mut alloc::vec::Vec::new());
    }
    let mut ask = |sequence| {
        let applied = ledger.apply(now, &[command(sequence)], &mut alloc::vec::Vec::new());
        (applied[0].revision.0, applied[0].outcome.clone())
    };
    let done: Outcome = crate::Done::Plain.into();
    assert_eq!(ask(2 * window), (2 * window, done.clone()));
    assert_eq!(ask(window + 1), (window + 1, done));
    assert_eq!(ask(window).1, Refusal::RequestTooOld.into());
    assert_eq!(ledger.violation(), None);
}
