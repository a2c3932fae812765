//! How many descriptors the system gives this process, and how many of them callers may have.

use crate::limits::{CONNECTIONS_MAX, DESCRIPTORS_KEPT};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Takes as many descriptors as the system allows without asking anybody, and answers how many
/// connections of callers may be open: what is left beside the files and the peers of this node.
pub(super) fn connections_max() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_ok();
    let allowed = if raised { maximum } else { current };
    let connections = share(allowed);
    tracing::debug!(descriptors = allowed, connections, "connections of callers are bounded");
    connections
}

/// The part of the descriptors that callers may have; `None` is without a bound. Where there are
/// hardly more than are kept back, callers still get a quarter.
fn share(allowed: Option<u64>) -> usize {
    let allowed = allowed.and_then(|allowed| usize::try_from(allowed).ok()).unwrap_or(usize::MAX);
    allowed.saturating_sub(DESCRIPTORS_KEPT).max(allowed / 4).min(CONNECTIONS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_get_what_files_and_peers_leave() {
        let rows = [
            (Some(64), 16),
            (Some(512), 128),
            (Some(1_024), 1_024 - DESCRIPTORS_KEPT),
            (Some(20_000), 20_000 - DESCRIPTORS_KEPT),
            (Some(1 << 20), CONNECTIONS_MAX),
            (None, CONNECTIONS_MAX),
        ];
        for (allowed, expected) in rows {
            assert_eq!(share(allowed), expected, "{allowed:?}");
        }
    }
}
