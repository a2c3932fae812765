//! The names of closed lists. Codes are those of the public messages without their prefix, in
//! lower case; a value without a name does not compile.

use crate::language::Texts;
use crate::output::Cell;
use wire::v1;

/// Makes a function from a list's number to its word; an unknown number, from a newer server, has
/// no word.
macro_rules! words {
    ($($(#[$doc:meta])* $function:ident($list:ty) {
        $($value:ident: $code:literal, $es:literal | $en:literal;)*
    })*) => { $(
        $(#[$doc])*
        #[must_use]
        pub fn $function(number: i32) -> Cell {
            match <$list>::try_from(number) {
                $(Ok(<$list>::$value) => Cell::Word {
                    code: $code,
                    names: Texts { es: $es, en: $en },
                },)*
                Err(_) => Cell::Text(format!("{number}?")),
            }
        }
    )* };
}

words! {
    /// Where a commitment stands.
    commitment_status(v1::CommitmentStatus) {
        Unspecified: "unspecified", "sin decir" | "not said";
        Held: "held", "apartado" | "held";
        Booked: "booked", "reservado" | "booked";
        Arrived: "arrived", "llegó" | "arrived";
        Released: "released", "devuelto" | "released";
        Expired: "expired", "vencido" | "expired";
        Cancelled: "cancelled", "cancelado" | "cancelled";
        Fulfilled: "fulfilled", "cumplido" | "fulfilled";
        NoShow: "no_show", "no llegó" | "no show";
        Transferred: "transferred", "transferido" | "transferred";
        Unreported: "unreported", "sin informar" | "unreported";
    }

    /// Whether a facility takes part.
    facility_status(v1::FacilityStatus) {
        Unspecified: "unspecified", "sin decir" | "not said";
        Open: "open", "en operación" | "open";
        Closed: "closed", "cerrado" | "closed";
        Merged: "merged", "unido a otro" | "merged";
    }

    /// Whether a service takes commitments.
    service_status(v1::ServiceStatus) {
        Unspecified: "unspecified", "sin decir" | "not said";
        Open: "open", "abierto" | "open";
        Closed: "closed", "cerrado" | "closed";
    }

    /// The level of care.
    level(v1::CareLevel) {
        Unspecified: "unspecified", "–" | "–";
        First: "first", "primero" | "first";
        Second: "second", "segundo" | "second";
        Third: "third", "tercero" | "third";
    }

    /// How a facility's word has aged.
    freshness(v1::Freshness) {
        Unspecified: "unspecified", "–" | "–";
        Fresh: "fresh", "fresco" | "fresh";
        Aged: "aged", "viejo" | "aged";
        Silent: "silent", "en silencio" | "silent";
    }

    /// Who vouches for a number of beds.
    registration(v1::RegistrationStatus) {
        Unspecified: "unspecified", "nadie" | "nobody";
        Proposed: "proposed", "propuesta" | "proposed";
        Confirmed: "confirmed", "confirmada" | "confirmed";
    }

    /// Why a service was left out of a search.
    exclusion_reason(v1::ExclusionReason) {
        Unspecified: "unspecified", "sin decir" | "not said";
        Closed: "closed", "cerrado" | "closed";
        OtherInstitution: "other_institution", "de otra institución" | "of another institution";
        OtherType: "other_type", "de otro tipo" | "of another type";
        Unconfirmed: "unconfirmed", "camas sin confirmar" | "beds unconfirmed";
        NeverReported: "never_reported", "nunca ha informado" | "never reported";
        Silent: "silent", "en silencio por dos horas" | "silent for two hours";
        Full: "full", "lleno" | "full";
        NoSlots: "no_slots", "sin citas en ese tiempo" | "no slots in the window";
    }

    /// What a node does.
    role(v1::NodeRole) {
        Unspecified: "unspecified", "sin decir" | "not said";
        Leader: "leader", "dirige" | "leader";
        Follower: "follower", "sigue" | "follower";
        Candidate: "candidate", "se postula" | "candidate";
        Learner: "learner", "aprende" | "learner";
        Stopping: "stopping", "se detiene" | "stopping";
    }

    /// The area of a bed.
    area(v1::BedArea) {
        Unspecified: "unspecified", "–" | "–";
        General: "general", "hospitalización" | "general ward";
        Intensive: "intensive", "cuidados intensivos" | "intensive care";
        Intermediate: "intermediate", "cuidados intermedios" | "intermediate care";
        Emergency: "emergency", "urgencias" | "emergency";
        Labour: "labour", "labor y tococirugía" | "labour";
        Recovery: "recovery", "recuperación" | "recovery";
        Newborn: "newborn", "cunero" | "newborn";
        NeonatalIntensive: "neonatal_intensive",
            "cuidados intensivos neonatales" | "neonatal intensive care";
        Burns: "burns", "quemados" | "burns";
        Psychiatric: "psychiatric", "salud mental" | "psychiatric";
    }

    /// A medical specialty.
    specialty(v1::Specialty) {
        Unspecified: "unspecified", "sin decir" | "not said";
        GeneralPractice: "general-practice", "medicina general" | "general practice";
        FamilyMedicine: "family-medicine", "medicina familiar" | "family medicine";
        InternalMedicine: "internal-medicine", "medicina interna" | "internal medicine";
        Paediatrics: "paediatrics", "pediatría" | "paediatrics";
        GynaecologyObstetrics: "gynaecology-obstetrics",
            "ginecología y obstetricia" | "gynaecology obstetrics";
        GeneralSurgery: "general-surgery", "cirugía general" | "general surgery";
        Orthopaedics: "orthopaedics", "traumatología y ortopedia" | "orthopaedics";
        Cardiology: "cardiology", "cardiología" | "cardiology";
        Dermatology: "dermatology", "dermatología" | "dermatology";
        Endocrinology: "endocrinology", "endocrinología" | "endocrinology";
        Gastroenterology: "gastroenterology", "gastroenterología" | "gastroenterology";
        Geriatrics: "geriatrics", "geriatría" | "geriatrics";
        Haematology: "haematology", "hematología" | "haematology";
        InfectiousDiseases: "infectious-diseases", "infectología" | "infectious diseases";
        Nephrology: "nephrology", "nefrología" | "nephrology";
        Pulmonology: "pulmonology", "neumología" | "pulmonology";
        Neurology: "neurology", "neurología" | "neurology";
        Neurosurgery: "neurosurgery", "neurocirugía" | "neurosurgery";
        Ophthalmology: "ophthalmology", "oftalmología" | "ophthalmology";
        MedicalOncology: "medical-oncology", "oncología médica" | "medical oncology";
        Otolaryngology: "otolaryngology", "otorrinolaringología" | "otolaryngology";
        Psychiatry: "psychiatry", "psiquiatría" | "psychiatry";
        ClinicalPsychology: "clinical-psychology", "psicología clínica" | "clinical psychology";
        Rheumatology: "rheumatology", "reumatología" | "rheumatology";
        Urology: "urology", "urología" | "urology";
        Rehabilitation: "rehabilitation", "medicina de rehabilitación" | "rehabilitation";
        AllergyImmunology: "allergy-immunology", "alergia e inmunología" | "allergy immunology";
        VascularSurgery: "vascular-surgery", "angiología y cirugía vascular" | "vascular surgery";
        PlasticSurgery: "plastic-surgery", "cirugía plástica y reconstructiva" | "plastic surgery";
        CardiothoracicSurgery: "cardiothoracic-surgery",
            "cirugía cardiotorácica" | "cardiothoracic surgery";
        PaediatricSurgery: "paediatric-surgery", "cirugía pediátrica" | "paediatric surgery";
        Coloproctology: "coloproctology", "coloproctología" | "coloproctology";
        SurgicalOncology: "surgical-oncology", "cirugía oncológica" | "surgical oncology";
        RadiationOncology: "radiation-oncology", "radiooncología" | "radiation oncology";
        MaxillofacialSurgery: "maxillofacial-surgery",
            "cirugía maxilofacial" | "maxillofacial surgery";
        Dentistry: "dentistry", "estomatología" | "dentistry";
        MedicalGenetics: "medical-genetics", "genética médica" | "medical genetics";
        Neonatology: "neonatology", "neonatología" | "neonatology";
        PainPalliativeCare: "pain-palliative-care",
            "medicina del dolor y cuidados paliativos" | "pain palliative care";
        Anaesthesiology: "anaesthesiology", "anestesiología" | "anaesthesiology";
        Radiology: "radiology", "imagenología y radiología" | "radiology";
        ClinicalNutrition: "clinical-nutrition", "nutrición clínica" | "clinical nutrition";
        PreventiveMedicine: "preventive-medicine",
            "medicina preventiva y vacunación" | "preventive medicine";
        OccupationalMedicine: "occupational-medicine",
            "medicina del trabajo" | "occupational medicine";
        PaediatricNeurology: "paediatric-neurology",
            "neurología pediátrica" | "paediatric neurology";
        PaediatricCardiology: "paediatric-cardiology",
            "cardiología pediátrica" | "paediatric cardiology";
        MaternalFetalMedicine: "maternal-fetal-medicine",
            "medicina materno-fetal" | "maternal fetal medicine";
        Audiology: "audiology", "audiología, otoneurología y foniatría" | "audiology";
    }

    /// How the catalogue changes.
    catalogue_change(v1::catalogue_change::Kind) {
        Unspecified: "catalogue", "catálogo" | "catalogue";
        InstitutionPut: "institution_put", "institución registrada" | "institution registered";
        FacilityPut: "facility_put", "establecimiento registrado" | "facility registered";
        FacilityClosed: "facility_closed", "establecimiento cerrado" | "facility closed";
        FacilityMerged: "facility_merged", "establecimiento unido" | "facility merged";
        ServiceClosed: "service_closed", "servicio cerrado" | "service closed";
    }

    /// How beds change.
    capacity_change(v1::capacity_change::Kind) {
        Unspecified: "capacity", "camas" | "beds";
        Proposed: "beds_proposed", "camas propuestas" | "beds proposed";
        Confirmed: "beds_confirmed", "camas confirmadas" | "beds confirmed";
        ClaimHeld: "claim_held", "informe en duda" | "claim held";
        Counted: "counted", "camas contadas" | "beds counted";
        Returned: "returned", "cama devuelta" | "bed returned";
    }

    /// How slots change.
    agenda_change(v1::agenda_change::Kind) {
        Unspecified: "agenda", "agenda" | "agenda";
        Published: "agenda_published", "agenda publicada" | "agenda published";
        Blocked: "slots_blocked", "citas bloqueadas" | "slots blocked";
        Unblocked: "slots_unblocked", "citas desbloqueadas" | "slots unblocked";
        Withdrawn: "agenda_withdrawn", "agenda retirada" | "agenda withdrawn";
    }

    /// How a commitment changes.
    commitment_change(v1::commitment_change::Kind) {
        Unspecified: "commitment", "apartado o reserva" | "hold or booking";
        Granted: "granted", "otorgado" | "granted";
        Booked: "booked", "reservado" | "booked";
        Extended: "extended", "prolongado" | "extended";
        Arrived: "arrived", "llegó" | "arrived";
        Overdue: "overdue", "atrasado" | "overdue";
        Disputed: "disputed", "impugnado" | "disputed";
        Ended: "ended", "terminado" | "ended";
    }
}

/// What a service is: a list of words, the kind first.
#[must_use]
pub fn kind(kind: Option<&v1::ServiceKind>) -> Cell {
    use v1::service_kind::Kind;
    let word = |code, es, en| Cell::Word { code, names: Texts { es, en } };
    match kind.and_then(|kind| kind.kind.as_ref()) {
        None => Cell::Nothing,
        Some(Kind::Outpatient(number)) => {
            Cell::List(vec![word("outpatient", "consulta", "visit"), specialty(*number)])
        }
        Some(Kind::Teleconsultation(number)) => Cell::List(vec![
            word("teleconsultation", "teleconsulta", "teleconsultation"),
            specialty(*number),
        ]),
        Some(Kind::Bed(bed)) => Cell::List(bed_words(bed)),
    }
}

fn bed_words(bed: &v1::BedType) -> Vec<Cell> {
    let word = |code, es, en| Cell::Word { code, names: Texts { es, en } };
    let mut words = vec![word("bed", "cama", "bed"), area(bed.area)];
    match v1::AgeGroup::try_from(bed.age_group) {
        Ok(v1::AgeGroup::Adult) => words.push(word("adult", "adultos", "adult")),
        Ok(v1::AgeGroup::Paediatric) => words.push(word("paediatric", "niños", "paediatric")),
        Ok(v1::AgeGroup::Unspecified) | Err(_) => {}
    }
    if bed.isolation {
        words.push(word("isolation", "aislamiento", "isolation"));
    }
    if bed.ventilator {
        words.push(word("ventilator", "ventilador", "ventilator"));
    }
    if bed.censable {
        words.push(word("censable", "censable", "censable"));
    }
    words
}
