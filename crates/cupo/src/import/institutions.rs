//! What people call the institutions whose letters stand in a CLUES.

/// The letters and the name of every institution of the catalogue (DGIS).
const INSTITUTIONS: [(&str, &str); 18] = [
    ("CIJ", "Centros de Integración Juvenil"),
    ("CRO", "Cruz Roja Mexicana"),
    ("DIF", "Sistema Nacional para el Desarrollo Integral de la Familia"),
    ("FGE", "Fiscalía General del Estado"),
    ("HUN", "Hospitales universitarios"),
    ("IMB", "Servicios de Salud IMSS-Bienestar"),
    ("IMO", "Programa IMSS-Bienestar"),
    ("IMS", "Instituto Mexicano del Seguro Social"),
    ("IST", "Instituto de Seguridad y Servicios Sociales de los Trabajadores del Estado"),
    ("PGR", "Fiscalía General de la República"),
    ("PMX", "Petróleos Mexicanos"),
    ("SCT", "Secretaría de Infraestructura, Comunicaciones y Transportes"),
    ("SDN", "Secretaría de la Defensa Nacional"),
    ("SMA", "Secretaría de Marina"),
    ("SME", "Servicios médicos estatales"),
    ("SMM", "Servicios médicos municipales"),
    ("SMP", "Servicios médicos privados"),
    ("SSA", "Secretaría de Salud"),
];

/// The name that goes with these letters; the letters themselves for ones not known.
#[must_use]
pub fn institution_name(letters: &str) -> &str {
    let found = INSTITUTIONS.iter().find(|(known, _)| *known == letters);
    found.map_or(letters, |(_, name)| name)
}
