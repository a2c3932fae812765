//! Nodes on machines of their own, as far as the network goes: wires that are pulled, that carry
//! one way only, and that are too narrow.

use crate::support::cluster::turn;
use crate::support::program::root;
use crate::support::story::two_of_three;
use crate::support::{Cluster, Story};
use rand::Rng;
use rand::rngs::StdRng;
use std::net::Ipv4Addr;
use std::process::Command;
use std::time::Duration;

/// How long the wires are bad in the normal run; `CUPO_SECONDS` asks for more.
const SECONDS: u64 = 7;

/// What `check.sh` ends with where the machine does not let it do its work.
const NOT_PERMITTED: i32 = 77;

/// What nobody has: what is sent there is lost without a word.
const NOBODY: &str = "02:00:00:00:00:99";

/// What befalls wires.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// A node's wire is pulled: neither peers nor callers reach it.
    Pulled { node: usize },
    /// What one node sends to another is lost without a word.
    OneWay { from: usize, to: usize },
    /// What two nodes send each other is lost.
    Between { one: usize, other: usize },
    /// What a node sends is lost, except to callers.
    Mute { node: usize },
    /// What is sent to a node waits for a narrow wire, and is lost where it would wait too long.
    Narrow { node: usize, kilobits: u32 },
}

/// Kinds of faults.
const KINDS: u8 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_befalls_the_wires_what_was_acknowledged_is_there_once() {
    if std::env::var_os("CUPO_NETWORK").is_some() {
        return tell().await;
    }
    let _turn = turn().await;
    let own = std::env::current_exe().expect("a test knows where it is");
    let script = root().join("tests/network/check.sh");
    let run = move || Command::new(script).env("CUPO_TESTS", own).output();
    let output = tokio::task::spawn_blocking(run).await.expect("it does not panic");
    let output = output.expect("the script can be run");
    let told = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(NOT_PERMITTED) {
        eprintln!("SKIPPED: links between namespaces are not tested on this machine\n{told}");
        return;
    }
    let (status, out) = (output.status, String::from_utf8_lossy(&output.stdout));
    eprintln!("{told}");
    assert!(status.success(), "tests/network/check.sh ended with {status}\n{out}");
}

/// The story itself, among namespaces.
async fn tell() {
    let story = Story::drawn(SECONDS, "tests/network/check.sh");
    let mut cluster = Cluster::files_on(|nth| Ipv4Addr::new(127, 77, 0, nth as u8 + 1)).await;
    for (nth, node) in cluster.nodes.iter_mut().enumerate() {
        let name = format!("node{}", nth + 1);
        node.run_by = ["ip", "netns", "exec", &name].map(str::to_owned).into();
    }
    cluster.begin().await;
    let befall = async |kind, chance: &mut StdRng| {
        let fault = Fault::drawn(kind, chance);
        fault.begin();
        tokio::time::sleep(Duration::from_millis(chance.random_range(400..1_800))).await;
        fault.end();
        tokio::time::sleep(Duration::from_millis(chance.random_range(0..800))).await;
        fault
    };
    // Each fault has ended before the next one begins: nothing is left to be healed.
    story.tell(&mut cluster, KINDS, befall, || {}).await;
}

impl Fault {
    fn drawn(kind: u8, chance: &mut StdRng) -> Self {
        let (from, to) = two_of_three(chance);
        let node = from;
        match kind {
            0 => Self::Pulled { node },
            1 => Self::OneWay { from, to },
            2 => Self::Between { one: from, other: to },
            3 => Self::Mute { node },
            _ => Self::Narrow { node, kilobits: chance.random_range(64..1_024) },
        }
    }

    fn begin(self) {
        match self {
            Self::Pulled { node } => wire(node, "down"),
            Self::Narrow { node, kilobits } => {
                let bound = format!("rate {kilobits}kbit burst 8kb latency 400ms");
                run(&format!("tc qdisc add dev to{} root tbf {bound}", node + 1));
            }
            lossy => lossy.lost().into_iter().for_each(|(from, to)| {
                let address = format!("127.77.0.{} lladdr {NOBODY} nud permanent", to + 1);
                run(&format!("ip -n node{} neighbour replace {address} dev wire", from + 1));
            }),
        }
    }

    fn end(self) {
        match self {
            Self::Pulled { node } => wire(node, "up"),
            Self::Narrow { node, .. } => run(&format!("tc qdisc del dev to{} root", node + 1)),
            lossy => lossy.lost().into_iter().for_each(|(from, to)| {
                let address = format!("127.77.0.{}", to + 1);
                run(&format!("ip -n node{} neighbour del {address} dev wire", from + 1));
            }),
        }
    }

    /// From where to where everything is lost.
    fn lost(self) -> Vec<(usize, usize)> {
        match self {
            Self::OneWay { from, to } => vec![(from, to)],
            Self::Between { one, other } => vec![(one, other), (other, one)],
            Self::Mute { node } => vec![(node, (node + 1) % 3), (node, (node + 2) % 3)],
            Self::Pulled { .. } | Self::Narrow { .. } => Vec::new(),
        }
    }
}

/// Pulls a node's wire, or plugs it in.
fn wire(node: usize, how: &str) {
    run(&format!("ip link set to{} {how}", node + 1));
}

/// Runs a command of words without spaces in them.
fn run(command: &str) {
    let words: Vec<&str> = command.split(' ').collect();
    let output = Command::new(words[0]).args(&words[1..]).output().expect("iproute2 is there");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
}
