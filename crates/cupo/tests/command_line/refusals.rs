//! What keeps a server from starting: each its own words, its own code, and a remedy.

use super::{cupo, text};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A node's files in a directory of their own, on ports that were free a moment ago.
struct Site {
    folder: tempfile::TempDir,
    port: u16,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("the system has a temporary directory");
        let site = Self { folder, port: free_port() };
        site.cluster("name = \"site\"");
        site.node("");
        site
    }

    fn cluster(&self, toml: &str) {
        std::fs::write(self.path("cluster.toml"), toml).expect("written");
    }

    fn node(&self, more: &str) {
        let data = self.path("data").display().to_string();
        let toml = format!("listen = \"127.0.0.1:{}\"\ndata = {data:?}\n{more}", self.port);
        let toml = if more.contains("node =") { toml } else { format!("node = 1\n{toml}") };
        std::fs::write(self.path("node.toml"), toml).expect("written");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn serve(&self) -> Server {
        let child = std::process::Command::new(assert_cmd::cargo::cargo_bin("cupo"))
            .args(["--lang", "en", "server", "run", "--config"])
            .arg(self.path("node.toml"))
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let server = Server(child);
        let start = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(30), "the server does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    #[track_caller]
    fn refuses(&self, arguments: &[&str], code: i32, reason: &str) {
        let output = cupo()
            .args(["server", "run", "--config"])
            .arg(self.path("node.toml"))
            .args(arguments)
            .timeout(Duration::from_secs(30))
            .output()
            .expect("the binary runs");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(&format!("razón: {reason}\n")), "{said}");
        assert!(said.contains("qué hacer: "), "{said}");
    }
}

/// Two ports side by side would do; the offset to the peers' port is a hundred.
fn free_port() -> u16 {
    for _ in 0..100 {
        let one = TcpListener::bind("127.0.0.1:0").expect("the system has a port");
        let port = one.local_addr().expect("it is bound").port();
        if port < 55_000 && TcpListener::bind(("127.0.0.1", port + 100)).is_ok() {
            return port;
        }
    }
    panic!("no two free ports a hundred apart");
}

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Asks it to stop as planned.
    fn stop(mut self) -> Option<i32> {
        let pid = self.0.id().to_string();
        let asked = std::process::Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.expect("kill runs").success());
        self.0.wait().expect("it ends").code()
    }
}

#[test]
fn what_is_wrong_with_the_files_is_refused() {
    let site = Site::new();
    site.cluster("name = \"site\"\ncolour = \"red\"");
    site.refuses(&[], 2, "CONFIGURATION_KEY_UNKNOWN");
    site.cluster("name = \"Site\"");
    site.refuses(&[], 2, "CONFIGURATION_OUT_OF_BOUNDS");
    site.cluster("name = ");
    site.refuses(&[], 2, "CONFIGURATION_SYNTAX");
    std::fs::remove_file(site.path("cluster.toml")).expect("it was there");
    site.refuses(&[], 2, "CONFIGURATION_UNREADABLE");
    site.cluster("name = \"site\"");
    site.node("worker_threads = \"many\"");
    site.refuses(&[], 2, "CONFIGURATION_TYPE");
    site.node("log = \"cupo=loudly\"");
    site.refuses(&[], 2, "CONFIGURATION_OUT_OF_BOUNDS");
}

#[test]
fn nothing_but_this_machine_is_listened_to() {
    let site = Site::new();
    site.refuses(&["--listen", "0.0.0.0:7401"], 8, "NOT_LOOPBACK");
}

#[test]
fn data_that_are_not_this_nodes_are_refused() {
    let site = Site::new();
    let server = site.serve();
    site.refuses(&[], 5, "LOCKED");
    let elsewhere = site.path("elsewhere").display().to_string();
    site.refuses(&["--data", &elsewhere], 5, "ADDRESS_IN_USE");
    assert_eq!(server.stop(), Some(0));

    site.node("node = 2");
    site.refuses(&[], 5, "OTHER_NODE");
    site.node("");
    site.cluster("name = \"another\"");
    site.refuses(&[], 5, "OTHER_CLUSTER");
    site.cluster("name = \"site\"\npeer_port_offset = 101");
    site.refuses(&[], 5, "OTHER_FINGERPRINT");
}

#[test]
fn a_directory_that_cannot_be_used_is_refused() {
    let site = Site::new();
    std::fs::write(site.path("data"), "a file").expect("written");
    site.refuses(&[], 1, "DATA_DIRECTORY");
}

#[test]
fn damaged_data_are_refused() {
    let site = Site::new();
    assert_eq!(site.serve().stop(), Some(0));
    let identity = Path::new("node").join("identity");
    std::fs::write(site.path("data").join(identity), "cupo identity\n").expect("written");
    site.refuses(&[], 1, "STORE_DAMAGED");
}
