//! Roads between the nodes, on which bytes are delayed, held back, thinned out or torn.
//!
//! Members know each other by the addresses of a proxy. It finds out which node calls, so that each
//! of the six roads has a condition of its own: a cut can be one-way.

mod caller;
mod pump;
mod road;

pub use road::Roads;

use super::Cluster;
use pump::End;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Roads open for traffic, until this is dropped.
pub struct Proxy {
    /// The conditions of all roads.
    pub roads: Roads,
    _listeners: JoinSet<()>,
}

impl Proxy {
    /// Listens where the members of this cluster believe their peers to be. Its nodes run.
    pub async fn before(cluster: &Cluster, seed: u64) -> Self {
        let roads = Roads::new(cluster.nodes.len(), seed);
        let processes: Vec<u32> = cluster.nodes.iter().map(|node| node.process()).collect();
        let mut listeners = JoinSet::new();
        for to in 0..cluster.nodes.len() {
            let (behind, real) = (cluster.peer_port_behind(to), cluster.peer_port(to));
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, behind)).await;
            let listener = listener.expect("the port is kept for this");
            let (processes, roads) = (processes.clone(), roads.clone());
            listeners.spawn(listen(listener, real, to, processes, roads));
        }
        Self { roads, _listeners: listeners }
    }
}

/// Takes connections to one node. They end with the listener.
async fn listen(listener: TcpListener, real: u16, to: usize, processes: Vec<u32>, roads: Roads) {
    let mut under_way = JoinSet::new();
    loop {
        let (near, peer) = listener.accept().await.expect("there are descriptors left");
        let here = listener.local_addr().expect("it is bound");
        // Whoever is gone already needs no road.
        let Some(from) = caller::find(peer, here, &processes) else { continue };
        let roads = roads.clone();
        under_way.spawn(async move {
            let real = SocketAddr::from((Ipv4Addr::LOCALHOST, real));
            roads.passable(from, to).await;
            let Ok(far) = TcpStream::connect(real).await else { return };
            carry(near, far, from, to, roads).await;
        });
        while under_way.try_join_next().is_some() {}
    }
}

/// Carries bytes both ways until both have said their last, or the connection is torn.
async fn carry(near: TcpStream, far: TcpStream, from: usize, to: usize, roads: Roads) {
    for end in [&near, &far] {
        // Delay is the roads' business, not the sockets'.
        drop(end.set_nodelay(true));
    }
    let (mut near_in, mut near_out) = near.into_split();
    let (mut far_in, mut far_out) = far.into_split();
    let torn = {
        let up = pump::run(&mut near_in, &mut far_out, roads.road(from, to));
        let down = pump::run(&mut far_in, &mut near_out, roads.road(to, from));
        tokio::pin!(up, down);
        // One that has said everything one way may go on the other; a torn one ends both ways.
        tokio::select! {
            end = &mut up => end == End::Torn || down.await == End::Torn,
            end = &mut down => end == End::Torn || up.await == End::Torn,
        }
    };
    if torn {
        // What is closed like this is reset, not finished.
        for end in [&near_out, &far_out] {
            drop(end.as_ref().set_zero_linger());
        }
    }
}
