//! The words of the field, as plain data: one word, one meaning, one file.

mod agenda;
mod clues;
mod commitment;
mod facility;
mod ids;
mod institution;
mod moment;
mod person;
mod request;
mod service;
mod text;
mod ward;

pub use agenda::{Agenda, AgendaShape};
pub use clues::{Clues, CluesError};
pub use commitment::{Commitment, Ending, Joint, Place, Rare, Status};
pub use facility::{Alias, Facility, FacilityProfile, FacilityStatus, Level, Position};
pub use ids::{AgendaId, CommitmentId, FacilityId, PolicyVersion, ServiceId, SlotId};
pub use institution::{Institution, InstitutionCode};
pub use moment::{Moment, Revision};
pub use person::{Author, Basis, BasisKind, PersonId, Role};
pub use request::{RequestId, is_uuid_v7, uuid_millis};
pub use service::{
    AgeGroup, BedArea, BedType, Service, ServiceCode, ServiceKind, ServiceStatus, Specialty,
};
pub use text::{Text, TextError};
pub use ward::{BedCount, Claim, Registered, Statement, Ward};
