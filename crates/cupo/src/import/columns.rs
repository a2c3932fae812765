//! Which column of a published catalogue is which.
//!
//! Two forms are known: the national catalogue of DGIS in its 68 columns (and the older one that
//! still had beds), and the list of IMSS-Bienestar. A column is known by any of its headings.

use super::error::ImportError;
use super::text::plain;
use csv::StringRecord;

/// A column that the import reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The code.
    Clues,
    /// The code since IMSS-Bienestar took the unit over; where it stands it is the present one.
    CluesNow,
    /// The code before.
    CluesFormer,
    /// The institution's name.
    Institution,
    /// INEGI's number of the state.
    State,
    /// INEGI's number of the municipality within the state.
    Municipality,
    /// The establishment's name.
    Name,
    /// The name on its sign.
    CommercialName,
    /// Whether it operates.
    Status,
    /// Level of care.
    Level,
    /// Type of establishment.
    Establishment,
    /// Typology, a finer type.
    Typology,
    /// Degrees north.
    Latitude,
    /// Degrees east.
    Longitude,
    /// Beds there are, in catalogues that still count them.
    Beds,
    /// Beds there are at least.
    BedsLeast,
    /// Beds there are at most.
    BedsMost,
}

/// Every column with its headings as [`plain`] leaves them; the first is the one people are told.
const HEADINGS: [(Column, &[&str]); 17] = [
    (Column::Clues, &["CLUES", "CLAVE CLUES"]),
    (Column::CluesNow, &["CLUES IMB", "CLUES ACTUAL"]),
    (Column::CluesFormer, &["CLUES SSA Y SME", "CLUES SSA", "CLUES ANTERIOR"]),
    (Column::Institution, &["NOMBRE DE LA INSTITUCION", "INSTITUCION"]),
    (Column::State, &["CLAVE DE LA ENTIDAD", "CLAVE ENTIDAD", "CVE ENT"]),
    (Column::Municipality, &["CLAVE DEL MUNICIPIO", "CLAVE MUNICIPIO", "CVE MUN"]),
    (Column::Name, &["NOMBRE DE LA UNIDAD", "NOMBRE UNIDAD", "UNIDAD"]),
    (Column::CommercialName, &["NOMBRE COMERCIAL"]),
    (Column::Status, &["ESTATUS DE OPERACION", "ESTATUS OPERACION", "ESTATUS"]),
    (Column::Level, &["NIVEL ATENCION", "NIVEL DE ATENCION"]),
    (Column::Establishment, &["NOMBRE TIPO ESTABLECIMIENTO", "NOMBRE DEL TIPO DE ESTABLECIMIENTO"]),
    (Column::Typology, &["NOMBRE DE TIPOLOGIA", "NOMBRE TIPOLOGIA", "TIPOLOGIA"]),
    (Column::Latitude, &["LATITUD", "LAT"]),
    (Column::Longitude, &["LONGITUD", "LON", "LONG"]),
    (Column::Beds, &["TOTAL DE CAMAS", "TOTAL CAMAS"]),
    (Column::BedsLeast, &["CAMAS MIN"]),
    (Column::BedsMost, &["CAMAS MAX"]),
];

impl Column {
    /// The heading by which people know it.
    #[must_use]
    pub fn heading(self) -> &'static str {
        self.headings()[0]
    }

    fn headings(self) -> &'static [&'static str] {
        let found = HEADINGS.iter().find(|(column, _)| *column == self);
        found.map_or(&["?"], |(_, headings)| headings)
    }
}

/// Where the columns of one file are.
#[derive(Clone, Debug)]
pub struct Columns {
    places: Vec<(Column, usize)>,
    /// How many fields a row has.
    pub width: usize,
}

impl Columns {
    /// The columns that the first line names. Headings that mean nothing here are passed over;
    /// of two columns for the same, the first counts.
    ///
    /// # Errors
    /// When there is no code or no name.
    pub fn find(heading: &StringRecord) -> Result<Self, ImportError> {
        let named: Vec<String> = heading.iter().map(plain).collect();
        let place = |column: Column| {
            let known = column.headings();
            let found = known.iter().find_map(|known| named.iter().position(|n| n == known))?;
            Some((column, found))
        };
        let places: Vec<_> = HEADINGS.iter().filter_map(|(column, _)| place(*column)).collect();
        let columns = Self { places, width: heading.len() };
        let missing = |column| ImportError::ColumnMissing {
            column,
            seen: heading.iter().take(12).collect::<Vec<_>>().join(", "),
        };
        if !columns.has(Column::Clues) && !columns.has(Column::CluesNow) {
            return Err(missing(Column::Clues));
        }
        if !columns.has(Column::Name) && !columns.has(Column::CommercialName) {
            return Err(missing(Column::Name));
        }
        Ok(columns)
    }

    /// Whether the file has this column.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.places.iter().any(|(known, _)| *known == column)
    }

    /// Whether the file says nothing of what its establishments are, as lists of hospitals do.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        ![Column::Level, Column::Typology, Column::Establishment].iter().any(|c| self.has(*c))
    }

    /// What a row has in this column, without spaces around it; empty when there is no such column.
    #[must_use]
    pub fn read<'a>(&self, row: &'a StringRecord, column: Column) -> &'a str {
        let place = self.places.iter().find(|(known, _)| *known == column);
        place.and_then(|(_, place)| row.get(*place)).map(str::trim).unwrap_or_default()
    }
}

/// What stands between the fields of a file, by its first line.
#[must_use]
pub fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(heading: &str) -> Result<Columns, ImportError> {
        Columns::find(&heading.split(',').collect())
    }

    #[test]
    fn columns_are_known_by_any_of_their_headings() {
        let national = find(
            "CLUES,CLAVE DE LA INSTITUCION,NOMBRE DE LA INSTITUCION,CLAVE DE LA ENTIDAD,\
             ENTIDAD,CLAVE DEL MUNICIPIO,MUNICIPIO,NOMBRE DE LA UNIDAD,ESTATUS DE OPERACIÓN,\
             NIVEL ATENCIÓN,LATITUD,LONGITUD",
        );
        let national = national.expect("a code and a name");
        let row = StringRecord::from(vec!["A", "B", "C", " 01 ", "E", "001", "", "N"]);
        assert_eq!(national.read(&row, Column::State), "01");
        assert_eq!(national.read(&row, Column::Name), "N");
        // The row is short, and the file has no such column.
        assert_eq!(national.read(&row, Column::Latitude), "");
        assert_eq!(national.read(&row, Column::CluesFormer), "");
        let list = find("clues_imb,clues_ssa_y_sme,nombre_comercial,camas_min,camas_max");
        assert!(list.expect("a code and a name").has(Column::BedsMost));
    }

    #[test]
    fn what_must_be_there_is_missed() {
        #[track_caller]
        fn check(heading: &str, expected: Column) {
            match find(heading) {
                Err(ImportError::ColumnMissing { column, .. }) => assert_eq!(column, expected),
                other => panic!("{other:?}"),
            }
        }
        check("nombre_de_la_unidad,latitud", Column::Clues);
        check("clues_ssa_y_sme,unidad", Column::Clues);
        check("clues,latitud", Column::Name);
    }

    #[test]
    fn the_delimiter_is_the_one_the_first_line_has_most_of() {
        assert_eq!(delimiter("a,b;c,d\n;;;;;;"), b',');
        assert_eq!(delimiter("a;b;c,d"), b';');
        assert_eq!(delimiter("a\tb"), b'\t');
        assert_eq!(delimiter("clues"), b',');
    }
}
