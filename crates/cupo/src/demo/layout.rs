//! Where the demo's servers live: the files of `cluster/three`, in a directory of their own, with
//! other ports where those are taken.

use super::claim::Claim;
use super::error::DemoError;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

/// The cluster's file as it stands in the project.
const CLUSTER: &str = include_str!("../../../../cluster/three/cluster.toml");

/// The nodes' files.
const NODES: [&str; 3] = [
    include_str!("../../../../cluster/three/node-1.toml"),
    include_str!("../../../../cluster/three/node-2.toml"),
    include_str!("../../../../cluster/three/node-3.toml"),
];

/// The first node's port in those files; the others follow.
const PORT_FIRST: u16 = 7_401;

/// How far above its port a node hears its peers, in those files.
const PEER_OFFSET: u16 = 100;

/// Ports tried when those are taken: from here in steps of ten.
const PORT_OTHERS: u16 = 17_401;

/// How many such steps are tried.
const STEPS_MAX: u16 = 200;

/// The files and directories of three servers.
#[derive(Debug)]
pub struct Layout {
    directory: PathBuf,
    nodes: Vec<Node>,
    claim: Claim,
}

/// One server's.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its number.
    pub number: u64,
    /// Where clients reach it.
    pub address: String,
    /// Its configuration.
    pub config: PathBuf,
    /// Where its data are.
    pub data: PathBuf,
    /// Where its output goes.
    pub log: PathBuf,
}

impl Layout {
    /// Writes the files of three servers below a directory, with data of an earlier demo left as
    /// they are.
    ///
    /// # Errors
    /// When somebody uses the directory, it cannot be written, or no ports are to be had.
    pub fn create(directory: &Path) -> Result<Self, DemoError> {
        fs::create_dir_all(directory)?;
        let directory = directory.canonicalize()?;
        let data = |number: u64| directory.join(format!("node-{number}"));
        let claim = Claim::of(&directory, &[data(1), data(2), data(3)])?;
        let first = free_ports()?;
        fs::write(directory.join("cluster.toml"), with_ports(CLUSTER, first))?;
        let mut nodes = Vec::new();
        for (number, text) in (1..).zip(NODES) {
            let config = directory.join(format!("node-{number}.toml"));
            let data = data(number);
            fs::create_dir_all(&data)?;
            let named = format!("data = \"{}\"", data.display());
            let lines = with_ports(text, first);
            let lines = lines.lines().map(|line| match line.starts_with("data = ") {
                true => named.as_str(),
                false => line,
            });
            fs::write(&config, lines.collect::<Vec<_>>().join("\n") + "\n")?;
            nodes.push(Node {
                number,
                address: format!("127.0.0.1:{}", first + number_of(number) - 1),
                config,
                data,
                log: directory.join(format!("node-{number}.log")),
            });
        }
        Ok(Self { directory, nodes, claim })
    }

    /// The servers.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The file that names them all, for other commands.
    #[must_use]
    pub fn cluster_file(&self) -> PathBuf {
        self.directory.join("cluster.toml")
    }

    /// Removes what was written here, and the directory too when nothing else is in it.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self) -> io::Result<()> {
        for node in &self.nodes {
            fs::remove_dir_all(self.directory.join(format!("node-{}", node.number)))?;
            fs::remove_file(&node.config)?;
            if node.log.exists() {
                fs::remove_file(&node.log)?;
            }
        }
        fs::remove_file(self.cluster_file())?;
        self.claim.remove()?;
        // Somebody else's files are theirs to remove.
        let _ = fs::remove_dir(&self.directory);
        Ok(())
    }
}

fn number_of(node: u64) -> u16 {
    u16::try_from(node).unwrap_or(1)
}

/// A text with the ports of the project's files replaced by those from `first` on.
fn with_ports(text: &str, first: u16) -> String {
    (0..3).fold(text.to_owned(), |text, nth| {
        let (old, new) = (PORT_FIRST + nth, first + nth);
        text.replace(&format!("127.0.0.1:{old}"), &format!("127.0.0.1:{new}"))
    })
}

/// The first of three ports in a row that nobody listens on, and neither on those for their peers.
fn free_ports() -> io::Result<u16> {
    let free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    let all_free =
        |first: &u16| (0..3).all(|nth| free(first + nth) && free(first + PEER_OFFSET + nth));
    let others = (0..STEPS_MAX).map(|step| PORT_OTHERS + step * 10);
    std::iter::once(PORT_FIRST).chain(others).find(all_free).ok_or_else(|| {
        io::Error::new(io::ErrorKind::AddrInUse, "no three ports in a row are free on 127.0.0.1")
    })
}

const _: () = assert!(PORT_OTHERS as u32 + STEPS_MAX as u32 * 10 + 103 < u16::MAX as u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_those_of_the_project_with_places_of_their_own() {
        let directory = tempfile::tempdir().expect("a directory");
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT_FIRST + 1));
        let layout = Layout::create(&directory.path().join("demo")).expect("writable");
        drop(taken);
        let cluster = fs::read_to_string(layout.cluster_file()).expect("written");
        let mut addresses = Vec::new();
        for node in layout.nodes() {
            assert!(cluster.contains(&node.address), "{cluster}");
            let own = fs::read_to_string(&node.config).expect("written");
            assert!(own.contains(&format!("listen = \"{}\"", node.address)), "{own}");
            assert!(own.contains(&format!("node = {}", node.number)), "{own}");
            assert!(!own.contains("data/three"), "{own}");
            assert_ne!(node.address, format!("127.0.0.1:{}", PORT_FIRST + 1));
            addresses.push(node.address.clone());
        }
        addresses.dedup();
        assert_eq!(addresses.len(), 3);
        layout.remove().expect("removable");
        assert!(!directory.path().join("demo").exists());
    }

    #[test]
    fn what_others_put_there_stays() {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("mine"), "x").expect("writable");
        let layout = Layout::create(directory.path()).expect("writable");
        layout.remove().expect("removable");
        assert!(directory.path().join("mine").exists());
        assert!(!directory.path().join("node-1").exists());
    }

    #[test]
    fn a_directory_in_use_is_left_as_it_is() {
        let directory = tempfile::tempdir().expect("a directory");
        let layout = Layout::create(directory.path()).expect("writable");
        let before = fs::read(layout.cluster_file()).expect("written");
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT_FIRST));
        let refused = Layout::create(directory.path()).expect_err("it is in use");
        let own = std::process::id();
        assert!(
            matches!(refused, DemoError::Busy { process: Some(process), .. } if process == own),
            "{refused}"
        );
        assert_eq!(fs::read(layout.cluster_file()).expect("still there"), before);
        drop((layout, taken));

        // The demo is gone, but one of its servers lives on.
        let node = directory.path().join("node-2");
        let server = store::identity::DirectoryLock::acquire(&node).expect("nobody has it");
        let refused = Layout::create(directory.path()).expect_err("it is in use");
        assert!(matches!(refused, DemoError::Busy { process: None, .. }), "{refused}");
        drop(server);
        Layout::create(directory.path()).expect("nobody uses it any more");
    }
}
