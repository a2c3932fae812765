//! What is wrong with a command line, in the language of the process.

use super::mistake::Mistake;
use crate::exit::Exit;
use crate::language::Language;
use crate::messages::{Explain, Explanation};
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

impl Explain for Mistake {
    fn explain(&self) -> Explanation {
        match self {
            Self::Grammar(error) => explain_grammar(error),
            Self::Ignored { option, beside } => Explanation::new(
                Exit::Usage,
                "ARGUMENTS_CONFLICT",
                [
                    format!("{option} no va con {beside}"),
                    format!("{option} does not go with {beside}"),
                ],
                [
                    "no tendría efecto, así que se rechaza",
                    "it would have no effect, so it is refused",
                ],
                [
                    format!("quita {option} o cambia {beside}"),
                    format!("leave {option} out or change {beside}"),
                ],
            ),
            Self::SameNumber { node } => Explanation::new(
                Exit::Usage,
                "ARGUMENTS_CONFLICT",
                [
                    format!("--dead y --node son el mismo nodo {node}"),
                    format!("--dead and --node are the same node {node}"),
                ],
                [
                    "un nodo que perdió sus datos votó de maneras que nadie recuerda: su número \
                     no se usa otra vez",
                    "a node that lost its data voted in ways that nobody remembers: its number is \
                     not used again",
                ],
                [
                    "da al nodo nuevo un número que nunca se haya usado",
                    "give the new node a number that was never used",
                ],
            ),
            Self::Backwards { from, until } => Explanation::new(
                Exit::Usage,
                "INVALID_VALUE",
                [
                    format!("--until {until} no es posterior a --from {from}"),
                    format!("--until {until} is not after --from {from}"),
                ],
                ["", ""],
                [
                    "di un --until posterior, o ninguno: son 30 días desde --from",
                    "say a later --until, or none: it is 30 days after --from",
                ],
            ),
        }
    }
}

/// Explains an error of the grammar.
fn explain_grammar(error: &clap::Error) -> Explanation {
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
    cause(&error.source().map(ToString::to_string).unwrap_or_default())
}

/// What the readers of numbers and addresses say, in both languages; everything else is said in
/// the language of the process already.
fn cause(said: &str) -> [String; 2] {
    if let Some((_, bounds)) = said.split_once(" is not in ")
        && let Some((least, most)) = bounds.split_once("..")
    {
        return match most.trim_start_matches('=') {
            "" => [format!("va de {least} en adelante"), format!("it is {least} or more")],
            most => [format!("va de {least} a {most}"), format!("it goes from {least} to {most}")],
        };
    }
    let [es, en] = match said {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            ["se espera un número entero, 0 o mayor", "a whole number is expected, 0 or more"]
        }
        "number too large to fit in target type" => ["es demasiado grande", "it is too large"],
        "invalid socket address syntax" => [
            "se espera una dirección IP y un puerto, como 127.0.0.1:7401",
            "an IP address and a port are expected, like 127.0.0.1:7401",
        ],
        said => [said, said],
    };
    [es.to_owned(), en.to_owned()]
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
