//! `cupo bench`.

use super::values;
use crate::messages::{Help, say};
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::time::Duration;

/// Measurements. Each starts three servers of its own in a temporary directory.
#[derive(Clone, Debug, Subcommand)]
pub enum Bench {
    /// Everything, with ratios.
    #[command(about = say(Help::BenchAll))]
    All(BenchScale),
    /// One booking per call.
    #[command(about = say(Help::BenchUnary))]
    Unary(BenchUnary),
    /// Many bookings per message.
    #[command(about = say(Help::BenchBulk))]
    Bulk(BenchBulk),
    /// Reports of wards.
    #[command(about = say(Help::BenchReports))]
    Reports(BenchBulk),
    /// Time from the death of a leader to the next booking.
    #[command(about = say(Help::BenchFailover))]
    Failover(BenchFailover),
    /// What calls of the same size cost without a cluster behind them.
    #[command(about = say(Help::BenchEchoServer))]
    EchoServer {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:0", value_name = "HOST:PORT",
            help = say(Help::Listen))]
        listen: SocketAddr,
    },
}

/// How large a nation, and how long a measurement.
#[derive(Clone, Copy, Debug, Args)]
pub struct BenchScale {
    /// How many facilities.
    #[arg(long, default_value_t = 3_000, value_name = "N",
        value_parser = clap::value_parser!(u32).range(32..=99_999),
        help = say(Help::DemoFacilities))]
    pub facilities: u32,
    /// How long each measurement takes.
    #[arg(long, default_value = "10s", value_parser = values::duration, value_name = "10s",
        help = say(Help::BenchFor))]
    pub seconds: Duration,
    /// Whether each booking is cancelled again, so that as many live all the time.
    #[arg(long, help = say(Help::BenchSteady))]
    pub steady: bool,
}

/// One booking per call.
#[derive(Clone, Debug, Args)]
pub struct BenchUnary {
    /// How large and how long.
    #[command(flatten)]
    pub scale: BenchScale,
    /// Calls in flight.
    #[arg(long, value_delimiter = ',', default_value = "64,256", value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=65_536), help = say(Help::BenchInFlight))]
    pub in_flight: Vec<u32>,
    /// Calls per second; without it each call waits for one to end.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000),
        help = say(Help::BenchRate))]
    pub rate: Option<u32>,
}

/// Many bookings or reports per message.
#[derive(Clone, Copy, Debug, Args)]
pub struct BenchBulk {
    /// How large and how long.
    #[command(flatten)]
    pub scale: BenchScale,
    /// Streams.
    #[arg(long, default_value_t = 8, value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=256), help = say(Help::BenchStreams))]
    pub streams: u32,
    /// Operations per message.
    #[arg(long, default_value_t = 64, value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=8_192),
        help = say(Help::BenchPerMessage))]
    pub per_message: u32,
    /// Messages of a stream in flight.
    #[arg(long, default_value_t = 4, value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=64), help = say(Help::BenchAhead))]
    pub ahead: u32,
    /// How often to say what the servers keep on disk; without it never.
    #[arg(long, value_parser = values::duration, value_name = "30s",
        help = say(Help::BenchDiskEvery))]
    pub disk_every: Option<Duration>,
}

/// Deaths of leaders.
#[derive(Clone, Copy, Debug, Args)]
pub struct BenchFailover {
    /// How many facilities.
    #[arg(long, default_value_t = 3_000, value_name = "N",
        value_parser = clap::value_parser!(u32).range(32..=99_999),
        help = say(Help::DemoFacilities))]
    pub facilities: u32,
    /// How many deaths.
    #[arg(long, default_value_t = 20, value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=10_000), help = say(Help::BenchKills))]
    pub kills: u32,
}
