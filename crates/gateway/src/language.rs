//! The two languages of what people read.

/// A language of messages to people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Español de México: whoever does not ask for another.
    #[default]
    Spanish,
    /// English.
    English,
}

impl Language {
    /// The language a caller asks for by `accept-language`: the first of its list that is one of
    /// ours, by weight as RFC 9110 §12.5.4 has it.
    #[must_use]
    pub fn asked(header: Option<&str>) -> Self {
        let Some(asked) = header else {
            return Self::default();
        };
        let mut best = (0, Self::default());
        for item in asked.split(',').take(ITEMS_MAX) {
            let (tag, weight) = weighed(item);
            let language = match tag.get(..2).map(str::to_ascii_lowercase).as_deref() {
                Some("es") => Self::Spanish,
                Some("en") => Self::English,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The tag by which details name the language (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Spanish => "es-MX",
            Self::English => "en",
        }
    }
}

/// Items of the header that are looked at.
const ITEMS_MAX: usize = 16;

/// A tag and its weight in thousandths.
fn weighed(item: &str) -> (&str, u32) {
    let (tag, rest) = item.split_once(';').unwrap_or((item, ""));
    let weight = rest.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
    (tag.trim(), weight.map_or(1_000, |q| (q.clamp(0.0, 1.0) * 1_000.0) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_is_taken() {
        #[track_caller]
        fn check(asked: &str, expected: Language) {
            assert_eq!(Language::asked(Some(asked)), expected, "{asked}");
        }
        assert_eq!(Language::asked(None), Language::Spanish);
        check("en", Language::English);
        check("en-GB, es;q=0.8", Language::English);
        check("en;q=0.2, es-MX;q=0.8", Language::Spanish);
        check("fr, de;q=0.9", Language::Spanish);
        check("fr, EN;q=0.1", Language::English);
        check("en;q=0", Language::Spanish);
        check(";;;,,,q=", Language::Spanish);
    }
}
