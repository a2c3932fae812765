//! Reports of wards, many per message.

use super::bulk::Messages;
use super::measure::Measure;
use crate::client::passes;
use crate::demo::Doors;
use crate::demo::founding::{Ward, report_message};
use crate::nation::Statement;
use futures::StreamExt;
use std::collections::VecDeque;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use uuid::Uuid;
use wire::v1::capacity_item::Item;
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::stream_capacity_response::Message;
use wire::v1::{CapacityItem, ErrorReason, StreamCapacityRequest};

/// Reports as fast as the streams go. Each stream speaks for its share of the wards, in turn, and
/// every report says something new.
///
/// # Errors
/// When a stream breaks: a measurement over a broken stream is none.
pub async fn report(doors: &Doors, wards: &[Ward], messages: Messages) -> Result<Measure, Status> {
    let mut streams = JoinSet::new();
    let share = wards.len().div_ceil(messages.streams as usize).max(1);
    for (stream, wards) in wards.chunks(share).enumerate() {
        streams.spawn(drive(doors.door(stream), wards.to_vec(), messages));
    }
    let mut all = Measure::new();
    while let Some(ended) = streams.join_next().await {
        let measure = ended.map_err(|error| Status::internal(error.to_string()))??;
        all.add(&measure);
    }
    Ok(all)
}

async fn drive(
    channel: Channel,
    mut wards: Vec<Ward>,
    messages: Messages,
) -> Result<Measure, Status> {
    let (up, queue) = mpsc::channel(messages.ahead as usize + 1);
    let opening =
        StreamCapacityRequest { stream_id: Uuid::now_v7().to_string(), ..Default::default() };
    let gone = |_| Status::unavailable("the stream ended");
    up.send(opening).await.map_err(gone)?;
    let mut client = CapacityServiceClient::new(channel);
    let mut down = client.stream_capacity(ReceiverStream::new(queue)).await?.into_inner();
    let mut incarnation = None;
    let mut measure = Measure::new();
    let mut under_way: VecDeque<Instant> = VecDeque::new();
    let (mut sequence, mut turn) = (0, 0);
    let mut began = Instant::now();
    loop {
        if let Some(incarnation) = incarnation {
            while under_way.len() < messages.ahead as usize && began.elapsed() < messages.seconds {
                let items = (0..messages.per_message).map(|_| {
                    turn += 1;
                    sequence += 1;
                    let count = wards.len();
                    let item = news(&mut wards[turn % count], incarnation);
                    CapacityItem { sequence, item: Some(item) }
                });
                let items = items.collect();
                let message = StreamCapacityRequest { items, ..Default::default() };
                under_way.push_back(Instant::now());
                up.send(message).await.map_err(gone)?;
            }
            if under_way.is_empty() {
                break;
            }
        }
        let answer = down.next().await;
        let answer = answer.ok_or_else(|| Status::unavailable("the stream ended"))??;
        match answer.message {
            Some(Message::Opened(opened)) => {
                incarnation = Some(opened.incarnation);
                began = Instant::now();
            }
            Some(Message::Outcomes(answered)) => {
                let sent = under_way.pop_front().unwrap_or(began);
                measure.answered(sent.elapsed());
                for outcome in answered.outcomes {
                    match outcome.reason() {
                        ErrorReason::Unspecified => {
                            measure.operations += 1;
                            measure.counted += 1;
                        }
                        reason if passes(reason) => measure.failed += 1,
                        _ => measure.refused += 1,
                    }
                }
            }
            _ => {}
        }
    }
    measure.took = began.elapsed();
    Ok(measure)
}

/// A ward's next report: one bed more or less than the last one said.
fn news(ward: &mut Ward, incarnation: u64) -> Item {
    let mut said: Statement = ward.simulated.count();
    if said.sequence.is_multiple_of(2) && said.available > 0 {
        said.available -= 1;
    }
    Item::Report(report_message(&ward.service, incarnation, &said))
}
