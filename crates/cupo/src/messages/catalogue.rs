//! A list of texts that is complete by construction.

/// Makes an enum of which every variant has a text in every language.
macro_rules! catalogue {
    ($(#[$doc:meta])* $name:ident { $($variant:ident: $es:literal | $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each variant's text stands beside it")]
        pub enum $name { $($variant),* }

        impl $name {
            /// Every variant, for the tests of completeness.
            #[cfg(test)]
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its texts.
            #[must_use]
            pub const fn texts(self) -> $crate::language::Texts<&'static str> {
                match self {
                    $(Self::$variant => $crate::language::Texts { es: $es, en: $en },)*
                }
            }
        }
    };
}

pub(crate) use catalogue;
