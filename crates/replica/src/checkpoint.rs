//! A ledger as chunks of records, and back.
//!
//! Enter at [`write()`] and [`Restoration`]. A checkpoint is written from a clone of the ledger, on
//! any thread, one chunk in memory at a time; whoever takes the chunks sets the pace.
//!
//! Invariants: chunks are cut where the records' own numbers say so, so that a region that did not
//! change gives the same bytes in the next checkpoint and is not stored again; a restored ledger
//! has the digest of the one that was written, or is refused.
//!
//! Absent: files, hashes and manifests (`store` has them), and what is derived from other records.

use crate::codec::limits::CHUNK_BYTES_TARGET;
use crate::codec::{
    ChunkWriter, DecodeError, Record, StreamReceipt, decode_meta, encode_meta, read_chunk,
};
use ledger::words::{Agenda, AgendaId, CommitmentId, FacilityId, ServiceId};
use ledger::{Derived, Ledger, Meta, RestoreError, Restorer};

/// Facilities of a chunk: about 200 bytes each.
const FACILITIES_PER_CHUNK: u64 = 1_024;
/// Services of a chunk: about 80 bytes each with a ward. Reports change wards all over the country
/// between two checkpoints, so smaller chunks would spare nothing.
const SERVICES_PER_CHUNK: u64 = 2_048;
/// Agendas of a chunk: about 40 bytes each.
const AGENDAS_PER_CHUNK: u64 = 4_096;
/// Commitments of a chunk: about 70 bytes each.
const COMMITMENTS_PER_CHUNK: u64 = 2_048;
/// Ended commitments of a chunk: about 12 bytes each.
const ENDED_PER_CHUNK: u64 = 16_384;
/// Receipts of unique requests of a chunk, on average: about 50 bytes each.
const UNIQUES_PER_CHUNK: u128 = 4_096;
/// Bulk streams of a chunk, on average: about 35 bytes each.
const STREAMS_PER_CHUNK: u128 = 4_096;
/// Receipts of a stream that stand together: about 35 bytes each.
const RECEIPTS_PER_RUN: u64 = 1_024;
/// Runs of receipts of a chunk, on average.
const RUNS_PER_CHUNK: u128 = 8;

/// Gives a ledger's records to `add`, in chunks with names that tell the table and the first
/// record; and gives back the bytes of the numbers that belong to no record.
///
/// # Errors
/// The first that `add` gives.
pub fn write<E>(
    ledger: &Ledger,
    add: impl FnMut(&str, &[u8]) -> Result<(), E>,
) -> Result<Vec<u8>, E> {
    let mut cutter =
        Cutter { chunk: ChunkWriter::new(), name: String::new(), region: ("", 0), add };
    write_catalogue(ledger, &mut cutter)?;
    write_commitments(ledger, &mut cutter)?;
    write_requests(ledger, &mut cutter)?;
    cutter.cut()?;
    Ok(encode_meta(&ledger.meta()))
}

/// The numbers in a checkpoint's meta bytes: where it stands.
///
/// # Errors
/// When they are no such numbers, or when only a newer version understands them.
pub fn meta(bytes: &[u8]) -> Result<Meta, DecodeError> {
    decode_meta(bytes)
}

fn write_catalogue<E, F: FnMut(&str, &[u8]) -> Result<(), E>>(
    ledger: &Ledger,
    cutter: &mut Cutter<F>,
) -> Result<(), E> {
    for (code, institution) in ledger.institutions() {
        let record = Record::Institution { code, institution: institution.clone() };
        cutter.put(0, &record)?;
    }
    for (number, facility) in ledger.facilities_from(FacilityId(0)) {
        let region = u64::from(number.0) / FACILITIES_PER_CHUNK;
        cutter.put(region.into(), &Record::Facility { number, facility: facility.clone() })?;
    }
    for (number, service) in ledger.services_from(ServiceId(0)) {
        let region = u64::from(number.0) / SERVICES_PER_CHUNK;
        cutter.put(region.into(), &Record::Service { number, service: service.clone() })?;
    }
    for (number, agenda) in ledger.agendas_from(AgendaId(0)) {
        let region = u64::from(number.0) / AGENDAS_PER_CHUNK;
        cutter.put(region.into(), &Record::Agenda { number, agenda: underived(agenda) })?;
    }
    Ok(())
}

/// An agenda's own record, without copying what is counted on it: that is the most of it.
fn underived(agenda: &Agenda) -> Agenda {
    Agenda {
        service: agenda.service,
        facility: agenda.facility,
        shape: agenda.shape,
        blocked: agenda.blocked.clone(),
        taken: Derived::default(),
        live: Derived::default(),
    }
}

fn write_commitments<E, F: FnMut(&str, &[u8]) -> Result<(), E>>(
    ledger: &Ledger,
    cutter: &mut Cutter<F>,
) -> Result<(), E> {
    for (number, commitment) in ledger.commitments_from(CommitmentId(0)) {
        let region = number.0 / COMMITMENTS_PER_CHUNK;
        let record = Record::Commitment { number, commitment: commitment.clone() };
        cutter.put(region.into(), &record)?;
    }
    for (number, commitment) in ledger.ended_from(0) {
        let region = number / ENDED_PER_CHUNK;
        cutter.put(region.into(), &Record::Ended { number, commitment })?;
    }
    Ok(())
}

/// Requests have random ids, in no dense order: a region begins with each id that is a multiple.
fn write_requests<E, F: FnMut(&str, &[u8]) -> Result<(), E>>(
    ledger: &Ledger,
    cutter: &mut Cutter<F>,
) -> Result<(), E> {
    let mut region = 0;
    for (unique, receipt) in ledger.unique_from(0) {
        if unique.is_multiple_of(UNIQUES_PER_CHUNK) {
            region = unique;
        }
        cutter.put(region, &Record::Unique { unique, receipt: receipt.clone() })?;
    }
    region = 0;
    for (stream, content) in ledger.streams() {
        if stream.is_multiple_of(STREAMS_PER_CHUNK) {
            region = stream;
        }
        let (first, used) = (content.first, content.used);
        cutter.put(region, &Record::Stream { stream, first, used })?;
    }
    region = 0;
    for (stream, content) in ledger.streams() {
        let mut receipts = content.receipts.iter_from(0).peekable();
        while let Some((first, _)) = receipts.peek() {
            let run = first / RECEIPTS_PER_RUN;
            // Ids of streams end in random bits, so this is a throw of dice that stays as it fell.
            let throw = stream.wrapping_add(run.into());
            if throw.is_multiple_of(RUNS_PER_CHUNK) {
                region = throw;
            }
            let mut together = Vec::new();
            while let Some((sequence, receipt)) =
                receipts.next_if(|(sequence, _)| sequence / RECEIPTS_PER_RUN == run)
            {
                together.push(StreamReceipt { sequence, receipt: receipt.clone() });
            }
            cutter.put(region, &Record::StreamReceipts { stream, receipts: together })?;
        }
    }
    Ok(())
}

/// Collects records into chunks.
struct Cutter<F> {
    chunk: ChunkWriter,
    /// The name of the chunk being collected; empty while it has no record.
    name: String,
    /// The table and the region of the last record.
    region: (&'static str, u128),
    add: F,
}

impl<F> Cutter<F> {
    fn put<E>(&mut self, region: u128, record: &Record) -> Result<(), E>
    where
        F: FnMut(&str, &[u8]) -> Result<(), E>,
    {
        let here = (table_of(record), region);
        if self.region != here {
            self.cut()?;
            self.region = here;
        }
        if self.name.is_empty() {
            self.name = name_of(record);
        }
        self.chunk.add(record);
        if self.chunk.bytes().len() >= CHUNK_BYTES_TARGET {
            self.cut()?;
        }
        Ok(())
    }

    fn cut<E>(&mut self) -> Result<(), E>
    where
        F: FnMut(&str, &[u8]) -> Result<(), E>,
    {
        if !self.name.is_empty() {
            (self.add)(&self.name, self.chunk.bytes())?;
            self.name.clear();
            self.chunk.restart();
        }
        Ok(())
    }
}

const fn table_of(record: &Record) -> &'static str {
    match record {
        Record::Institution { .. } => "institutions",
        Record::Facility { .. } => "facilities",
        Record::Service { .. } => "services",
        Record::Agenda { .. } => "agendas",
        Record::Commitment { .. } => "commitments",
        Record::Ended { .. } => "ended",
        Record::Unique { .. } => "uniques",
        Record::Stream { .. } => "streams",
        Record::StreamReceipts { .. } => "receipts",
    }
}

/// A record's table and its number there, as text that sorts as the number does.
fn name_of(record: &Record) -> String {
    let table = table_of(record);
    let dense = |number: u64| format!("{table}-{number:020}");
    match record {
        Record::Institution { code, .. } => format!("{table}-{code}"),
        Record::Facility { number: FacilityId(number), .. }
        | Record::Service { number: ServiceId(number), .. }
        | Record::Agenda { number: AgendaId(number), .. } => dense(u64::from(*number)),
        Record::Commitment { number: CommitmentId(number), .. } | Record::Ended { number, .. } => {
            dense(*number)
        }
        Record::Unique { unique: id, .. } | Record::Stream { stream: id, .. } => {
            format!("{table}-{id:032x}")
        }
        Record::StreamReceipts { stream, receipts } => {
            let first = receipts.first().map_or(0, |receipt| receipt.sequence);
            format!("{table}-{stream:032x}-{first:020}")
        }
    }
}

/// Why a checkpoint's bytes made no ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestorationError {
    /// The bytes are not what a checkpoint has.
    #[error("the checkpoint cannot be read: {0}")]
    Unreadable(#[from] DecodeError),
    /// The records do not make the ledger that was written.
    #[error("the checkpoint's records do not fit together: {0}; take an older or a peer's one")]
    Unfit(#[from] RestoreError),
}

/// A ledger being restored: takes the chunks in the order in which they were written.
#[derive(Debug)]
pub struct Restoration {
    restorer: Restorer,
}

impl Restoration {
    /// Begins with a checkpoint's meta bytes.
    ///
    /// # Errors
    /// When they are none, or when only a newer version understands them.
    pub fn begin(meta: &[u8]) -> Result<Self, RestorationError> {
        Ok(Self { restorer: Restorer::new(&decode_meta(meta)?) })
    }

    /// Takes the next chunk.
    ///
    /// # Errors
    /// When it is no chunk, or its records do not belong here.
    pub fn take(&mut self, chunk: &[u8]) -> Result<(), RestorationError> {
        read_chunk(chunk, |record| self.place(record))
    }

    /// The ledger.
    ///
    /// # Errors
    /// When it is not the one that was written.
    pub fn finish(self) -> Result<Ledger, RestorationError> {
        Ok(Ledger::restored(self.restorer)?)
    }

    fn place(&mut self, record: Record) -> Result<(), RestorationError> {
        let restorer = &mut self.restorer;
        match record {
            Record::Institution { code, institution } => restorer.institution(code, institution),
            Record::Facility { number, facility } => restorer.facility(number, facility)?,
            Record::Service { number, service } => restorer.service(number, service)?,
            Record::Agenda { number, agenda } => restorer.agenda(number, agenda)?,
            Record::Commitment { number, commitment } => restorer.commitment(number, commitment)?,
            Record::Ended { number, commitment } => restorer.ended(number, commitment)?,
            Record::Unique { unique, receipt } => restorer.unique(unique, receipt)?,
            Record::Stream { stream, first, used } => restorer.stream(stream, first, used)?,
            Record::StreamReceipts { stream, receipts } => {
                for StreamReceipt { sequence, receipt } in receipts {
                    restorer.stream_receipt(stream, sequence, receipt)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod checkpoint_test;
