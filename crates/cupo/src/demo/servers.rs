//! Three servers as processes of their own, kept running.
//!
//! A server that ends without being told to is started again after a pause: its own guard is to end
//! at once when it cannot go on (`kill -9` from another terminal looks the same).

use super::layout::Layout;
use crate::{configuration, language};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// How long a server may take to stop when it is asked to, before it is killed.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// The servers of one demo.
#[derive(Debug)]
pub struct Servers {
    servers: Vec<Server>,
}

/// One server.
#[derive(Debug)]
struct Server {
    node: u64,
    address: String,
    life: watch::Receiver<Life>,
    orders: mpsc::Sender<Order>,
    keeper: JoinHandle<()>,
}

/// How a server stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// Its process; none while it is down.
    pub process: Option<u32>,
    /// How often it was started.
    pub starts: u32,
}

/// Something that happened to a server without anybody asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It ended.
    Died {
        /// Its number.
        node: u64,
        /// How, as the system says.
        how: String,
    },
    /// It was started again.
    Restarted {
        /// Its number.
        node: u64,
        /// Its new process.
        process: u32,
    },
    /// It could not be started.
    Unstartable {
        /// Its number.
        node: u64,
        /// Why.
        why: String,
    },
}

#[derive(Clone, Copy, Debug)]
enum Order {
    /// `kill -9`.
    Kill,
    /// End as planned.
    Stop,
}

impl Servers {
    /// Starts the servers that a layout describes. What happens to them later is told to
    /// `happenings`.
    ///
    /// # Errors
    /// When a process cannot be started at all.
    pub fn start(
        layout: &Layout,
        restart_pause: Duration,
        happenings: &mpsc::UnboundedSender<Happening>,
    ) -> io::Result<Self> {
        let program = std::env::current_exe()?;
        let mut servers = Vec::new();
        for node in layout.nodes() {
            let process = Process {
                node: node.number,
                program: program.clone(),
                config: node.config.clone(),
                log: node.log.clone(),
            };
            let child = process.start()?;
            let (tell, life) = watch::channel(Life { process: child.id(), starts: 1 });
            let (orders, taken) = mpsc::channel(8);
            let keeper =
                Keeper { process, tell, taken, happenings: happenings.clone(), restart_pause };
            servers.push(Server {
                node: node.number,
                address: node.address.clone(),
                life,
                orders,
                keeper: tokio::spawn(keeper.run(child)),
            });
        }
        Ok(Self { servers })
    }

    /// Where clients reach them.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.servers.iter().map(|server| server.address.clone()).collect()
    }

    /// Each server's number and how it stands.
    #[must_use]
    pub fn lives(&self) -> Vec<(u64, Life)> {
        self.servers.iter().map(|server| (server.node, *server.life.borrow())).collect()
    }

    /// Kills a server as a power cut would; it is started again after the pause.
    pub async fn kill(&self, node: u64) {
        if let Some(server) = self.servers.iter().find(|server| server.node == node) {
            // A keeper that is gone has nothing left to kill.
            let _ = server.orders.send(Order::Kill).await;
        }
    }

    /// Stops all of them as planned; those that take too long are killed.
    pub async fn stop(self) {
        for server in &self.servers {
            let _ = server.orders.send(Order::Stop).await;
        }
        for server in self.servers {
            let _ = server.keeper.await;
        }
    }
}

/// What is needed to start a server.
#[derive(Debug)]
struct Process {
    node: u64,
    program: PathBuf,
    config: PathBuf,
    log: PathBuf,
}

impl Process {
    fn start(&self) -> io::Result<Child> {
        let log = append(&self.log)?;
        self.command()
            .stdin(Stdio::null())
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log))
            // Ctrl-C in the terminal is for the demo, which then stops its servers in order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
    }

    /// The server's command line, in the language that the demo speaks.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for unknown in configuration::unknown_here() {
            // Whoever started this was warned of it; a server would refuse it.
            command.env_remove(unknown.name);
        }
        command
            .args(["--lang", language::spoken().code()])
            .args(["server", "run", "--config"])
            .arg(&self.config);
        command
    }
}

fn append(log: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(log)
}

/// Keeps one server running.
struct Keeper {
    process: Process,
    tell: watch::Sender<Life>,
    taken: mpsc::Receiver<Order>,
    happenings: mpsc::UnboundedSender<Happening>,
    restart_pause: Duration,
}

impl Keeper {
    async fn run(mut self, mut child: Child) {
        loop {
            tokio::select! {
                ended = child.wait() => {
                    let how = ended.map_or_else(|error| error.to_string(), |how| how.to_string());
                    self.died(how);
                    match self.restart().await {
                        Some(started) => child = started,
                        None => return,
                    }
                }
                order = self.taken.recv() => match order {
                    Some(Order::Kill) => {
                        // It may have ended by itself in this instant.
                        let _ = child.start_kill();
                    }
                    Some(Order::Stop) | None => return stop(&mut child).await,
                },
            }
        }
    }

    fn died(&self, how: String) {
        self.tell.send_modify(|life| life.process = None);
        let _ = self.happenings.send(Happening::Died { node: self.process.node, how });
    }

    /// Starts the server again after the pause, until that succeeds; nothing when it was asked to
    /// stop meanwhile.
    async fn restart(&mut self) -> Option<Child> {
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.restart_pause) => {}
                order = self.taken.recv() => match order {
                    Some(Order::Kill) => continue,
                    Some(Order::Stop) | None => return None,
                },
            }
            let node = self.process.node;
            match self.process.start() {
                Ok(child) => {
                    let process = child.id();
                    self.tell.send_modify(|life| {
                        *life = Life { process, starts: life.starts + 1 };
                    });
                    let process = process.unwrap_or_default();
                    let _ = self.happenings.send(Happening::Restarted { node, process });
                    return Some(child);
                }
                Err(error) => {
                    let why = error.to_string();
                    let _ = self.happenings.send(Happening::Unstartable { node, why });
                }
            }
        }
    }
}

/// Asks a server to end; kills it when it does not. The signal is sent by `kill`, which every
/// system has, since sending it from here would need unsafe code.
async fn stop(child: &mut Child) {
    if let Some(process) = child.id() {
        let asked = Command::new("kill").arg("-TERM").arg(process.to_string()).status().await;
        if asked.is_ok_and(|status| status.success()) {
            let ended = tokio::time::timeout(STOP_PATIENCE, child.wait()).await;
            if ended.is_ok() {
                return;
            }
        }
    }
    let _ = child.kill().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_speak_the_demos_language() {
        let path = PathBuf::from("node.toml");
        let process = Process { node: 1, program: "cupo".into(), config: path.clone(), log: path };
        let command = process.command();
        let arguments: Vec<_> =
            command.as_std().get_args().map(|word| word.to_string_lossy()).collect();
        let spoken = language::spoken();
        assert_eq!(language::Language::choose([Some(&*arguments[1])]), spoken);
        assert_eq!(arguments, ["--lang", spoken.code(), "server", "run", "--config", "node.toml"]);
    }
}
