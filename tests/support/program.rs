//! The built program, run as anybody runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// What a command said, and how it ended.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Data.
    pub out: String,
    /// Everything else.
    pub err: String,
}

impl Said {
    /// What stands behind a title on stderr, such as `reason`.
    pub fn told(&self, title: &str) -> Option<&str> {
        let head = format!("{title}: ");
        self.err.lines().rev().find_map(|line| line.strip_prefix(&head))
    }

    /// The data, when the command was carried out.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self.out
    }

    /// The data as JSON, when the command was carried out.
    #[track_caller]
    pub fn json(self) -> serde_json::Value {
        let out = self.done();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// The program with these arguments, and with nothing of the caller's surroundings.
pub fn cupo(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CUPO_") || name.starts_with("LC_") || name == "LANG" {
            command.env_remove(&variable);
        }
    }
    command.args(arguments);
    command
}

/// Runs a command to its end.
pub fn run(mut command: Command) -> Said {
    command.output().expect("the program can be run").into()
}

/// The project's root.
pub fn root() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.parent().expect("the package lies in the project").to_owned()
}

/// The built program beside this test; built now where it is missing.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let own = std::env::current_exe().expect("a test knows where it is");
        let folder = own.ancestors().nth(2).expect("tests are built into target/PROFILE/deps");
        let path = folder.join("cupo");
        if !path.exists() {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let built = Command::new(cargo)
                .args(["build", "-p", "cupo"])
                .current_dir(root())
                .status()
                .expect("cargo can be run");
            assert!(built.success(), "the program does not build");
        }
        path
    })
}
