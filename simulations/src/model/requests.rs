//! What was asked before: the same request has one answer.

use super::{Applied, Mistake, Model};
use ledger::limits::{
    REQUEST_AHEAD_SECONDS, REQUEST_SECONDS, STREAM_RECEIPTS_MAX, STREAM_SEQUENCE_MAX,
    STREAM_WINDOW, STREAMS_MAX,
};
use ledger::words::{Author, Moment, RequestId, is_uuid_v7, uuid_millis};
use ledger::{Act, Command, Outcome, Refusal};
use std::collections::BTreeMap;

/// Requests that an entry forgets at least, when there are as many to forget.
const FORGOTTEN_MIN: usize = 64;
/// Receipts that a stream keeps at least.
const WINDOW_MIN: u64 = 1_024;
/// A stream's last use is noted to the minute.
const USE_SECONDS: u64 = 60;

/// A request that was answered.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// What was asked.
    pub act: Act,
    /// By whom.
    pub author: Option<Author>,
    /// What it was answered, and where in the log.
    pub answer: Applied,
}

/// A bulk stream.
#[derive(Clone, Debug)]
pub struct Stream {
    /// The lowest sequence that may still be asked about.
    pub first: u64,
    /// When it was last used, to the minute.
    pub used: Moment,
    /// What was answered, by sequence.
    pub answered: BTreeMap<u64, Remembered>,
}

/// All requests that are remembered.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    /// By id.
    pub unique: BTreeMap<u128, Remembered>,
    /// Ids made before this are refused, in milliseconds since 1970.
    pub floor_millis: u64,
    /// Bulk streams by id.
    pub streams: BTreeMap<u128, Stream>,
    /// Unknown streams made before this are refused, in milliseconds since 1970.
    pub stream_floor_millis: u64,
}

impl Model {
    /// What the request was answered before, or why it may not be asked at all.
    pub(super) fn answered(&self, command: &Command) -> Result<Option<Applied>, Refusal> {
        let known = match command.request {
            RequestId::Natural => return Ok(None),
            RequestId::Unique(uuid) => self.requests.unique.get(&uuid),
            RequestId::Stream { stream, sequence } => {
                let stream = self.requests.streams.get(&stream);
                stream.and_then(|stream| stream.answered.get(&sequence))
            }
        };
        let Some(known) = known else {
            return self.admit(&command.request).map(|()| None);
        };
        let same = known.act == command.act && known.author == command.author;
        if same || self.errs(Mistake::ReuseAnswered) {
            Ok(Some(known.answer.clone()))
        } else {
            Err(Refusal::RequestReused)
        }
    }

    fn admit(&self, request: &RequestId) -> Result<(), Refusal> {
        match *request {
            RequestId::Natural => Ok(()),
            RequestId::Unique(uuid) => {
                self.judge_age(uuid, self.requests.floor_millis)?;
                let oldest = self.window_millis() + u64::from(self.errs(Mistake::WindowTooShort));
                if uuid_millis(uuid) < oldest {
                    return Err(Refusal::RequestTooOld);
                }
                Ok(())
            }
            RequestId::Stream { sequence, .. } if sequence > STREAM_SEQUENCE_MAX => {
                Err(Refusal::RequestMalformed)
            }
            RequestId::Stream { stream, sequence } => match self.requests.streams.get(&stream) {
                Some(known) if sequence < known.first => Err(Refusal::RequestTooOld),
                Some(_) => Ok(()),
                None if self.requests.streams.len() >= STREAMS_MAX => Err(Refusal::TooManyStreams),
                None => self.judge_age(stream, self.requests.stream_floor_millis),
            },
        }
    }

    fn judge_age(&self, uuid: u128, floor_millis: u64) -> Result<(), Refusal> {
        let now_millis = self.moment.micros() / 1_000;
        if !is_uuid_v7(uuid) {
            Err(Refusal::RequestMalformed)
        } else if uuid_millis(uuid) < floor_millis {
            Err(Refusal::RequestTooOld)
        } else if uuid_millis(uuid) > now_millis + REQUEST_AHEAD_SECONDS * 1_000 {
            Err(Refusal::RequestFromFuture)
        } else {
            Ok(())
        }
    }

    /// Requests made before this many milliseconds since 1970 are too old.
    fn window_millis(&self) -> u64 {
        (self.moment.micros() / 1_000).saturating_sub(REQUEST_SECONDS * 1_000)
    }

    pub(super) fn remember(&mut self, command: &Command, answer: Applied) {
        if self.errs(Mistake::RefusalForgotten) && matches!(answer.outcome, Outcome::Refused(_)) {
            return;
        }
        let remembered = Remembered { act: command.act.clone(), author: command.author, answer };
        match command.request {
            RequestId::Natural => {}
            RequestId::Unique(uuid) => {
                self.requests.unique.insert(uuid, remembered);
            }
            RequestId::Stream { stream, sequence } => {
                self.remember_in_stream(stream, sequence, remembered);
            }
        }
    }

    /// A stream has a window of sequences; it slides by at most two receipts with each new one, and
    /// is narrower while there are many streams.
    fn remember_in_stream(&mut self, stream: u128, sequence: u64, remembered: Remembered) {
        let now = self.moment;
        let streams = self.requests.streams.len() as u64 + 1;
        let window = (STREAM_RECEIPTS_MAX / streams).clamp(WINDOW_MIN, STREAM_WINDOW);
        let blank = Stream { first: 0, used: now, answered: BTreeMap::new() };
        let stream = self.requests.streams.entry(stream).or_insert(blank);
        if now.seconds_since(stream.used) >= USE_SECONDS {
            stream.used = now;
        }
        stream.answered.insert(sequence, remembered);
        let slid = stream.answered.keys().copied().filter(|known| *known + window <= sequence);
        for old in slid.take(2).collect::<Vec<_>>() {
            stream.answered.remove(&old);
            stream.first = old + 1;
        }
    }

    /// Forgets old requests, oldest first, and the one stream that was not used for longest.
    pub(super) fn forget_requests(&mut self, commands: usize) {
        let window = self.window_millis();
        let old = self.requests.unique.keys().copied().take_while(|id| uuid_millis(*id) < window);
        for uuid in old.take(FORGOTTEN_MIN.max(2 * commands)).collect::<Vec<_>>() {
            self.requests.unique.remove(&uuid);
            self.requests.floor_millis = self.requests.floor_millis.max(uuid_millis(uuid) + 1);
        }
        // Of several unused for as long the youngest goes first: the floor that refuses its return
        // must rise to it in any case.
        let streams = self.requests.streams.iter().rev();
        let Some((id, used)) = streams.map(|(id, s)| (*id, s.used)).min_by_key(|(_, used)| *used)
        else {
            return;
        };
        if self.moment.seconds_since(used) > REQUEST_SECONDS {
            self.requests.streams.remove(&id);
            let floor = self.requests.stream_floor_millis.max(uuid_millis(id) + 1);
            self.requests.stream_floor_millis = floor;
        }
    }
}
