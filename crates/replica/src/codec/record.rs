//! The records of a checkpoint, as `checkpoint.proto` numbers them.

use super::error::DecodeError;
use super::field::one;
use super::limits::CHUNK_BYTES_MAX;
use super::message::{Choice, Message, choices, messages, nested, read_fields};
use super::value::{Fingerprint, Format, Value};
use super::wire::{Input, next_key, skip};
use ledger::words::{
    Agenda, AgendaId, Claim, Commitment, CommitmentId, Facility, FacilityId, Institution,
    InstitutionCode, Moment, Rare, Revision, Service, ServiceCode, ServiceId, Statement, Ward,
};
use ledger::{Digest, Journal, Meta, Outcome, Receipt};
use prost::encoding::WireType;
use std::ops::RangeInclusive;

/// Field numbers kept for tables; more than there are.
const TABLES: RangeInclusive<u32> = 2..=255;

/// One record of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    Institution { code: InstitutionCode, institution: Institution },
    Facility { number: FacilityId, facility: Facility },
    Service { number: ServiceId, service: Service },
    Agenda { number: AgendaId, agenda: Agenda },
    Commitment { number: CommitmentId, commitment: Commitment },
    Ended { number: u64, commitment: CommitmentId },
    Unique { unique: u128, receipt: Receipt },
    Stream { stream: u128, first: u64, used: Moment },
    StreamReceipts { stream: u128, receipts: Vec<StreamReceipt> },
}

/// What one command of a stream answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StreamReceipt {
    pub sequence: u64,
    pub receipt: Receipt,
}

choices! {
    Record {
        2 Institution { 1 one code, 2 one institution },
        3 Facility { 1 one number, 2 one facility },
        4 Service { 1 one number, 2 one service },
        5 Agenda { 1 one number, 2 one agenda },
        6 Commitment { 1 one number, 2 one commitment },
        7 Ended { 1 one number, 2 one commitment },
        8 Unique { 1 one unique, 2 one receipt },
        9 Stream { 1 one stream, 2 one first, 3 one used },
        10 StreamReceipts { 1 one stream, 2 many receipts },
    }
}

/// A chunk being written.
pub(crate) struct ChunkWriter(Vec<u8>);

impl ChunkWriter {
    /// A chunk without records.
    pub(crate) fn new() -> Self {
        let mut out = Vec::new();
        one::put(1, &Format, &mut out);
        Self(out)
    }

    /// Takes one more record.
    pub(crate) fn add(&mut self, record: &Record) {
        record.put(&mut self.0);
    }

    /// Bytes written so far.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Begins the next chunk in the same memory.
    pub(crate) fn restart(&mut self) {
        self.0.clear();
        one::put(1, &Format, &mut self.0);
    }
}

/// Reads a chunk, handing over each record as it comes.
///
/// # Errors
/// When the bytes are no chunk or one that only a newer version understands, and whatever `take`
/// gives.
pub(crate) fn read_chunk<E: From<DecodeError>>(
    bytes: &[u8],
    mut take: impl FnMut(Record) -> Result<(), E>,
) -> Result<(), E> {
    DecodeError::bounded("chunk", bytes.len(), CHUNK_BYTES_MAX)?;
    let (mut input, mut format) = (bytes, None::<Format>);
    while let Some(record) =
        next_record(&mut format, &mut input).map_err(|error| error.within("chunk"))?
    {
        take(record)?;
    }
    one::finish(format).map_err(|error| error.within("format").within("chunk"))?;
    Ok(())
}

fn next_record(
    format: &mut Option<Format>,
    input: &mut Input<'_>,
) -> Result<Option<Record>, DecodeError> {
    while let Some((number, wire)) = next_key(input)? {
        if number == 1 {
            one::merge(format, wire, input).map_err(|error| error.within("format"))?;
        } else if let Some(record) = Record::read(number, wire, input)? {
            return Ok(Some(record));
        } else if TABLES.contains(&number) {
            return Err(DecodeError::newer(u64::from(number)).within("table"));
        } else {
            skip(number, wire, input)?;
        }
    }
    Ok(None)
}

/// The bytes of a checkpoint's numbers.
pub(crate) fn encode_meta(meta: &Meta) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    CheckpointMeta::from(meta).write_fields(&mut out);
    out
}

/// A checkpoint's numbers from their bytes.
///
/// # Errors
/// When they are no such numbers, or when only a newer version understands them.
pub(crate) fn decode_meta(bytes: &[u8]) -> Result<Meta, DecodeError> {
    CheckpointMeta::read_fields(bytes).map(Meta::from).map_err(|error| error.within("checkpoint"))
}

/// A checkpoint's numbers as they are written, beside each other.
struct CheckpointMeta {
    format: Format,
    moment: Moment,
    revision: Revision,
    incarnation: u64,
    journal_events: u64,
    journal_head: [u8; 32],
    catalogue_revision: Revision,
    next_agenda: u32,
    next_commitment: u64,
    next_ended: u64,
    request_floor_millis: u64,
    stream_floor_millis: u64,
    digest: Digest,
}

impl From<&Meta> for CheckpointMeta {
    fn from(meta: &Meta) -> Self {
        Self {
            format: Format,
            moment: meta.moment,
            revision: meta.revision,
            incarnation: meta.incarnation,
            journal_events: meta.journal.events,
            journal_head: meta.journal.head,
            catalogue_revision: meta.catalogue_revision,
            next_agenda: meta.next_agenda,
            next_commitment: meta.next_commitment,
            next_ended: meta.next_ended,
            request_floor_millis: meta.request_floor_millis,
            stream_floor_millis: meta.stream_floor_millis,
            digest: meta.digest,
        }
    }
}

impl From<CheckpointMeta> for Meta {
    fn from(parts: CheckpointMeta) -> Self {
        Self {
            moment: parts.moment,
            revision: parts.revision,
            incarnation: parts.incarnation,
            journal: Journal { events: parts.journal_events, head: parts.journal_head },
            catalogue_revision: parts.catalogue_revision,
            next_agenda: parts.next_agenda,
            next_commitment: parts.next_commitment,
            next_ended: parts.next_ended,
            request_floor_millis: parts.request_floor_millis,
            stream_floor_millis: parts.stream_floor_millis,
            digest: parts.digest,
        }
    }
}

messages! {
    CheckpointMeta {
        1 one format, 2 one moment, 3 one revision, 4 one incarnation, 5 one journal_events,
        6 one journal_head, 7 one catalogue_revision, 8 one next_agenda, 9 one next_commitment,
        10 one next_ended, 11 one request_floor_millis, 12 one stream_floor_millis, 13 one digest
    }
    StreamReceipt { 1 one sequence, 2 one receipt }
    Facility { 1 one clues, 2 one profile, 3 one status, 4 many aliases, 5 many services }
    Service { 1 one facility, 2 one code, 3 one kind, 4 one status, 5 maybe ward; agendas }
    Ward {
        1 one registered, 2 maybe statement, 3 maybe claim, 4 one heard, 5 one returned,
        6 many awaiting_return, 7 one last_number; live, unaccounted
    }
    Statement {
        1 one sequence, 2 one beds, 3 one available, 4 one accounted_through, 5 many exceptions
    }
    Claim { 1 one beds, 2 one sequence, 3 one at }
    Agenda { 1 one service, 2 one facility, 3 one shape, 4 many blocked; taken, live }
    Commitment {
        1 one place, 2 one number, 3 one status, 4 one joint, 5 one overdue, 6 one fencing,
        7 one deadline, 8 one granted, 9 one arrival_seconds, 10 maybe person, 11 maybe author,
        12 maybe rare
    }
    Rare { 1 maybe basis, 2 maybe overcapacity, 3 maybe dispute, 4 maybe transferred_from }
}

/// A service under its name, in its facility's record.
struct FacilityService {
    code: ServiceCode,
    service: ServiceId,
}

impl Message for (ServiceCode, ServiceId) {
    fn write_fields(&self, out: &mut Vec<u8>) {
        one::put(1, &self.0, out);
        one::put(2, &self.1, out);
    }

    fn read_fields(input: Input<'_>) -> Result<Self, DecodeError> {
        let named = read_fields!(input, FacilityService { 1 one code, 2 one service } derived {});
        Ok((named.code, named.service))
    }
}

nested!((ServiceCode, ServiceId));

/// A receipt as it is written: a fingerprint uses all its bits.
struct ReceiptFields {
    fingerprint: Fingerprint,
    revision: Revision,
    outcome: Outcome,
}

impl Message for Receipt {
    fn write_fields(&self, out: &mut Vec<u8>) {
        one::put(1, &Fingerprint(self.fingerprint), out);
        one::put(2, &self.revision, out);
        one::put(3, &self.outcome, out);
    }

    fn read_fields(input: Input<'_>) -> Result<Self, DecodeError> {
        let fields = read_fields!(
            input,
            ReceiptFields { 1 one fingerprint, 2 one revision, 3 one outcome } derived {}
        );
        Ok(Self {
            fingerprint: fields.fingerprint.0,
            revision: fields.revision,
            outcome: fields.outcome,
        })
    }
}

nested!(Receipt);

/// What few commitments have is kept apart in memory, not on the wire.
impl Value for Box<Rare> {
    const WIRE: WireType = WireType::LengthDelimited;

    fn is_zero(&self) -> bool {
        false
    }

    fn write(&self, out: &mut Vec<u8>) {
        (**self).write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, DecodeError> {
        Rare::read(input).map(Self::new)
    }

    fn absent() -> Result<Self, DecodeError> {
        Err(DecodeError::missing())
    }
}
