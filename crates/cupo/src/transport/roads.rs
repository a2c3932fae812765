//! Calls to other nodes.

use super::Passport;
use super::lane::{Kind, Lane};
use crate::limits;
use async_trait::async_trait;
use bytes::Bytes;
use replica::{Instant, Member, Network, PeerCall, Unreachable};
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Mutex, PoisonError};
use tonic::{Code, ConnectError, Request, Status};
use wire::internal::CallRequest;

/// The ways to all peers this node has called.
#[derive(Debug)]
pub struct Roads {
    passport: Passport,
    /// What is added to a member's port, where callers reach it, for its peers.
    port_offset: u16,
    /// By address; members come and go rarely, so that the oldest are never many.
    peers: Mutex<BTreeMap<String, Peer>>,
}

#[derive(Clone, Debug)]
struct Peer {
    agreement: Lane,
    forwarding: Lane,
    bulk: Lane,
}

impl Roads {
    /// The ways from the node of this passport.
    #[must_use]
    pub const fn new(passport: Passport, port_offset: u16) -> Self {
        Self { passport, port_offset, peers: Mutex::new(BTreeMap::new()) }
    }

    fn lane(&self, to: &Member, call: PeerCall) -> Result<Lane, Unreachable> {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if !peers.contains_key(&to.address) {
            if peers.len() >= limits::PEERS_MAX {
                peers.pop_first();
            }
            peers.insert(to.address.clone(), self.peer(&to.address)?);
        }
        let peer = &peers[&to.address];
        Ok(match kind(call) {
            Kind::Agreement => peer.agreement.clone(),
            Kind::Forwarding => peer.forwarding.clone(),
            Kind::Bulk => peer.bulk.clone(),
        })
    }

    fn peer(&self, address: &str) -> Result<Peer, Unreachable> {
        let parts = address.rsplit_once(':').and_then(|(host, port)| {
            let port: u16 = port.parse().ok()?;
            Some(format!("{host}:{}", port.checked_add(self.port_offset)?))
        });
        let bad = || not_sent(format!("{address} is no host:port"));
        let address = parts.ok_or_else(bad)?;
        let lane = |kind| Lane::new(&address, kind).map_err(|error| not_sent(error.to_string()));
        Ok(Peer {
            agreement: lane(Kind::Agreement)?,
            forwarding: lane(Kind::Forwarding)?,
            bulk: lane(Kind::Bulk)?,
        })
    }
}

const fn kind(call: PeerCall) -> Kind {
    match call {
        PeerCall::Hello
        | PeerCall::Vote
        | PeerCall::Append
        | PeerCall::ReadIndex
        | PeerCall::Pulse
        | PeerCall::Elect
        | PeerCall::Membership => Kind::Agreement,
        PeerCall::Forward => Kind::Forwarding,
        PeerCall::Offer | PeerCall::Chunk | PeerCall::Install | PeerCall::Journal => Kind::Bulk,
    }
}

#[async_trait]
impl Network for Roads {
    async fn call(
        &self,
        to: &Member,
        call: PeerCall,
        body: Bytes,
        until: Instant,
    ) -> Result<Bytes, Unreachable> {
        let mut lane = self.lane(to, call)?;
        let permit = tokio::time::timeout_at(until, lane.permits.acquire()).await;
        let Ok(Ok(_permit)) = permit else {
            return Err(not_sent("too many calls are under way".to_owned()));
        };
        let mut request = Request::new(CallRequest {
            kind: call.number(),
            cluster_id: self.passport.cluster.clone(),
            fingerprint: self.passport.fingerprint.clone(),
            from: self.passport.node,
            to: to.id.0,
            body,
        });
        request.set_timeout(until.saturating_duration_since(Instant::now()));
        match tokio::time::timeout_at(until, lane.client.call(request)).await {
            Ok(Ok(answer)) => Ok(answer.into_inner().body),
            Ok(Err(status)) => Err(unreachable(&status)),
            Err(_) => Err(Unreachable::Unknown { reason: "the deadline passed".to_owned() }),
        }
    }
}

const fn not_sent(reason: String) -> Unreachable {
    Unreachable::NotSent { reason }
}

/// Whether a call may have had an effect: not when no connection was made, nor when the peer's
/// door refused it before anything was read.
fn unreachable(status: &Status) -> Unreachable {
    let reason = status.message().to_owned();
    let refused =
        matches!(status.code(), Code::FailedPrecondition | Code::InvalidArgument | Code::Aborted);
    let mut source = status.source();
    let mut connected = true;
    while let Some(error) = source {
        connected &= !error.is::<ConnectError>();
        source = error.source();
    }
    if refused || !connected {
        return Unreachable::NotSent { reason };
    }
    Unreachable::Unknown { reason }
}
