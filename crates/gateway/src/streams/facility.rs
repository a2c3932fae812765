//! A facility's stream: what it says goes up, what became of it and its commitments come down.

mod item;

use super::batch::Batch;
use super::happenings::{self, Interest, Told};
use super::{Answer, broken, until_closing};
use crate::admission::{Call, Caller};
use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::language::Language;
use crate::limits::{
    BATCH_MAX, BULK_TIMEOUT_DEFAULT, CAPACITY_BYTES_MAX, STATE_PER_MESSAGE_MAX,
    STREAM_MESSAGES_IN_FLIGHT_MAX,
};
use crate::live::live_of;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use ledger::View;
use ledger::words::{Author, FacilityId, Moment, PolicyVersion, Revision};
use replica::{Consistency, Instant, Watch};
use std::future::ready;
use std::sync::Arc;
use tonic::{Status, Streaming};
use v1::stream_capacity_response::Message as Down;
use wire::{FieldError, InputError, Problem, capacity, commitment, names, request, v1};

/// What comes down.
pub(crate) type FacilityStream = Answer<v1::StreamCapacityResponse>;

/// Opens a stream; its first message says whose it is.
pub(crate) fn open(
    edge: &Arc<Edge>,
    call: Call,
    caller: Caller,
    mut messages: Streaming<v1::StreamCapacityRequest>,
) -> Result<FacilityStream, Complaint> {
    let permit = edge.admission.stream()?;
    let shared = Arc::clone(edge);
    let opened = stream::once(async move {
        let language = call.language;
        let first = messages.message().await;
        let first = first.map_err(|status| broken(status, language, CAPACITY_BYTES_MAX))?;
        let Some(first) = first else {
            return Ok(stream::empty().left_stream());
        };
        let opening = Opening::read(&shared, &call, caller, &first).await;
        let opening = opening.map_err(|complaint| complaint.status(language))?;
        Ok::<_, Status>(opening.run(first, messages, language).right_stream())
    });
    let down = opened.try_flatten().map(move |message| {
        let _as_long_as_the_stream = &permit;
        Ok(v1::StreamCapacityResponse { message: Some(message?) })
    });
    Ok(until_closing(edge, call.language, down))
}

/// What the first message said.
#[derive(Clone, Copy)]
struct Speaker {
    facility: Option<FacilityId>,
    stream: u128,
    author: Option<Author>,
    policy: Option<PolicyVersion>,
    caller: Caller,
}

/// A stream that is about to begin.
struct Opening {
    edge: Arc<Edge>,
    speaker: Speaker,
    /// What stands: the opening, and the live commitments unless the stream resumes.
    head: Vec<Down>,
    /// From where changes are told, for a stream of one facility.
    changes: Option<(Watch, Revision)>,
}

impl Opening {
    async fn read(
        edge: &Arc<Edge>,
        call: &Call,
        caller: Caller,
        first: &v1::StreamCapacityRequest,
    ) -> Result<Self, Complaint> {
        let stream = request::uuid("stream_id", &first.stream_id)?;
        let author = request::author(first.author.as_ref())?;
        let policy = request::policy(first.policy_version);
        let (view, facility) = find(edge, call, &first.facility).await?;
        let speaker = Speaker { facility, stream, author, policy, caller };
        let edge = Arc::clone(edge);
        let mut head = vec![Down::Opened(opened(&edge, &view, facility))];
        let Some(facility) = facility else {
            return Ok(Self { edge, speaker, head, changes: None });
        };
        let resumed = match first.resume_after_revision.map(Revision) {
            Some(revision) => match edge.watch_after(revision, call.until).await {
                // What happened since is gone, so what stands is told instead.
                Err(Complaint::Compacted { .. }) => None,
                watching => Some((watching?, revision)),
            },
            None => None,
        };
        let changes = match resumed {
            Some(resumed) => resumed,
            None => {
                head.extend(live(&view, facility).into_iter().map(Down::Live));
                (edge.replica.watch(view.revision())?, view.revision())
            }
        };
        Ok(Self { edge, speaker, head, changes: Some(changes) })
    }

    /// Everything that comes down: it ends when the facility has said its last and was answered.
    fn run(
        self,
        first: v1::StreamCapacityRequest,
        messages: Streaming<v1::StreamCapacityRequest>,
        language: Language,
    ) -> impl Stream<Item = Result<Down, Status>> + Send {
        let Self { edge, speaker, head, changes } = self;
        let interest = Interest { facility: speaker.facility, message: happenings::everything };
        let changes = match changes {
            Some((watching, from)) => {
                happenings::told(Arc::clone(&edge), watching, from, interest).left_stream()
            }
            None => stream::pending().right_stream(),
        };
        let changes = changes.map(move |told| match told {
            Ok(Told::Events(events)) => Ok(Down::Events(events)),
            Ok(Told::Bookmark(bookmark)) => Ok(Down::Bookmark(bookmark)),
            Err(complaint) => Err(complaint.status(language)),
        });
        let mut up = Up { edge, speaker, last: 0 };
        let answers = stream::once(ready(Ok(first)))
            .chain(messages)
            .map(move |message| {
                let message =
                    message.map_err(|status| broken(status, language, CAPACITY_BYTES_MAX));
                let message = message.and_then(|message| {
                    up.read(&message).map_err(|complaint| complaint.status(language))
                });
                let edge = Arc::clone(&up.edge);
                async move { Ok(Down::Outcomes(message?.carry_out(&edge).await)) }
            })
            .buffered(STREAM_MESSAGES_IN_FLIGHT_MAX)
            .try_filter(|answer| ready(!is_empty(answer)));
        let answers = answers.map(Some).chain(stream::once(ready(None)));
        let body = stream::select(answers, changes.map(Some));
        let body = body.take_while(|item| ready(item.is_some())).filter_map(ready);
        stream::iter(head.into_iter().map(Ok)).chain(body)
    }
}

fn is_empty(answer: &Down) -> bool {
    matches!(answer, Down::Outcomes(outcomes) if outcomes.outcomes.is_empty())
}

/// The facility a stream is opened for, looked up in a picture that is new enough.
async fn find(
    edge: &Edge,
    call: &Call,
    name: &str,
) -> Result<(Arc<View>, Option<FacilityId>), Complaint> {
    let view = edge.replica.view();
    if name.is_empty() {
        return Ok((view, None));
    }
    match names::facility(&view, "facility", name) {
        Err(InputError::Unknown { .. }) => {
            let view = edge.replica.read(Consistency::Linearizable, call.until).await?;
            let facility = names::facility(&view, "facility", name)?;
            Ok((view, Some(facility)))
        }
        facility => Ok((view, Some(facility?))),
    }
}

fn opened(edge: &Edge, view: &View, facility: Option<FacilityId>) -> v1::StreamOpened {
    let now = edge.now(view);
    let services = facility.and_then(|id| view.facility(id)).map(|found| found.services.as_slice());
    let capacities = services.unwrap_or_default().iter().filter_map(|(_, id)| {
        view.service(*id).and_then(|found| capacity::message(view, *id, found, now))
    });
    v1::StreamOpened {
        incarnation: view.incarnation(),
        revision: view.revision().0,
        capacities: capacities.collect(),
    }
}

/// The live commitments of a facility, in parts.
fn live(view: &View, facility: FacilityId) -> Vec<v1::LiveCommitments> {
    let ids = live_of(view, facility);
    let part = |ids: &[_]| v1::LiveCommitments {
        commitments: ids
            .iter()
            .filter_map(|id| view.commitment(*id).map(|c| commitment::message(view, *id, c)))
            .collect(),
        revision: view.revision().0,
        complete: false,
    };
    let mut parts: Vec<_> = ids.chunks(STATE_PER_MESSAGE_MAX).map(part).collect();
    if parts.is_empty() {
        parts.push(part(&[]));
    }
    if let Some(last) = parts.last_mut() {
        last.complete = true;
    }
    parts
}

/// The facility's side.
struct Up {
    edge: Arc<Edge>,
    speaker: Speaker,
    /// The last item's number.
    last: u64,
}

/// One message, ready to be proposed.
struct Message {
    sequences: Vec<u64>,
    batch: Batch,
    until: Instant,
    refused: Option<Complaint>,
}

impl Up {
    /// Reads a message. What is wrong with one item is that item's outcome; what is wrong with the
    /// message ends the stream.
    fn read(&mut self, message: &v1::StreamCapacityRequest) -> Result<Message, Complaint> {
        let given = message.items.len();
        if given > BATCH_MAX {
            return Err(Complaint::BatchTooLarge { given, max: BATCH_MAX });
        }
        let micros = u64::try_from(BULK_TIMEOUT_DEFAULT.as_micros()).unwrap_or(u64::MAX);
        let not_after = Moment::from_micros(self.edge.clock.now().micros().saturating_add(micros));
        let view = self.edge.replica.view();
        let mut batch = Batch::with_capacity(given);
        for item in &message.items {
            let in_order = self.in_order(item.sequence);
            let command = in_order.and_then(|()| self.speaker.command(&view, item, not_after));
            batch.push(command);
        }
        Ok(Message {
            sequences: message.items.iter().map(|item| item.sequence).collect(),
            refused: self.edge.admission.budgets.take(self.speaker.caller, batch.commands()).err(),
            batch,
            until: Instant::now() + BULK_TIMEOUT_DEFAULT,
        })
    }

    fn in_order(&mut self, sequence: u64) -> Result<(), InputError> {
        let before = self.last;
        if sequence <= before {
            return Err(FieldError::new("sequence", Problem::NotIncreasing { before }).into());
        }
        self.last = sequence;
        Ok(())
    }
}

impl Message {
    async fn carry_out(self, edge: &Edge) -> v1::Outcomes {
        let mut answered = self.batch.carry_out(edge, self.until, self.refused).await;
        for (outcome, sequence) in answered.outcomes.iter_mut().zip(self.sequences) {
            outcome.sequence = sequence;
        }
        let retry_after_millis = answered.retry_after_millis;
        v1::Outcomes { outcomes: answered.outcomes, retry_after_millis }
    }
}
