//! Why bytes were not understood, and where.

use prost::DecodeError as WireError;
use std::fmt;

/// The way to a field, from the top message inward, such as `commands.act.hold.legs`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldPath(Vec<&'static str>);

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names were put down on the way out, innermost first.
        for (place, name) in self.0.iter().rev().enumerate() {
            if place > 0 {
                f.write_str(".")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

/// Why bytes were not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// They were written by a newer version that means something this one does not know.
    #[error(
        "{field} {number} was written by a newer version of cupo than this one; \
         upgrade this node"
    )]
    Newer {
        /// Where: a format, or a choice among several.
        field: FieldPath,
        /// The number that is not known.
        number: u64,
    },
    /// They are no protobuf message, or one of another type.
    #[error("{field} is cut short or is no such field; the bytes are damaged")]
    Malformed {
        /// Where.
        field: FieldPath,
    },
    /// A field that every such message has is not there.
    #[error("{field} is missing; the bytes are damaged or are another message")]
    Missing {
        /// Which.
        field: FieldPath,
    },
    /// A number or text does not fit its word.
    #[error("{field} holds a value outside its bounds; the bytes are damaged")]
    OutOfBounds {
        /// Which.
        field: FieldPath,
    },
    /// There is more than is read at once.
    #[error("{field} has {size}; at most {size_max} are allowed")]
    TooLarge {
        /// Of what.
        field: FieldPath,
        /// How much there is.
        size: usize,
        /// How much is allowed.
        size_max: usize,
    },
}

impl DecodeError {
    /// The same error, seen from the message around it.
    #[must_use]
    pub(super) fn within(mut self, name: &'static str) -> Self {
        match &mut self {
            Self::Newer { field, .. }
            | Self::Malformed { field }
            | Self::Missing { field }
            | Self::OutOfBounds { field }
            | Self::TooLarge { field, .. } => field.0.push(name),
        }
        self
    }

    pub(super) fn malformed() -> Self {
        Self::Malformed { field: FieldPath::default() }
    }

    pub(super) fn missing() -> Self {
        Self::Missing { field: FieldPath::default() }
    }

    pub(super) fn out_of_bounds() -> Self {
        Self::OutOfBounds { field: FieldPath::default() }
    }

    pub(super) fn newer(number: u64) -> Self {
        Self::Newer { field: FieldPath::default(), number }
    }

    /// `Ok` while there is no more than is allowed.
    pub(super) fn bounded(what: &'static str, size: usize, size_max: usize) -> Result<(), Self> {
        if size <= size_max {
            return Ok(());
        }
        Err(Self::TooLarge { field: FieldPath(vec![what]), size, size_max })
    }
}

impl From<WireError> for DecodeError {
    fn from(_: WireError) -> Self {
        Self::malformed()
    }
}
