//! An operator: puts a new machine, under a new number, in the place of one that lost its disk.

use super::mesh::Mesh;
use rand_chacha::ChaCha8Rng;
use replica::{Member, NodeId};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Asks for a replacement, at one node after the other, until it has taken place.
pub struct Operator {
    chance: ChaCha8Rng,
    /// Who is gone, and who comes in his place.
    wanted: Option<(u64, u64)>,
    attempt: Option<JoinHandle<bool>>,
}

/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(6);

/// A node as the membership knows it.
pub fn member(id: u64) -> Member {
    Member { id: NodeId(id), address: format!("node-{id}") }
}

impl Operator {
    /// One with nothing to do.
    pub const fn new(chance: ChaCha8Rng) -> Self {
        Self { chance, wanted: None, attempt: None }
    }

    /// Whether a replacement is under way.
    pub const fn is_busy(&self) -> bool {
        self.wanted.is_some()
    }

    /// Wants a node replaced.
    pub fn replace(&mut self, dead: u64, new: u64) {
        self.wanted = Some((dead, new));
    }

    /// Looks whether it has been done, and asks again if not.
    pub async fn work(&mut self, mesh: &Arc<Mesh>) {
        let Some((dead, new)) = self.wanted else { return };
        if let Some(attempt) = self.attempt.take_if(|attempt| attempt.is_finished())
            && attempt.await.unwrap_or(false)
        {
            self.wanted = None;
            return;
        }
        if self.attempt.is_none()
            && let Some((_, replica)) = mesh.somebody(&mut self.chance)
        {
            self.attempt = Some(tokio::spawn(async move {
                let replaced = replica.replace(NodeId(dead), member(new));
                tokio::time::timeout(PATIENCE, replaced).await.is_ok_and(|done| done.is_ok())
            }));
        }
    }
}
