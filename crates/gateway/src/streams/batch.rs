//! One message's commands: read one by one, proposed at once, answered in order.

use crate::complaint::Complaint;
use crate::edge::Edge;
use ledger::Command;
use replica::Instant;
use wire::{InputError, outcome, v1};

/// One message's commands.
pub(super) struct Batch {
    commands: Vec<Command>,
    /// Outcomes of all, once one of them could not be read; until then there are none.
    outcomes: Vec<v1::Outcome>,
    /// Which outcomes are the commands'.
    asked_of: Vec<usize>,
}

/// What became of a message's commands.
pub(super) struct Answered {
    /// Each one's outcome, in order.
    pub outcomes: Vec<v1::Outcome>,
    /// When to send them again, where none could be carried out for now, in milliseconds.
    pub retry_after_millis: Option<u32>,
}

impl Batch {
    /// Room for this many commands.
    pub fn with_capacity(commands: usize) -> Self {
        let commands = Vec::with_capacity(commands);
        Self { commands, outcomes: Vec::new(), asked_of: Vec::new() }
    }

    /// Adds a command, or the outcome of one that could not be read.
    pub fn push(&mut self, command: Result<Command, InputError>) {
        match command {
            Ok(command) => {
                if !self.outcomes.is_empty() {
                    self.asked_of.push(self.outcomes.len());
                    self.outcomes.push(v1::Outcome::default());
                }
                self.commands.push(command);
            }
            Err(error) => {
                if self.outcomes.is_empty() {
                    let before = self.commands.len();
                    self.asked_of = (0..before).collect();
                    self.outcomes = vec![v1::Outcome::default(); before];
                }
                self.outcomes.push(outcome::unfit(0, &error));
            }
        }
    }

    /// How many commands there are to carry out.
    pub fn commands(&self) -> u32 {
        u32::try_from(self.commands.len()).unwrap_or(u32::MAX)
    }

    /// Proposes the commands, unless the message was refused already, and answers each.
    pub async fn carry_out(
        mut self,
        edge: &Edge,
        until: Instant,
        refused: Option<Complaint>,
    ) -> Answered {
        let commands = std::mem::take(&mut self.commands);
        let count = commands.len();
        let proposed = match refused {
            Some(complaint) => Err(complaint),
            None if count == 0 => Ok(Vec::new()),
            None => edge.replica.propose(commands, until).await.map_err(Complaint::from),
        };
        match proposed {
            Ok(applied) => {
                let told = applied.iter().map(|one| outcome::message(0, one));
                Answered { outcomes: self.merge(told), retry_after_millis: None }
            }
            Err(complaint) => {
                let refused = v1::Outcome {
                    metadata: complaint.metadata(),
                    ..outcome::unasked(0, complaint.reason())
                };
                let after = complaint.retry_after().unwrap_or_default().as_millis();
                Answered {
                    outcomes: self.merge(std::iter::repeat_n(refused, count)),
                    retry_after_millis: Some(u32::try_from(after).unwrap_or(u32::MAX)),
                }
            }
        }
    }

    fn merge(mut self, told: impl Iterator<Item = v1::Outcome>) -> Vec<v1::Outcome> {
        if self.outcomes.is_empty() {
            return told.collect();
        }
        for (index, told) in self.asked_of.into_iter().zip(told) {
            self.outcomes[index] = told;
        }
        self.outcomes
    }
}
