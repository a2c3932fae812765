//! A ledger from the records of another, through the same door as a checkpoint's.

use ledger::words::{AgendaId, CommitmentId, FacilityId, ServiceId};
use ledger::{Ledger, RestoreError, Restorer};

/// The ledger that a checkpoint of this one restores.
///
/// # Errors
/// When its records make no ledger.
pub fn restored(ledger: &Ledger) -> Result<Ledger, RestoreError> {
    let mut records = Restorer::new(&ledger.meta());
    for (code, institution) in ledger.institutions() {
        records.institution(code, institution.clone());
    }
    for (id, facility) in ledger.facilities_from(FacilityId(0)) {
        records.facility(id, facility.clone())?;
    }
    for (id, service) in ledger.services_from(ServiceId(0)) {
        records.service(id, service.clone())?;
    }
    for (id, agenda) in ledger.agendas_from(AgendaId(0)) {
        records.agenda(id, agenda.clone())?;
    }
    for (id, commitment) in ledger.commitments_from(CommitmentId(0)) {
        records.commitment(id, commitment.clone())?;
    }
    for (number, id) in ledger.ended_from(0) {
        records.ended(number, id)?;
    }
    for (uuid, receipt) in ledger.unique_from(0) {
        records.unique(uuid, receipt.clone())?;
    }
    for (id, stream) in ledger.streams() {
        records.stream(id, stream.first, stream.used)?;
        for (sequence, receipt) in stream.receipts.iter_from(0) {
            records.stream_receipt(id, sequence, receipt.clone())?;
        }
    }
    Ledger::restored(records)
}
