//! One quiet screen, redrawn in place; plain lines where stdout is no terminal.

use super::figures::Snapshot;
use super::servers::{Happening, Life};
use crate::language::{Language, Texts};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// What the screen shows.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// The leader's number, where one is known.
    pub leader: Option<u64>,
    /// The newest revision seen.
    pub revision: u64,
    /// The servers.
    pub servers: Vec<(u64, Life)>,
    /// The counters.
    pub figures: Snapshot,
    /// The counters at the last look.
    pub before: Snapshot,
    /// Time between the two.
    pub between: Duration,
    /// Free beds by institution.
    pub free: BTreeMap<String, u64>,
}

impl Picture {
    /// Takes up what a server said of the leader and the revision; nobody may have answered. A
    /// server that is still catching up says an older revision than another one before it.
    pub fn saw(&mut self, said: Option<(Option<u64>, u64)>) {
        self.leader = said.and_then(|(leader, _)| leader);
        self.revision = self.revision.max(said.map_or(0, |(_, revision)| revision));
    }
}

/// Where it is drawn.
#[derive(Debug)]
pub struct Screen {
    language: Language,
    terminal: bool,
    lines: usize,
    /// The newest things that happened, as they were told.
    told: Vec<String>,
}

/// Things that happened which stay on the screen.
const TOLD_MAX: usize = 4;

impl Screen {
    /// A screen on stdout.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let terminal = io::stdout().is_terminal();
        Self { language, terminal, lines: 0, told: Vec::new() }
    }

    /// Says something that stays.
    pub fn say(&mut self, texts: Texts<String>) {
        println!("{}", texts.into_language(self.language));
    }

    /// Says what happened to a server.
    pub fn tell(&mut self, happening: &Happening) {
        let text = happened(happening).into_language(self.language);
        if !self.terminal {
            println!("{text}");
            return;
        }
        self.told.push(text);
        let surplus = self.told.len().saturating_sub(TOLD_MAX);
        self.told.drain(..surplus);
    }

    /// Draws the picture over the last one.
    ///
    /// # Errors
    /// stdout's.
    pub fn draw(&mut self, picture: &Picture) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if !self.terminal {
            writeln!(out, "{}", line(picture).into_language(self.language))?;
            return out.flush();
        }
        let mut text = String::new();
        if self.lines > 0 {
            // Up to the first line of the last picture.
            let _ = write!(text, "\x1b[{}A", self.lines);
        }
        let lines = lines(picture, self.language);
        let told = self.told.iter().map(|told| format!("  {told}"));
        let all: Vec<String> = lines.into_iter().chain(told).collect();
        for line in &all {
            // Each line is cleared to its end, and whatever is below the last.
            let _ = writeln!(text, "{line}\x1b[K");
        }
        text.push_str("\x1b[J");
        self.lines = all.len();
        out.write_all(text.as_bytes())?;
        out.flush()
    }
}

/// Bookings and words of facilities a second between two looks.
fn rates(picture: &Picture) -> [u64; 2] {
    let micros = u64::try_from(picture.between.as_micros()).unwrap_or(u64::MAX).max(1);
    let rate = |now: u64, before: u64| {
        (now.saturating_sub(before) * 1_000_000).checked_div(micros).unwrap_or(0)
    };
    let Picture { figures, before, .. } = picture;
    [rate(figures.booked, before.booked), rate(figures.reported, before.reported)]
}

fn millis(micros: u64) -> String {
    format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
}

fn leader(picture: &Picture, language: Language) -> String {
    match picture.leader {
        Some(leader) => leader.to_string(),
        None => Texts { es: "ninguno", en: "none" }.into_language(language).to_owned(),
    }
}

fn line(picture: &Picture) -> Texts<String> {
    let [booked, reported] = rates(picture);
    let (p50, p99) = (millis(picture.figures.p50_micros), millis(picture.figures.p99_micros));
    let free: u64 = picture.free.values().sum();
    let total = picture.figures.booked;
    Texts {
        es: format!(
            "líder {} · revisión {} · {booked} reservas/s ({total}) · p50 {p50} · p99 {p99} · \
             {reported} avisos/s · {free} camas libres",
            leader(picture, Language::Es),
            picture.revision,
        ),
        en: format!(
            "leader {} · revision {} · {booked} bookings/s ({total}) · p50 {p50} · p99 {p99} · \
             {reported} reports/s · {free} beds free",
            leader(picture, Language::En),
            picture.revision,
        ),
    }
}

fn lines(picture: &Picture, language: Language) -> Vec<String> {
    let [booked, reported] = rates(picture);
    let Snapshot { refused, failed, p50_micros, p99_micros, .. } = picture.figures;
    let total = picture.figures.booked;
    let words = match language {
        Language::Es => ["líder", "revisión", "reservas/s", "hechas", "sin lugar", "sin respuesta"],
        Language::En => ["leader", "revision", "bookings/s", "made", "no room", "no answer"],
    };
    let (reports, beds) = match language {
        Language::Es => ("avisos/s", "camas libres"),
        Language::En => ("reports/s", "beds free"),
    };
    let servers: Vec<String> = picture
        .servers
        .iter()
        .map(|(node, life)| match life.process {
            Some(process) => format!("{node}: pid {process}"),
            None => format!("{node}: –"),
        })
        .collect();
    let free: Vec<String> =
        picture.free.iter().map(|(institution, beds)| format!("{institution} {beds}")).collect();
    vec![
        String::new(),
        format!(
            "  {} {}   {} {}   {}",
            words[0],
            leader(picture, language),
            words[1],
            picture.revision,
            servers.join("   "),
        ),
        format!(
            "  {} {booked}   p50 {}   p99 {}   {reports} {reported}",
            words[2],
            millis(p50_micros),
            millis(p99_micros),
        ),
        format!("  {} {total}   {} {refused}   {} {failed}", words[3], words[4], words[5]),
        format!("  {beds}: {}", free.join("   ")),
        String::new(),
    ]
}

fn happened(happening: &Happening) -> Texts<String> {
    let [es, en] = match happening {
        Happening::Died { node, how } => [
            format!("el nodo {node} terminó ({how}); lo arranco de nuevo"),
            format!("node {node} ended ({how}); starting it again"),
        ],
        Happening::Restarted { node, process } => [
            format!("el nodo {node} arrancó de nuevo, pid {process}"),
            format!("node {node} started again, pid {process}"),
        ],
        Happening::Unstartable { node, why } => [
            format!("el nodo {node} no arranca: {why}"),
            format!("node {node} does not start: {why}"),
        ],
    };
    Texts { es, en }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_revision_never_goes_back() {
        let mut picture = Picture::default();
        let mut shown = Vec::new();
        for said in [Some((Some(1), 10)), None, Some((Some(2), 7)), Some((None, 12))] {
            picture.saw(said);
            shown.push((picture.leader, picture.revision));
        }
        assert_eq!(shown, [(Some(1), 10), (None, 10), (Some(2), 10), (None, 12)]);
    }

    #[test]
    fn a_picture_is_told_in_both_languages() {
        let picture = Picture {
            leader: Some(2),
            revision: 4_711,
            servers: vec![
                (1, Life { process: Some(10), starts: 1 }),
                (2, Life { process: None, starts: 3 }),
            ],
            figures: Snapshot { booked: 300, p50_micros: 5_900, ..Snapshot::default() },
            before: Snapshot { booked: 100, ..Snapshot::default() },
            between: Duration::from_secs(2),
            free: BTreeMap::from([("IMB".to_owned(), 12), ("IMS".to_owned(), 30)]),
        };
        let told = line(&picture);
        assert!(told.es.starts_with("líder 2 · revisión 4711 · 100 reservas/s"), "{}", told.es);
        assert!(told.en.contains("p50 5.9 ms") && told.en.ends_with("42 beds free"), "{}", told.en);
        let drawn = lines(&picture, Language::En).join("\n");
        for part in ["leader 2", "1: pid 10", "2: –", "IMB 12   IMS 30", "made 300"] {
            assert!(drawn.contains(part), "{drawn}");
        }
        let nobody = Picture { leader: None, ..picture };
        assert!(line(&nobody).es.starts_with("líder ninguno"));
    }
}
