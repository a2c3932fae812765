//! openraft's calls to other nodes.

use crate::clocks::Clocks;
use crate::member::{Member, NodeId};
use crate::parts::{Fatal, PeerCall, Unreachable};
use crate::peers::Peers;
use crate::raft::config::{Metrics, Node, Types, Vote};
use crate::raft::members;
use crate::raft::snapshot::{Meta, SnapshotHandle};
use crate::raft::words::{AppendWord, AppendedWord, AskVoteWord, PlaceWord, VoteWord, VotedWord};
use bytes::Bytes;
use ledger::words::Moment;
use openraft::error::{
    Fatal as RaftFatal, NetworkError, RPCError, RaftError, ReplicationClosed, StreamingError,
    Unreachable as RaftUnreachable,
};
use openraft::network::{Backoff, RPCOption, RaftNetwork, RaftNetworkFactory};
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, SnapshotResponse, VoteRequest, VoteResponse,
};
use openraft::{AnyError, Snapshot};
use prost::Message;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use store::checkpoint::{Checkpoint, CheckpointReader};
use tokio::sync::watch;

/// Makes openraft's way to each peer.
pub(crate) struct Roads {
    pub peers: Peers,
    pub clocks: Arc<Clocks>,
    pub checkpoints: CheckpointReader,
    pub heartbeat: Duration,
    /// What agreement says of itself, once it has begun.
    pub metrics: Arc<OnceLock<watch::Receiver<Metrics>>>,
    pub fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
}

/// openraft's way to one peer.
pub(crate) struct Road {
    peers: Peers,
    clocks: Arc<Clocks>,
    checkpoints: CheckpointReader,
    heartbeat: Duration,
    metrics: Arc<OnceLock<watch::Receiver<Metrics>>>,
    fatal: Arc<dyn Fn(Fatal) + Send + Sync>,
    to: Member,
}

/// A checkpoint is offered, or its installation asked for.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct OfferWord {
    /// The leader's vote.
    #[prost(message, optional, tag = "1")]
    pub vote: Option<VoteWord>,
    /// Where the checkpoint stands in the log.
    #[prost(message, optional, tag = "2")]
    pub place: Option<PlaceWord>,
    /// Its manifest.
    #[prost(bytes = "bytes", tag = "3")]
    pub manifest: Bytes,
    /// Where the leader is called: it may have joined after the checkpoint was taken.
    #[prost(string, tag = "4")]
    pub leader_address: String,
}

/// Chunks that are still to be sent.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct MissingWord {
    /// Their hashes, some at a time.
    #[prost(bytes = "bytes", repeated, tag = "1")]
    pub hashes: Vec<Bytes>,
}

/// One chunk.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ChunkWord {
    #[prost(bytes = "bytes", tag = "1")]
    pub hash: Bytes,
    #[prost(bytes = "bytes", tag = "2")]
    pub bytes: Bytes,
}

/// How far an installation has come.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct InstalledWord {
    /// The node's vote, once all is installed.
    #[prost(message, optional, tag = "1")]
    pub vote: Option<VoteWord>,
}

/// Nothing more to say.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct DoneWord {}

/// How long one step of sending a checkpoint may take.
const STEP: Duration = Duration::from_secs(5);
/// How often it is asked whether an installation is complete.
const INSTALL_PAUSE: Duration = Duration::from_millis(50);

type CallError = RPCError<u64, Node, RaftError<u64>>;

impl RaftNetworkFactory<Types> for Roads {
    type Network = Road;

    async fn new_client(&mut self, target: u64, node: &Node) -> Road {
        Road {
            peers: self.peers.to_store(node.store),
            clocks: self.clocks.clone(),
            checkpoints: self.checkpoints.clone(),
            heartbeat: self.heartbeat,
            metrics: self.metrics.clone(),
            fatal: self.fatal.clone(),
            to: Member { id: NodeId(target), address: node.address.clone() },
        }
    }
}

fn unreachable(error: &Unreachable) -> CallError {
    match error {
        // openraft waits for its backoff before it tries this peer again.
        Unreachable::NotSent { .. } => RPCError::Unreachable(RaftUnreachable::new(error)),
        Unreachable::Unknown { .. } => RPCError::Network(NetworkError::new(error)),
    }
}

fn senseless() -> CallError {
    let error = AnyError::error("the peer's answer makes no sense");
    RPCError::Network(NetworkError::new(&error))
}

impl RaftNetwork<Types> for Road {
    async fn append_entries(
        &mut self,
        request: AppendEntriesRequest<Types>,
        option: RPCOption,
    ) -> Result<AppendEntriesResponse<u64>, CallError> {
        let word = AppendWord::from(request);
        let within = option.hard_ttl();
        let answer = self.peers.call(&self.to, PeerCall::Append, &word, within).await;
        let answer: AppendedWord = answer.map_err(|error| unreachable(&error))?;
        self.clocks.heard(self.to.id, Moment::from_micros(answer.clock));
        answer.response().ok_or_else(senseless)
    }

    async fn vote(
        &mut self,
        request: VoteRequest<u64>,
        option: RPCOption,
    ) -> Result<VoteResponse<u64>, CallError> {
        let word = AskVoteWord::from(request);
        let answer = self.peers.call(&self.to, PeerCall::Vote, &word, option.hard_ttl()).await;
        let answer: VotedWord = answer.map_err(|error| unreachable(&error))?;
        answer.response().ok_or_else(senseless)
    }

    async fn full_snapshot(
        &mut self,
        vote: Vote,
        snapshot: Snapshot<Types>,
        cancel: impl Future<Output = ReplicationClosed> + Send + 'static,
        _option: RPCOption,
    ) -> Result<SnapshotResponse<u64>, StreamingError<Types, RaftFatal<u64>>> {
        let SnapshotHandle::Stored(checkpoint) = *snapshot.snapshot else {
            let error = AnyError::error("the checkpoint to send is not stored");
            return Err(StreamingError::Unreachable(RaftUnreachable::new(&error)));
        };
        let unsent = |error| StreamingError::Unreachable(RaftUnreachable::new(&error));
        tokio::select! {
            sent = self.send(vote, &snapshot.meta, &checkpoint) => sent.map_err(unsent),
            error = self.keep_leading(vote) => Err(unsent(error)),
            closed = cancel => Err(StreamingError::Closed(closed)),
        }
    }

    /// Shorter than an election, so that a follower that comes back hears of its leader first.
    fn backoff(&self) -> Backoff {
        Backoff::new(std::iter::repeat(self.heartbeat))
    }
}

impl Road {
    /// Says that it leads while a checkpoint is under way: openraft sends a node nothing else in
    /// that time, and a voter that hears nothing stands for election and unseats its leader. Ends
    /// when the peer knows a newer one: openraft lets a former leader go on sending, and a node to
    /// which two offer different checkpoints would never install either.
    async fn keep_leading(&self, vote: Vote) -> Unreachable {
        let word = AppendWord { vote: Some(vote.into()), ..AppendWord::default() };
        loop {
            tokio::time::sleep(self.heartbeat).await;
            let answer = self.peers.call(&self.to, PeerCall::Append, &word, STEP).await;
            let Ok(answer) = answer else { continue };
            let answer: AppendedWord = answer;
            if let Some(AppendEntriesResponse::HigherVote(_)) = answer.response() {
                let reason = String::from("the peer knows a newer leader");
                return Unreachable::NotSent { reason };
            }
        }
    }

    /// Where this node is called, as the membership has it.
    fn own_address(&self) -> Option<String> {
        let metrics = self.metrics.get()?.borrow();
        members::member(&metrics, metrics.id).map(|own| own.address)
    }

    /// Sends the chunks that the peer does not have, and waits until it has installed them.
    async fn send(
        &self,
        vote: Vote,
        meta: &Meta,
        checkpoint: &Checkpoint,
    ) -> Result<SnapshotResponse<u64>, Unreachable> {
        let offer = OfferWord {
            vote: Some(vote.into()),
            place: Some(meta.into()),
            manifest: Bytes::from_owner(checkpoint.manifest.clone()),
            leader_address: self.own_address().unwrap_or_default(),
        };
        loop {
            let missing: MissingWord =
                self.peers.call(&self.to, PeerCall::Offer, &offer, STEP).await?;
            if missing.hashes.is_empty() {
                break;
            }
            for hash in missing.hashes {
                self.send_chunk(hash).await?;
            }
        }
        loop {
            let installed: InstalledWord =
                self.peers.call(&self.to, PeerCall::Install, &offer, STEP).await?;
            if let Some(vote) = installed.vote {
                return Ok(SnapshotResponse::new(vote.into()));
            }
            tokio::time::sleep(INSTALL_PAUSE).await;
        }
    }

    async fn send_chunk(&self, hash: Bytes) -> Result<(), Unreachable> {
        let not_sent = |reason: String| Unreachable::NotSent { reason };
        let key = hash[..].try_into().map_err(|_| not_sent(String::from("a hash has 32 bytes")))?;
        let bytes = self.checkpoints.chunk(&key).map_err(|error| {
            // It would be offered for ever, and never be taken in.
            if let Some(fatal) = Fatal::of_reading(&error) {
                (self.fatal)(fatal);
            }
            not_sent(error.to_string())
        })?;
        let chunk = ChunkWord { hash, bytes: bytes.into() };
        let _: DoneWord = self.peers.call(&self.to, PeerCall::Chunk, &chunk, STEP).await?;
        Ok(())
    }
}
