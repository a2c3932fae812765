//! `cupo demo`.

use super::check::{Broken, Room, judge, read};
use super::desk::Desks;
use super::doors::Doors;
use super::error::DemoError;
use super::figures::Figures;
use super::founding::{Founded, found_cluster, found_nation, session, status};
use super::layout::Layout;
use super::notebook::{Notebook, Told};
use super::screen::{Picture, Screen};
use super::servers::{Happening, Servers};
use super::wards::Hospital;
use crate::arguments::Demo;
use crate::exit::Exit;
use crate::language::{Language, Texts};
use crate::nation::{Habits, Nation};
use ledger::words::Moment;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::{GetStatusResponse, ListCapacitiesRequest};

/// How long a check runs when nothing is said.
const CHECK_DURATION: Duration = Duration::from_secs(60);

/// The pause before a server that ended is started again.
const RESTART_PAUSE: Duration = Duration::from_secs(1);

/// How often the screen is redrawn.
const REDRAW: Duration = Duration::from_secs(1);

/// How often free beds are counted: a whole nation is some pages.
const COUNT_EVERY: u32 = 5;

/// How often the leader is killed while a check runs, at least.
const KILL_EVERY_MIN: Duration = Duration::from_secs(10);

/// How long the last killed server has to come back before the check reads.
const SETTLE: Duration = Duration::from_secs(30);

/// People come and go.
const LIVELY: Habits = Habits { notice: 60, arrive: 10, leave: 6, clean: 30, walk_in: 5 };

/// Nobody comes whom cupo does not know, and nobody leaves: what is live can be counted.
const WATCHED: Habits = Habits { notice: 60, arrive: 10, leave: 0, clean: 30, walk_in: 0 };

/// Runs the demo until its time is over, Ctrl-C or SIGTERM.
///
/// # Errors
/// When the servers cannot be started or do not agree.
pub async fn run(demo: &Demo, language: Language, now: Moment) -> Result<Exit, DemoError> {
    let temporary;
    let directory = match &demo.data {
        Some(directory) => directory.clone(),
        None => {
            temporary = tempfile::Builder::new().prefix("cupo-demo-").tempdir()?.keep();
            temporary
        }
    };
    let mut terminate = signal(SignalKind::terminate())?;
    let layout = Layout::create(&directory)?;
    let (tell, happenings) = mpsc::unbounded_channel();
    let servers = Servers::start(&layout, RESTART_PAUSE, &tell)?;
    let stage = Stage {
        demo,
        layout: &layout,
        doors: Doors::new(&servers.addresses(), 1)?,
        servers: &servers,
        language,
    };
    let exit = tokio::select! {
        ended = stage.play(happenings, now) => ended,
        // Whatever was going on, the servers are stopped and the data put away below.
        _ = tokio::signal::ctrl_c() => Ok(Exit::Done),
        _ = terminate.recv() => Ok(Exit::Done),
    };
    servers.stop().await;
    if demo.keep {
        let kept = layout.cluster_file().display().to_string();
        let texts = Texts {
            es: format!("los datos quedan junto a {kept}"),
            en: format!("the data stay beside {kept}"),
        };
        eprintln!("{}", texts.into_language(language));
    } else {
        layout.remove()?;
    }
    exit
}

/// Everything the demo plays with.
struct Stage<'a> {
    demo: &'a Demo,
    layout: &'a Layout,
    doors: Doors,
    servers: &'a Servers,
    language: Language,
}

impl Stage<'_> {
    async fn play(
        &self,
        mut happenings: UnboundedReceiver<Happening>,
        now: Moment,
    ) -> Result<Exit, DemoError> {
        let mut screen = Screen::new(self.language);
        let addresses = self.servers.addresses();
        let desk_session = Arc::new(session(&addresses)?);
        found_cluster(&self.doors, &addresses).await?;
        let nation = Nation { seed: self.demo.seed, facilities: self.demo.facilities };
        let founded = found_nation(&desk_session, &self.doors, nation, now).await?;
        screen.say(self.welcome(&founded));
        let figures = Arc::new(Figures::default());
        let notebook = Arc::new(Notebook::default());
        let stop = CancellationToken::new();
        let mut people = JoinSet::new();
        let habits = if self.demo.check { WATCHED } else { LIVELY };
        let hospitals = Hospital::of(&founded.wards, self.demo.seed, habits);
        for (turn, hospital) in hospitals.into_iter().enumerate() {
            let (doors, figures) = (self.doors.clone(), Arc::clone(&figures));
            people.spawn(hospital.run(doors, turn, figures, stop.clone()));
        }
        let (rate, seed) = (self.demo.rate, self.demo.seed);
        let desks = Desks::new(desk_session, Arc::clone(&figures), Arc::clone(&notebook), rate);
        let booking_stop = stop.clone();
        people.spawn(async move { desks.run(rate, seed, booking_stop).await });
        self.watch(&mut screen, &mut happenings, &figures).await?;
        stop.cancel();
        while people.join_next().await.is_some() {}
        if !self.demo.check {
            return Ok(Exit::Done);
        }
        self.prove(&mut screen, &founded, &notebook).await
    }

    /// What there is to see, and what to try in another terminal.
    fn welcome(&self, founded: &Founded) -> Texts<String> {
        let file = self.layout.cluster_file().display().to_string();
        let pids: Vec<String> = self
            .servers
            .lives()
            .into_iter()
            .filter_map(|(_, life)| life.process.map(|process| process.to_string()))
            .collect();
        let (pids, facilities) = (pids.join(" "), self.demo.facilities);
        let beds: u32 = founded.wards.iter().map(|ward| ward.beds).sum();
        let slots: u64 = founded.agendas.iter().map(|a| u64::from(a.shape.slots())).sum();
        // As it was called here, so that it can be called there.
        let cupo = std::env::args().next().unwrap_or_else(|| "cupo".to_owned());
        let commands = format!(
            "  export CUPO_CLUSTER={file}\n  {cupo} cluster status\n  \
             {cupo} place find --kind bed --near 19.43,-99.13\n  {cupo} watch\n"
        );
        Texts {
            es: format!(
                "{facilities} establecimientos, {beds} camas, {slots} citas. En otra terminal:\n\
                 {commands}  kill -9 PID   # {pids}\n"
            ),
            en: format!(
                "{facilities} facilities, {beds} beds, {slots} slots. In another terminal:\n\
                 {commands}  kill -9 PID   # {pids}\n"
            ),
        }
    }

    /// Shows what happens until the time is over; in a check, kills leaders meanwhile.
    async fn watch(
        &self,
        screen: &mut Screen,
        happenings: &mut UnboundedReceiver<Happening>,
        figures: &Figures,
    ) -> Result<(), DemoError> {
        let duration = match (self.demo.duration, self.demo.check) {
            (Some(duration), _) => Some(duration),
            (None, true) => Some(CHECK_DURATION),
            (None, false) => None,
        };
        let kill_every = duration.map_or(Duration::MAX, |all| (all / 5).max(KILL_EVERY_MIN));
        let began = Instant::now();
        let (mut last, mut killed) = (began, began);
        let mut picture = Picture::default();
        let mut redraw = tokio::time::interval(REDRAW);
        for round in 0_u32.. {
            loop {
                tokio::select! {
                    _ = redraw.tick() => break,
                    Some(happening) = happenings.recv() => screen.tell(&happening),
                }
            }
            if duration.is_some_and(|all| began.elapsed() >= all) {
                break;
            }
            let looked = self.look().await;
            picture.saw(looked.map(|status| (status.leader_id, status.revision)));
            picture.servers = self.servers.lives();
            picture.before = std::mem::replace(&mut picture.figures, figures.look());
            picture.between = last.elapsed();
            last = Instant::now();
            if round.is_multiple_of(COUNT_EVERY) {
                picture.free = self.free_beds().await.unwrap_or(picture.free);
            }
            screen.draw(&picture)?;
            let left = duration.map(|all| all.saturating_sub(began.elapsed()));
            // The last seconds belong to the restarted server.
            let in_time = left.is_some_and(|left| left > KILL_EVERY_MIN / 2);
            if self.demo.check
                && in_time
                && killed.elapsed() >= kill_every
                && let Some(leader) = picture.leader
            {
                killed = Instant::now();
                screen.say(Texts {
                    es: format!("kill -9 al líder, nodo {leader}"),
                    en: format!("kill -9 to the leader, node {leader}"),
                });
                self.servers.kill(leader).await;
            }
        }
        Ok(())
    }

    /// How the cluster stands: what the first server says that knows a leader.
    async fn look(&self) -> Option<GetStatusResponse> {
        for turn in 0..self.servers.lives().len() {
            if let Ok(status) = status(&self.doors.door(turn)).await
                && status.leader_id.is_some()
            {
                return Some(status);
            }
        }
        None
    }

    /// Free beds by institution, from whichever server answers.
    async fn free_beds(&self) -> Option<BTreeMap<String, u64>> {
        for turn in 0..self.servers.lives().len() {
            if let Ok(free) = free_beds(&self.doors, turn).await {
                return Some(free);
            }
        }
        None
    }

    /// Reads every node's picture and compares it with the observer's notes.
    async fn prove(
        &self,
        screen: &mut Screen,
        founded: &Founded,
        notebook: &Notebook,
    ) -> Result<Exit, DemoError> {
        self.settle().await?;
        let notes = notebook.pages();
        let room = Room::of(founded);
        let facilities: BTreeSet<String> = founded.facilities.iter().cloned().collect();
        let mut broken: BTreeSet<Broken> = BTreeSet::new();
        let nodes = self.servers.lives().len();
        for node in 0..nodes {
            let found = read(&self.doors, node, &facilities).await?;
            broken.extend(judge(&notes, &found, &room));
        }
        for one in &broken {
            screen.say(one.texts());
        }
        let count = |wanted: fn(&Told) -> bool| notes.values().filter(|told| wanted(told)).count();
        let booked = count(|told| matches!(told, Told::Booked { .. }));
        let unknown = count(|told| matches!(told, Told::Nothing));
        let starts: u32 = self.servers.lives().iter().map(|(_, life)| life.starts).sum();
        let kills = u64::from(starts).saturating_sub(u64::try_from(nodes).unwrap_or(0));
        let asked = notes.len();
        screen.say(Texts {
            es: format!(
                "{asked} solicitudes, {booked} reservas confirmadas y vivas, {unknown} sin \
                 respuesta, {kills} muertes: {} promesas rotas",
                broken.len()
            ),
            en: format!(
                "{asked} requests, {booked} bookings acknowledged and live, {unknown} without an \
                 answer, {kills} deaths: {} broken promises",
                broken.len()
            ),
        });
        // A check that booked nothing or killed nobody has proved nothing.
        let proved = broken.is_empty() && booked > 0 && kills > 0;
        Ok(if proved { Exit::Done } else { Exit::Other })
    }

    /// Waits until every server runs and knows a leader.
    async fn settle(&self) -> Result<(), DemoError> {
        let until = Instant::now() + SETTLE;
        for turn in 0..self.servers.lives().len() {
            loop {
                match status(&self.doors.door(turn)).await {
                    Ok(status) if status.ready && status.leader_id.is_some() => break,
                    _ if Instant::now() < until => tokio::time::sleep(REDRAW / 4).await,
                    Ok(_) => return Err(DemoError::NoLeader { timeout: SETTLE }),
                    Err(status) => return Err(status.into()),
                }
            }
        }
        Ok(())
    }
}

async fn free_beds(doors: &Doors, turn: usize) -> Result<BTreeMap<String, u64>, tonic::Status> {
    let mut client = CapacityServiceClient::new(doors.door(turn));
    let mut free: BTreeMap<String, u64> = BTreeMap::new();
    let mut page_token = String::new();
    loop {
        let mut request = tonic::Request::new(ListCapacitiesRequest {
            parent: "facilities/-".to_owned(),
            page_size: crate::limits::PAGE_SIZE_MAX,
            page_token,
            ..ListCapacitiesRequest::default()
        });
        request.set_timeout(Duration::from_secs(5));
        let page = client.list_capacities(request).await?.into_inner();
        for capacity in page.capacities {
            // `facilities/OCIMB000123/…`: the institution's letters are the third to the fifth.
            let institution = capacity.name.get(13..16).unwrap_or_default().to_owned();
            *free.entry(institution).or_default() += u64::from(capacity.available);
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(free);
        }
    }
}

const _: () = {
    // The last server that is killed has time to come back before the check reads.
    assert!(KILL_EVERY_MIN.as_millis() > 2 * RESTART_PAUSE.as_millis());
    assert!(CHECK_DURATION.as_millis() >= 5 * KILL_EVERY_MIN.as_millis());
};
