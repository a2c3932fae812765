//! Servers that must not start, each with its own reason and what to do about it.

use crate::support::Cluster;
use crate::support::node::copy_all;
use crate::support::program::{Said, cupo};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How long a server that must not start may take to say so.
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// Node 2's files in a directory of their own, to be spoiled.
struct Copy {
    node: PathBuf,
    cluster: PathBuf,
    data: PathBuf,
}

impl Copy {
    /// The files of a stopped cluster's node 2, with another port where nobody listens.
    fn of(cluster: &Cluster, name: &str) -> Self {
        let folder = cluster.directory().join(name);
        fs::create_dir(&folder).expect("a new directory");
        let node = &cluster.nodes[1];
        let copy = Self {
            node: folder.join("node.toml"),
            cluster: folder.join("cluster.toml"),
            data: folder.join("data"),
        };
        fs::copy(cluster.file(), &copy.cluster).expect("a file to copy");
        copy_all(&node.data, &copy.data);
        let text = fs::read_to_string(&node.config).expect("a file to copy");
        let text = text.replace(&node.data.display().to_string(), &copy.data.display().to_string());
        fs::write(&copy.node, text).expect("a new file");
        copy
    }
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).expect("a file to edit");
    assert!(text.contains(from), "{from:?} is not in {text}");
    fs::write(file, text.replace(from, to)).expect("a file that can be written");
}

/// The largest file of a directory.
fn largest(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder).expect("a directory");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let size = |path: &PathBuf| path.metadata().map_or(0, |about| about.len());
    files.max_by_key(size).expect("a file is there")
}

/// What a server says that does not start.
fn refuse(copy: &Copy, more: &[&str]) -> Said {
    let mut command = cupo(&["--lang", "en", "server", "run", "--config"]);
    command.arg(&copy.node).arg("--cluster-file").arg(&copy.cluster).args(more);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be run");
    let until = Instant::now() + END_TIMEOUT;
    while child.try_wait().expect("a child can be waited for").is_none() {
        if Instant::now() > until {
            drop(child.kill());
            let output = child.wait_with_output().expect("it has ended");
            panic!("it lives: {}", String::from_utf8_lossy(&output.stderr));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().expect("it has ended").into()
}

/// The list is for whoever begins a cluster, and no part of the fingerprint.
fn without_members(cluster: &Path) {
    let text = fs::read_to_string(cluster).expect("a file to shorten");
    let (head, _) = text.split_once("[[members]]").expect("it names its first members");
    fs::write(cluster, head).expect("a file that can be written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_must_not_start_says_why_and_what_to_do() {
    let mut cluster = Cluster::start().await;
    // Something is in the log, so that there is something to damage.
    crate::support::Nation::found(&cluster.client(), 3, 1).await;
    let running = cluster.nodes[0].data.display().to_string();
    let taken = cluster.nodes[0].address.clone();
    cluster.nodes[1].stop().await;

    #[track_caller]
    fn check(said: &Said, code: i32, reason: &str, word: &str) {
        assert_eq!(said.told("reason"), Some(reason), "{}", said.err);
        assert_eq!(said.code, Some(code), "{}", said.err);
        assert!(said.told("error").is_some_and(|what| !what.is_empty()), "{}", said.err);
        assert!(said.told("what to do").is_some_and(|what| what.contains(word)), "{}", said.err);
        assert!(said.out.is_empty(), "no data: {}", said.out);
    }
    let copy = |name: &str| Copy::of(&cluster, name);

    let one = copy("data-in-use");
    check(&refuse(&one, &["--data", &running]), 5, "LOCKED", "--data");
    let one = copy("listens-elsewhere");
    check(&refuse(&one, &["--listen", &taken]), 2, "LISTEN_IS_NOT_MEMBER", "cluster.toml");
    let one = copy("port-in-use");
    without_members(&one.cluster);
    check(&refuse(&one, &["--listen", &taken]), 5, "ADDRESS_IN_USE", "--listen");
    let one = copy("another-number");
    without_members(&one.cluster);
    edit(&one.node, "node = 2", "node = 3");
    check(&refuse(&one, &[]), 5, "OTHER_NODE", "own number");
    let one = copy("another-cluster");
    edit(&one.cluster, "name = \"three\"", "name = \"four\"");
    check(&refuse(&one, &[]), 5, "OTHER_CLUSTER", "cluster.toml");
    let one = copy("another-incarnation");
    edit(&one.cluster, "incarnation = 1", "incarnation = 2");
    check(&refuse(&one, &[]), 5, "OTHER_CLUSTER", "cluster.toml");
    let one = copy("another-fingerprint");
    edit(&one.cluster, "heartbeat_milliseconds = 100", "heartbeat_milliseconds = 90");
    check(&refuse(&one, &[]), 5, "OTHER_FINGERPRINT", "cupo config check");
    let one = copy("not-loopback");
    check(&refuse(&one, &["--listen", "0.0.0.0:18000"]), 8, "NOT_LOOPBACK", "127.0.0.1");
    let one = copy("unknown-key");
    edit(&one.node, "node = 2", "node = 2\nworker_thread = 3");
    check(&refuse(&one, &[]), 2, "CONFIGURATION_KEY_UNKNOWN", "worker_threads");
    let one = copy("damaged-identity");
    fs::write(largest(&one.data.join("node")), b"something else")
        .expect("a file that can be written");
    check(&refuse(&one, &[]), 1, "STORE_DAMAGED", "cupo cluster replace");
    let one = copy("damaged-log");
    let log = largest(&one.data.join("log"));
    let mut bytes = fs::read(&log).expect("a file to damage");
    // Not at the end, where a crash may have cut a record short.
    let middle = bytes.iter().rposition(|byte| *byte != 0).expect("the log is not empty") / 2;
    bytes[middle] ^= 0x40;
    fs::write(&log, bytes).expect("a file that can be written");
    check(&refuse(&one, &[]), 1, "STORE_DAMAGED", "cupo cluster replace");
    let one = copy("no-directory");
    let file = one.node.display().to_string();
    check(&refuse(&one, &["--data", &file]), 1, "DATA_DIRECTORY", "--data");

    // Nothing of this touched the node itself.
    cluster.nodes[1].start();
    cluster.ready().await;
    cluster.agreed().await;
}
