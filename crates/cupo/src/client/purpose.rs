//! What a server is asked for.

/// What a server is asked for: how long it is waited for while there are others, and what its
/// silence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To see something.
    Read,
    /// To change something under the request's identity, which makes repeating safe.
    Change,
    /// To change who belongs to the cluster: it may take long, and bears no identity.
    Membership,
}
