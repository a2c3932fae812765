//! A stream by which many facilities speak: reports, agendas, heartbeats.
//!
//! Items are numbered, so what was not answered when a connection broke is sent again under the
//! same numbers to the next server and carried out once.

use super::doors::Doors;
use crate::client::passes;
use futures::StreamExt;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use uuid::Uuid;
use wire::v1::capacity_item::Item;
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::stream_capacity_response::Message;
use wire::v1::{
    CapacityItem, Outcome, StreamCapacityRequest, StreamCapacityResponse, StreamOpened,
};

/// Items of one message.
pub const ITEMS_PER_MESSAGE: usize = 1_024;

/// Messages waiting to be sent.
const QUEUE_MESSAGES: usize = 4;

/// The pause before the next server is tried.
const PAUSE: Duration = Duration::from_millis(200);

/// How long an answer may take before the connection is given up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Tries in a row without a single answer before a feed gives up: about a minute of pauses.
const TRIES_MAX: u32 = 300;

/// A feed for many facilities.
#[derive(Debug)]
pub struct Feed {
    doors: Doors,
    stream_id: Uuid,
    turn: usize,
    sequence: u64,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    up: mpsc::Sender<StreamCapacityRequest>,
    down: Streaming<StreamCapacityResponse>,
    incarnation: u64,
}

impl Feed {
    /// A feed that is opened when something is first sent.
    #[must_use]
    pub fn new(doors: Doors) -> Self {
        Self { doors, stream_id: Uuid::now_v7(), turn: 0, sequence: 0, open: None }
    }

    /// The cluster's incarnation, which every report must name.
    ///
    /// # Errors
    /// What the last server said, when none could be reached for a long time.
    pub async fn incarnation(&mut self) -> Result<u64, Status> {
        let mut tries = 0;
        loop {
            match self.opened().await {
                Ok(open) => return Ok(open.incarnation),
                Err(status) => self.stumble(&mut tries, status).await?,
            }
        }
    }

    /// Sends items and waits for what became of each, in their order.
    ///
    /// # Errors
    /// What the last server said, when none could be reached for a long time.
    pub async fn send(&mut self, items: Vec<Item>) -> Result<Vec<Outcome>, Status> {
        let mut waiting: VecDeque<CapacityItem> = VecDeque::with_capacity(items.len());
        for item in items {
            self.sequence += 1;
            waiting.push_back(CapacityItem { sequence: self.sequence, item: Some(item) });
        }
        let mut outcomes = Vec::with_capacity(waiting.len());
        let mut tries = 0;
        while !waiting.is_empty() {
            let before = waiting.len();
            if let Err(status) = self.exchange(&mut waiting, &mut outcomes).await {
                self.open = None;
                tries = if waiting.len() < before { 0 } else { tries };
                self.stumble(&mut tries, status).await?;
            }
        }
        Ok(outcomes)
    }

    /// Sends what waits over one connection, and takes what is answered off it.
    async fn exchange(
        &mut self,
        waiting: &mut VecDeque<CapacityItem>,
        outcomes: &mut Vec<Outcome>,
    ) -> Result<(), Status> {
        let open = self.opened().await?;
        let mut sent = 0;
        while !waiting.is_empty() {
            while sent < waiting.len().min(ITEMS_PER_MESSAGE * QUEUE_MESSAGES) {
                let some = waiting.iter().skip(sent).take(ITEMS_PER_MESSAGE).cloned();
                let message = StreamCapacityRequest { items: some.collect(), ..Default::default() };
                let count = message.items.len();
                open.up.send(message).await.map_err(|_| Status::cancelled("the stream ended"))?;
                sent += count;
            }
            let Some(Message::Outcomes(answered)) = next(&mut open.down).await?.message else {
                continue;
            };
            let settled = answered.outcomes.iter().take_while(|outcome| !passes(outcome.reason()));
            let count = settled.count().min(waiting.len());
            let whole = count == answered.outcomes.len();
            waiting.drain(..count);
            sent -= count.min(sent);
            outcomes.extend(answered.outcomes.into_iter().take(count));
            if !whole {
                // What comes after it may have been carried out: it is known again by its number.
                return Err(Status::unavailable("not now"));
            }
        }
        Ok(())
    }

    async fn opened(&mut self) -> Result<&mut Open, Status> {
        let open = match self.open.take() {
            Some(open) => open,
            None => open(&self.doors, self.turn, self.stream_id).await?,
        };
        Ok(self.open.insert(open))
    }

    /// Goes on to the next server after a pause.
    async fn stumble(&mut self, tries: &mut u32, status: Status) -> Result<(), Status> {
        *tries += 1;
        if *tries > TRIES_MAX {
            return Err(status);
        }
        self.turn += 1;
        tokio::time::sleep(PAUSE).await;
        Ok(())
    }
}

async fn open(doors: &Doors, turn: usize, stream_id: Uuid) -> Result<Open, Status> {
    let (up, queue) = mpsc::channel(QUEUE_MESSAGES);
    let first = StreamCapacityRequest { stream_id: stream_id.to_string(), ..Default::default() };
    up.try_send(first).map_err(|_| Status::internal("a new queue has room"))?;
    let mut client = CapacityServiceClient::new(doors.door(turn));
    let opening = client.stream_capacity(ReceiverStream::new(queue));
    let late = |_| Status::deadline_exceeded("no answer");
    let answer = tokio::time::timeout(ANSWER_TIMEOUT, opening).await.map_err(late)??;
    let mut down = answer.into_inner();
    match next(&mut down).await?.message {
        Some(Message::Opened(StreamOpened { incarnation, .. })) => {
            Ok(Open { up, down, incarnation })
        }
        _ => Err(Status::internal("the first answer does not open the stream")),
    }
}

async fn next(
    down: &mut Streaming<StreamCapacityResponse>,
) -> Result<StreamCapacityResponse, Status> {
    match tokio::time::timeout(ANSWER_TIMEOUT, down.next()).await {
        Ok(Some(answer)) => answer,
        Ok(None) => Err(Status::unavailable("the stream ended")),
        Err(_) => Err(Status::deadline_exceeded("no answer")),
    }
}
