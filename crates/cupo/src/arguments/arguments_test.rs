//! The grammar holds together, speaks both languages, and reads what people write.

use super::{Arguments, parse, translated, values};
use crate::exit::Exit;
use crate::messages::Explain;
use clap::CommandFactory;
use std::time::Duration;

#[test]
fn the_grammar_holds_together() {
    translated(Arguments::command()).debug_assert();
}

#[test]
fn every_command_and_option_says_what_it_is_for() {
    fn walk(command: &clap::Command, path: &str) {
        let path = format!("{path} {}", command.get_name());
        assert!(command.get_about().is_some(), "{path} says nothing");
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{path} {} says nothing", argument.get_id());
        }
        command.get_subcommands().for_each(|inner| walk(inner, &path));
    }
    walk(&translated(Arguments::command()), "");
}

#[test]
fn what_people_write_is_read() {
    #[track_caller]
    fn check(line: &str) {
        let words: Vec<String> = line.split(' ').map(Into::into).collect();
        if let Err(error) = parse(&words) {
            panic!("{line}: {error:?}");
        }
    }
    check("cupo server run --config cluster/three/node-1.toml");
    check("cupo server run --config n.toml --cluster-file c.toml --listen [::1]:7401 --data d");
    check("cupo cluster init");
    check("cupo cluster init --member 1=127.0.0.1:7401 --member 2=127.0.0.1:7402");
    check("cupo cluster join --node 4 --address 127.0.0.1:7404");
    check("cupo cluster replace --dead 2 --node 4 --address 127.0.0.1:7404");
    check("cupo cluster remove --node 4");
    check("cupo --cluster cluster/three/cluster.toml cluster status -o json");
    check("cupo facility list --state oc --institution imb --kind bed --page-size 1000");
    check("cupo facility get ocimb000123");
    check("cupo facility watch OCIMB000123 --after-revision 7");
    check("cupo facility confirm OCIMB000123 general --beds 40 --author operator:1");
    check("cupo place find --kind bed --area neonatal-intensive --near -19.4,-99.1 --within 30.5");
    check("cupo place find --kind outpatient --specialty cardiology --from 2026-11-23T08:00:00Z");
    check("cupo place find --kind teleconsultation --specialty 8 --institution IMB --limit 64");
    check("cupo hold create facilities/OCIMB000123/services/general --seconds 60");
    check("cupo hold release holds/17 --fencing 40");
    check("cupo hold extend 17 --fencing 40 --seconds 600");
    check("cupo booking create facilities/OCIMB000123/slots/3-14");
    check("cupo booking confirm 17 --fencing 40");
    check("cupo booking transfer 17 facilities/OCIMB000123/services/general");
    check("cupo booking dispute 17 --reason oxygen");
    check("cupo booking list --facility OCIMB000123 --page-size 7");
    check("cupo booking list --facility OCIMB000123 --day 2026-11-22");
    check("cupo booking list --person 0b7e5c1e-6f5e-4a39-8d1c-2f0e6b1a9c11");
    check("cupo booking history 17");
    check("cupo booking no-show bookings/17 --timeout 500ms --lang en -o csv");
    check("cupo watch --after-revision 0 --facility OCIMB000123");
    check("cupo snapshot verify");
    check("cupo snapshot save --to copies");
    check("cupo snapshot verify --of copies");
    check("cupo config check --config n.toml");
    check("cupo completions zsh");
    check("cupo hold create a/b c/d --also e/f,g/h --also i/j --seconds 5");
    check("cupo place find --kind bed --area intensive --ventilator");
    check("cupo version");
}

#[test]
fn what_is_wrong_has_a_reason_in_both_languages() {
    #[track_caller]
    fn check(line: &str, reason: &str) {
        let words: Vec<String> = line.split(' ').map(Into::into).collect();
        let error = parse(&words).expect_err(line);
        let told = error.explain();
        assert_eq!((told.exit, told.reason.as_str()), (Exit::Usage, reason), "{line}");
        assert_ne!(told.what.es, told.what.en, "{line}");
        assert_ne!(told.remedy.es, told.remedy.en, "{line}");
    }
    check("cupo plaza find", "UNKNOWN_COMMAND");
    check("cupo place find --king bed", "UNKNOWN_ARGUMENT");
    check("cupo place find", "ARGUMENT_MISSING");
    check("cupo place find --kind", "VALUE_MISSING");
    check("cupo place find --kind sofa", "INVALID_VALUE");
    check("cupo place find --kind bed --near 1", "INVALID_VALUE");
    check("cupo place find --kind bed --within 3", "ARGUMENT_MISSING");
    check("cupo place find --kind bed --limit 65", "INVALID_VALUE");
    for slots in ["outpatient", "teleconsultation"] {
        for of_beds in ["--area general", "--age adult", "--isolation", "--ventilator"] {
            check(&format!("cupo place find --kind {slots} {of_beds}"), "ARGUMENTS_CONFLICT");
        }
    }
    for of_slots in ["--specialty 8", "--from 2026-11-23T08:00:00Z", "--until 2026-11-23T08:00:00Z"]
    {
        check(&format!("cupo place find --kind bed {of_slots}"), "ARGUMENTS_CONFLICT");
    }
    check("cupo cluster replace --dead 2 --node 2 --address 127.0.0.1:7402", "ARGUMENTS_CONFLICT");
    check("cupo help plaza", "UNKNOWN_COMMAND");
    check("cupo booking list", "ARGUMENT_MISSING");
    check("cupo cluster join --node 0 --address 127.0.0.1:1", "INVALID_VALUE");
    check(
        "cupo booking list --facility OCIMB000123 --person 0b7e5c1e-6f5e-4a39-8d1c-2f0e6b1a9c11",
        "ARGUMENTS_CONFLICT",
    );
    check("cupo version --request-id 0b7e5c1e-6f5e-4a39-8d1c-2f0e6b1a9c11", "INVALID_VALUE");
}

#[test]
fn a_number_out_of_its_bounds_is_told_them() {
    #[track_caller]
    fn check(line: &str, what: &str, why: [&str; 2]) {
        let words: Vec<String> = line.split(' ').map(Into::into).collect();
        let told = parse(&words).expect_err(line).explain();
        assert_eq!(told.reason, "INVALID_VALUE", "{line}");
        assert!(told.what.en.contains(what), "{line}: {}", told.what.en);
        assert_eq!([told.why.es.as_str(), told.why.en.as_str()], why, "{line}");
    }
    let hold = ["va de 5 a 7200", "it goes from 5 to 7200"];
    check("cupo hold create a/b --seconds 0", "--seconds", hold);
    check("cupo hold extend 7 --fencing 1 --seconds 7201", "--seconds", hold);
    check("cupo hold create a/b --seconds -1", "-1 does not do", hold);
    let arrival = ["va de 0 a 604800", "it goes from 0 to 604800"];
    check("cupo booking create a/b --arrival-seconds 604801", "--arrival-seconds", arrival);
    let beds = ["va de 0 a 10000", "it goes from 0 to 10000"];
    check("cupo facility confirm OCIMB000123 general --beds 10001", "--beds", beds);
    check("cupo facility list --page-size -1", "-1", ["va de 1 a 1000", "it goes from 1 to 1000"]);
    let whole = ["se espera un número entero, 0 o mayor", "a whole number is expected, 0 or more"];
    check("cupo hold release 7 --fencing -1", "--fencing", whole);
    check("cupo watch --after-revision -1", "--after-revision", whole);
    let span = "cupo place find --kind outpatient --from 2026-11-23T08:00:00Z --until";
    let both = "--until 2026-11-22T08:00:00Z is not after --from 2026-11-23T08:00:00Z";
    check(&format!("{span} 2026-11-22T08:00:00Z"), both, ["", ""]);
}

#[test]
fn values_are_read_within_their_bounds() {
    let millis = |text: &str| values::duration(text).ok().map(|length| length.as_millis());
    assert_eq!(millis("500ms"), Some(500));
    assert_eq!(millis("10"), Some(10_000));
    assert_eq!(millis("2m"), Some(120_000));
    assert_eq!(millis("24h"), Some(86_400_000));
    for wrong in ["", "0s", "25h", "1.5s", "s", "10 s", "18446744073709551615h", "-1s"] {
        assert_eq!(millis(wrong), None, "{wrong}");
    }
    assert!(values::day("2026-11-22").is_ok() && values::day("2026-02-30").is_err());
    assert_eq!(values::kilometres("1.5").ok(), Some(1_500));
    assert_eq!(values::kilometres("0.0001").ok(), Some(1));
    for wrong in ["0", "-1", "NaN", "inf", "20101", "km"] {
        assert!(values::kilometres(wrong).is_err(), "{wrong}");
    }
    for wrong in ["", "91,0", "0,181", "1;2", "NaN,0", "19.4"] {
        assert!(values::near(wrong).is_err(), "{wrong}");
    }
    assert_eq!(values::commitment("holds/7").ok(), Some(7));
    assert_eq!(values::commitment("0").ok(), Some(0), "the first one of a cluster");
    assert!(values::commitment("-1").is_err() && values::commitment("places/7").is_err());
    assert_eq!(values::specialty("cardiology").ok(), values::specialty("8").ok());
    assert!(values::specialty("0").is_err() && values::specialty("9999").is_err());
    assert!(values::area("unspecified").is_err() && values::author("king:1").is_err());
    assert!(values::person("00000000-0000-0000-0000-000000000000").is_err());
    assert!(values::member("0=127.0.0.1:1").is_err() && values::member("1=here").is_err());
}

#[test]
fn what_is_not_said_has_a_default() {
    let words = ["cupo", "version"].map(String::from);
    let read = parse(&words).expect("it is well said");
    assert_eq!(read.common.timeout, Duration::from_secs(10));
    assert_eq!(read.common.output, crate::output::Format::Table);
}
