//! The codec against the published messages, against its own past, and against garbage.

mod arbitrary;
mod sample;

use super::message::{Choice, Message};
use super::record::{ChunkWriter, Record, decode_meta, encode_meta, read_chunk};
use super::{
    DecodeError, FORMAT, assemble_entry, decode_applied, decode_command, decode_entry,
    decode_events, encode_applied, encode_command, encode_entry, encode_events,
};
use crate::messages;
use bytes::Bytes;
use ledger::words::Moment;
use ledger::{Act, Applied, Command, Done, Event, Happening, Outcome, Refusal};
use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt::{Debug, Write};

/// Asks the generated messages for the same bytes: nothing is written that is not published, and
/// nothing published is left out. Gives the message with its fields spelled out.
#[track_caller]
fn published<M: prost::Message + Default + Debug>(bytes: &[u8]) -> String {
    let message = M::decode(bytes).expect("the published message reads what the codec writes");
    assert_eq!(hex(&message.encode_to_vec()), hex(bytes), "{message:#?}");
    format!("{message:?}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to text does not fail");
        text
    })
}

/// A golden: a name, the bytes, and the published message they are.
fn golden<M: prost::Message + Default + Debug>(text: &mut String, name: &str, bytes: &[u8]) {
    let fields = published::<M>(bytes);
    writeln!(text, "{name}\n  {}\n  {fields}", hex(bytes)).expect("writing to text does not fail");
}

/// The numbers of a sample's first fields, to be held against those there are.
fn first_numbers<T: Choice>(samples: &[T]) -> Vec<u32> {
    let numbers = samples.iter().map(|sample| {
        let mut out = Vec::new();
        sample.put(&mut out);
        let (number, _) = prost::encoding::decode_key(&mut out.as_slice()).expect("it is a field");
        number
    });
    numbers.collect()
}

#[track_caller]
fn one_of_each<T: Choice>(samples: &[T]) {
    let known: Vec<u32> = T::NUMBERS.iter().map(|(number, _)| *number).collect();
    assert_eq!(first_numbers(samples), known, "a sample of each, in order");
}

fn name_of<T: Choice>(sample: &T) -> String {
    let number = first_numbers(std::slice::from_ref(sample))[0];
    let name = T::NUMBERS.iter().find(|known| known.0 == number).map_or("", |known| known.1);
    format!("{number} {name}")
}

fn chunk(records: &[Record]) -> Vec<u8> {
    let mut writer = ChunkWriter::new();
    records.iter().for_each(|record| writer.add(record));
    writer.bytes().to_vec()
}

fn records(chunk: &[u8]) -> Result<Vec<Record>, DecodeError> {
    let mut records = Vec::new();
    let read = read_chunk(chunk, |record| {
        records.push(record);
        Ok::<(), DecodeError>(())
    });
    read.map(|()| records)
}

#[test]
fn there_is_a_sample_of_everything() {
    let acts = sample::acts();
    one_of_each::<Act>(&acts);
    one_of_each::<Refusal>(&sample::refusals());
    one_of_each::<Happening>(&sample::happenings());
    one_of_each::<Record>(&sample::records());
    let done: Vec<Done> = sample::outcomes()
        .into_iter()
        .filter_map(|outcome| match outcome {
            Outcome::Done(done) => Some(done),
            Outcome::Refused(_) => None,
        })
        .collect();
    one_of_each::<Done>(&done);
}

/// Numbers that are on disks and between nodes: a line may be added, and none may change.
#[test]
fn numbers_never_change() {
    let mut text = String::new();
    let tables = [
        ("act", Act::NUMBERS),
        ("done", Done::NUMBERS),
        ("refusal", Refusal::NUMBERS),
        ("happening", Happening::NUMBERS),
        ("record", Record::NUMBERS),
    ];
    for (table, numbers) in tables {
        for (number, name) in numbers {
            writeln!(text, "{table} {number} {name}").expect("writing to text does not fail");
        }
    }
    for (bound, number) in super::outcome::BOUNDS {
        assert_eq!(*bound as u16, u16::from(*number), "the ledger's own number");
        writeln!(text, "bound {number} {bound:?}").expect("writing to text does not fail");
    }
    insta::assert_snapshot!("numbers", text);
}

#[test]
fn acts_and_commands_have_these_bytes() {
    let mut text = String::new();
    for command in sample::commands() {
        golden::<messages::Command>(&mut text, "command", &encode_command(&command));
    }
    for act in sample::acts() {
        let name = name_of(&act);
        golden::<messages::Command>(&mut text, &name, &encode_command(&Command::natural(act)));
    }
    let entry = encode_entry(sample::moment(), &sample::commands());
    golden::<messages::Entry>(&mut text, "entry", &entry);
    insta::assert_snapshot!("acts", text);
}

#[test]
fn outcomes_have_these_bytes() {
    let mut text = String::new();
    for outcome in sample::outcomes() {
        let name = match &outcome {
            Outcome::Done(done) => name_of(done),
            Outcome::Refused(_) => "15 refused".to_owned(),
        };
        let applied = Applied { revision: ledger::words::Revision(300), outcome };
        golden::<messages::Answers>(&mut text, &name, &encode_applied(&[applied]));
    }
    insta::assert_snapshot!("outcomes", text);
}

#[test]
fn refusals_have_these_bytes() {
    let mut text = String::new();
    for refusal in sample::refusals() {
        let mut out = Vec::new();
        refusal.write_fields(&mut out);
        golden::<messages::Refusal>(&mut text, &name_of(&refusal), &out);
    }
    insta::assert_snapshot!("refusals", text);
}

#[test]
fn events_have_these_bytes() {
    let mut text = String::new();
    for happening in sample::happenings() {
        let events = sample::events(&happening);
        golden::<messages::Events>(&mut text, &name_of(&happening), &encode_events(&events));
    }
    golden::<messages::Events>(&mut text, "none", &encode_events(&[]));
    insta::assert_snapshot!("events", text);
}

#[test]
fn records_have_these_bytes() {
    let mut text = String::new();
    for record in sample::records() {
        let name = name_of(&record);
        golden::<messages::Chunk>(&mut text, &name, &chunk(&[record]));
    }
    golden::<messages::CheckpointMeta>(&mut text, "meta", &encode_meta(&sample::meta()));
    insta::assert_snapshot!("records", text);
}

#[test]
fn samples_come_back() {
    let commands: Vec<Command> =
        sample::acts().into_iter().map(Command::natural).chain(sample::commands()).collect();
    let entry = encode_entry(sample::moment(), &commands);
    assert_eq!(decode_entry(&entry), Ok((sample::moment(), commands)));
    for happening in sample::happenings() {
        let events = sample::events(&happening);
        assert_eq!(decode_events(&encode_events(&events)), Ok(events));
    }
    assert_eq!(records(&chunk(&sample::records())), Ok(sample::records()));
    assert_eq!(decode_meta(&encode_meta(&sample::meta())), Ok(sample::meta()));
}

/// A newer version's message, made of the published one and a field that is not published yet.
fn with(mut bytes: Vec<u8>, number: u32, content: &[u8]) -> Vec<u8> {
    prost::encoding::bytes::encode(number, &Bytes::copy_from_slice(content), &mut bytes);
    bytes
}

fn in_entry(command: Vec<u8>) -> Bytes {
    assemble_entry(sample::moment(), &[command.into()])
}

#[test]
fn what_is_newer_says_so() {
    #[track_caller]
    fn check<T: Debug>(result: Result<T, DecodeError>, expected: &str) {
        let text = match result {
            Ok(value) => format!("{value:?}"),
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }
    let newer = "was written by a newer version of cupo than this one; upgrade this node";
    let booking = encode_command(&sample::booking()).to_vec();

    check(
        decode_entry(&in_entry(with(vec![], 51, b""))),
        &format!("entry.commands.act 51 {newer}"),
    );
    let mut format = booking.clone();
    format.extend([0x10, 2]);
    check(decode_entry(&in_entry(format)), &format!("entry.commands.format 2 {newer}"));
    check(decode_entry(&[0x08, 9]), &format!("entry.format 9 {newer}"));
    check(decode_applied(&[0x08, 9]), &format!("answers.format 9 {newer}"));
    check(decode_events(&[0x08, 9]), &format!("events.format 9 {newer}"));
    check(decode_meta(&[0x08, 9]), &format!("checkpoint.format 9 {newer}"));
    check(records(&[0x08, 9]), &format!("chunk.format 9 {newer}"));
    check(records(&[0x08, 1, 0x5a, 0]), &format!("chunk.table 11 {newer}"));

    let place = with(vec![], 40, &with(vec![], 1, &with(vec![], 1, &[3])));
    check(decode_command(&place), &format!("command.act.Hold.legs.candidates 3 {newer}"));
    let role = with(booking, 7, &[0x10, 6]);
    check(decode_command(&role), &format!("command.author.role 6 {newer}"));
    let outcome = with(vec![0x08, 1], 2, &with(vec![], 2, &[0x4a, 0]));
    check(decode_applied(&outcome), &format!("answers.applied.outcome 9 {newer}"));
    let event = with(vec![0x08, 1], 4, &[0xb2, 0x02, 0]);
    check(decode_events(&event), &format!("events.events.happening 38 {newer}"));
}

#[test]
fn what_is_damaged_says_where() {
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let error = decode_entry(bytes).expect_err("it is damaged");
        assert_eq!(error.to_string(), expected);
    }
    check(&[], "entry.format is missing; the bytes are damaged or are another message");
    check(&[0x08, 1], "entry.commands is missing; the bytes are damaged or are another message");
    check(
        &in_entry(vec![]),
        "entry.commands.act is missing; the bytes are damaged or are another message",
    );
    check(&[0x08], "entry.format is cut short or is no such field; the bytes are damaged");
    check(
        &in_entry(with(vec![], 40, &[0x22, 2, 0, 0])),
        "entry.commands.act.Hold.person holds a value outside its bounds; the bytes are damaged",
    );
    check(
        &in_entry(with(vec![], 1, b"").into_iter().chain([0x18, 0]).collect()),
        "entry.commands.unique is cut short or is no such field; the bytes are damaged",
    );
    let both = encode_command(&sample::booking()).to_vec();
    check(
        &in_entry(with(both, 4, &with(vec![], 1, &[0; 16]))),
        "entry.commands.request holds a value outside its bounds; the bytes are damaged",
    );
    let many = [0x1a, 2, 0x0a, 0].repeat(ledger::limits::COMMANDS_PER_ENTRY_MAX + 1);
    check(&[vec![0x08, 1], many].concat(), "entry.commands has 16385; at most 16384 are allowed");
}

#[test]
fn fields_of_later_versions_are_passed_over_and_kept_in_the_log() {
    let command = sample::booking();
    let newer = with(encode_command(&command).to_vec(), 300, b"later");
    let entry = in_entry(newer.clone());
    assert_eq!(decode_entry(&entry), Ok((sample::moment(), vec![command])));
    assert!(entry.windows(newer.len()).any(|window| window == newer));
}

proptest! {
    #[test]
    fn entries_come_back_and_are_published(
        moment in arbitrary::moment(),
        commands in vec(arbitrary::command(), 1..4),
    ) {
        let entry = encode_entry(moment, &commands);
        published::<messages::Entry>(&entry);
        let parts: Vec<Bytes> = commands.iter().map(encode_command).collect();
        prop_assert_eq!(&assemble_entry(moment, &parts), &entry);
        prop_assert_eq!(decode_command(&parts[0]), Ok(commands[0].clone()));
        prop_assert_eq!(decode_entry(&entry), Ok((moment, commands)));
    }

    #[test]
    fn answers_come_back_and_are_published(applied in vec(arbitrary::applied(), 0..4)) {
        let bytes = encode_applied(&applied);
        published::<messages::Answers>(&bytes);
        prop_assert_eq!(decode_applied(&bytes), Ok(applied));
    }

    #[test]
    fn events_come_back_and_are_published(events in vec(arbitrary::event(), 0..4)) {
        let bytes = encode_events(&events);
        published::<messages::Events>(&bytes);
        prop_assert_eq!(decode_events(&bytes), Ok(events));
    }

    #[test]
    fn records_come_back_and_are_published(
        record in arbitrary::record(),
        meta in arbitrary::meta(),
    ) {
        let bytes = chunk(&[record.clone(), record.clone()]);
        published::<messages::Chunk>(&bytes);
        prop_assert_eq!(records(&bytes), Ok(vec![record.clone(), record]));
        let bytes = encode_meta(&meta);
        published::<messages::CheckpointMeta>(&bytes);
        prop_assert_eq!(decode_meta(&bytes), Ok(meta));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        let _ = decode_entry(&bytes);
        let _ = decode_applied(&bytes);
        let _ = decode_events(&bytes);
        let _ = decode_meta(&bytes);
        let _ = records(&bytes);
    }

    /// Bytes that begin well get further in, and what is read is something that can be written.
    #[test]
    fn a_changed_byte_is_read_or_refused(
        command in arbitrary::command(),
        event in arbitrary::event(),
        record in arbitrary::record(),
        place in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let change = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let place = place.index(bytes.len());
            bytes[place] = byte;
            bytes
        };
        let entry = change(&encode_entry(Moment::MAX, &[command]));
        if let Ok((moment, commands)) = decode_entry(&entry) {
            prop_assert_eq!(
                decode_entry(&encode_entry(moment, &commands)),
                Ok((moment, commands))
            );
        }
        if let Ok(events) = decode_events(&change(&encode_events(&[event]))) {
            let events: Vec<Event> = events;
            prop_assert_eq!(decode_events(&encode_events(&events)), Ok(events));
        }
        if let Ok(read) = records(&change(&chunk(&[record]))) {
            prop_assert_eq!(records(&chunk(&read)), Ok(read));
        }
    }
}

#[test]
fn formats_are_written_first() {
    assert_eq!(FORMAT, 1);
    for bytes in [
        encode_entry(Moment::ZERO, &[Command::natural(Act::Tick)]).to_vec(),
        encode_applied(&[]).to_vec(),
        encode_events(&[]).to_vec(),
        encode_meta(&sample::meta()),
        chunk(&[]),
    ] {
        assert_eq!(bytes[..2], [0x08, 1]);
    }
}
