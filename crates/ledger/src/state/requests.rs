//! What was asked before, so that a retry has the first one's outcome, in bounded memory.
//!
//! A UUIDv7 carries its own age. What is forgotten is forgotten oldest first, and the *floor* rises
//! to it: a request below the floor is refused, so a late retry can never be carried out twice.

use crate::digest::{Digest, stamp};
use crate::limits::{
    REQUEST_AHEAD_SECONDS, REQUEST_SECONDS, REQUESTS_MAX, STREAM_RECEIPTS_MAX, STREAM_SEQUENCE_MAX,
    STREAM_WINDOW, STREAMS_MAX,
};
use crate::outcome::{Outcome, Refusal};
use crate::shelf::Shelf;
use crate::words::{Moment, RequestId, Revision, is_uuid_v7, uuid_millis};
use core::cmp::Reverse;
use imbl::OrdMap;

/// What a command answered the first time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receipt {
    /// A fingerprint of the body, by which a reused id is told from a retry.
    pub fingerprint: u64,
    /// Where in the log it took effect.
    pub revision: Revision,
    /// What it answered.
    pub outcome: Outcome,
}

/// What is remembered of one bulk stream.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The lowest sequence that may still be asked about or carried out.
    pub first: u64,
    /// When it was last used, to the minute.
    pub used: Moment,
    /// Outcomes by sequence.
    pub receipts: Shelf<Receipt>,
}

/// Receipts a stream keeps however many streams there are.
const STREAM_WINDOW_MIN: u64 = 1_024;
/// How exactly a stream's last use is noted, so that not every command touches the order of use.
const STREAM_USE_SECONDS: u64 = 60;

/// What is remembered of all requests.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    unique: OrdMap<u128, Receipt>,
    /// Unique requests made before this many milliseconds since 1970 are refused.
    floor_millis: u64,
    streams: OrdMap<u128, Stream>,
    by_use: OrdMap<(Moment, Reverse<u128>), ()>,
    /// Streams made before this are refused unless they are remembered.
    stream_floor_millis: u64,
    digest: Digest,
}

/// Whether a request was seen before.
pub(crate) enum Seen {
    /// It was, and had this answer.
    Before(Receipt),
    /// It was not.
    Never,
}

impl Requests {
    /// Looks a request up, judging its id by the log's moment.
    pub(crate) fn look(
        &self,
        request: &RequestId,
        fingerprint: u64,
        now: Moment,
    ) -> Result<Seen, Refusal> {
        match self.receipt(request) {
            Some(receipt) if receipt.fingerprint == fingerprint => {
                Ok(Seen::Before(receipt.clone()))
            }
            Some(_) => Err(Refusal::RequestReused),
            None => self.admit(request, now).map(|()| Seen::Never),
        }
    }

    /// What this request answered, as far as it is remembered.
    pub(crate) fn receipt(&self, request: &RequestId) -> Option<&Receipt> {
        match request {
            RequestId::Natural => None,
            RequestId::Unique(uuid) => self.unique.get(uuid),
            RequestId::Stream { stream, sequence } => {
                self.streams.get(stream)?.receipts.get(*sequence)
            }
        }
    }

    fn admit(&self, request: &RequestId, now: Moment) -> Result<(), Refusal> {
        match request {
            RequestId::Natural => Ok(()),
            RequestId::Unique(uuid) => {
                judge_age(*uuid, now, self.floor_millis)?;
                let oldest = (now.micros() / 1_000).saturating_sub(REQUEST_SECONDS * 1_000);
                if uuid_millis(*uuid) < oldest { Err(Refusal::RequestTooOld) } else { Ok(()) }
            }
            RequestId::Stream { sequence, .. } if *sequence > STREAM_SEQUENCE_MAX => {
                Err(Refusal::RequestMalformed)
            }
            RequestId::Stream { stream, sequence } => match self.streams.get(stream) {
                Some(known) if *sequence < known.first => Err(Refusal::RequestTooOld),
                Some(_) => Ok(()),
                None if self.streams.len() >= STREAMS_MAX => Err(Refusal::TooManyStreams),
                None => judge_age(*stream, now, self.stream_floor_millis),
            },
        }
    }

    /// Remembers what a request answered, and forgets what there is no room for.
    pub(crate) fn remember(&mut self, request: &RequestId, receipt: Receipt, now: Moment) {
        match request {
            RequestId::Natural => {}
            RequestId::Unique(uuid) => {
                self.digest = self.digest.plus(unique_stamp(*uuid, &receipt));
                let was = self.unique.insert(*uuid, receipt);
                assert!(was.is_none(), "a request was carried out twice");
            }
            RequestId::Stream { stream, sequence } => {
                self.remember_in_stream(*stream, *sequence, receipt, now);
            }
        }
    }

    fn remember_in_stream(&mut self, id: u128, sequence: u64, receipt: Receipt, now: Moment) {
        let streams = self.streams.len() as u64 + 1;
        let window = (STREAM_RECEIPTS_MAX / streams).clamp(STREAM_WINDOW_MIN, STREAM_WINDOW);
        if !self.streams.contains_key(&id) {
            self.streams.insert(id, Stream { first: 0, used: now, receipts: Shelf::default() });
            self.by_use.insert((now, Reverse(id)), ());
        }
        let Some(stream) = self.streams.get_mut(&id) else {
            return;
        };
        if now.seconds_since(stream.used) >= STREAM_USE_SECONDS {
            self.by_use.remove(&(stream.used, Reverse(id)));
            self.by_use.insert((now, Reverse(id)), ());
            stream.used = now;
        }
        let before = stream.receipts.digest();
        stream.receipts.insert(sequence, receipt);
        // Two go for one that comes, so a window that has become smaller is reached gradually.
        for _ in 0..2 {
            let Some(oldest) = stream.receipts.iter_from(0).next().map(|(number, _)| number) else {
                break;
            };
            if sequence.saturating_sub(oldest) < window {
                break;
            }
            stream.receipts.remove(oldest);
            stream.first = oldest + 1;
        }
        self.digest = self.digest.minus(before.0).plus(stream.receipts.digest().0);
    }

    /// Forgets what is too old or too much: a bounded number of requests each time.
    pub(crate) fn forget(&mut self, now: Moment, requests_max: usize) {
        let oldest = (now.micros() / 1_000).saturating_sub(REQUEST_SECONDS * 1_000);
        for _ in 0..requests_max {
            let Some((uuid, receipt)) = self.unique.get_min() else {
                break;
            };
            let (uuid, millis) = (*uuid, uuid_millis(*uuid));
            if self.unique.len() <= REQUESTS_MAX && millis >= oldest {
                break;
            }
            self.digest = self.digest.minus(unique_stamp(uuid, receipt));
            self.floor_millis = self.floor_millis.max(millis + 1);
            self.unique.remove(&uuid);
        }
        let Some((used, Reverse(id))) = self.by_use.get_min().map(|(key, ())| *key) else {
            return;
        };
        if now.seconds_since(used) > REQUEST_SECONDS {
            self.by_use.remove(&(used, Reverse(id)));
            if let Some(stream) = self.streams.remove(&id) {
                self.digest = self.digest.minus(stream.receipts.digest().0);
                self.stream_floor_millis = self.stream_floor_millis.max(uuid_millis(id) + 1);
            }
        }
    }

    /// How many unique requests, streams and receipts of streams are remembered.
    pub(crate) fn len(&self) -> (usize, usize) {
        (self.unique.len(), self.streams.len())
    }

    pub(crate) const fn digest(&self) -> Digest {
        self.digest.plus(self.floor_millis).plus(self.stream_floor_millis.rotate_left(32))
    }

    /// The digest of the receipts, computed afresh.
    pub(crate) fn recomputed_digest(&self) -> Digest {
        let unique = self.unique.iter().map(|(uuid, receipt)| unique_stamp(*uuid, receipt));
        let streams = self.streams.values().map(|s| s.receipts.recomputed_digest().0);
        let sum = unique.chain(streams).fold(Digest::default(), Digest::plus);
        sum.plus(self.floor_millis).plus(self.stream_floor_millis.rotate_left(32))
    }

    /// The two floors, in milliseconds since 1970.
    pub(crate) const fn floors(&self) -> (u64, u64) {
        (self.floor_millis, self.stream_floor_millis)
    }

    /// Unique requests from this id on, in order.
    pub(crate) fn unique_from(&self, uuid: u128) -> impl Iterator<Item = (u128, &Receipt)> {
        self.unique.range(uuid..).map(|(uuid, receipt)| (*uuid, receipt))
    }

    /// All bulk streams, in order.
    pub(crate) fn streams(&self) -> impl Iterator<Item = (u128, &Stream)> {
        self.streams.iter().map(|(id, stream)| (*id, stream))
    }

    /// An empty memory with these floors, to be filled from a checkpoint.
    pub(crate) fn restored(floor_millis: u64, stream_floor_millis: u64) -> Self {
        Self { floor_millis, stream_floor_millis, ..Self::default() }
    }

    /// Puts a receipt of a checkpoint back; false when there is one already.
    pub(crate) fn restore_unique(&mut self, uuid: u128, receipt: Receipt) -> bool {
        self.digest = self.digest.plus(unique_stamp(uuid, &receipt));
        self.unique.insert(uuid, receipt).is_none()
    }

    /// Puts a stream of a checkpoint back; false when there is one already.
    pub(crate) fn restore_stream(&mut self, id: u128, first: u64, used: Moment) -> bool {
        self.by_use.insert((used, Reverse(id)), ());
        self.streams.insert(id, Stream { first, used, receipts: Shelf::default() }).is_none()
    }

    /// Puts a stream's receipt of a checkpoint back; false when there is one, or no such stream.
    pub(crate) fn restore_receipt(&mut self, id: u128, sequence: u64, receipt: Receipt) -> bool {
        let Some(stream) = self.streams.get_mut(&id) else {
            return false;
        };
        if stream.receipts.get(sequence).is_some() {
            return false;
        }
        let before = stream.receipts.digest();
        stream.receipts.insert(sequence, receipt);
        self.digest = self.digest.minus(before.0).plus(stream.receipts.digest().0);
        true
    }
}

fn unique_stamp(uuid: u128, receipt: &Receipt) -> u64 {
    stamp(uuid as u64, &(uuid, receipt))
}

fn judge_age(uuid: u128, now: Moment, floor_millis: u64) -> Result<(), Refusal> {
    if !is_uuid_v7(uuid) {
        return Err(Refusal::RequestMalformed);
    }
    let millis = uuid_millis(uuid);
    if millis < floor_millis {
        return Err(Refusal::RequestTooOld);
    }
    if millis > now.micros() / 1_000 + REQUEST_AHEAD_SECONDS * 1_000 {
        return Err(Refusal::RequestFromFuture);
    }
    Ok(())
}
