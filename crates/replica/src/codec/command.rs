//! Commands and entries of the log.

use super::error::DecodeError;
use super::field::{many, maybe, one, put_value};
use super::limits::ENTRY_BYTES_MAX;
use super::message::{Choice, Message, messages, nested};
use super::value::Format;
use super::wire::{Input, next_key, skip, write_bytes, write_key};
use bytes::Bytes;
use ledger::limits::COMMANDS_PER_ENTRY_MAX;
use ledger::words::{Moment, RequestId};
use ledger::{Act, Command};
use prost::encoding::WireType;
use std::ops::RangeInclusive;

/// Field numbers kept for acts, beside that of the tick.
const ACTS: RangeInclusive<u32> = 10..=255;

/// What one command takes on average: enough for a booking without growing.
const COMMAND_BYTES_USUAL: usize = 96;

/// A command's bytes, to be forwarded or put into an entry as they are.
#[must_use]
pub fn encode_command(command: &Command) -> Bytes {
    let mut out = Vec::with_capacity(COMMAND_BYTES_USUAL);
    command.write_fields(&mut out);
    out.into()
}

/// The bytes of several commands, each as of [`encode_command`], in one piece of memory.
#[must_use]
pub fn encode_commands(commands: &[Command]) -> Vec<Bytes> {
    let mut out = Vec::with_capacity(COMMAND_BYTES_USUAL * commands.len());
    let mut ends = Vec::with_capacity(commands.len());
    for command in commands {
        command.write_fields(&mut out);
        ends.push(out.len());
    }
    let mut whole = Bytes::from(out);
    let mut start = 0;
    let parts = ends.into_iter().map(|end| {
        let length = end - start;
        start = end;
        whole.split_to(length)
    });
    parts.collect()
}

/// The command in these bytes.
///
/// # Errors
/// When they are no command, or one that only a newer version understands.
pub fn decode_command(bytes: &[u8]) -> Result<Command, DecodeError> {
    Command::read_fields(bytes).map_err(|error| error.within("command"))
}

/// An entry's bytes, from its commands.
///
/// # Panics
/// When there is no command, or more than an entry has.
#[must_use]
pub fn encode_entry(moment: Moment, commands: &[Command]) -> Bytes {
    assert_count(commands.len());
    let mut out = Vec::with_capacity(16 + COMMAND_BYTES_USUAL * commands.len());
    write_head(moment, &mut out);
    for command in commands {
        put_value(3, command, &mut out);
    }
    out.into()
}

/// An entry's bytes, from commands that are encoded already: the same bytes as of
/// [`encode_entry`], and nothing of the commands is looked at.
///
/// # Panics
/// When there is no command, or more than an entry has.
#[must_use]
pub fn assemble_entry(moment: Moment, commands: &[Bytes]) -> Bytes {
    assert_count(commands.len());
    let bytes: usize = commands.iter().map(|command| command.len() + 6).sum();
    let mut out = Vec::with_capacity(16 + bytes);
    write_head(moment, &mut out);
    for command in commands {
        write_key(3, WireType::LengthDelimited, &mut out);
        write_bytes(command, &mut out);
    }
    out.into()
}

/// The moment and the commands in an entry's bytes.
///
/// # Errors
/// When they are no entry, have no command or more than an entry has, or when only a newer version
/// understands them.
pub fn decode_entry(bytes: &[u8]) -> Result<(Moment, Vec<Command>), DecodeError> {
    DecodeError::bounded("bytes", bytes.len(), ENTRY_BYTES_MAX)
        .and_then(|()| read_entry(bytes))
        .map_err(|error| error.within("entry"))
}

fn read_entry(mut input: Input<'_>) -> Result<(Moment, Vec<Command>), DecodeError> {
    let (mut format, mut moment, mut commands) = (None::<Format>, None, Vec::new());
    while let Some((number, wire)) = next_key(&mut input)? {
        match number {
            1 => one::merge(&mut format, wire, &mut input).map_err(|e| e.within("format"))?,
            2 => one::merge(&mut moment, wire, &mut input).map_err(|e| e.within("moment"))?,
            3 => {
                DecodeError::bounded("commands", commands.len() + 1, COMMANDS_PER_ENTRY_MAX)?;
                many::merge(&mut commands, wire, &mut input).map_err(|e| e.within("commands"))?;
            }
            _ => skip(number, wire, &mut input)?,
        }
    }
    one::finish(format).map_err(|error| error.within("format"))?;
    if commands.is_empty() {
        return Err(DecodeError::missing().within("commands"));
    }
    Ok((one::finish(moment)?, commands))
}

fn write_head(moment: Moment, out: &mut Vec<u8>) {
    one::put(1, &Format, out);
    one::put(2, &moment, out);
}

fn assert_count(commands: usize) {
    assert!(commands > 0, "an entry has at least one command");
    assert!(commands <= COMMANDS_PER_ENTRY_MAX, "an entry has a bounded number of commands");
}

/// One command of a bulk stream, as a message of its own.
struct StreamPosition {
    stream: u128,
    sequence: u64,
}

messages! {
    StreamPosition { 1 one stream, 2 one sequence }
}

impl Message for Command {
    fn write_fields(&self, out: &mut Vec<u8>) {
        self.act.put(out);
        match self.request {
            RequestId::Natural => {}
            RequestId::Unique(uuid) => put_value(3, &uuid, out),
            RequestId::Stream { stream, sequence } => {
                put_value(4, &StreamPosition { stream, sequence }, out);
            }
        }
        one::put(6, &self.not_after, out);
        maybe::put(7, &self.author, out);
        maybe::put(8, &self.policy, out);
    }

    fn read_fields(mut input: Input<'_>) -> Result<Self, DecodeError> {
        // The first format is left out of commands; a greater one is refused as it is read.
        let mut format = None::<Format>;
        let (mut act, mut unique, mut stream) = (None, None, None::<StreamPosition>);
        let (mut not_after, mut author, mut policy) = (None, None, None);
        while let Some((number, wire)) = next_key(&mut input)? {
            let input = &mut input;
            match number {
                2 => one::merge(&mut format, wire, input).map_err(|e| e.within("format"))?,
                3 => one::merge(&mut unique, wire, input).map_err(|e| e.within("unique"))?,
                4 => one::merge(&mut stream, wire, input).map_err(|e| e.within("stream"))?,
                6 => one::merge(&mut not_after, wire, input).map_err(|e| e.within("not_after"))?,
                7 => one::merge(&mut author, wire, input).map_err(|e| e.within("author"))?,
                8 => one::merge(&mut policy, wire, input).map_err(|e| e.within("policy"))?,
                _ => match Act::read(number, wire, input).map_err(|e| e.within("act"))? {
                    Some(found) => act = Some(found),
                    None if ACTS.contains(&number) => {
                        return Err(DecodeError::newer(u64::from(number)).within("act"));
                    }
                    None => skip(number, wire, input)?,
                },
            }
        }
        let request = match (unique, stream) {
            (None, None) => RequestId::Natural,
            (Some(uuid), None) => RequestId::Unique(uuid),
            (None, Some(at)) => RequestId::Stream { stream: at.stream, sequence: at.sequence },
            (Some(_), Some(_)) => return Err(DecodeError::out_of_bounds().within("request")),
        };
        Ok(Self {
            request,
            not_after: one::finish(not_after)?,
            author,
            policy,
            act: act.ok_or_else(|| DecodeError::missing().within("act"))?,
        })
    }
}

nested!(Command);
