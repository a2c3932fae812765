//! Values that are more than text.

use crate::language::{self, Texts};
use calendar::{LocalDate, rfc3339};
use ledger::words::{Clues, Moment};
use std::fmt;
use std::time::Duration;
use uuid::Uuid;
use wire::v1::{AgeGroup, Author, BedArea, Role, Specialty};

/// What is wrong with a value, in both languages.
#[derive(Debug)]
pub struct ValueError(Texts<&'static str>);

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.clone().into_language(language::spoken()))
    }
}

impl std::error::Error for ValueError {}

const fn wrong(es: &'static str, en: &'static str) -> ValueError {
    ValueError(Texts { es, en })
}

/// A place on earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A member as it is written: `1=127.0.0.1:7401`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberValue {
    /// Its number.
    pub node: u64,
    /// Its address.
    pub address: String,
}

/// `500ms`, `10s`, `2m`, `1h`; more than nothing and at most a day.
pub fn duration(text: &str) -> Result<Duration, ValueError> {
    const WRONG: ValueError = wrong(
        "un plazo se escribe 500ms, 10s, 2m o 1h, de 1ms a 24h",
        "a time is written 500ms, 10s, 2m or 1h, from 1ms to 24h",
    );
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| WRONG)?;
    let factor: u64 = match unit {
        "ms" => 1,
        "s" | "" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(WRONG),
    };
    match number.checked_mul(factor) {
        Some(millis @ 1..=86_400_000) => Ok(Duration::from_millis(millis)),
        _ => Err(WRONG),
    }
}

/// A UUIDv7.
pub fn request_id(text: &str) -> Result<Uuid, ValueError> {
    match Uuid::parse_str(text) {
        Ok(id) if id.get_version_num() == 7 => Ok(id),
        _ => Err(wrong(
            "una solicitud se identifica con un UUIDv7",
            "a request is identified by a UUIDv7",
        )),
    }
}

/// A person's random number.
pub fn person(text: &str) -> Result<Uuid, ValueError> {
    match Uuid::parse_str(text) {
        Ok(id) if !id.is_nil() => Ok(id),
        _ => Err(wrong(
            "una persona es un UUID al azar distinto de cero; aquí no va su CURP",
            "a person is a random UUID that is not zero; their CURP does not belong here",
        )),
    }
}

/// A CLUES, also in lower case.
pub fn clues(text: &str) -> Result<Clues, ValueError> {
    Clues::parse(text).map_err(|_| {
        wrong(
            "una CLUES son cinco letras y seis dígitos, como OCIMB000123",
            "a CLUES is five letters and six digits, like OCIMB000123",
        )
    })
}

/// `LAT,LON` in degrees, within the globe.
pub fn near(text: &str) -> Result<Near, ValueError> {
    let parsed = text.split_once(',').and_then(|(latitude, longitude)| {
        Some(Near {
            latitude: latitude.trim().parse().ok()?,
            longitude: longitude.trim().parse().ok()?,
        })
    });
    match parsed {
        Some(near) if near.latitude.abs() <= 90.0 && near.longitude.abs() <= 180.0 => Ok(near),
        _ => Err(wrong(
            "una posición se escribe 19.4326,-99.1332: grados al norte y al este",
            "a position is written 19.4326,-99.1332: degrees north and east",
        )),
    }
}

/// `1=127.0.0.1:7401`.
pub fn member(text: &str) -> Result<MemberValue, ValueError> {
    let parsed = text.split_once('=').and_then(|(node, address)| {
        let node: u64 = node.parse().ok().filter(|node| *node > 0)?;
        let address: std::net::SocketAddr = address.parse().ok()?;
        Some(MemberValue { node, address: address.to_string() })
    });
    parsed.ok_or_else(|| {
        wrong("un miembro se escribe 1=127.0.0.1:7401", "a member is written 1=127.0.0.1:7401")
    })
}

/// A time in RFC 3339.
pub fn time(text: &str) -> Result<Moment, ValueError> {
    rfc3339::parse(text).map_err(|_| {
        wrong(
            "una hora se escribe 2026-11-22T08:30:00-06:00 (RFC 3339)",
            "a time is written 2026-11-22T08:30:00-06:00 (RFC 3339)",
        )
    })
}

/// A number of kilometres as metres: more than nothing, at most half the earth.
pub fn kilometres(text: &str) -> Result<u32, ValueError> {
    match text.parse::<f64>() {
        Ok(km) if km > 0.0 && km <= 20_100.0 => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded")]
            let metres = (km * 1_000.0).round().max(1.0) as u32;
            Ok(metres)
        }
        _ => Err(wrong(
            "una distancia son kilómetros, más de 0 y hasta 20100",
            "a distance is in kilometres, more than 0 and up to 20100",
        )),
    }
}

/// The number of a hold or booking, with or without what stands before it in its name.
pub fn commitment(text: &str) -> Result<u64, ValueError> {
    let bare = text.strip_prefix("holds/").or_else(|| text.strip_prefix("bookings/"));
    // The first one of a cluster has the number 0.
    bare.unwrap_or(text).parse().map_err(|_| {
        wrong(
            "un apartado o reserva se nombra 1234, holds/1234 o bookings/1234",
            "a hold or booking is named 1234, holds/1234 or bookings/1234",
        )
    })
}

/// A day of the calendar.
pub fn day(text: &str) -> Result<LocalDate, ValueError> {
    LocalDate::parse(text).map_err(|_| {
        wrong("un día del calendario se escribe 2026-11-22", "a calendar day is written 2026-11-22")
    })
}

/// A bed's area, as `neonatal-intensive`.
pub fn area(text: &str) -> Result<i32, ValueError> {
    let named = BedArea::from_str_name(&published("BED_AREA", text));
    named.filter(|area| *area != BedArea::Unspecified).map(i32::from).ok_or_else(|| {
        wrong(
            "un área es general, intensive, intermediate, emergency, labour, recovery, newborn, \
             neonatal-intensive, burns o psychiatric",
            "an area is general, intensive, intermediate, emergency, labour, recovery, newborn, \
             neonatal-intensive, burns or psychiatric",
        )
    })
}

/// Whom a bed is for.
pub fn age_group(text: &str) -> Result<i32, ValueError> {
    let named = AgeGroup::from_str_name(&published("AGE_GROUP", text));
    named
        .filter(|group| *group != AgeGroup::Unspecified)
        .map(i32::from)
        .ok_or_else(|| wrong("una edad es adult o paediatric", "an age is adult or paediatric"))
}

/// A specialty, as `internal-medicine` or by its published number.
pub fn specialty(text: &str) -> Result<i32, ValueError> {
    let numbered = || text.parse().ok().and_then(|number: i32| Specialty::try_from(number).ok());
    let named = Specialty::from_str_name(&published("SPECIALTY", text)).or_else(numbered);
    named.filter(|named| *named != Specialty::Unspecified).map(i32::from).ok_or_else(|| {
        wrong(
            "una especialidad es su nombre (cardiology) o su número (8), como en service.proto",
            "a specialty is its name (cardiology) or its number (8), as in service.proto",
        )
    })
}

/// Who asks: `desk:17`.
pub fn author(text: &str) -> Result<Author, ValueError> {
    let parsed = text.split_once(':').and_then(|(role, principal)| {
        let role = Role::from_str_name(&published("ROLE", role))?;
        let principal = principal.parse().ok()?;
        (role != Role::Unspecified).then_some(Author { principal, role: role.into() })
    });
    parsed.ok_or_else(|| {
        wrong(
            "quien pide es desk:17; el papel: desk, facility, citizen, operator o auditor",
            "who asks is desk:17; the role: desk, facility, citizen, operator or auditor",
        )
    })
}

/// The name of a value in the public messages.
fn published(list: &str, text: &str) -> String {
    format!("{list}_{}", text.to_ascii_uppercase().replace('-', "_"))
}
