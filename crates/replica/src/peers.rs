//! Calling other nodes: every call is wrapped, has a deadline, and its answer is read here.

use crate::envelope;
use crate::member::{Member, NodeId, Pact};
use crate::parts::{Network, PeerCall, Unreachable};
use crate::runtime::Instant;
use bytes::Bytes;
use prost::Message;
use std::sync::Arc;
use std::time::Duration;

/// The way to other nodes.
#[derive(Clone)]
pub(crate) struct Peers {
    network: Arc<dyn Network>,
    pact: Pact,
    node: NodeId,
    /// The data that the called node must have; 0 where any will do.
    store: u128,
}

impl Peers {
    pub fn new(network: Arc<dyn Network>, pact: Pact, node: NodeId) -> Self {
        Self { network, pact, node, store: 0 }
    }

    /// The way to a node that has this data, and is not to answer if it has others.
    pub fn to_store(&self, store: u128) -> Self {
        Self { store, ..self.clone() }
    }

    /// Calls a node and reads its answer.
    ///
    /// # Errors
    /// When there is none in time, or none that can be read.
    pub async fn call<A: Message + Default>(
        &self,
        to: &Member,
        call: PeerCall,
        message: &impl Message,
        within: Duration,
    ) -> Result<A, Unreachable> {
        let body = envelope::wrap(&self.pact, self.node, self.store, message);
        let until = Instant::now() + within;
        let answer = self.carry(to, call, body, until).await?;
        A::decode(answer).map_err(|error| Unreachable::Unknown { reason: error.to_string() })
    }

    /// The network is asked to honour the deadline; that it does is not left to it.
    async fn carry(
        &self,
        to: &Member,
        call: PeerCall,
        body: Bytes,
        until: Instant,
    ) -> Result<Bytes, Unreachable> {
        let answer = self.network.call(to, call, body, until);
        match tokio::time::timeout_at(until, answer).await {
            Ok(answer) => answer,
            Err(_) => Err(Unreachable::Unknown { reason: String::from("the deadline passed") }),
        }
    }
}
