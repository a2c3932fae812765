//! What other nodes ask of this one.

use crate::envelope::{Heading, read, unwrap};
use crate::error::{PeerError, ProposeError};
use crate::forward::{self, ForwardWord, ForwardedWord};
use crate::handover::ElectWord;
use crate::hello::HelloWord;
use crate::incoming::AskJournalWord;
use crate::inner::Inner;
use crate::limits::PEER_BODY_BYTES_MAX;
use crate::member::{Member, NodeId};
use crate::membership::{ChangeWord, ChangedWord};
use crate::parts::{Fatal, PeerCall};
use crate::pulse::PulseWord;
use crate::raft::network::{ChunkWord, DoneWord, InstalledWord, MissingWord, OfferWord};
use crate::raft::snapshot::SnapshotHandle;
use crate::raft::words::{AppendWord, AppendedWord, AskVoteWord, VotedWord};
use crate::read::{self, IndexWord};
use crate::runtime::Instant;
use crate::settings::Settings;
use bytes::Bytes;
use openraft::Snapshot;
use openraft::raft::AppendEntriesResponse;
use prost::Message;

impl Inner {
    /// Answers a peer's call.
    pub(crate) async fn answer(&self, call: PeerCall, body: Bytes) -> Result<Bytes, PeerError> {
        if body.len() > PEER_BODY_BYTES_MAX {
            let reason = format!("{} bytes, {PEER_BODY_BYTES_MAX} are possible", body.len());
            return Err(PeerError::Malformed { reason });
        }
        if call == PeerCall::Hello {
            // Who is asked says who it is even to strangers, so that they learn why they are.
            return Ok(encode(&self.hello()));
        }
        let (heading, body) = unwrap(&self.settings.pact, body)?;
        self.check_store(call, heading)?;
        let from = heading.from;
        match call {
            PeerCall::Hello => Ok(encode(&self.hello())),
            PeerCall::Vote => self.vote(read(body)?).await.map(|word| encode(&word)),
            PeerCall::Append => self.append(read(body)?).await.map(|word| encode(&word)),
            PeerCall::Offer => self.offer(read(body)?).await.map(|word| encode(&word)),
            PeerCall::Chunk => self.chunk(read(body)?).await.map(|word| encode(&word)),
            PeerCall::Install => self.install(from, read(body)?).await.map(|word| encode(&word)),
            PeerCall::Journal => {
                let ask: AskJournalWord = read(body)?;
                let page = self.incoming.page(ask.after);
                // A node that cannot tell what happened must not lead those who need it.
                if let Some(fatal) = page.as_ref().err().and_then(Fatal::of_reading) {
                    (self.core.fatal)(fatal);
                }
                page.map(|word| encode(&word)).map_err(unavailable)
            }
            PeerCall::Forward => self.forwarded(read(body)?).await.map(|word| encode(&word)),
            PeerCall::ReadIndex => {
                let index = read::confirm(&self.core).await;
                let confirmed = index.is_some();
                Ok(encode(&IndexWord { confirmed, index: index.unwrap_or(0) }))
            }
            PeerCall::Pulse => {
                let word: PulseWord = read(body)?;
                self.pulse.hear(from, &word);
                Ok(encode(&self.pulse.own()))
            }
            PeerCall::Elect => {
                let word: ElectWord = read(body)?;
                self.handover.stand(word.term);
                Ok(encode(&DoneWord {}))
            }
            PeerCall::Membership => {
                let word: ChangeWord = read(body)?;
                let change = word.change().ok_or_else(|| malformed("it asks for no change"))?;
                let result = self.registrar.carry_out(change).await;
                Ok(encode(&ChangedWord::from(result)))
            }
        }
    }

    fn hello(&self) -> HelloWord {
        let Settings { node, pact, store, .. } = &self.settings;
        HelloWord::new(*node, pact, *store, self.has_begun())
    }

    fn has_begun(&self) -> bool {
        let metrics = self.core.metrics.borrow();
        metrics.current_term > 0 || metrics.last_log_index.is_some()
    }

    /// Guard G5: agreement is only spoken of with the data that the caller's membership records.
    /// A node that lost its disk would vote twice in a term, and forget what it had acknowledged.
    fn check_store(&self, call: PeerCall, heading: Heading) -> Result<(), PeerError> {
        if !call.is_of_agreement() || heading.store == self.settings.store {
            return Ok(());
        }
        tracing::error!(from = %heading.from, ?call, "a call was for other data of this node");
        // Data that have begun may be called by a node that has not heard yet that they took the
        // place of others; new ones are known to nobody, so the others of this id are lost.
        if !self.has_begun() {
            (self.core.fatal)(Fatal::Lost { node: self.settings.node });
        }
        Err(PeerError::OtherStore)
    }

    async fn vote(&self, word: AskVoteWord) -> Result<VotedWord, PeerError> {
        let request = word.request().ok_or_else(|| malformed("a part is missing"))?;
        self.core.raft.vote(request).await.map(Into::into).map_err(unavailable)
    }

    async fn append(&self, word: AppendWord) -> Result<AppendedWord, PeerError> {
        let request = word.request().ok_or_else(|| malformed("a part is missing"))?;
        // Heartbeats go on: a node without room is not a dead one.
        if !request.entries.is_empty() && self.core.gate.is_out_of_space() {
            return Err(unavailable("the disk is full"));
        }
        let response = self.core.raft.append_entries(request).await.map_err(unavailable)?;
        if !matches!(response, AppendEntriesResponse::HigherVote(_)) {
            self.handover.heard_leader();
        }
        Ok(AppendedWord::new(&response, self.core.clocks.own().micros()))
    }

    async fn offer(&self, word: OfferWord) -> Result<MissingWord, PeerError> {
        let missing = self.incoming.offer(word.manifest).await.map_err(unavailable)?;
        let hashes = missing.iter().map(|hash| Bytes::copy_from_slice(hash)).collect();
        Ok(MissingWord { hashes })
    }

    async fn chunk(&self, word: ChunkWord) -> Result<DoneWord, PeerError> {
        let hash = word.hash[..].try_into().map_err(|_| malformed("a hash has 32 bytes"))?;
        self.incoming.accept(hash, word.bytes).await.map_err(unavailable)?;
        Ok(DoneWord {})
    }

    async fn install(&self, from: NodeId, word: OfferWord) -> Result<InstalledWord, PeerError> {
        let (Some(vote), Some(place)) = (word.vote, word.place) else {
            return Err(malformed("a part is missing"));
        };
        if word.leader_address.is_empty() {
            return Err(malformed("the sender's address is missing"));
        }
        let leader = Member { id: from, address: word.leader_address };
        let prepared = self.incoming.prepared(&word.manifest, &leader).map_err(unavailable)?;
        let Some(ledger) = prepared else {
            return Ok(InstalledWord { vote: None });
        };
        let snapshot = Box::new(SnapshotHandle::Received(word.manifest, ledger));
        let snapshot = Snapshot { meta: place.into(), snapshot };
        let installed = self.core.raft.install_full_snapshot(vote.into(), snapshot).await;
        let installed = installed.map_err(unavailable)?;
        Ok(InstalledWord { vote: Some(installed.vote.into()) })
    }

    async fn forwarded(&self, word: ForwardWord) -> Result<ForwardedWord, PeerError> {
        let not_leading = || ForwardedWord::of(&Err(ProposeError::NotReady));
        if !self.core.leads() || self.core.gate.is_handing_over() || self.core.gate.is_stopping() {
            return Ok(not_leading());
        }
        let identified = forward::inspect(&word.commands).map_err(|reason| malformed(&reason))?;
        let until = Instant::now() + forward::time_here(word.wait_millis);
        let answer = self.submit(word.commands, identified, true, until).await;
        Ok(ForwardedWord::of(&answer))
    }
}

fn encode(message: &impl Message) -> Bytes {
    message.encode_to_vec().into()
}

fn malformed(reason: &str) -> PeerError {
    PeerError::Malformed { reason: reason.to_owned() }
}

fn unavailable(reason: impl std::fmt::Display) -> PeerError {
    PeerError::Unavailable { reason: reason.to_string() }
}
