//! Commands from a seed: a small nation, so that everything collides, and a stream of entries with
//! weights that reach every outcome of every act.
//!
//! Enter at [`Generator::entry`]. It looks at the model to know what there is to ask for; what it
//! asks is recorded by whoever drives it, so that a story can be told again without it.

mod agendas;
mod bookings;
mod catalogue;
mod chance;
mod crowds;
mod draft;
mod requests;
mod wards;

pub use chance::Chance;
pub use crowds::KINDS;

use crate::model::Model;
use draft::Draft;
use ledger::limits::SILENT_AFTER_SECONDS;
use ledger::words::Moment;
use ledger::{Act, Command};
use requests::Sender;
use std::collections::VecDeque;

/// When every story begins, in seconds since 1970.
pub const BEGINNING_SECONDS: u64 = 1_800_000_000;
/// The cluster's incarnation in every story.
pub const INCARNATION: u64 = 7;
/// The entry before which a story's crowd comes.
const CROWD_AT: u64 = 40;

/// One entry of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The moment its leader stamped.
    pub moment: Moment,
    /// Its commands in order.
    pub commands: Vec<Command>,
}

/// Draws entries from a seed.
#[derive(Clone, Debug)]
pub struct Generator {
    chance: Chance,
    seed: u64,
    entries: u64,
    sender: Sender,
    queue: VecDeque<Entry>,
    crowd_commands: u64,
}

/// How an act is drawn.
type Draw = fn(&mut Draft<'_>) -> Act;

/// Each act's weight, and how it is drawn.
const ACTS: [(u32, Draw); 24] = [
    (12, |_| Act::Tick),
    (10, |draft| draft.put_institution()),
    (28, |draft| draft.put_facility()),
    (8, |draft| draft.close_facility()),
    (10, |draft| draft.merge_facility()),
    (10, |draft| draft.close_service()),
    (14, |draft| draft.confirm_capacity()),
    (90, |draft| draft.report()),
    (30, |draft| draft.heartbeat()),
    (30, |draft| draft.acknowledge()),
    (45, |draft| draft.publish_agenda()),
    (24, |draft| draft.block_slots()),
    (12, |draft| draft.withdraw_agenda()),
    (200, |draft| draft.hold()),
    (70, |draft| draft.confirm()),
    (45, |draft| draft.release()),
    (30, |draft| draft.extend()),
    (35, |draft| draft.cancel()),
    (50, |draft| draft.arrive()),
    (40, |draft| draft.discharge()),
    (25, |draft| draft.fulfil()),
    (25, |draft| draft.no_show()),
    (50, |draft| draft.transfer()),
    (15, |draft| draft.dispute()),
];

impl Generator {
    /// The generator of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Chance::new(seed),
            seed,
            entries: 0,
            sender: Sender::default(),
            queue: VecDeque::new(),
            crowd_commands: 0,
        }
    }

    /// How many commands the story's crowd takes, beside those that are drawn one by one.
    #[must_use]
    pub const fn crowd_commands(&self) -> u64 {
        self.crowd_commands
    }

    /// The next entry, for what the model says there is.
    pub fn entry(&mut self, model: &Model) -> Entry {
        self.entries += 1;
        if let Some(entry) = self.queue.pop_front() {
            return entry;
        }
        let moment = self.moment(model);
        let mut draft = Draft { chance: &mut self.chance, model, now: moment };
        if self.entries <= 2 {
            return Entry { moment, commands: draft.founding(self.entries == 1) };
        }
        if self.entries == CROWD_AT {
            self.queue = draft.crowd(self.seed).into();
            let commands = self.queue.iter().map(|entry| entry.commands.len() as u64);
            self.crowd_commands = commands.sum();
            if let Some(entry) = self.queue.pop_front() {
                return entry;
            }
        }
        let together = if self.chance.once_in(8) { self.chance.between(2, 6) } else { 1 };
        let commands = (0..together).map(|_| self.command(model, moment)).collect();
        Entry { moment, commands }
    }

    fn command(&mut self, model: &Model, now: Moment) -> Command {
        let mut draft = Draft { chance: &mut self.chance, model, now };
        if let Some(again) = self.sender.again(&mut draft) {
            return again;
        }
        let (_, act) = ACTS[draft.chance.weighted(ACTS.iter().map(|(weight, _)| *weight))];
        let act = act(&mut draft);
        let author = draft.author(&act);
        let not_after = draft.not_after();
        let policy = None;
        let request = self.sender.request(&mut draft);
        let command = Command { request, not_after, author, policy, act };
        self.sender.sent(&command);
        command
    }

    /// Moments stand still, crawl, leap, and often meet a deadline exactly or miss it by little.
    fn moment(&mut self, model: &Model) -> Moment {
        let now = model.moment.max(Moment::from_seconds(BEGINNING_SECONDS));
        let chance = &mut self.chance;
        match chance.below(100) {
            0..45 => now,
            45..72 => now.plus_seconds(u64::from(chance.between(1, 5))),
            72..76 => now.plus_seconds(u64::from(chance.between(6, 120))),
            76..80 => Moment::from_micros(now.micros() + u64::from(chance.below(2_000_000))),
            80..97 => self.meeting(model, now),
            97 => now.plus_seconds(chance.one_of([60, 299, 300, 600, 601])),
            98 if chance.once_in(2) => now.plus_seconds(chance.one_of([1_200, 3_600, 7_201])),
            98 => self.silence(model, now),
            _ if chance.once_in(6) => {
                now.plus_seconds(chance.one_of([86_399, 86_400, 86_401, 3 * 86_400]))
            }
            _ => now,
        }
    }

    /// When a ward was last heard of just long enough ago, or a second less or more.
    fn silence(&mut self, model: &Model, now: Moment) -> Moment {
        let wards = model.services.values().filter_map(|service| service.ward.as_ref());
        let heard: Vec<_> = wards.map(|ward| ward.heard).filter(|at| *at > Moment::ZERO).collect();
        let seconds = SILENT_AFTER_SECONDS - 1 + u64::from(self.chance.below(3));
        self.chance.pick(&heard).map_or(now, |heard| heard.plus_seconds(seconds).max(now))
    }

    /// Just before, at, or just after something that happens by itself or by the clock.
    fn meeting(&mut self, model: &Model, now: Moment) -> Moment {
        let soon = now.plus_seconds(self.chance.one_of([60, 120, 600, 7_200]));
        let deadlines = model.commitments.values().map(|c| c.deadline);
        let begins = model.agendas.values().map(|agenda| agenda.shape.start);
        let wards = model.services.values().filter_map(|service| service.ward.as_ref());
        let silent = wards.map(|ward| ward.heard.plus_seconds(SILENT_AFTER_SECONDS));
        let silent: Vec<_> = silent.filter(|_| self.chance.once_in(6)).collect();
        let due = deadlines.chain(begins).chain(silent).chain(model.next_due());
        let due = due.filter(|at| *at > now);
        let mut due: Vec<_> = due.filter(|at| *at < soon).collect();
        due.sort_unstable();
        due.truncate(4);
        let at = self.chance.pick(&due).unwrap_or(now).micros();
        Moment::from_micros(self.chance.one_of([at - 1, at, at, at, at + 1])).max(now)
    }
}
