//! What configurations are read, and what is refused.

use super::origin::Origin;
use super::{ConfigurationError, NodeFlags, node, read};
use crate::limits;
use std::path::{Path, PathBuf};

const CLUSTER: &str = "name = \"three\"\n";
const NODE: &str = "node = 1\ndata = \"here\"\n";

struct Files(tempfile::TempDir);

impl Files {
    fn new(cluster: &str, node: &str) -> Self {
        let folder = tempfile::tempdir().expect("the system has a temporary directory");
        std::fs::write(folder.path().join("cluster.toml"), cluster).expect("written");
        std::fs::write(folder.path().join("node.toml"), node).expect("written");
        Self(folder)
    }

    fn node(&self) -> PathBuf {
        self.0.path().join("node.toml")
    }
}

fn three(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cluster/three").join(file)
}

#[test]
fn what_is_wrong_is_named() {
    #[track_caller]
    fn check(cluster: &str, node: &str, expected: &str) {
        let files = Files::new(cluster, node);
        let error = read(&files.node(), None, &NodeFlags::default()).expect_err(expected);
        let said = error.to_string().replace(&files.0.path().display().to_string(), "");
        assert!(said.contains(expected), "{said:?} does not say {expected:?}");
    }
    check("nome = \"three\"", NODE, "unknown key nome (/cluster.toml); did you mean name?");
    check("", NODE, "name: \"\" is not within");
    check("name = \"Three\"", NODE, "name: \"Three\" is not within");
    check("name = ", NODE, "/cluster.toml: ");
    check("name = \"a\"\nincarnation = \"first\"", NODE, "incarnation (/cluster.toml): ");
    check("name = \"a\"\nincarnation = 0", NODE, "incarnation: 0 is not within 1");
    check(
        "name = \"a\"\n[consensus]\nelection_minimum_milliseconds = 200",
        NODE,
        "consensus.election_minimum_milliseconds: 200 is not within 300..=60000 ms",
    );
    check(
        "name = \"a\"\n[consensus]\nelection_maximum_milliseconds = 300",
        NODE,
        "consensus.election_maximum_milliseconds: 300 is not within 301..=120000 ms",
    );
    check(
        "name = \"a\"\n[[members]]\nnode = 1\naddress = \"127.0.0.1:1\"\nport = 3",
        NODE,
        "unknown field `port`",
    );
    check(
        "name = \"a\"\n[[members]]\nnode = 1\naddress = \"127.0.0.1:1\"\n\
         [[members]]\nnode = 1\naddress = \"127.0.0.1:2\"",
        NODE,
        "members: [1] is not within node ≥ 1, each once",
    );
    let members = |one: &str, other: &str| {
        format!(
            "name = \"a\"\n[[members]]\nnode = 1\naddress = \"{one}\"\n\
             [[members]]\nnode = 2\naddress = \"{other}\""
        )
    };
    check(&members("127.0.0.1:1", "10.0.0.1:2"), NODE, "10.0.0.1:2 is not a loopback address");
    check(&members("127.0.0.1:1", "127.0.0.1:1"), NODE, "nodes 1 and 2 both need 127.0.0.1:1");
    check(&members("127.0.0.1:1", "127.0.0.1:101"), NODE, "1 and 2 both need 127.0.0.1:101");
    check(
        &members("127.0.0.1:7411", "127.0.0.1:7412"),
        "node = 2\ndata = \"x\"\nlisten = \"127.0.0.1:7411\"",
        "127.0.0.1:7411 is not 127.0.0.1:7412, where cluster.toml says node 2 is",
    );
    check(CLUSTER, "data = \"here\"", "node: 0 is not within 1");
    check(CLUSTER, "node = 1", "data: \"\" is not within a directory");
    check(CLUSTER, "node = 1\ndatos = \"here\"", "did you mean data?");
    check(CLUSTER, "node = 1\ndata = \"x\"\nworker_thread = 2", "did you mean worker_threads?");
    check(CLUSTER, "node = 1\ndata = \"x\"\nlisten = \"0.0.0.0:7401\"", "not a loopback address");
    check(CLUSTER, "node = 1\ndata = \"x\"\nlisten = \"127.0.0.1:0\"", "listen: 0 is not within");
    check(CLUSTER, "node = 1\ndata = \"x\"\nlisten = \"localhost\"", "/node.toml");
    check(CLUSTER, "node = 1\ndata = \"x\"\nworker_threads = 0", "worker_threads: 0 is not");
    check(
        CLUSTER,
        "node = 1\ndata = \"x\"\n[admission]\ncaller_commands_per_second = 1000001",
        "admission.caller_commands_per_second: 1000001 is not within 1..=1000000 1/s",
    );
}

#[test]
fn a_missing_file_is_named() {
    let error = read(Path::new("/nowhere/node.toml"), None, &NodeFlags::default())
        .expect_err("there is no such file");
    assert!(matches!(error, ConfigurationError::Unreadable { ref file, .. }
        if file == "/nowhere/node.toml"));
}

#[test]
fn flags_go_before_variables_before_files_before_defaults() {
    let files = Files::new(CLUSTER, NODE);
    let variables = [
        ("CUPO_NODE_DATA", "of the environment"),
        ("CUPO_NODE_ADMISSION__IN_FLIGHT", "17"),
        ("CUPO_CLUSTER", "127.0.0.1:1"),
    ];
    let flags = NodeFlags { listen: None, data: Some("of the flag".into()) };
    let environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let (node, values) =
        node::read(&files.node(), &flags, environment.into_iter()).expect("all is well said");
    assert_eq!(node.data, Path::new("of the flag"));
    assert_eq!(node.admission.in_flight, 17);
    let origin = |key: &str| {
        let found = values.iter().find(|value| value.key == key).expect("every key is listed");
        found.origin.clone()
    };
    assert_eq!(origin("data"), Origin::Flag("data".into()));
    assert_eq!(
        origin("admission.in_flight"),
        Origin::Environment("CUPO_NODE_ADMISSION__IN_FLIGHT".into())
    );
    assert_eq!(origin("node"), Origin::File(files.node().display().to_string()));
    assert_eq!(origin("stop_seconds"), Origin::Default);

    let unknown = [("CUPO_NODE_DATTA".to_owned(), "x".to_owned())];
    let error = node::read(&files.node(), &NodeFlags::default(), unknown.into_iter())
        .expect_err("a misspelt variable would not bind");
    assert_eq!(error.to_string(), "unknown key datta ($CUPO_NODE_DATTA); did you mean data?");
}

#[test]
fn only_what_must_be_equal_is_in_the_fingerprint() {
    let fingerprint = |cluster: &str| {
        let files = Files::new(cluster, NODE);
        let read = read(&files.node(), None, &NodeFlags::default()).expect("all is well said");
        (read.cluster.fingerprint(), read.cluster.id())
    };
    let plain = fingerprint(CLUSTER);
    assert_eq!(plain, fingerprint("# why\nincarnation = 1\nname = \"three\""));
    let members = "name = \"three\"\n[[members]]\nnode = 1\naddress = \"127.0.0.1:7401\"";
    assert_eq!(plain, fingerprint(members));
    let slower = fingerprint("name = \"three\"\n[consensus]\nheartbeat_milliseconds = 99");
    assert_ne!(plain.0, slower.0);
    assert_eq!(plain.1, slower.1);
    let other = fingerprint("name = \"three\"\nincarnation = 2");
    assert_ne!(plain.0, other.0);
    assert_ne!(plain.1, other.1);
}

#[test]
fn the_cluster_of_three_is_well_said() {
    let mut fingerprints = Vec::new();
    for number in 1..=3 {
        let file = three(&format!("node-{number}.toml"));
        let read =
            read(&file, None, &NodeFlags::default()).expect("the files in the tree are good");
        assert_eq!(read.node.node, number);
        let member = read.cluster.members.iter().find(|member| member.node == number);
        assert_eq!(member.map(|member| member.address), Some(read.node.listen));
        assert_eq!(limits::MEMBERS_MAX.min(3), read.cluster.members.len());
        fingerprints.push(read.cluster.fingerprint());
    }
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), 1);
}
