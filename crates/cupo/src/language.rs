//! In which language the program speaks: Spanish, unless somebody says otherwise.

use std::sync::OnceLock;

/// A language the program speaks. Every text exists in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Spanish as spoken in Mexico.
    #[default]
    Es,
    /// English.
    En,
}

/// The texts of one message, by language: a language that is added here is missed by the compiler
/// in every message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts<T> {
    /// Spanish.
    pub es: T,
    /// English.
    pub en: T,
}

impl<T> Texts<T> {
    /// The text in this language.
    pub fn into_language(self, language: Language) -> T {
        match language {
            Language::Es => self.es,
            Language::En => self.en,
        }
    }
}

impl Language {
    /// What `--lang` takes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// What `accept-language` asks of a server.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Es => "es-MX",
            Self::En => "en",
        }
    }

    /// The language that the first of these settings names; Spanish where none does.
    /// `C` and `POSIX` name none.
    #[must_use]
    pub fn choose<'a>(settings: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let named = |text: &str| match text.get(..2)?.to_ascii_lowercase().as_str() {
            "es" => Some(Self::Es),
            "en" => Some(Self::En),
            _ => None,
        };
        settings.into_iter().flatten().find_map(named).unwrap_or_default()
    }
}

static SPOKEN: OnceLock<Language> = OnceLock::new();

/// Settles the language of this process from its arguments and environment, before anything is
/// said: the help texts are made while the arguments are still being read.
pub fn settle(arguments: &[String]) -> Language {
    let after = |flag: &str| {
        arguments.iter().enumerate().find_map(|(at, argument)| {
            let rest = argument.strip_prefix(flag)?;
            match rest.strip_prefix('=') {
                Some(value) => Some(value.to_owned()),
                None if rest.is_empty() => arguments.get(at + 1).cloned(),
                None => None,
            }
        })
    };
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let settings = [
        after("--lang"),
        variable("CUPO_LANG"),
        variable("LC_ALL"),
        variable("LC_MESSAGES"),
        variable("LANG"),
    ];
    *SPOKEN.get_or_init(|| Language::choose(settings.iter().map(Option::as_deref)))
}

/// The language that [`settle`] settled; Spanish before.
#[must_use]
pub fn spoken() -> Language {
    SPOKEN.get().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_setting_that_names_a_language_decides() {
        #[track_caller]
        fn check(settings: &[Option<&str>], expected: Language) {
            assert_eq!(Language::choose(settings.iter().copied()), expected, "{settings:?}");
        }
        check(&[], Language::Es);
        check(&[None, None], Language::Es);
        check(&[Some("C"), Some("POSIX")], Language::Es);
        check(&[Some("en")], Language::En);
        check(&[None, Some("en_US.UTF-8"), Some("es_MX.UTF-8")], Language::En);
        check(&[Some("es"), Some("en_US.UTF-8")], Language::Es);
        check(&[Some("C.UTF-8"), Some("en_GB")], Language::En);
        check(&[Some("fr_FR.UTF-8")], Language::Es);
        check(&[Some("ñ"), Some("e")], Language::Es);
    }
}
