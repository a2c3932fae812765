//! Many bookings per message.

use super::echo::person;
use super::measure::Measure;
use super::pool::Pool;
use crate::client::passes;
use crate::demo::Doors;
use futures::StreamExt;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use uuid::Uuid;
use wire::v1::booking_service_client::BookingServiceClient;
use wire::v1::operation::Operation as Asked;
use wire::v1::{BulkTake, ErrorReason, Operation, StreamBookingsRequest, StreamBookingsResponse};

/// How long the operations of a message may wait, in milliseconds.
const TIMEOUT_MILLIS: u32 = 30_000;

/// The largest message received: outcomes of 8,192 operations are under this.
const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How messages are sent.
#[derive(Clone, Copy, Debug)]
pub struct Messages {
    /// Over how many streams.
    pub streams: u32,
    /// Operations of one message.
    pub per_message: u32,
    /// Messages of a stream in flight.
    pub ahead: u32,
    /// How long.
    pub seconds: Duration,
    /// Whether each booking is cancelled later. An operation is then a booking or a cancellation,
    /// half of them each.
    pub steady: bool,
}

/// Books as fast as the streams go.
///
/// # Errors
/// When a stream breaks: a measurement over a broken stream is none.
pub async fn book(
    doors: &Doors,
    pool: &Arc<Pool>,
    messages: Messages,
) -> Result<(Measure, Vec<u64>), Status> {
    let mut streams = JoinSet::new();
    for stream in 0..messages.streams {
        let channel = doors.door(stream as usize);
        let source = Source {
            pool: Some(Arc::clone(pool)),
            cancel: VecDeque::new(),
            worker: u64::from(stream),
            number: 0,
            messages,
        };
        streams.spawn(drive(channel, source, messages.seconds));
    }
    gather(streams).await
}

/// Cancels bookings, which is not measured.
///
/// # Errors
/// When a stream breaks.
pub async fn cancel_all(doors: &Doors, booked: Vec<u64>) -> Result<Measure, Status> {
    let messages = Messages {
        streams: 1,
        per_message: 4_096,
        ahead: 2,
        seconds: Duration::from_secs(600),
        steady: false,
    };
    let source = Source { pool: None, cancel: booked.into(), worker: 0, number: 0, messages };
    let (measure, _) = drive(doors.door(0), source, messages.seconds).await?;
    Ok(measure)
}

async fn gather(
    mut streams: JoinSet<Result<(Measure, Vec<u64>), Status>>,
) -> Result<(Measure, Vec<u64>), Status> {
    let (mut all, mut booked) = (Measure::new(), Vec::new());
    while let Some(ended) = streams.join_next().await {
        let (measure, live) = ended.map_err(|error| Status::internal(error.to_string()))??;
        all.add(&measure);
        booked.extend(live);
    }
    Ok((all, booked))
}

/// Where operations come from.
struct Source {
    /// Places to book; none when only cancelling.
    pool: Option<Arc<Pool>>,
    /// Bookings to cancel.
    cancel: VecDeque<u64>,
    worker: u64,
    number: u64,
    messages: Messages,
}

impl Source {
    /// The next message's operations; none when there is nothing left to do.
    fn next(&mut self) -> Vec<Operation> {
        let count = self.messages.per_message as usize;
        let surplus = self.cancel.len() > count * self.messages.ahead as usize;
        let cancels = self.pool.is_none() || (self.messages.steady && surplus);
        if cancels {
            let some = self.cancel.drain(..count.min(self.cancel.len()));
            return some.map(|id| Operation { operation: Some(Asked::Cancel(id)) }).collect();
        }
        let mut operations = Vec::with_capacity(count);
        while operations.len() < count {
            let steady = self.messages.steady;
            let place = |pool: &Arc<Pool>| if steady { pool.cycle() } else { pool.take() };
            let Some(place) = self.pool.as_ref().and_then(place) else { break };
            self.number += 1;
            let take = BulkTake {
                candidates: vec![place],
                person: person(self.worker, self.number),
                ..BulkTake::default()
            };
            operations.push(Operation { operation: Some(Asked::Book(take)) });
        }
        operations
    }
}

/// A message that is under way.
struct UnderWay {
    sent: Instant,
    books: bool,
    message: StreamBookingsRequest,
}

async fn drive(
    channel: Channel,
    mut source: Source,
    seconds: Duration,
) -> Result<(Measure, Vec<u64>), Status> {
    let (up, queue) = mpsc::channel(source.messages.ahead as usize + 1);
    let mut client = BookingServiceClient::new(channel)
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(MESSAGE_BYTES_MAX);
    // Only the first message names the stream.
    let mut stream_id = Uuid::now_v7().to_string();
    let mut down = None;
    let mut queue = Some(queue);
    let mut measure = Measure::new();
    let mut under_way: VecDeque<UnderWay> = VecDeque::new();
    let mut sequence = 1;
    let began = Instant::now();
    loop {
        while under_way.len() < source.messages.ahead as usize && began.elapsed() < seconds {
            let operations = source.next();
            let Some(first) = operations.first() else { break };
            let books = matches!(first.operation, Some(Asked::Book(_)));
            let count = u64::try_from(operations.len()).unwrap_or(0);
            let message = StreamBookingsRequest {
                stream_id: std::mem::take(&mut stream_id),
                first_sequence: sequence,
                operations,
                timeout_millis: TIMEOUT_MILLIS,
                ..StreamBookingsRequest::default()
            };
            sequence += count;
            send(&up, message.clone()).await?;
            under_way.push_back(UnderWay { sent: Instant::now(), books, message });
        }
        let Some(oldest) = under_way.front() else { break };
        if let Some(queue) = queue.take() {
            let stream = client.stream_bookings(ReceiverStream::new(queue)).await?;
            down = Some(stream.into_inner());
        }
        let Some(answers) = down.as_mut() else { break };
        let answer = answers.next().await;
        let answer = answer.ok_or_else(|| Status::unavailable("the stream ended"))??;
        if let Some(millis) = answer.retry_after_millis {
            // Put off as a whole: the same message again under the same numbers.
            measure.failed += u64::try_from(oldest.message.operations.len()).unwrap_or(0);
            tokio::time::sleep(Duration::from_millis(u64::from(millis))).await;
            let Some(again) = under_way.pop_front() else { break };
            send(&up, again.message.clone()).await?;
            under_way.push_back(again);
            continue;
        }
        let Some(done) = under_way.pop_front() else { break };
        measure.answered(done.sent.elapsed());
        take_outcomes(&answer, &done, &mut measure, &mut source.cancel);
    }
    measure.took = began.elapsed();
    Ok((measure, source.cancel.into()))
}

async fn send(
    up: &mpsc::Sender<StreamBookingsRequest>,
    message: StreamBookingsRequest,
) -> Result<(), Status> {
    up.send(message).await.map_err(|_| Status::unavailable("the stream ended"))
}

fn take_outcomes(
    answer: &StreamBookingsResponse,
    done: &UnderWay,
    measure: &mut Measure,
    booked: &mut VecDeque<u64>,
) {
    for outcome in &answer.outcomes {
        match outcome.reason() {
            ErrorReason::Unspecified => {
                measure.operations += 1;
                if done.books {
                    measure.counted += 1;
                    booked.extend(outcome.commitment);
                }
            }
            reason if passes(reason) => measure.failed += 1,
            _ => measure.refused += 1,
        }
    }
}
