//! What nearly every part of a replica works with.

use crate::clocks::Clocks;
use crate::gate::Gate;
use crate::member::{NodeId, Pact};
use crate::parts::Fatal;
use crate::peers::Peers;
use crate::published::Published;
use crate::raft::config::{Metrics, Raft};
use std::sync::Arc;
use tokio::sync::watch;

/// The parts that others share.
#[derive(Clone)]
pub(crate) struct Core {
    /// This node.
    pub node: NodeId,
    /// What its peers must have in common with it.
    pub pact: Pact,
    /// Its data: another number once they were lost.
    pub store: u128,
    /// Agreement.
    pub raft: Raft,
    /// What agreement says of itself.
    pub metrics: watch::Receiver<Metrics>,
    /// The way to other nodes.
    pub peers: Peers,
    /// The members' clocks.
    pub clocks: Arc<Clocks>,
    /// What this node shows.
    pub published: Arc<Published>,
    /// Whether it takes commands.
    pub gate: Arc<Gate>,
    /// Ends this node.
    pub fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
}

impl Core {
    /// Whether this node leads, as far as it knows.
    pub fn leads(&self) -> bool {
        self.metrics.borrow().current_leader == Some(self.node.0)
    }
}
