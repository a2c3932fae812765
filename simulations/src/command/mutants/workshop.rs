//! Where bugs are planted: a copy of the source beside what is built of the original.
//!
//! A file is written only when it says something else than before, so that what was built of the
//! others stays good; and what comes from the registry is taken from where this program was built.

use super::super::say;
use super::planted::{Planted, root};
use super::{End, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What is built anew for a bug, and how far the compiler goes there: what takes longest to build
/// runs least, and a bug is found in a few seeds.
const OPTIMIZED: [(&str, u8); 4] =
    [("ledger", 1), ("store", 1), ("replica", 1), ("simulations", 0)];
/// Seeds that are lived through without a bug, to show that judges do not cry always. More of them
/// are lived through elsewhere.
const CONTROL: &str = "60";
/// How long the search for one bug may take: beyond it a run stands still.
const PATIENCE: Duration = Duration::from_secs(300);

/// A copy of the source, and what is built from it.
struct Workshop {
    source: PathBuf,
    built: PathBuf,
    /// Where this program was built.
    parts: PathBuf,
}

/// A search under way, while the next bug is being built.
struct Search {
    child: Child,
    began: Instant,
    row: Row,
}

/// Plants one bug after the other, after none at all: whoever cries always has caught nothing.
///
/// # Errors
/// When the copy cannot be made or built, or breaks a promise without a bug.
pub fn look_for(bugs: &[Planted], mut told: impl FnMut(Row)) -> Result<(), String> {
    let began = Instant::now();
    let workshop = Workshop::open()?;
    let mut control = Some(workshop.control()?);
    say!("{:<53} {:>5.1} s  built", "(without a bug)", began.elapsed().as_secs_f64());
    let mut search: Option<Search> = None;
    for bug in bugs {
        let began = Instant::now();
        let ready = bug.apply().and_then(|changed| {
            workshop.plant(&changed)?;
            workshop.build()
        });
        let took = began.elapsed();
        if let Some(control) = control.take() {
            say!("{:<53} {}", "(without a bug)", clean(control)?);
        }
        if let Some(former) = search.take() {
            told(former.end());
        }
        let (name, room) = (bug.name.clone(), bug.room().to_owned());
        let row =
            Row { name, room, within: bug.within, took, end: End::Missed(bug.breaks.clone()) };
        match ready.and_then(|()| workshop.search(&bug.name)) {
            Ok(child) => search = Some(Search { child, began: Instant::now(), row }),
            Err(why) => told(Row { end: End::Broken(why), ..row }),
        }
    }
    if let Some(last) = search {
        told(last.end());
    }
    Ok(())
}

/// What those say who looked for bugs where none is.
///
/// # Errors
/// What they found.
fn clean(control: Vec<Child>) -> Result<String, String> {
    let mut said = Vec::new();
    for child in control {
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            return Err(format!("a promise is broken without a bug:\n{text}"));
        }
        said.extend(text.lines().find(|line| line.contains(" seeds, ")).map(str::to_owned));
    }
    Ok(said.join("; "))
}

impl Workshop {
    /// The copy without a bug, built. What an interrupted build left behind may be of no use: then
    /// the copy moves, for what lies elsewhere is built anew.
    fn open() -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        // A program lies in the folder of its profile, and that in the one of all that was built.
        let parts = program.ancestors().nth(2).unwrap_or(root()).to_path_buf();
        let folder = parts.join("mutants");
        let old = folders(&folder.join("source")).into_iter().next();
        let elsewhere = || folder.join("source").join(std::process::id().to_string());
        let source = old.unwrap_or_else(elsewhere);
        let mut workshop = Self { source, built: folder.join("built"), parts };
        workshop.plant(&BTreeMap::new())?;
        if workshop.build().is_err() {
            fs::remove_dir_all(&workshop.source).map_err(|error| error.to_string())?;
            workshop.source = elsewhere();
            workshop.plant(&BTreeMap::new())?;
            workshop.build()?;
        }
        Ok(workshop)
    }

    /// Makes the copy the original, but for these files.
    fn plant(&self, changed: &BTreeMap<PathBuf, String>) -> Result<(), String> {
        let failed = |path: &Path, error| format!("{}: {error}", path.display());
        let mut known = BTreeSet::new();
        for name in sources()? {
            let from = root().join(&name);
            let text = match changed.get(&name) {
                Some(text) => text.clone().into_bytes(),
                None => match fs::read(&from) {
                    Ok(text) => text,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(failed(&from, error)),
                },
            };
            let to = self.source.join(&name);
            known.insert(to.clone());
            if fs::read(&to).is_ok_and(|before| before == text) {
                continue;
            }
            let folder = to.parent().unwrap_or(&self.source);
            fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
            fs::write(&to, text).map_err(|error| failed(&to, error))?;
        }
        for path in files(&self.source).into_iter().filter(|path| !known.contains(path)) {
            fs::remove_file(&path).map_err(|error| failed(&path, error))?;
        }
        Ok(())
    }

    /// Builds the simulations of the copy.
    fn build(&self) -> Result<(), String> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| String::from("cargo"));
        let mut command = Command::new(cargo);
        command.current_dir(&self.source).args(["build", "--locked", "--quiet", "-p"]);
        command.arg("simulations");
        command.env("CARGO_TARGET_DIR", &self.built).env("CARGO_BUILD_BUILD_DIR", &self.parts);
        for (room, level) in OPTIMIZED {
            command.args(["--config", &format!("profile.dev.package.{room}.opt-level={level}")]);
            command.args(["--config", &format!("profile.dev.package.{room}.debug=false")]);
        }
        let output = command.output().map_err(|error| format!("cargo: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("it does not build:\n{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The program that was built last, under a name that the next build leaves alone.
    fn program(&self, name: &str) -> Result<PathBuf, String> {
        let kept = self.built.join(name);
        let built = self.built.join("debug/simulations");
        fs::copy(&built, &kept).map_err(|error| format!("{}: {error}", built.display()))?;
        Ok(kept)
    }

    fn start(&self, program: &Path, arguments: &[&str]) -> Result<Child, String> {
        let mut command = Command::new(program);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
        // Some bugs panic in every seed, and to name the frames of a stack takes longer than a
        // seed.
        command.env("RUST_BACKTRACE", "0");
        command.spawn().map_err(|error| format!("{}: {error}", program.display()))
    }

    /// Seeds without a bug.
    fn control(&self) -> Result<Vec<Child>, String> {
        let program = self.program("without")?;
        let run = self.start(&program, &["run", "--seeds", CONTROL])?;
        let model = ["model", "--partial", "--commands", "1500", "--seeds", CONTROL];
        Ok(vec![run, self.start(&program, &model)?])
    }

    fn search(&self, name: &str) -> Result<Child, String> {
        self.start(&self.program("planted")?, &["hunt", name])
    }
}

impl Search {
    /// Waits for its end.
    fn end(mut self) -> Row {
        let end = loop {
            match self.child.try_wait() {
                Ok(Some(_)) => break self.said(),
                Ok(None) if self.began.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Ok(None) => {
                    let killed = self.child.kill().and_then(|()| self.child.wait());
                    let end = format!("a run did not end in {PATIENCE:?}");
                    break Some(End::Broken(killed.map_or_else(|e| e.to_string(), |_| end)));
                }
                Err(error) => break Some(End::Broken(error.to_string())),
            }
        };
        let took = self.row.took + self.began.elapsed();
        Row { took, end: end.unwrap_or(self.row.end), ..self.row }
    }

    /// What a search that has ended said: a number of seeds and what was seen; none for nothing.
    fn said(&mut self) -> Option<End> {
        let mut text = String::new();
        if let Some(stdout) = &mut self.child.stdout
            && let Err(error) = stdout.read_to_string(&mut text)
        {
            return Some(End::Broken(error.to_string()));
        }
        let text = text.trim();
        match text.split_once(' ').map(|(seeds, seen)| (seeds.parse(), seen)) {
            Some((Ok(seeds), seen)) => Some(End::Caught(seeds, seen.to_owned())),
            _ if text == "nothing" => None,
            _ => Some(End::Broken(format!("the search ended with {text:?}"))),
        }
    }
}

/// The project's files, but for settings that the copy finds in the folders above it.
fn sources() -> Result<Vec<PathBuf>, String> {
    let mut command = Command::new("git");
    command.current_dir(root()).args(["ls-files", "-z", "--cached", "--others"]);
    command.arg("--exclude-standard");
    let output = command.output().map_err(|error| format!("git: {error}"))?;
    if !output.status.success() {
        return Err(format!("git: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    let names = names.split('\0').filter(|name| !name.is_empty() && !name.starts_with(".cargo/"));
    Ok(names.map(PathBuf::from).collect())
}

/// The folders in a folder; none where there is no folder.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let inside = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    inside.filter(|path| path.is_dir()).collect()
}

/// All files below a folder; none where there is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
