//! Any bytes as any public message: a ledger word, or an error that names its field.

#![no_main]

use ledger::View;
use libfuzzer_sys::fuzz_target;
use prost::Message;
use std::sync::LazyLock;
use wire::{InputError, agenda, booking, bulk, capacity, catalogue, names, request, service, v1};

static VIEW: LazyLock<View> = LazyLock::new(|| View::new(1));

fn judge<T>(result: Result<T, impl Into<InputError>>) {
    match result.map_err(Into::into) {
        Ok(_) => {}
        Err(InputError::Field(error)) => assert!(!error.field.is_empty()),
        Err(InputError::Unknown { field, .. }) => assert!(!field.is_empty()),
    }
}

fn read<M: Message + Default>(bytes: &[u8], take: impl FnOnce(&M)) {
    if let Ok(message) = M::decode(bytes) {
        take(&message);
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    let view = &*VIEW;
    match kind % 15 {
        0 => read(bytes, |m| judge(booking::hold(view, m))),
        1 => read(bytes, |m| judge(booking::book(view, m))),
        2 => read(bytes, |m| judge(booking::transfer(view, m))),
        3 => read(bytes, |m: &v1::StreamBookingsRequest| {
            m.operations.iter().for_each(|operation| judge(bulk::act(operation)));
        }),
        4 => read(bytes, |m| judge(catalogue::put_facility(m))),
        5 => read(bytes, |m| judge(catalogue::put_institution(Some(m)))),
        6 => read(bytes, |m| judge(capacity::report(view, m))),
        7 => read(bytes, |m| judge(capacity::acknowledge(view, m))),
        8 => read(bytes, |m| judge(agenda::shape("shape", Some(m)))),
        9 => read(bytes, |m| judge(agenda::block("block", Some(m)))),
        10 => read(bytes, |m| judge(service::kind("kind", Some(m)))),
        11 => read(bytes, |m| judge(request::author(Some(m)))),
        12 => read(bytes, |m| judge(request::basis(Some(m)))),
        13 => judge(names::place(view, "place", &String::from_utf8_lossy(bytes))),
        _ => judge(request::uuid("request_id", &String::from_utf8_lossy(bytes))),
    }
});
