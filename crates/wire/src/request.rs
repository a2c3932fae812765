//! Who asks, by what right, for whom, and under which identity.

use crate::input::{FieldError, Problem};
use crate::limits::PERSON_BYTES;
use crate::v1;
use ledger::words::{Author, Basis, BasisKind, PersonId, PolicyVersion, Role};
use prost::bytes::Bytes;
use std::num::NonZeroU128;

/// A request's or stream's UUID. Whether it is of version 7 and of the right age is the ledger's
/// to say, by the log's moment.
///
/// # Errors
/// When it is missing or no UUID.
pub fn uuid(field: &str, text: &str) -> Result<u128, FieldError> {
    if text.is_empty() {
        return Err(FieldError::new(field, Problem::Missing));
    }
    let parsed = uuid::Uuid::try_parse(text);
    parsed.map(|uuid| uuid.as_u128()).map_err(|_| FieldError::new(field, Problem::Uuid))
}

/// The identity of one row of a batch that has one request id: the row's number is added to the
/// random part, so equal batches give equal rows and time stays where it was.
#[must_use]
pub const fn row_uuid(batch: u128, row: u32) -> u128 {
    const RANDOM: u128 = (1 << 62) - 1;
    let random = (batch & RANDOM).wrapping_add(row as u128) & RANDOM;
    (batch & !RANDOM) | random
}

/// Who asks; nobody when left out.
///
/// # Errors
/// When the role is none of the published ones.
pub fn author(given: Option<&v1::Author>) -> Result<Option<Author>, FieldError> {
    given
        .map(|author| {
            let role = u8::try_from(author.role).ok().and_then(Role::from_number);
            let role = role.ok_or_else(|| {
                FieldError::new("author.role", Problem::Choice { given: author.role })
            })?;
            Ok(Author { principal: author.principal, role })
        })
        .transpose()
}

/// An author as a message.
#[must_use]
pub fn author_message(author: Author) -> v1::Author {
    v1::Author { principal: author.principal, role: author.role as i32 }
}

/// The policy version the sender had in mind.
#[must_use]
pub fn policy(given: Option<u32>) -> Option<PolicyVersion> {
    given.map(PolicyVersion)
}

/// For whom; nobody when empty.
///
/// # Errors
/// When it is not 16 bytes, or all of them are zero.
pub fn person(field: &str, given: &[u8]) -> Result<Option<PersonId>, FieldError> {
    if given.is_empty() {
        return Ok(None);
    }
    let bytes: Result<[u8; PERSON_BYTES], _> = given.try_into();
    let number = bytes.ok().map(u128::from_be_bytes).and_then(NonZeroU128::new);
    number
        .map(|number| Some(PersonId(number)))
        .ok_or_else(|| FieldError::new(field, Problem::Person { bytes: given.len() }))
}

/// A person's number as bytes; empty for nobody.
#[must_use]
pub fn person_bytes(person: Option<PersonId>) -> Bytes {
    person.map_or_else(Bytes::new, |person| Bytes::copy_from_slice(&person.0.get().to_be_bytes()))
}

/// By what right; none when left out.
///
/// # Errors
/// When its kind is none of the published ones.
pub fn basis(given: Option<&v1::Basis>) -> Result<Option<Basis>, FieldError> {
    given
        .map(|basis| {
            let kind = u8::try_from(basis.kind).ok().and_then(BasisKind::from_number);
            let kind = kind.ok_or_else(|| {
                FieldError::new("basis.kind", Problem::Choice { given: basis.kind })
            })?;
            let policy = policy(basis.policy_version);
            Ok(Basis { kind, reference: basis.reference, policy })
        })
        .transpose()
}

/// A basis as a message.
#[must_use]
pub fn basis_message(basis: &Basis) -> v1::Basis {
    v1::Basis {
        kind: basis.kind as i32,
        reference: basis.reference,
        policy_version: basis.policy.map(|version| version.0),
    }
}
