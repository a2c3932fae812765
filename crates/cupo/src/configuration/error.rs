//! What can be wrong with a configuration.

use super::origin::Origin;

/// Why a configuration is refused. Its text for people is made in `messages`.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// The file cannot be read.
    #[error("cannot read {file}: {error}")]
    Unreadable {
        /// Which.
        file: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file is no TOML, or misses something that has no default.
    #[error("{file}: {problem}")]
    Syntax {
        /// Which file.
        file: String,
        /// Where and what.
        problem: String,
    },
    /// A key that means nothing: it is refused, since a misspelt bound would not bind.
    #[error("unknown key {key} ({origin}); did you mean {nearest}?")]
    UnknownKey {
        /// The key.
        key: String,
        /// Who said it.
        origin: Origin,
        /// The known key that is most like it.
        nearest: String,
    },
    /// A variable that means nothing: it is refused as a key would be.
    #[error("unknown variable {name}; did you mean {nearest}?")]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The known variable that is most like it.
        nearest: String,
    },
    /// A value of another type than its key has.
    #[error("{key} ({origin}): {found} is no {expected}")]
    WrongType {
        /// The key.
        key: String,
        /// Who said it.
        origin: Origin,
        /// What they said.
        found: String,
        /// What it takes.
        expected: String,
    },
    /// A value out of its bounds.
    #[error("{key}: {value} is not within {bound}")]
    OutOfBounds {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// Its bounds and unit.
        bound: String,
    },
    /// Two members whose ports are in each other's way.
    #[error("members: nodes {one} and {other} both need {address}")]
    SharedAddress {
        /// The one.
        one: u64,
        /// The other.
        other: u64,
        /// What both need, for callers or for peers.
        address: String,
    },
    /// A node that listens elsewhere than the others look for it.
    #[error("listen: {listen} is not {member}, where cluster.toml says node {node} is")]
    OtherListen {
        /// The node.
        node: u64,
        /// Where it would listen.
        listen: String,
        /// Where the others look for it.
        member: String,
    },
    /// Nothing but this machine may be listened to until callers have an identity.
    #[error("listen: {address} is not a loopback address")]
    NotLoopback {
        /// The address.
        address: String,
    },
}
