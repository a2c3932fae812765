//! What is wrong with a command line, in the language of the process.

use super::explanation::Explanation;
use crate::exit::Exit;
use crate::language::Language;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The help with the few words of the parser's own in this language.
#[must_use]
pub fn translated_help(text: &str, language: Language) -> String {
    match language {
        Language::En => text.to_owned(),
        Language::Es => {
            text.replace("[OPTIONS]", "[OPCIONES]").replace("[default: ", "[si falta: ")
        }
    }
}

/// Explains an error of the grammar.
#[must_use]
pub fn explain_usage(error: &clap::Error) -> Explanation {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let (reason, what) = match error.kind() {
        ErrorKind::UnknownArgument => (
            "UNKNOWN_ARGUMENT",
            [format!("no conozco el argumento {argument}"), format!("unknown argument {argument}")],
        ),
        ErrorKind::InvalidSubcommand => {
            let named = context(ContextKind::InvalidSubcommand);
            (
                "UNKNOWN_COMMAND",
                [format!("no conozco la orden {named}"), format!("unknown command {named}")],
            )
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => (
            "COMMAND_MISSING",
            ["falta decir qué orden".to_owned(), "a command is missing".to_owned()],
        ),
        ErrorKind::MissingRequiredArgument => {
            ("ARGUMENT_MISSING", [format!("falta {argument}"), format!("{argument} is missing")])
        }
        ErrorKind::ArgumentConflict => {
            let prior = context(ContextKind::PriorArg);
            (
                "ARGUMENTS_CONFLICT",
                [
                    format!("{argument} no va con {prior}"),
                    format!("{argument} does not go with {prior}"),
                ],
            )
        }
        ErrorKind::InvalidValue if value.is_empty() => (
            "VALUE_MISSING",
            [format!("falta el valor de {argument}"), format!("{argument} needs a value")],
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => (
            "INVALID_VALUE",
            [
                format!("{value} no sirve como {argument}"),
                format!("{value} does not do for {argument}"),
            ],
        ),
        _ => (
            "USAGE",
            [
                "la orden está mal escrita".to_owned(),
                "the command line is not well formed".to_owned(),
            ],
        ),
    };
    let why = why(error, &context(ContextKind::ValidValue));
    Explanation::new(Exit::Usage, reason, what, why, remedy(error))
}

/// The parser's own words, or the values it would have taken.
fn why(error: &clap::Error, valid: &str) -> [String; 2] {
    use std::error::Error;
    if !valid.is_empty() {
        return [format!("toma uno de: {valid}"), format!("it takes one of: {valid}")];
    }
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    [cause.clone(), cause]
}

fn remedy(error: &clap::Error) -> [String; 2] {
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .into_iter()
            .find_map(|kind| match error.get(kind)? {
                ContextValue::String(text) => Some(text.clone()),
                ContextValue::Strings(texts) => texts.first().cloned(),
                _ => None,
            });
    match suggested {
        Some(text) => [format!("¿quiso decir {text}?"), format!("did you mean {text}?")],
        None => [
            "la misma orden con --help dice cómo se escribe".to_owned(),
            "the same command with --help says how it is written".to_owned(),
        ],
    }
}
