//! One server: its files, its process, and what can be done to it.

use super::program::cupo;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long a process may take to end once it was told to.
const END_TIMEOUT: Duration = Duration::from_secs(20);

/// One server of a cluster. Its process ends with it.
#[derive(Debug)]
pub struct Node {
    /// Its number, from 1.
    pub number: u64,
    /// Where callers reach it.
    pub address: String,
    /// Its own file.
    pub config: PathBuf,
    /// The cluster's file, when it is not the one beside its own.
    pub cluster: Option<PathBuf>,
    /// The words of the command that runs its program, such as one with other bounds; by default
    /// there is none. It must become the program, not only begin it.
    pub run_by: Vec<String>,
    /// Where its data are.
    pub data: PathBuf,
    /// Where its output goes.
    pub log: PathBuf,
    child: Option<Child>,
}

impl Node {
    /// A server that does not run yet; its files bear this name.
    pub fn new(number: u64, address: String, directory: &Path, name: &str) -> Self {
        Self {
            number,
            address,
            config: directory.join(format!("{name}.toml")),
            cluster: None,
            run_by: Vec::new(),
            data: directory.join(name),
            log: directory.join(format!("{name}.log")),
            child: None,
        }
    }

    /// Starts its process; whether it can serve is seen by asking it.
    pub fn start(&mut self) {
        assert!(self.child.is_none(), "node {} runs already", self.number);
        let open = || File::options().create(true).append(true).open(&self.log);
        let (out, err) = (open().expect("a log"), open().expect("a log"));
        let mut command = cupo(&["--lang", "en", "server", "run", "--config"]);
        if let [program, words @ ..] = &self.run_by[..] {
            let mut outer = Command::new(program);
            outer.args(words);
            command = inside(outer, &command);
        }
        command.arg(&self.config);
        if let Some(file) = &self.cluster {
            command.arg("--cluster-file").arg(file);
        }
        command.stdin(Stdio::null()).stdout(out).stderr(err);
        self.child = Some(command.spawn().expect("the program can be run"));
    }

    /// `kill -9`, and waits until the system has taken the process away.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself in this instant.
            drop(child.kill());
            child.wait().expect("a child can be waited for");
        }
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        let status = self.ended().await;
        assert!(status.success(), "node {} stopped with {status}", self.number);
        status
    }

    /// Waits until it has ended by itself or because it was told to.
    pub async fn ended(&mut self) -> ExitStatus {
        let child = self.child.as_mut().expect("the node runs");
        let until = Instant::now() + END_TIMEOUT;
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child can be waited for") {
                break status;
            }
            assert!(Instant::now() < until, "node {} does not end", self.number);
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        self.child = None;
        status
    }

    /// Whether its process is there.
    pub fn lives(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().is_ok_and(|end| end.is_none()))
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.as_ref().expect("the node runs").id()
    }

    /// Sends it a signal by name.
    pub fn signal(&self, name: &str) {
        let process = self.process().to_string();
        let sent = Command::new("kill").arg(format!("-{name}")).arg(process).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIG{name} cannot be sent");
    }

    /// Bytes of memory it has at this moment.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process()));
        let status = status.expect("the system tells of a process that runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kibibytes.expect("it has memory") << 10
    }

    /// Everything it wrote.
    pub fn words(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The end of what it wrote.
    pub fn last_words(&self) -> String {
        let all = self.words();
        let lines: Vec<&str> = all.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A command that runs another one, in the surroundings of that one.
fn inside(mut outer: Command, inner: &Command) -> Command {
    outer.arg(inner.get_program()).args(inner.get_args());
    for (variable, value) in inner.get_envs() {
        match value {
            Some(value) => outer.env(variable, value),
            None => outer.env_remove(variable),
        };
    }
    outer
}

/// Copies a directory that is not there yet, or is empty.
pub fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new directory");
    for entry in fs::read_dir(from).expect("a directory to copy") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file to copy");
        }
    }
}
