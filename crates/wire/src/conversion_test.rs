//! Whatever message comes, a conversion ends in a ledger word or a named field.

use crate::input::InputError;
use crate::names_test::ledger;
use crate::{agenda, booking, bulk, capacity, catalogue, request, service, time, v1};
use ledger::View;
use ledger::words::{AgendaShape, Moment, ServiceKind};
use proptest::prelude::*;
use prost::Message;
use prost::bytes::Bytes;
use prost_reflect::{DescriptorPool, DynamicMessage, Kind, MessageDescriptor, Value};
use std::sync::LazyLock;

static POOL: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(v1::FILE_DESCRIPTOR_SET).expect("the build wrote it"));

/// Random choices from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound
    }

    /// Small and large numbers alike.
    fn number(&mut self) -> u64 {
        let shift = self.below(64);
        self.roll() >> shift
    }

    fn text(&mut self) -> String {
        const TEXTS: [&str; 12] = [
            "",
            "x",
            "OCIMB000010",
            "IMB",
            "facilities/OCIMB000010",
            "facilities/OCIMB000010/services/ward",
            "facilities/OCIMB000010/slots/0-3",
            "facilities/OCIMB000099/services/ward",
            "bookings/3",
            "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
            "América\u{7}",
            "America/Mexico_City",
        ];
        let text = TEXTS[self.below(TEXTS.len() as u64) as usize];
        if self.below(20) == 0 { text.repeat(60) } else { text.to_owned() }
    }

    fn message(&mut self, descriptor: &MessageDescriptor, depth: u32) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        for field in descriptor.fields() {
            if field.is_map() || self.below(4) == 0 {
                continue;
            }
            let count = if field.is_list() { self.below(4) } else { 1 };
            let mut values = Vec::new();
            for _ in 0..count {
                values.extend(self.value(&field.kind(), depth));
            }
            if field.is_list() {
                message.set_field(&field, Value::List(values));
            } else if let Some(value) = values.pop() {
                message.set_field(&field, value);
            }
        }
        message
    }

    fn value(&mut self, kind: &Kind, depth: u32) -> Option<Value> {
        let number = self.number();
        Some(match kind {
            Kind::Double => Value::F64(match self.below(4) {
                0 => f64::from_bits(number),
                _ => (number % 400) as f64 - 200.0,
            }),
            Kind::Int32 => Value::I32(number as i32),
            Kind::Int64 => Value::I64(number as i64),
            Kind::Uint32 => Value::U32(number as u32),
            Kind::Uint64 => Value::U64(number),
            Kind::Bool => Value::Bool(number % 2 == 0),
            Kind::String => Value::String(self.text()),
            Kind::Bytes => {
                let length = [0, 15, 16, 17][self.below(4) as usize];
                Value::Bytes(Bytes::from(vec![number as u8; length]))
            }
            Kind::Enum(_) => Value::EnumNumber((number % 60) as i32),
            Kind::Message(message) if depth > 0 => Value::Message(self.message(message, depth - 1)),
            _ => return None,
        })
    }
}

/// A random message of a type.
fn random<T: Message + Default>(seed: u64) -> T {
    let name = std::any::type_name::<T>().rsplit("::").next().expect("a type has a name");
    let descriptor = POOL.get_message_by_name(&format!("cupo.v1.{name}"));
    let descriptor = descriptor.unwrap_or_else(|| panic!("there is no message {name}"));
    let dynamic = Dice(seed).message(&descriptor, 4);
    T::decode(dynamic.encode_to_vec().as_slice()).expect("equal descriptors read each other")
}

/// An error names a field of the message and says what to do in both languages.
fn judge<T>(result: Result<T, impl Into<InputError>>) -> bool {
    match result.map_err(Into::into) {
        Ok(_) => true,
        Err(InputError::Field(error)) => {
            assert!(!error.field.is_empty());
            assert!(!error.problem.en().is_empty() && !error.problem.es().is_empty());
            false
        }
        Err(InputError::Unknown { field, name, .. }) => {
            assert!(!field.is_empty() && name.len() <= 80);
            false
        }
    }
}

/// Converts a random message of every kind that is asked, and counts what was taken.
fn convert(view: &View, seed: u64) -> usize {
    let taken = [
        judge(booking::hold(view, &random(seed))),
        judge(booking::book(view, &random(seed))),
        judge(booking::transfer(view, &random(seed))),
        judge(bulk::act(&random(seed))),
        judge(catalogue::put_facility(&random(seed))),
        judge(catalogue::put_institution(Some(&random(seed)))),
        judge(capacity::report(view, &random(seed))),
        judge(capacity::acknowledge(view, &random(seed))),
        judge(agenda::shape("shape", Some(&random(seed)))),
        judge(agenda::block("block", Some(&random(seed)))),
        judge(service::kind("kind", Some(&random(seed)))),
        judge(request::author(Some(&random(seed)))),
        judge(request::basis(Some(&random(seed)))),
    ];
    taken.into_iter().filter(|taken| *taken).count()
}

proptest! {
    #[test]
    fn any_message_is_taken_or_refused_with_its_field(seed: u64) {
        convert(&ledger(), seed);
    }

    #[test]
    fn any_bytes_are_no_message_or_one(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(message) = v1::StreamBookingsRequest::decode(bytes.as_slice()) {
            for operation in &message.operations {
                judge(bulk::act(operation));
            }
        }
        if let Ok(record) = v1::FacilityRecord::decode(bytes.as_slice()) {
            judge(catalogue::put_facility(&record));
        }
    }

    #[test]
    fn times_are_read_back(micros in 1_u64..253_402_300_799_999_999) {
        let moment = Moment::from_micros(micros);
        let given = time::timestamp(moment).expect("neither the first nor the last");
        prop_assert_eq!(time::moment("time", &given), Ok(moment));
    }

    #[test]
    fn shapes_and_kinds_are_read_back(seed: u64) {
        let given: v1::AgendaShape = random(seed);
        let shape: Result<AgendaShape, _> = agenda::shape("shape", Some(&given));
        if let Ok(shape) = shape {
            let again = agenda::shape_message(&shape);
            if shape.start != Moment::ZERO {
                prop_assert_eq!(agenda::shape("shape", Some(&again)), Ok(shape));
            }
        }
        let kind: Result<ServiceKind, _> = service::kind("kind", Some(&random(seed)));
        if let Ok(kind) = kind {
            prop_assert_eq!(service::kind("kind", Some(&service::kind_message(kind))), Ok(kind));
        }
    }
}

/// The random messages are not all refused: the property would say little.
#[test]
fn many_random_messages_are_taken() {
    let view = ledger();
    let taken: usize = (0..2_000).map(|seed| convert(&view, seed)).sum();
    assert!(taken > 2_000, "only {taken} of 26,000");
}

#[test]
fn rows_of_a_batch_have_ids_of_their_own() {
    let batch = request::uuid("request_id", "0197a1b2-c3d4-7fff-bfff-ffffffffffff");
    let batch = batch.expect("a UUID");
    let rows: std::collections::BTreeSet<u128> =
        (0..500).map(|row| request::row_uuid(batch, row)).collect();
    assert_eq!(rows.len(), 500);
    for row in rows {
        assert!(ledger::words::is_uuid_v7(row));
        assert_eq!(ledger::words::uuid_millis(row), ledger::words::uuid_millis(batch));
    }
}
