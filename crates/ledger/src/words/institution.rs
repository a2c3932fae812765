//! The institutions of the health sector.

use super::text::Text;
use crate::limits::NAME_BYTES_MAX;
use core::fmt;

/// An institution's three letters as they stand in a CLUES: `IMS` (IMSS), `IST` (ISSSTE),
/// `IMB` (IMSS-Bienestar), `SSA`, `PMX`, …
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstitutionCode([u8; 3]);

impl InstitutionCode {
    /// The code in this text: three letters A–Z, in either case; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.as_bytes().try_into().ok()?;
        let code = bytes.map(|b| b.to_ascii_uppercase());
        code.iter().all(u8::is_ascii_uppercase).then_some(Self(code))
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for InstitutionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for InstitutionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An institution that owns or runs facilities.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Institution {
    /// What people call it, e.g. "IMSS-Bienestar".
    pub name: Text<NAME_BYTES_MAX>,
}
