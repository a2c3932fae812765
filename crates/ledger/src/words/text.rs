//! Short text with a bound in its type.

use alloc::boxed::Box;
use core::fmt;
use core::ops::Deref;

/// Text of at most `MAX` bytes of UTF-8 without control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(Box<str>);

/// Why text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// It has more bytes than the bound.
    TooLong {
        /// Bytes given.
        bytes: usize,
        /// Bytes allowed.
        bytes_max: usize,
    },
    /// It holds a control character, which could forge lines in a log or a terminal.
    ControlCharacter,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { bytes, bytes_max } => {
                write!(f, "has {bytes} bytes; at most {bytes_max} are allowed")
            }
            Self::ControlCharacter => f.write_str("holds a control character; remove it"),
        }
    }
}

impl core::error::Error for TextError {}

impl<const MAX: usize> Text<MAX> {
    /// Text from a string.
    ///
    /// # Errors
    /// When it is longer than `MAX` bytes or holds a control character.
    pub fn new(text: &str) -> Result<Self, TextError> {
        if text.len() > MAX {
            return Err(TextError::TooLong { bytes: text.len(), bytes_max: MAX });
        }
        if text.chars().any(char::is_control) {
            return Err(TextError::ControlCharacter);
        }
        Ok(Self(text.into()))
    }
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
