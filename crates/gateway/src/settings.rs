//! What the edge may be told to do differently: data only.

use std::num::NonZeroU32;
use std::time::Duration;

/// The edge's settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many commands everybody together may send.
    pub budget: Budget,
    /// How many commands one caller may send; callers are addresses until identity exists.
    pub budget_per_caller: Budget,
    /// Calls answered at the same time; a stream counts while it is opened.
    pub calls_max: usize,
    /// Streams open at the same time.
    pub streams_max: usize,
    /// Connections open at the same time; the system must have a descriptor for each.
    pub connections_max: usize,
    /// Calls at the same time on one connection.
    pub calls_per_connection_max: u32,
    /// The deadline of calls that carry none; the answer says so in `x-cupo-deadline-default`.
    pub deadline_default: Duration,
    /// The longest deadline a call may carry.
    pub deadline_max: Duration,
    /// Whether calls without a deadline are refused instead.
    pub deadline_required: bool,
    /// How old the picture may be when a read does not say.
    pub staleness_default: Duration,
    /// How long open calls have to end when the node stops.
    pub stop_grace: Duration,
}

/// A budget of commands that fills again evenly.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Commands per second.
    pub per_second: NonZeroU32,
    /// Commands at once after a pause; at least one message of a stream.
    pub burst: NonZeroU32,
}

impl Budget {
    /// A budget of this many commands per second, and as many at once.
    #[must_use]
    pub const fn per_second(commands: NonZeroU32) -> Self {
        Self { per_second: commands, burst: commands }
    }
}

impl Default for Settings {
    fn default() -> Self {
        const MILLION: NonZeroU32 = NonZeroU32::new(1_000_000).expect("a million is not zero");
        Self {
            budget: Budget::per_second(MILLION),
            // On loopback every caller has the same address, so it may have nearly everything.
            budget_per_caller: Budget::per_second(MILLION),
            calls_max: 4_096,
            streams_max: 16_384,
            connections_max: 16_384,
            calls_per_connection_max: 512,
            deadline_default: Duration::from_secs(10),
            deadline_max: Duration::from_secs(120),
            deadline_required: false,
            staleness_default: Duration::from_secs(10),
            stop_grace: Duration::from_secs(5),
        }
    }
}
