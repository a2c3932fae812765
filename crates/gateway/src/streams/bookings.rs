//! Operations in bulk: one message up is one proposal and one message down.

use super::batch::Batch;
use super::{Answer, broken, until_closing};
use crate::admission::Caller;
use crate::complaint::Complaint;
use crate::edge::Edge;
use crate::language::Language;
use crate::limits::{
    BATCH_MAX, BOOKING_BYTES_MAX, BULK_TIMEOUT_DEFAULT, BULK_TIMEOUT_MAX,
    STREAM_MESSAGES_IN_FLIGHT_MAX,
};
use futures::StreamExt;
use ledger::Command;
use ledger::words::{Author, Moment, PolicyVersion, RequestId};
use replica::Instant;
use std::sync::Arc;
use std::time::Duration;
use tonic::Streaming;
use wire::{FieldError, InputError, Problem, bulk, request, v1};

/// The stream's answers.
pub(crate) type Answers = Answer<v1::StreamBookingsResponse>;

/// Opens a stream. Messages are proposed in the order in which they come, several at a time, and
/// answered in that order.
pub(crate) fn open(
    edge: &Arc<Edge>,
    language: Language,
    caller: Caller,
    messages: Streaming<v1::StreamBookingsRequest>,
) -> Result<Answers, Complaint> {
    let permit = edge.admission.stream()?;
    let mut stream = Bulk { edge: Arc::clone(edge), caller, opened: None };
    let answers = messages
        .map(move |message| {
            let _as_long_as_the_stream = &permit;
            let message = message.map_err(|status| broken(status, language, BOOKING_BYTES_MAX));
            let message = message.and_then(|message| {
                stream.read(&message).map_err(|complaint| complaint.status(language))
            });
            let edge = Arc::clone(&stream.edge);
            async move { Ok(message?.carry_out(&edge).await) }
        })
        .buffered(STREAM_MESSAGES_IN_FLIGHT_MAX);
    Ok(until_closing(edge, language, answers))
}

/// A stream of operations.
struct Bulk {
    edge: Arc<Edge>,
    caller: Caller,
    opened: Option<Opened>,
}

/// What the first message said.
#[derive(Clone, Copy)]
struct Opened {
    stream: u128,
    author: Option<Author>,
    policy: Option<PolicyVersion>,
}

/// One message, ready to be proposed.
struct Message {
    first_sequence: u64,
    batch: Batch,
    until: Instant,
    refused: Option<Complaint>,
}

impl Bulk {
    /// Reads a message. What is wrong with one operation is that operation's outcome; what is
    /// wrong with the message ends the stream.
    fn read(&mut self, message: &v1::StreamBookingsRequest) -> Result<Message, Complaint> {
        let opened = self.opened(message)?;
        let given = message.operations.len();
        if given > BATCH_MAX {
            return Err(Complaint::BatchTooLarge { given, max: BATCH_MAX });
        }
        let first_sequence = message.first_sequence;
        if first_sequence == 0 {
            return Err(FieldError::new("first_sequence", Problem::Missing).into());
        }
        let timeout = timeout(message.timeout_millis)?;
        let micros = u64::try_from(timeout.as_micros()).unwrap_or(u64::MAX);
        let not_after = Moment::from_micros(self.edge.clock.now().micros().saturating_add(micros));
        let Opened { stream, author, policy } = opened;
        let mut batch = Batch::with_capacity(given);
        for (operation, index) in message.operations.iter().zip(0_u64..) {
            let sequence = first_sequence.saturating_add(index);
            let request = RequestId::Stream { stream, sequence };
            let command = bulk::act(operation)
                .map(|act| Command { request, not_after, author, policy, act })
                .map_err(InputError::from);
            batch.push(command);
        }
        let refused = self.edge.admission.budgets.take(self.caller, batch.commands()).err();
        Ok(Message { first_sequence, batch, until: Instant::now() + timeout, refused })
    }

    fn opened(&mut self, message: &v1::StreamBookingsRequest) -> Result<Opened, Complaint> {
        if let Some(opened) = self.opened {
            return Ok(opened);
        }
        let opened = Opened {
            stream: request::uuid("stream_id", &message.stream_id)?,
            author: request::author(message.author.as_ref())?,
            policy: request::policy(message.policy_version),
        };
        Ok(*self.opened.insert(opened))
    }
}

fn timeout(millis: u32) -> Result<Duration, FieldError> {
    let asked = Duration::from_millis(millis.into());
    if asked.is_zero() {
        return Ok(BULK_TIMEOUT_DEFAULT);
    }
    if asked > BULK_TIMEOUT_MAX {
        let max = i64::try_from(BULK_TIMEOUT_MAX.as_millis()).unwrap_or(i64::MAX);
        let problem = Problem::Range { given: millis.into(), min: 0, max };
        return Err(FieldError::new("timeout_millis", problem));
    }
    Ok(asked)
}

impl Message {
    async fn carry_out(self, edge: &Edge) -> v1::StreamBookingsResponse {
        let answered = self.batch.carry_out(edge, self.until, self.refused).await;
        v1::StreamBookingsResponse {
            first_sequence: self.first_sequence,
            outcomes: answered.outcomes,
            retry_after_millis: answered.retry_after_millis,
        }
    }
}
