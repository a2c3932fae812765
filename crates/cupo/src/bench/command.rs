//! `cupo bench`.

use super::bulk::{self, Messages};
use super::disk;
use super::echo;
use super::failover::{Deaths, failover};
use super::measure::Measure;
use super::pool::Pool;
use super::reports;
use super::unary::{self, Calls};
use crate::arguments::{Bench, BenchBulk, BenchFailover, BenchScale, BenchUnary};
use crate::demo::founding::{Founded, found_cluster, found_nation, session, status};
use crate::demo::{DemoError, Doors, Layout, Servers};
use crate::exit::Exit;
use crate::nation::Nation;
use ledger::words::Moment;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

/// The nation's seed: measurements of two days are of the same nation.
const SEED: u64 = 1;

/// Connections to each server.
const CONNECTIONS: usize = 4;

/// How long bulk messages are echoed at most: what an echo can do is known by then.
const ECHO_MAX: Duration = Duration::from_secs(30);

/// The pause before a server that died is started again: longer than an election.
const RESTART_PAUSE: Duration = Duration::from_secs(3);

/// Messages as large as those of the peer that sends the largest.
const PEER_MESSAGE: u32 = 8_189;

/// Measures what the command line asks for.
///
/// # Errors
/// When the servers cannot be started, or a measurement breaks off.
pub async fn run(wanted: &Bench, now: Moment) -> Result<Exit, DemoError> {
    match wanted {
        Bench::EchoServer { listen } => {
            echo::serve(*listen).await?;
            Ok(Exit::Done)
        }
        Bench::All(scale) => all(*scale, now).await,
        Bench::Unary(wanted) => {
            let field = Field::open(wanted.scale.facilities, now).await?;
            let measured = field.unary(wanted).await;
            field.close().await?;
            measured.map(|_| Exit::Done)
        }
        Bench::Bulk(wanted) => {
            let field = Field::open(wanted.scale.facilities, now).await?;
            let measured = field.bulk(*wanted).await;
            field.close().await?;
            measured.map(|_| Exit::Done)
        }
        Bench::Reports(wanted) => {
            let field = Field::open(wanted.scale.facilities, now).await?;
            let measured = field.reports(*wanted).await;
            field.close().await?;
            measured.map(|_| Exit::Done)
        }
        Bench::Failover(wanted) => {
            let field = Field::open(wanted.facilities, now).await?;
            let measured = field.failover(*wanted).await;
            field.close().await?;
            measured
        }
    }
}

/// Everything in one sitting, so that the ratios compare like with like.
async fn all(scale: BenchScale, now: Moment) -> Result<Exit, DemoError> {
    let field = Field::open(scale.facilities, now).await?;
    let measured = field.all(scale).await;
    field.close().await?;
    measured
}

/// Three servers with a nation, and an echo beside them.
struct Field {
    directory: TempDir,
    servers: Servers,
    addresses: Vec<String>,
    disks: Vec<PathBuf>,
    founded: Founded,
    pool: Arc<Pool>,
    echo: Child,
    echo_doors: Doors,
}

impl Field {
    async fn open(facilities: u32, now: Moment) -> Result<Self, DemoError> {
        let directory = tempfile::Builder::new().prefix("cupo-bench-").tempdir()?;
        let layout = Layout::create(directory.path())?;
        let (tell, _) = mpsc::unbounded_channel();
        let servers = Servers::start(&layout, RESTART_PAUSE, &tell)?;
        let addresses = servers.addresses();
        let disks = layout.nodes().iter().map(|node| node.data.clone()).collect();
        let doors = Doors::new(&addresses, 1)?;
        found_cluster(&doors, &addresses).await?;
        let nation = Nation { seed: SEED, facilities };
        let founded = found_nation(&session(&addresses)?, &doors, nation, now).await?;
        let pool = Arc::new(Pool::of(&founded.agendas));
        let (echo, address) = start_echo().await?;
        let echo_doors = Doors::new(&[address], CONNECTIONS)?;
        Ok(Self { directory, servers, addresses, disks, founded, pool, echo, echo_doors })
    }

    async fn close(mut self) -> Result<(), DemoError> {
        self.echo.kill().await?;
        self.servers.stop().await;
        Ok(self.directory.close()?)
    }

    /// Connections to the leader alone: a client that knows better than to ask somebody who asks.
    async fn leader(&self) -> Result<Doors, DemoError> {
        let all = Doors::new(&self.addresses, 1)?;
        let known = status(&all.door(0)).await?;
        let leads = |turn: usize| {
            let door = all.door(turn);
            async move { status(&door).await.is_ok_and(|s| Some(s.node_id) == s.leader_id) }
        };
        for (turn, address) in self.addresses.iter().enumerate() {
            if leads(turn).await {
                return Ok(Doors::new(std::slice::from_ref(address), CONNECTIONS)?);
            }
        }
        let place = known.leader_id.unwrap_or(1).saturating_sub(1);
        let place = usize::try_from(place).unwrap_or(0) % self.addresses.len();
        Ok(Doors::new(&self.addresses[place..=place], CONNECTIONS)?)
    }

    async fn all(&self, scale: BenchScale) -> Result<Exit, DemoError> {
        let unary = BenchUnary { scale, in_flight: vec![64, 256], rate: None };
        let ratios = self.unary(&unary).await?;
        let bulk = BenchBulk { scale, streams: 8, per_message: 64, ahead: 4, disk_every: None };
        let small = self.bulk(bulk).await?;
        let large = self.bulk(BenchBulk { streams: 2, per_message: PEER_MESSAGE, ..bulk }).await?;
        let reports = self.reports(BenchBulk { streams: 4, per_message: 256, ..bulk }).await?;
        say(&json!({
            "measurement": "summary",
            "booking_to_echo": ratios,
            "bookings_per_second_64_per_message": small.rate().round(),
            "bookings_per_second_8189_per_message": large.rate().round(),
            "reports_per_second": reports.rate().round(),
        }));
        let deaths = BenchFailover { facilities: scale.facilities, kills: 20 };
        self.failover(deaths).await
    }

    /// Bookings one by one, and the echo of the same calls right before; their ratios by how many
    /// were in flight.
    async fn unary(&self, wanted: &BenchUnary) -> Result<BTreeMap<String, f64>, DemoError> {
        let mut ratios = BTreeMap::new();
        let BenchScale { seconds, steady, .. } = wanted.scale;
        for in_flight in wanted.in_flight.iter().copied() {
            let calls = Calls { in_flight, seconds, steady: false };
            let (echoed, _) = unary::closed_loop(&self.echo_doors, &self.pool, calls).await;
            self.pool.rewind();
            let what = json!({ "in_flight": in_flight, "operation": "one echoed call" });
            say(&echoed.line("echo", &what));
            let doors = self.leader().await?;
            let calls = Calls { steady, ..calls };
            let (measured, booked) = match wanted.rate {
                Some(rate) => unary::open_loop(&doors, &self.pool, calls, rate).await,
                None => unary::closed_loop(&doors, &self.pool, calls).await,
            };
            self.clear(booked).await?;
            let operation = operation(steady, "one booking (hold and confirm in one command)");
            let loop_kind = if wanted.rate.is_some() { "open" } else { "closed" };
            say(&measured.line(
                "unary",
                &json!({
                    "in_flight": in_flight, "loop": loop_kind, "rate": wanted.rate,
                    "operation": operation,
                }),
            ));
            if echoed.rate() > 0.0 {
                let ratio = (measured.rate() / echoed.rate() * 1_000.0).round() / 1_000.0;
                ratios.insert(in_flight.to_string(), ratio);
            }
        }
        say(&json!({ "measurement": "booking_to_echo", "by_in_flight": ratios }));
        Ok(ratios)
    }

    async fn bulk(&self, wanted: BenchBulk) -> Result<Measure, DemoError> {
        let messages = as_messages(wanted);
        let doors = self.leader().await?;
        let short = Messages { seconds: messages.seconds.min(ECHO_MAX), ..messages };
        let (echoed, _) = bulk::book(&self.echo_doors, &self.pool, short).await?;
        self.pool.rewind();
        let parameters = |operation: &str| {
            json!({
                "streams": wanted.streams, "per_message": wanted.per_message,
                "ahead": wanted.ahead, "operation": operation, "latency_of": "a message",
            })
        };
        say(&echoed.line("echo-bulk", &parameters("one echoed booking")));
        let (measured, booked) = tokio::select! {
            booked = bulk::book(&doors, &self.pool, messages) => booked?,
            never = self.disks(&doors, wanted.disk_every) => match never {},
        };
        self.clear(booked).await?;
        let operation = operation(messages.steady, "one booking");
        say(&measured.line("bulk", &parameters(&operation)));
        Ok(measured)
    }

    /// Says so often what is on the servers' disks; or waits for ever.
    async fn disks(&self, doors: &Doors, every: Option<Duration>) -> Infallible {
        match every {
            Some(every) => disk::watch(&self.disks, &doors.door(0), every, say).await,
            None => std::future::pending().await,
        }
    }

    async fn reports(&self, wanted: BenchBulk) -> Result<Measure, DemoError> {
        let doors = self.leader().await?;
        let measured = reports::report(&doors, &self.founded.wards, as_messages(wanted)).await?;
        say(&measured.line(
            "reports",
            &json!({
                "streams": wanted.streams, "per_message": wanted.per_message,
                "ahead": wanted.ahead, "wards": self.founded.wards.len(),
                "operation": "one report", "latency_of": "a message",
            }),
        ));
        Ok(measured)
    }

    async fn failover(&self, wanted: BenchFailover) -> Result<Exit, DemoError> {
        let doors = Doors::new(&self.addresses, 1)?;
        let (deaths, measure) =
            failover(&self.servers, &doors, &self.founded, wanted.kills).await?;
        let what = json!({ "operation": "one booking, asked for until answered" });
        say(&measure.line("bookings-through-failover", &what));
        say(&told(&deaths));
        Ok(if deaths.broken.is_empty() { Exit::Done } else { Exit::Other })
    }

    /// Cancels what was booked, so that the next measurement finds the same room.
    async fn clear(&self, booked: Vec<u64>) -> Result<(), DemoError> {
        let doors = self.leader().await?;
        bulk::cancel_all(&doors, booked).await?;
        self.pool.rewind();
        Ok(())
    }
}

const fn as_messages(wanted: BenchBulk) -> Messages {
    Messages {
        streams: wanted.streams,
        per_message: wanted.per_message,
        ahead: wanted.ahead,
        seconds: wanted.scale.seconds,
        steady: wanted.scale.steady,
    }
}

fn operation(steady: bool, booking: &str) -> String {
    if steady { format!("{booking}, or the cancellation of one") } else { booking.to_owned() }
}

fn told(deaths: &Deaths) -> Value {
    let mut millis: Vec<u128> = deaths.gaps.iter().map(Duration::as_millis).collect();
    millis.sort_unstable();
    // The smallest that so many of a hundred do not exceed.
    let at = |percent: usize| {
        let place = (millis.len() * percent).div_ceil(100).saturating_sub(1);
        millis.get(place).copied().unwrap_or_default()
    };
    json!({
        "measurement": "failover",
        "kills": millis.len(),
        "next_booking_millis": {
            "min": at(0), "p50": at(50), "p90": at(90), "p99": at(99), "max": at(100),
        },
        "booked": deaths.booked,
        "unanswered": deaths.unanswered,
        "broken_promises": deaths.broken.iter().map(|one| one.texts().en).collect::<Vec<_>>(),
    })
}

#[allow(clippy::print_stdout, reason = "measurements are the data")]
fn say(line: &Value) {
    println!("{line}");
}

/// Starts the echo as a process of its own, as the servers are.
async fn start_echo() -> Result<(Child, String), DemoError> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["bench", "echo-server"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let none = || std::io::Error::other("the echo server did not say where it listens");
    let stdout = child.stdout.take().ok_or_else(none)?;
    let address = BufReader::new(stdout).lines().next_line().await?.ok_or_else(none)?;
    Ok((child, address))
}
