//! Hospitals that keep a stream open: their wards hear of commitments, receive patients, clean
//! beds, and report.

use super::doors::Doors;
use super::figures::Figures;
use super::founding::{Ward, report_message};
use crate::client::passes;
use crate::nation::{Chance, Doing, Habits, Heard, Standing};
use futures::StreamExt;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use uuid::Uuid;
use wire::v1::acknowledgement::Service as Acknowledged;
use wire::v1::capacity_item::Item;
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::commitment_change::Kind;
use wire::v1::event::Happening;
use wire::v1::stream_capacity_response::Message;
use wire::v1::{
    Acknowledgement, CapacityItem, Commitment, CommitmentChange, CommitmentStatus, ErrorReason,
    Event, Heartbeat, StreamCapacityRequest, StreamCapacityResponse,
};

/// Hospitals with a stream of their own; the others stay with their first report. Each stream is a
/// task and a buffer on both sides, and a demo shares one machine with its servers.
pub const STREAMS_MAX: usize = 256;

/// How often a hospital looks after its wards.
const ROUND: Duration = Duration::from_millis(2_000);

/// Rounds after which a hospital without news says that its word still holds.
const HEARTBEAT_ROUNDS: u32 = 15;

/// The pause before the next server is tried.
const PAUSE: Duration = Duration::from_millis(300);

/// A hospital of some wards.
#[derive(Debug)]
pub struct Hospital {
    facility: String,
    wards: Vec<Ward>,
    chance: Chance,
    stream_id: Uuid,
    sequence: u64,
    revision: Option<u64>,
    live: BTreeMap<String, BTreeMap<u64, Heard>>,
    habits: Habits,
}

impl Hospital {
    /// The hospitals of these wards, the first [`STREAMS_MAX`] of them.
    #[must_use]
    pub fn of(wards: &[Ward], seed: u64, habits: Habits) -> Vec<Self> {
        let mut hospitals: BTreeMap<&str, Vec<Ward>> = BTreeMap::new();
        for ward in wards {
            hospitals.entry(&ward.facility).or_default().push(ward.clone());
        }
        let of = |(nth, (facility, wards)): (u64, (&str, Vec<Ward>))| Self {
            facility: facility.to_owned(),
            wards,
            chance: Chance::new(seed, (1 << 40) + nth),
            stream_id: Uuid::now_v7(),
            sequence: 0,
            revision: None,
            live: BTreeMap::new(),
            habits,
        };
        (0..).zip(hospitals).map(of).take(STREAMS_MAX).collect()
    }

    /// Keeps the stream open, at one server or another, until it is told to stop.
    pub async fn run(
        mut self,
        doors: Doors,
        turn: usize,
        figures: Arc<Figures>,
        stop: CancellationToken,
    ) {
        for turn in turn.. {
            tokio::select! {
                () = stop.cancelled() => return,
                // However it ended, the next server may go on with it.
                _ = self.stream(&doors, turn, &figures) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    async fn stream(
        &mut self,
        doors: &Doors,
        turn: usize,
        figures: &Figures,
    ) -> Result<(), Status> {
        let (up, queue) = mpsc::channel(8);
        let first = StreamCapacityRequest {
            facility: self.facility.clone(),
            stream_id: self.stream_id.to_string(),
            resume_after_revision: self.revision,
            ..Default::default()
        };
        up.try_send(first).map_err(|_| Status::internal("a new queue has room"))?;
        let mut client = CapacityServiceClient::new(doors.door(turn));
        let mut down = client.stream_capacity(ReceiverStream::new(queue)).await?.into_inner();
        let mut incarnation = None;
        let mut quiet = 0;
        // Hospitals do not all look at their wards in the same instant.
        let offset = Duration::from_millis(u64::from(self.chance.below(2_000)));
        let mut rounds = tokio::time::interval_at(Instant::now() + offset, ROUND);
        loop {
            tokio::select! {
                answer = down.next() => {
                    let answer = answer.ok_or_else(|| Status::unavailable("the stream ended"))?;
                    incarnation = self.hear(answer?, figures)?.or(incarnation);
                }
                _ = rounds.tick() => {
                    let Some(incarnation) = incarnation else { continue };
                    let items = self.round(incarnation, &mut quiet);
                    if !items.is_empty() {
                        let message = StreamCapacityRequest { items, ..Default::default() };
                        let gone = |_| Status::unavailable("the stream ended");
                        up.send(message).await.map_err(gone)?;
                    }
                }
            }
        }
    }

    /// Takes what comes down; the incarnation, when the stream has just been opened.
    fn hear(
        &mut self,
        answer: StreamCapacityResponse,
        figures: &Figures,
    ) -> Result<Option<u64>, Status> {
        match answer.message {
            Some(Message::Opened(opened)) => {
                for capacity in opened.capacities {
                    if let Some(ward) = self.wards.iter_mut().find(|w| w.service == capacity.name) {
                        ward.simulated.resume(capacity.sequence, capacity.accounted_through);
                    }
                }
                return Ok(Some(opened.incarnation));
            }
            Some(Message::Outcomes(answered)) => {
                let reasons = answered.outcomes.iter().map(wire::v1::Outcome::reason);
                let carried = reasons.clone().filter(|reason| *reason == ErrorReason::Unspecified);
                figures.reported(carried.count());
                if reasons.into_iter().any(passes) {
                    return Err(Status::unavailable("not now"));
                }
            }
            Some(Message::Live(live)) => {
                for commitment in live.commitments {
                    self.note_live(commitment);
                }
                if live.complete {
                    self.settle_live();
                    self.revision = Some(live.revision);
                }
            }
            Some(Message::Events(events)) => {
                events.events.into_iter().for_each(|event| self.hear_event(event));
                self.revision = Some(events.revision);
            }
            Some(Message::Bookmark(bookmark)) => self.revision = Some(bookmark.revision),
            None => {}
        }
        Ok(None)
    }

    fn note_live(&mut self, commitment: Commitment) {
        let standing = match commitment.status() {
            CommitmentStatus::Held => Standing::Held,
            CommitmentStatus::Arrived => Standing::Arrived,
            _ => Standing::Booked,
        };
        let ward = self.live.entry(commitment.service).or_default();
        ward.insert(commitment.number, Heard { id: commitment.id, standing });
    }

    fn settle_live(&mut self) {
        let live = std::mem::take(&mut self.live);
        let none = BTreeMap::new();
        for ward in &mut self.wards {
            ward.simulated.live(live.get(&ward.service).unwrap_or(&none));
        }
    }

    fn hear_event(&mut self, event: Event) {
        let Some(Happening::Commitment(change)) = event.happening else { return };
        let (kind, status) = (change.kind(), change.status());
        let CommitmentChange { service, number, id, .. } = change;
        let Some(ward) = self.wards.iter_mut().find(|ward| ward.service == service) else { return };
        let standing = match (kind, status) {
            (Kind::Ended, _) => return ward.simulated.ended(number),
            (Kind::Granted, CommitmentStatus::Held) => Standing::Held,
            (Kind::Granted | Kind::Booked, _) => Standing::Booked,
            (Kind::Arrived, _) => Standing::Arrived,
            _ => return,
        };
        ward.simulated.heard(number, Heard { id, standing });
    }

    /// A while passes in every ward.
    fn round(&mut self, incarnation: u64, quiet: &mut u32) -> Vec<CapacityItem> {
        let mut said = Vec::new();
        for Ward { service, simulated, .. } in &mut self.wards {
            for doing in simulated.round(self.habits, &mut self.chance) {
                said.push(match doing {
                    Doing::Arrived(id) => Item::Arrived(id),
                    Doing::Discharged(id) => Item::Discharged(id),
                    Doing::Returned(number) => Item::Acknowledgement(Acknowledgement {
                        service: Some(Acknowledged::ServiceName(service.clone())),
                        incarnation,
                        number,
                    }),
                    Doing::Counted => {
                        Item::Report(report_message(service, incarnation, &simulated.count()))
                    }
                });
            }
        }
        *quiet = if said.is_empty() { *quiet + 1 } else { 0 };
        if *quiet >= HEARTBEAT_ROUNDS {
            *quiet = 0;
            said.push(Item::Heartbeat(Heartbeat { facility: String::new(), incarnation }));
        }
        let number = |item| {
            self.sequence += 1;
            CapacityItem { sequence: self.sequence, item: Some(item) }
        };
        said.into_iter().map(number).collect()
    }
}
