//! Founds a cluster and a nation on it: members, institutions, facilities, agendas, first reports.

use super::doors::Doors;
use super::error::DemoError;
use super::feed::Feed;
use crate::client::{ClientError, Session};
use crate::import::{BATCH_ROWS, import_batch, put_institutions};
use crate::nation::{Chance, Establishment, Nation, SimulatedWard, Statement};
use crate::output::progress;
use ledger::acts::PutFacility;
use ledger::words::{AgendaShape, Moment, ServiceKind};
use std::time::{Duration, Instant};
use tonic::transport::Channel;
use wire::v1::capacity_item::Item;
use wire::v1::cluster_service_client::ClusterServiceClient;
use wire::v1::report::Service;
use wire::v1::{
    AgendaPublication, BedCount, ErrorReason, GetStatusRequest, GetStatusResponse,
    InitializeRequest, Member, Outcome, Report,
};

/// Days of slots that facilities publish.
pub const AGENDA_DAYS: u16 = 14;

/// How long three new servers may take to answer and agree on a leader.
const READY_TIMEOUT: Duration = Duration::from_secs(60);

/// The pause before they are asked again.
const READY_PAUSE: Duration = Duration::from_millis(100);

/// A nation as it stands on a cluster.
#[derive(Debug, Default)]
pub struct Founded {
    /// Its facilities, `facilities/{clues}`.
    pub facilities: Vec<String>,
    /// Its agendas.
    pub agendas: Vec<Published>,
    /// Its wards.
    pub wards: Vec<Ward>,
}

/// A published agenda.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// Its number.
    pub number: u32,
    /// When its slots are.
    pub shape: AgendaShape,
}

/// A ward and who simulates it.
#[derive(Clone, Debug)]
pub struct Ward {
    /// `facilities/{clues}`.
    pub facility: String,
    /// `facilities/{clues}/services/{code}`.
    pub service: String,
    /// The ward.
    pub simulated: SimulatedWard,
    /// Beds it has.
    pub beds: u32,
}

/// The number by which a slot is named in bulk.
#[must_use]
pub const fn slot_number(agenda: u32, index: u16) -> u64 {
    (((agenda as u64) << 16) | index as u64) << 1 | 1
}

/// Waits until a server answers and says how it stands; until it knows a leader, when that is
/// asked for.
///
/// # Errors
/// When it takes too long.
pub async fn wait_for(
    channel: &Channel,
    with_leader: bool,
) -> Result<GetStatusResponse, DemoError> {
    let until = Instant::now() + READY_TIMEOUT;
    loop {
        let asked = status(channel).await;
        match asked {
            Ok(status) if !with_leader || (status.leader_id.is_some() && status.ready) => {
                return Ok(status);
            }
            _ if Instant::now() < until => tokio::time::sleep(READY_PAUSE).await,
            Ok(_) => return Err(DemoError::NoLeader { timeout: READY_TIMEOUT }),
            Err(status) => return Err(DemoError::Silent(Box::new(status))),
        }
    }
}

/// How a server stands.
///
/// # Errors
/// When it does not answer within two seconds.
pub async fn status(channel: &Channel) -> Result<GetStatusResponse, tonic::Status> {
    let mut request = tonic::Request::new(GetStatusRequest {});
    request.set_timeout(Duration::from_secs(2));
    Ok(ClusterServiceClient::new(channel.clone()).get_status(request).await?.into_inner())
}

/// Makes one cluster of the servers, unless they are one already.
///
/// # Errors
/// When they do not answer or do not agree in time.
pub async fn found_cluster(doors: &Doors, addresses: &[String]) -> Result<(), DemoError> {
    let mut members = Vec::new();
    let mut founded = false;
    for (turn, address) in addresses.iter().enumerate() {
        let status = wait_for(&doors.door(turn), false).await?;
        founded |= status.leader_id.is_some() || status.revision > 0;
        members.push(Member { id: status.node_id, address: address.clone(), voter: true });
    }
    if !founded {
        let mut request = tonic::Request::new(InitializeRequest { members });
        request.set_timeout(READY_TIMEOUT);
        let answer = ClusterServiceClient::new(doors.door(0)).initialize(request).await;
        // A cluster that lives on kept data may not have known its leader when it was asked.
        if let Err(refused) = answer
            && wait_for(&doors.door(0), true).await.is_err()
        {
            return Err(DemoError::Silent(Box::new(refused)));
        }
    }
    for turn in 0..addresses.len() {
        wait_for(&doors.door(turn), true).await?;
    }
    Ok(())
}

/// Registers a nation, publishes its agendas from the day of `now`, and reports its wards.
///
/// # Errors
/// When the cluster refuses or cannot be reached.
pub async fn found_nation(
    session: &Session,
    doors: &Doors,
    nation: Nation,
    now: Moment,
) -> Result<Founded, DemoError> {
    let establishments: Vec<Establishment> = nation.establishments().collect();
    let codes = establishments.iter().map(|one| one.record.profile.institution).collect();
    put_institutions(session, &codes).await?;
    let bar = progress(u64::from(nation.facilities) * 3);
    for batch in establishments.chunks(BATCH_ROWS) {
        let rows: Vec<&PutFacility> = batch.iter().map(|one| &one.record).collect();
        let outcomes = import_batch(session, &rows, false).await?;
        done(&outcomes, &[])?;
        bar.inc(u64::try_from(batch.len()).unwrap_or(0));
    }
    let mut feed = Feed::new(doors.clone());
    let named = establishments.iter().map(|one| format!("facilities/{}", one.record.clues));
    let mut founded = Founded { facilities: named.collect(), ..Founded::default() };
    let mut chance = Chance::new(nation.seed, u64::from(u32::MAX));
    for batch in establishments.chunks(BATCH_ROWS) {
        publish(&mut feed, batch, now, &mut founded).await?;
        bar.inc(u64::try_from(batch.len()).unwrap_or(0));
        report(&mut feed, batch, now, &mut chance, &mut founded).await?;
        bar.inc(u64::try_from(batch.len()).unwrap_or(0));
    }
    bar.finish_and_clear();
    Ok(founded)
}

async fn publish(
    feed: &mut Feed,
    batch: &[Establishment],
    now: Moment,
    founded: &mut Founded,
) -> Result<(), DemoError> {
    let mut shapes = Vec::new();
    let mut items = Vec::new();
    for one in batch {
        // Tomorrow by the facility's own clock: what has begun cannot be booked.
        let first =
            one.zone.local(now).date.plus_days(1).ok_or(calendar::PatternError::OutOfRange)?;
        for pattern in &one.patterns {
            let service = format!("facilities/{}/services/{}", one.record.clues, pattern.service);
            for shape in pattern.weekly.agendas(one.zone, first, AGENDA_DAYS)? {
                let shape_message = Some(wire::agenda::shape_message(&shape));
                items.push(Item::Publication(AgendaPublication {
                    service: service.clone(),
                    shape: shape_message,
                }));
                shapes.push(shape);
            }
        }
    }
    let outcomes = feed.send(items).await?;
    // On kept data the slots of some days are there already.
    done(&outcomes, &[ErrorReason::AgendaOverlaps])?;
    for (outcome, shape) in outcomes.iter().zip(shapes) {
        if let Some(number) = outcome.agenda {
            founded.agendas.push(Published { number, shape });
        }
    }
    Ok(())
}

async fn report(
    feed: &mut Feed,
    batch: &[Establishment],
    now: Moment,
    chance: &mut Chance,
    founded: &mut Founded,
) -> Result<(), DemoError> {
    let incarnation = feed.incarnation().await?;
    let mut items = Vec::new();
    for one in batch {
        for service in &one.record.services {
            let (ServiceKind::Bed(_), Some(beds)) = (service.kind, service.beds) else { continue };
            let name = format!("facilities/{}/services/{}", one.record.clues, service.code);
            let mut simulated = SimulatedWard::new(beds, chance);
            // Reports of an earlier demo on the same data have smaller numbers.
            simulated.resume(now.seconds(), 0);
            items.push(Item::Report(report_message(&name, incarnation, &simulated.count())));
            let facility = format!("facilities/{}", one.record.clues);
            founded.wards.push(Ward { facility, service: name, simulated, beds });
        }
    }
    let outcomes = feed.send(items).await?;
    // On kept data the cluster knows of reports, and of commitments, that this ward does not.
    done(&outcomes, &[ErrorReason::WatermarkWentBack])?;
    Ok(())
}

/// A ward's statement as a message.
#[must_use]
pub fn report_message(service: &str, incarnation: u64, said: &Statement) -> Report {
    let beds = said.beds;
    Report {
        service: Some(Service::ServiceName(service.to_owned())),
        sequence: said.sequence,
        incarnation,
        beds: Some(BedCount {
            free: beds.free,
            occupied: beds.occupied,
            dirty: beds.dirty,
            cleaning: beds.cleaning,
            out_of_order: beds.out_of_order,
            open: beds.open,
            blocked: beds.blocked,
            surge: beds.surge,
            closed: beds.closed,
        }),
        available: said.available,
        accounted_through: said.accounted_through,
        exceptions: said.exceptions.clone(),
    }
}

/// Whether everything was carried out, but for reasons that are expected.
fn done(outcomes: &[Outcome], expected: &[ErrorReason]) -> Result<(), DemoError> {
    let wrong = outcomes
        .iter()
        .map(Outcome::reason)
        .find(|reason| *reason != ErrorReason::Unspecified && !expected.contains(reason));
    match wrong {
        Some(reason) => Err(DemoError::Refused { reason: wire::reason::name(reason) }),
        None => Ok(()),
    }
}

/// A session with these servers, for what is asked once.
///
/// # Errors
/// When an address is none.
pub fn session(addresses: &[String]) -> Result<Session, ClientError> {
    Session::with(addresses.to_vec(), Duration::from_secs(30), uuid::Uuid::now_v7())
}
