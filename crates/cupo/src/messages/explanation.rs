//! What went wrong, why, and what to do.

use crate::exit::Exit;
use crate::language::{Language, Texts};
use std::io::{self, Write};
use uuid::Uuid;

/// An error as people are told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// With what status the program ends.
    pub exit: Exit,
    /// The code of the reason, the same in every language and version.
    pub reason: String,
    /// What happened.
    pub what: Texts<String>,
    /// Why; empty where nothing more is known.
    pub why: Texts<String>,
    /// What to do.
    pub remedy: Texts<String>,
    /// By which the request is known again.
    pub request: Option<Uuid>,
}

/// An error that can be told to people.
pub trait Explain {
    /// Tells it.
    fn explain(&self) -> Explanation;
}

impl Explanation {
    /// An explanation by its texts, Spanish and English by turns.
    pub fn new(
        exit: Exit,
        reason: &str,
        what: [impl Into<String>; 2],
        why: [impl Into<String>; 2],
        remedy: [impl Into<String>; 2],
    ) -> Self {
        fn both([es, en]: [impl Into<String>; 2]) -> Texts<String> {
            Texts { es: es.into(), en: en.into() }
        }
        Self {
            exit,
            reason: reason.to_owned(),
            what: both(what),
            why: both(why),
            remedy: both(remedy),
            request: None,
        }
    }

    /// Prints it.
    ///
    /// # Errors
    /// The writer's.
    pub fn print(&self, mut out: impl Write, language: Language) -> io::Result<()> {
        let said = |texts: &Texts<String>| texts.clone().into_language(language);
        let titles = match language {
            Language::Es => ["error", "por qué", "qué hacer", "razón", "solicitud"],
            Language::En => ["error", "why", "what to do", "reason", "request"],
        };
        let request = self.request.map(|id| id.to_string()).unwrap_or_default();
        let texts =
            [said(&self.what), said(&self.why), said(&self.remedy), self.reason.clone(), request];
        for (title, text) in titles.iter().zip(texts) {
            if !text.is_empty() {
                writeln!(out, "{title}: {text}")?;
            }
        }
        Ok(())
    }
}
