//! One node's life: start, serve, stop.

use super::data::Data;
use super::descriptors;
use super::ending::{self, Asked};
use super::error::StartError;
use crate::configuration::Configuration;
use crate::exit::Exit;
use crate::language;
use crate::limits;
use crate::messages::Notice;
use crate::transport::{Door, Passport, Roads};
use gateway::{Budget, Gateway};
use replica::{Election, NodeId, Pact, Parts, Replica, SystemClock};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Lives until asked to stop, or until the node must not go on.
///
/// # Errors
/// Why it did not start.
pub(super) async fn live(read: &Configuration) -> Result<Exit, StartError> {
    let language = language::spoken();
    let mut asked = Asked::new().map_err(StartError::Threads)?;
    let Data { disk, index, store, lock: _lock } = Data::open(read)?;
    let address = read.node.listen;
    let peers = SocketAddr::new(address.ip(), address.port() + read.cluster.peer_port_offset);
    let (callers, peers_in) = (listen(address).await?, listen(peers).await?);

    let node = read.node.node;
    let passport = Passport::new(&read.cluster, node);
    let network = Arc::new(Roads::new(passport.clone(), read.cluster.peer_port_offset));
    let parts = Parts::new(disk, index, network, Arc::new(|reason| ending::fatal(&reason)));
    let replica = Replica::start(settings(read, store), parts).await?;

    let (no_peers, no_callers) = (CancellationToken::new(), CancellationToken::new());
    let door = Door::new(passport, replica.clone());
    let door = tokio::spawn(door.serve(peers_in, no_peers.clone().cancelled_owned()));
    let clock = Arc::new(SystemClock::default());
    let edge = Gateway::new(replica.clone(), clock, edge_settings(read));
    let edge = tokio::spawn(edge.serve(callers, no_callers.clone().cancelled_owned()));
    let (address, peers) = (address.to_string(), peers.to_string());
    Notice::Listening { node, address, peers }.tell(language);
    tokio::spawn(tell_when_ready(replica.clone(), node));

    asked.wait().await;
    let seconds = read.node.stop_seconds;
    Notice::Stopping { node, seconds }.tell(language);
    let stopped = async {
        // First another one leads, so that whoever is still asking here is forwarded, not refused;
        // then callers are sent elsewhere; then what is left is carried out.
        let another_leads = replica.step_down().await;
        tracing::debug!(another_leads, "leadership is given away");
        no_callers.cancel();
        drop(edge.await);
        tracing::debug!("callers are gone");
        replica.stop().await;
        tracing::debug!("everything is carried out and synced");
        no_peers.cancel();
        drop(door.await);
    };
    tokio::select! {
        () = stopped => {}
        () = tokio::time::sleep(Duration::from_secs(seconds)) => {
            tracing::warn!(seconds, "the stop took too long and was cut short");
        }
        () = asked.wait() => tracing::warn!("asked twice to stop: the stop was cut short"),
    }
    Notice::Stopped { node }.tell(language);
    Ok(Exit::Done)
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let bind = |error| StartError::Bind { address: address.to_string(), error };
    TcpListener::bind(address).await.map_err(bind)
}

fn settings(read: &Configuration, store: u128) -> replica::Settings {
    let Configuration { cluster, node, .. } = read;
    let pact = Pact { cluster: cluster.id(), fingerprint: cluster.fingerprint() };
    let mut settings = replica::Settings::new(NodeId(node.node), pact, cluster.incarnation, store);
    settings.election = Election {
        heartbeat: Duration::from_millis(cluster.consensus.heartbeat_milliseconds),
        wait_min: Duration::from_millis(cluster.consensus.election_minimum_milliseconds),
        wait_max: Duration::from_millis(cluster.consensus.election_maximum_milliseconds),
    };
    settings.checkpoint.log_bytes = node.checkpoints.log_mebibytes << 20;
    settings
}

fn edge_settings(read: &Configuration) -> gateway::Settings {
    let admission = &read.node.admission;
    let budget = |per_second: u64| {
        let bounded = u32::try_from(per_second).unwrap_or(u32::MAX);
        Budget::per_second(NonZeroU32::new(bounded).unwrap_or(NonZeroU32::MIN))
    };
    gateway::Settings {
        budget: budget(admission.commands_per_second),
        budget_per_caller: budget(admission.caller_commands_per_second),
        connections_max: descriptors::connections_max(),
        calls_max: usize::try_from(admission.in_flight).unwrap_or(usize::MAX),
        ..gateway::Settings::default()
    }
}

/// Says so once when the node knows a leader.
async fn tell_when_ready(replica: Replica, node: u64) {
    loop {
        if let Some(leader) = replica.status().leader {
            Notice::Ready { node, leader: leader.id.0 }.tell(language::spoken());
            return;
        }
        tokio::time::sleep(limits::READY_INTERVAL).await;
    }
}
