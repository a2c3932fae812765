//! The catalogue is complete, and its languages are not copies of each other.

use super::Help;

#[test]
fn every_help_is_said_in_both_languages() {
    for help in Help::ALL {
        let texts = help.texts();
        assert!(!texts.es.trim().is_empty(), "{help:?} is silent in Spanish");
        assert!(!texts.en.trim().is_empty(), "{help:?} is silent in English");
        assert_ne!(texts.es, texts.en, "{help:?} was not translated");
    }
}

#[test]
fn the_help_names_every_exit_code() {
    let texts = Help::ExitCodes.texts();
    for exit in crate::exit::Exit::ALL {
        let line = format!("\n  {}  ", exit.number());
        assert!(texts.es.contains(&line) && texts.en.contains(&line), "{exit:?} is not documented");
    }
}
