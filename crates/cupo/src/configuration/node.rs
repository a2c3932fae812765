//! What may differ from node to node.

use super::cluster::bounded;
use super::error::ConfigurationError;
use super::origin::{Located, Origin, Override, layered};
use crate::limits;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use tracing_subscriber::EnvFilter;

/// What is a node's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Node {
    /// Its number in the cluster, from 1; never used again by another disk.
    pub node: u64,
    /// Where it listens for callers; peers reach it on this port plus the cluster's offset.
    pub listen: SocketAddr,
    /// Where its data are, seen from the directory it is started in.
    pub data: PathBuf,
    /// Threads that serve calls; half the machine's unless said, at least one: the log, the
    /// journal and the history have threads of their own.
    pub worker_threads: u64,
    /// How long a planned stop may take before it is cut short.
    pub stop_seconds: u64,
    /// What is logged, in the words of `tracing`'s filters (`info`, `replica=debug,warn`).
    pub log: String,
    /// How much is let in.
    pub admission: Admission,
    /// When a checkpoint is taken.
    pub checkpoints: Checkpoints,
}

/// How much a node lets in before it says that it is too much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admission {
    /// Commands per second, of everybody together.
    pub commands_per_second: u64,
    /// Commands per second of one caller; until identity exists, of one address.
    pub caller_commands_per_second: u64,
    /// Calls that are being answered at once.
    pub in_flight: u64,
}

/// When a checkpoint is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Checkpoints {
    /// After this many bytes of log.
    pub log_mebibytes: u64,
}

fn half_the_machine() -> u64 {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    u64::try_from(cores / 2).unwrap_or(1).clamp(1, limits::WORKER_THREADS_MAX)
}

impl Default for Node {
    fn default() -> Self {
        Self {
            node: 0,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7401),
            data: PathBuf::new(),
            worker_threads: half_the_machine(),
            stop_seconds: 10,
            log: "info,openraft=error".to_owned(),
            admission: Admission::default(),
            checkpoints: Checkpoints::default(),
        }
    }
}

impl Default for Admission {
    fn default() -> Self {
        Self {
            commands_per_second: 1_000_000,
            caller_commands_per_second: 1_000_000,
            in_flight: 4_096,
        }
    }
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self { log_mebibytes: 64 }
    }
}

/// What the command line may say of a node.
#[derive(Clone, Debug, Default)]
pub struct NodeFlags {
    /// `--listen`.
    pub listen: Option<SocketAddr>,
    /// `--data`.
    pub data: Option<PathBuf>,
}

/// Environment variables of a node begin with this; `__` stands for a dot.
pub const VARIABLE_PREFIX: &str = "CUPO_NODE_";

/// Reads and checks the file, the environment and the flags.
pub(super) fn read(
    file: &Path,
    flags: &NodeFlags,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(Node, Vec<Located>), ConfigurationError> {
    let mut variables: Vec<(String, String)> =
        environment.filter(|(name, _)| name.starts_with(VARIABLE_PREFIX)).collect();
    variables.sort_unstable();
    let mut overrides: Vec<Override> = variables
        .into_iter()
        .map(|(name, value)| Override {
            key: name[VARIABLE_PREFIX.len()..].to_ascii_lowercase().replace("__", "."),
            value,
            origin: Origin::Environment(name),
        })
        .collect();
    let said = [
        ("listen", flags.listen.map(|address| address.to_string())),
        ("data", flags.data.as_ref().map(|path| path.display().to_string())),
    ];
    overrides.extend(said.into_iter().filter_map(|(key, value)| {
        Some(Override { key: key.into(), value: value?, origin: Origin::Flag(key.into()) })
    }));
    let (node, values): (Node, _) = layered(file, overrides)?;
    node.check()?;
    Ok((node, values))
}

impl Node {
    fn check(&self) -> Result<(), ConfigurationError> {
        bounded("node", self.node, 1, u64::MAX, "")?;
        if self.data.as_os_str().is_empty() {
            return Err(ConfigurationError::OutOfBounds {
                key: "data",
                value: "\"\"".to_owned(),
                bound: "a directory".to_owned(),
            });
        }
        if !self.listen.ip().is_loopback() {
            return Err(ConfigurationError::NotLoopback { address: self.listen.to_string() });
        }
        bounded("listen", self.listen.port().into(), 1, 55_535, "(port)")?;
        bounded("worker_threads", self.worker_threads, 1, limits::WORKER_THREADS_MAX, "")?;
        if EnvFilter::try_new(&self.log).is_err() {
            return Err(ConfigurationError::OutOfBounds {
                key: "log",
                value: format!("{:?}", self.log),
                bound: "info, replica=debug,warn …".to_owned(),
            });
        }
        bounded("stop_seconds", self.stop_seconds, 1, 300, "s")?;
        let Admission { commands_per_second, caller_commands_per_second, in_flight } =
            self.admission;
        bounded("admission.commands_per_second", commands_per_second, 1, u32::MAX.into(), "1/s")?;
        let caller = "admission.caller_commands_per_second";
        bounded(caller, caller_commands_per_second, 1, commands_per_second, "1/s")?;
        bounded("admission.in_flight", in_flight, 1, limits::IN_FLIGHT_MAX, "")?;
        bounded("checkpoints.log_mebibytes", self.checkpoints.log_mebibytes, 8, 65_536, "MiB")
    }
}
