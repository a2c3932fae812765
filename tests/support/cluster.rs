//! Three servers on ports and in a directory of their own, with the settings of `cluster/three`.

use super::client::Client;
use super::node::Node;
use super::program::{Said, cupo, root, run};
use super::proxy::Proxy;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};
use wire::v1::GetStatusResponse;

/// How long three servers may take to answer and agree, after whatever was done to them.
pub const READY_TIMEOUT: Duration = Duration::from_secs(30);

/// How far above its port a node hears its peers, in `cluster/three`.
const PEER_OFFSET: u16 = 100;

/// Ports of servers lie in this range: below those the system gives to callers.
const PORTS: std::ops::Range<u16> = 18_000..31_000;

/// Nodes that a cluster may have ports for: three, and those that take the place of one.
const NODES_MAX: u16 = 8;

/// How far above its port a node is believed to be, where there is a proxy before it.
const PROXIED_OFFSET: u16 = 5;

/// One cluster at a time: two of them on a small machine would take each other's time to agree.
static TURN: Mutex<()> = Mutex::const_new(());

/// Waits until no cluster of this process runs, and keeps others from beginning: for a story that
/// another process tells.
pub async fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().await
}

/// A cluster. Its processes and files end with it.
pub struct Cluster {
    /// Its nodes; the first has number 1.
    pub nodes: Vec<Node>,
    directory: TempDir,
    port: u16,
    host: fn(usize) -> Ipv4Addr,
    _turn: MutexGuard<'static, ()>,
}

impl Cluster {
    /// Three servers that have become one cluster and know a leader.
    pub async fn start() -> Self {
        let mut cluster = Self::files().await;
        cluster.begin().await;
        cluster
    }

    /// The files of three servers, and no process.
    pub async fn files() -> Self {
        Self::files_on(|_| Ipv4Addr::LOCALHOST).await
    }

    /// The files of three servers, each of which has an address of its own.
    pub async fn files_on(host: fn(usize) -> Ipv4Addr) -> Self {
        let turn = turn().await;
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (nodes, port) = (Vec::new(), free_ports());
        let mut cluster = Self { nodes, directory, port, host, _turn: turn };
        let text = fs::read_to_string(root().join("cluster/three/cluster.toml"));
        let text = cluster.with_ports(&text.expect("cluster/three is there"));
        fs::write(cluster.file(), text).expect("the directory can be written");
        for number in 1..=3 {
            cluster.add(number);
        }
        cluster
    }

    /// Starts the servers, makes one cluster of them, and waits until all of them know a leader.
    pub async fn begin(&mut self) {
        self.run().await;
        self.ask(&["cluster", "init"]).await.done();
        self.ready().await;
    }

    /// Three servers that became one cluster through a proxy: each believes its peers to be there.
    pub async fn behind_proxy(seed: u64) -> (Self, Proxy) {
        let mut cluster = Self::files().await;
        cluster.run().await;
        let proxy = Proxy::before(&cluster, seed).await;
        let member = |at| {
            let behind = cluster.peer_port_behind(at) - PEER_OFFSET;
            ["--member".to_owned(), format!("{}=127.0.0.1:{behind}", at + 1)]
        };
        let members: Vec<String> = (0..cluster.nodes.len()).flat_map(member).collect();
        let words = ["cluster", "init"].into_iter().chain(members.iter().map(String::as_str));
        cluster.ask(&words.collect::<Vec<_>>()).await.done();
        cluster.ready().await;
        (cluster, proxy)
    }

    /// The port on which a node hears its peers.
    pub fn peer_port(&self, at: usize) -> u16 {
        self.port + PEER_OFFSET + at as u16
    }

    /// The port on which its peers believe it to hear them, where there is a proxy.
    pub fn peer_port_behind(&self, at: usize) -> u16 {
        self.peer_port(at) + PROXIED_OFFSET
    }

    /// Starts the servers and waits until they answer.
    async fn run(&mut self) {
        for node in &mut self.nodes {
            node.start();
        }
        let client = self.client();
        let until = Instant::now() + READY_TIMEOUT;
        for at in 0..self.nodes.len() {
            while client.status(at).await.is_err() {
                assert!(Instant::now() < until, "{}", self.nodes[at].last_words());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Writes the file of one more node, with the settings of the first one of `cluster/three`.
    pub fn add(&mut self, number: u64) -> &mut Node {
        let nth = self.nodes.len();
        let address = format!("{}:{}", (self.host)(nth), self.port + nth as u16);
        assert!(self.nodes.len() < usize::from(NODES_MAX), "there are no more ports");
        // Two may have the same number, which one of them must not.
        let name = format!("node-{}", self.nodes.len() + 1);
        let node = Node::new(number, address, self.directory.path(), &name);
        let text = fs::read_to_string(root().join("cluster/three/node-1.toml"));
        let text = text.expect("cluster/three is there");
        let lines = text.lines().map(|line| match line.split_once(" = ").map(|(key, _)| key) {
            Some("node") => format!("node = {number}"),
            Some("listen") => format!("listen = {:?}", node.address),
            Some("data") => format!("data = {:?}", node.data),
            _ => line.to_owned(),
        });
        let text = lines.collect::<Vec<_>>().join("\n") + "\n";
        fs::write(&node.config, text).expect("the directory can be written");
        self.nodes.push(node);
        self.nodes.last_mut().expect("one was just added")
    }

    /// Somebody who asks all of its nodes.
    pub fn client(&self) -> Client {
        Client::new(self.nodes.iter().map(|node| node.address.as_str()))
    }

    /// The file that all nodes have.
    pub fn file(&self) -> PathBuf {
        self.directory.path().join("cluster.toml")
    }

    /// Its directory.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Runs a command against it, in English unless the words say otherwise.
    pub async fn ask(&self, words: &[&str]) -> Said {
        let mut command = cupo(&[]);
        command.env("CUPO_LANG", "en").env("CUPO_CLUSTER", self.file()).args(words);
        tokio::task::spawn_blocking(|| run(command)).await.expect("a command does not panic")
    }

    /// Waits until every node that runs is ready: it knows a leader and has heard it.
    pub async fn ready(&mut self) {
        let client = self.client();
        let until = Instant::now() + READY_TIMEOUT;
        for at in 0..self.nodes.len() {
            while self.nodes[at].lives() && !client.status(at).await.is_ok_and(|s| s.ready) {
                assert!(Instant::now() < until, "{}", self.nodes[at].last_words());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Where in `nodes` the leader is.
    pub async fn leader(&self) -> usize {
        let client = self.client();
        let until = Instant::now() + READY_TIMEOUT;
        loop {
            for at in 0..self.nodes.len() {
                let Ok(status) = client.status(at).await else { continue };
                if status.leader_id == Some(status.node_id) {
                    return at;
                }
            }
            assert!(Instant::now() < until, "nobody leads");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until all running nodes have the same revision, and answers how each stands then:
    /// at equal revisions their digests are equal.
    pub async fn agreed(&mut self) -> Vec<GetStatusResponse> {
        let client = self.client();
        let until = Instant::now() + READY_TIMEOUT;
        loop {
            let mut all = Vec::new();
            for at in 0..self.nodes.len() {
                if self.nodes[at].lives() {
                    all.extend(client.status(at).await.ok());
                }
            }
            let running = self.nodes.iter_mut().filter_map(|node| node.lives().then_some(()));
            let whole = all.len() == running.count();
            if whole && all.windows(2).all(|pair| pair[0].revision == pair[1].revision) {
                for status in &all {
                    assert_eq!(status.digest, all[0].digest, "at revision {}", status.revision);
                }
                return all;
            }
            assert!(Instant::now() < until, "the nodes do not come to one revision: {all:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn with_ports(&self, text: &str) -> String {
        (0..3).fold(text.to_owned(), |text, nth| {
            let (old, new) = (7_401 + nth, self.port + nth);
            let host = (self.host)(usize::from(nth));
            text.replace(&format!("127.0.0.1:{old}"), &format!("{host}:{new}"))
        })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for node in &mut self.nodes {
            node.kill();
            if std::thread::panicking() {
                eprintln!("--- node {}\n{}", node.number, node.last_words());
            }
        }
    }
}

/// The first of some ports in a row that nobody has, and neither those for their peers. Where the
/// search begins depends on the process, so that two runs at once do not meet.
fn free_ports() -> u16 {
    let free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    let steps = (PORTS.end - PORTS.start) / 10;
    let first = (std::process::id() % u32::from(steps)) as u16;
    (0..steps)
        .map(|step| PORTS.start + (first + step) % steps * 10)
        .find(|port| (0..NODES_MAX).all(|nth| free(port + nth) && free(port + PEER_OFFSET + nth)))
        .expect("some ports of this machine are free")
}
