//! What must hold of every public message and service (AIP 122, 131–136, 155, 158; buf's STANDARD
//! and COMMENTS), and the numbers that can never change.

use crate::v1::FILE_DESCRIPTOR_SET;
use prost::Message;
use prost_reflect::{
    Cardinality, DescriptorPool, EnumDescriptor, Kind, MessageDescriptor, MethodDescriptor,
};
use prost_types::{FileDescriptorProto, FileDescriptorSet};
use std::fmt::Write;

const PACKAGE: &str = "cupo.v1";

fn pool() -> DescriptorPool {
    DescriptorPool::decode(FILE_DESCRIPTOR_SET).expect("the build wrote it")
}

fn methods() -> Vec<MethodDescriptor> {
    let services: Vec<_> = pool().services().collect();
    assert_eq!(services.len(), 4);
    services.iter().flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
}

fn messages() -> Vec<MessageDescriptor> {
    pool().all_messages().filter(|message| message.package_name() == PACKAGE).collect()
}

fn enums() -> Vec<EnumDescriptor> {
    pool().all_enums().filter(|one| one.package_name() == PACKAGE).collect()
}

fn is_read(method: &MethodDescriptor) -> bool {
    ["Get", "List", "Search", "LookUp"].iter().any(|verb| method.name().starts_with(verb))
}

fn is_stream(method: &MethodDescriptor) -> bool {
    method.is_server_streaming()
}

/// Membership is idempotent by what it asks for.
fn is_of_cluster(method: &MethodDescriptor) -> bool {
    method.parent_service().name() == "ClusterService"
}

#[test]
fn every_changing_request_is_identified_and_says_who_asks() {
    let changing: Vec<_> = methods()
        .into_iter()
        .filter(|m| !is_read(m) && !is_stream(m) && !is_of_cluster(m))
        .collect();
    assert_eq!(changing.len(), 21);
    for method in changing {
        let request = method.input();
        let field = request.get_field_by_name("request_id");
        let field = field.unwrap_or_else(|| panic!("{} has no request_id", request.name()));
        assert_eq!((field.number(), field.kind()), (15, Kind::String), "{}", request.name());
        let numbers = [("author", 14), ("policy_version", 13)];
        for (name, number) in numbers {
            let field = request.get_field_by_name(name);
            assert_eq!(field.map(|f| f.number()), Some(number), "{}.{name}", request.name());
        }
    }
}

#[test]
fn every_list_has_pages() {
    let lists: Vec<_> = methods().into_iter().filter(|m| m.name().starts_with("List")).collect();
    assert_eq!(lists.len(), 7);
    for list in lists {
        let kind = |message: &MessageDescriptor, field: &str| {
            message.get_field_by_name(field).map(|field| field.kind())
        };
        let (request, response) = (list.input(), list.output());
        assert_eq!(kind(&request, "page_size"), Some(Kind::Int32), "{}", request.name());
        assert_eq!(kind(&request, "page_token"), Some(Kind::String), "{}", request.name());
        assert_eq!(kind(&response, "next_page_token"), Some(Kind::String), "{}", response.name());
        let first = response.fields().min_by_key(|field| field.number());
        let repeated = first.is_some_and(|field| field.cardinality() == Cardinality::Repeated);
        assert!(repeated, "{} does not begin with what it lists", response.name());
    }
}

#[test]
fn every_read_names_its_revision() {
    let reads: Vec<_> = methods().into_iter().filter(is_read).collect();
    assert_eq!(reads.len(), 13);
    for read in reads {
        let revision = read.output().get_field_by_name("revision").map(|field| field.kind());
        assert_eq!(revision, Some(Kind::Uint64), "{}", read.full_name());
    }
}

#[test]
fn names_are_as_the_style_has_them() {
    for one in enums() {
        let prefix = upper_snake(one.name());
        for value in one.values() {
            assert!(value.name().starts_with(&format!("{prefix}_")), "{}", value.name());
        }
        let zero = one.get_value(0).expect("an enum has a zero");
        assert!(zero.name().ends_with("_UNSPECIFIED"), "{}", zero.name());
    }
    for message in messages() {
        for field in message.fields() {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(field.name().chars().all(plain), "{}", field.full_name());
            let is_time = matches!(
                field.kind(),
                Kind::Message(kind) if kind.full_name() == "google.protobuf.Timestamp"
            );
            let named = field.name().ends_with("time") || field.name() == "moment";
            assert!(!is_time || named, "{} is a time and not called one", field.full_name());
        }
    }
}

fn upper_snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_uppercase());
    }
    snake
}

/// No field may carry what identifies a person.
#[test]
fn nothing_is_named_after_an_identity() {
    for field in messages().iter().flat_map(MessageDescriptor::fields) {
        for identity in ["curp", "nss", "birth", "phone", "email", "patient_name", "diagnos"] {
            assert!(!field.name().contains(identity), "{}", field.full_name());
        }
    }
}

#[test]
fn everything_has_a_comment() {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).expect("the build wrote it");
    let mut commented = 0;
    for file in set.file.iter().filter(|file| file.package() == PACKAGE) {
        let source = file.source_code_info.as_ref().expect("comments are kept");
        for path in paths(file) {
            let location = source.location.iter().find(|location| location.path == path);
            let comment = location.map_or("", |location| location.leading_comments());
            assert!(!comment.trim().is_empty(), "{} {path:?} has no comment", file.name());
            commented += 1;
        }
    }
    assert!(commented > 700, "only {commented} were looked at");
}

/// Where messages, fields, enums, values, services and methods stand in a file.
fn paths(file: &FileDescriptorProto) -> Vec<Vec<i32>> {
    const MESSAGE: i32 = 4;
    const ENUM: i32 = 5;
    const SERVICE: i32 = 6;
    let mut paths = Vec::new();
    for (at, message) in (0..).zip(&file.message_type) {
        message_paths(&mut paths, vec![MESSAGE, at], message);
    }
    for (at, one) in (0..).zip(&file.enum_type) {
        enum_paths(&mut paths, vec![ENUM, at], one);
    }
    for (at, service) in (0..).zip(&file.service) {
        paths.push(vec![SERVICE, at]);
        paths.extend((0..).zip(&service.method).map(|(method, _)| vec![SERVICE, at, 2, method]));
    }
    paths
}

fn message_paths(paths: &mut Vec<Vec<i32>>, own: Vec<i32>, message: &prost_types::DescriptorProto) {
    const FIELD: i32 = 2;
    const NESTED: i32 = 3;
    const ENUM: i32 = 4;
    let under = |kind, at| [own.as_slice(), &[kind, at]].concat();
    if message.options.as_ref().is_some_and(|options| options.map_entry()) {
        return;
    }
    paths.extend((0..).zip(&message.field).map(|(at, _)| under(FIELD, at)));
    for (at, nested) in (0..).zip(&message.nested_type) {
        message_paths(paths, under(NESTED, at), nested);
    }
    for (at, one) in (0..).zip(&message.enum_type) {
        enum_paths(paths, under(ENUM, at), one);
    }
    paths.push(own);
}

fn enum_paths(paths: &mut Vec<Vec<i32>>, own: Vec<i32>, one: &prost_types::EnumDescriptorProto) {
    let values = (0..).zip(&one.value);
    paths.extend(values.map(|(at, _)| [own.as_slice(), &[2, at]].concat()));
    paths.push(own);
}

/// Names, numbers and types as they are published: what differs from here breaks somebody.
#[test]
fn published_numbers_stay() {
    let mut text = String::new();
    for method in methods() {
        let stream = |is: bool| if is { "stream " } else { "" };
        writeln!(
            text,
            "{}({}{}) {}{}",
            method.full_name(),
            stream(method.is_client_streaming()),
            method.input().name(),
            stream(method.is_server_streaming()),
            method.output().name()
        )
        .expect("text grows");
    }
    for message in messages() {
        for field in message.fields() {
            let (number, kind) = (field.number(), field.kind());
            let many = if field.is_list() { "repeated " } else { "" };
            writeln!(text, "{} = {number} {many}{kind:?}", field.full_name()).expect("text grows");
        }
    }
    for value in enums().iter().flat_map(EnumDescriptor::values) {
        writeln!(text, "{} = {}", value.full_name(), value.number()).expect("text grows");
    }
    insta::assert_snapshot!(text);
}
