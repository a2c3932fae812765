//! What a booking costs on its way through the log, and its event on its way to the journal;
//! beside it, what the same bytes cost through the generated messages, before any conversion.
//!
//! `cargo bench -p replica --bench codec --profile dev`

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ledger::words::{Moment, RequestId};
use ledger::{Act, Command};
use prost::Message;
use replica::codec::{
    assemble_entry, decode_applied, decode_command, decode_entry, decode_events, encode_applied,
    encode_command, encode_entry, encode_events,
};
use replica::messages;
use std::hint::black_box;

#[path = "../src/fixture.rs"]
#[allow(dead_code, reason = "shared with the tests, which use the rest")]
mod fixture;

const GROUP: usize = 64;

fn booking(nation: &mut fixture::Nation) -> Command {
    let mut command = nation.booking();
    command.request = RequestId::Unique(0x0198_f00d_cafe_7abc_8123_4567_89ab_cdef);
    command.not_after = Moment::from_seconds(nation.seconds + 5);
    assert!(matches!(command.act, Act::Hold(_)));
    command
}

fn bench(criterion: &mut Criterion) {
    let mut nation = fixture::Nation::new(1_000);
    let command = booking(&mut nation);
    let bytes = encode_command(&command);
    println!("a booking has {} bytes", bytes.len());
    let mut one = criterion.benchmark_group("one booking");
    one.bench_function("encode", |b| b.iter(|| encode_command(black_box(&command))));
    one.bench_function("decode", |b| b.iter(|| decode_command(black_box(&bytes))));
    let message = messages::Command::decode(bytes.clone()).expect("it is published");
    one.bench_function("encode the generated message", |b| {
        b.iter(|| black_box(&message).encode_to_vec());
    });
    one.bench_function("decode the generated message", |b| {
        b.iter(|| messages::Command::decode(black_box(bytes.clone())));
    });
    one.finish();

    let commands: Vec<_> = (0..GROUP).map(|_| booking(&mut nation)).collect();
    let parts: Vec<_> = commands.iter().map(encode_command).collect();
    let entry = encode_entry(Moment::MAX, &commands);
    let mut group = criterion.benchmark_group("a group of 64 bookings");
    group.throughput(Throughput::Elements(GROUP as u64));
    group.bench_function("encode", |b| b.iter(|| encode_entry(Moment::MAX, black_box(&commands))));
    group.bench_function("assemble", |b| b.iter(|| assemble_entry(Moment::MAX, black_box(&parts))));
    group.bench_function("decode", |b| b.iter(|| decode_entry(black_box(&entry))));
    nation.events.clear();
    let applied = nation.apply(&nation_bookings(&mut fixture::Nation::new(1_000)));
    let answers = encode_applied(&applied);
    let events = std::mem::take(&mut nation.events);
    let journal = encode_events(&events);
    println!("an event has {} bytes, an answer {}", journal.len() / GROUP, answers.len() / GROUP);
    group.bench_function("encode answers", |b| b.iter(|| encode_applied(black_box(&applied))));
    group.bench_function("decode answers", |b| b.iter(|| decode_applied(black_box(&answers))));
    group.bench_function("encode events", |b| b.iter(|| encode_events(black_box(&events))));
    group.bench_function("decode events", |b| b.iter(|| decode_events(black_box(&journal))));
    group.finish();
}

fn nation_bookings(nation: &mut fixture::Nation) -> Vec<Command> {
    (0..GROUP).map(|_| nation.booking()).collect()
}

criterion_group!(benches, bench);
criterion_main!(benches);
