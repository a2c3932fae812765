//! What the program says to the shell.

use std::process::ExitCode;

/// The status with which the program ends; the numbers are documented in `--help` and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// It was done.
    Done = 0,
    /// It was not done, for a reason that has no number of its own.
    Other = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// What was named does not exist.
    NotFound = 3,
    /// Nobody has room.
    NoCapacity = 4,
    /// The thing is in a state, or in hands, that do not allow it.
    Conflict = 5,
    /// No majority of the cluster answers.
    NoQuorum = 6,
    /// Too many requests.
    RateLimited = 7,
    /// The caller may not.
    Denied = 8,
}

impl Exit {
    /// Every status, for the help text and its test.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Other,
        Self::Usage,
        Self::NotFound,
        Self::NoCapacity,
        Self::Conflict,
        Self::NoQuorum,
        Self::RateLimited,
        Self::Denied,
    ];

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
