//! `cupo facility import`.

use super::{Context, Failure};
use crate::arguments::Import;
use crate::exit::Exit;
use crate::import::{
    BATCH_ROWS, Catalogue, Finding, ImportError, Problem, Refusal, Remark, import_batch,
    known_facilities, known_profile, put_institutions, says_nothing_new,
};
use crate::language::{Language, Texts};
use crate::output::{Cell, Column, Format, progress};
use ledger::words::Moment;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use wire::v1::ErrorReason;

/// The columns of the report.
const COLUMNS: [Column; 6] = [
    Column::new("line", "línea", "line"),
    Column::new("clues", "CLUES", "CLUES"),
    Column::new("finding", "resultado", "finding"),
    Column::new("code", "código", "code"),
    Column::new("column", "columna", "column"),
    Column::new("explanation", "explicación", "explanation"),
];

/// What JSON is given: the counts, and the report within them.
const SUMMARY: [Column; 8] = [
    Column::new("dry_run", "sin cambiar nada", "dry run"),
    Column::new("rows", "renglones", "rows"),
    Column::new("imported", "importados", "imported"),
    Column::new("unchanged", "ya estaban", "already there"),
    Column::new("warned", "con advertencias", "with warnings"),
    Column::new("skipped", "omitidos", "skipped"),
    Column::new("refused", "rechazados", "refused"),
    Column::new("report", "informe", "report"),
];

/// Lines of the report that people are shown; programs get them all.
const LINES_SHOWN_MAX: usize = 100;

/// Imports a catalogue, or only says what there would be to say about it. Former codes count as
/// former from today on, since the catalogue does not say since when. The report goes to stdout,
/// the counts and a progress bar to stderr.
///
/// # Errors
/// When the file cannot be understood, or the cluster does not take it.
pub async fn run(context: &Context, wanted: &Import, today: Moment) -> Result<Exit, Failure> {
    let bytes = bytes(&wanted.file)?;
    let mut catalogue = Catalogue::read(&bytes, today)?;
    if !wanted.dry_run {
        send(context, &mut catalogue).await?;
    }
    let shown = match context.format {
        Format::Table => LINES_SHOWN_MAX,
        _ => usize::MAX,
    };
    let rows: Vec<Vec<Cell>> =
        catalogue.remarks.iter().take(shown).map(|remark| row(remark, context.language)).collect();
    let counts = Counts::of(&catalogue);
    let shown = rows.len();
    if context.format == Format::Json {
        context.thing(&SUMMARY, &counts.row(wanted.dry_run, rows))?;
    } else if !rows.is_empty() {
        context.sheet(&COLUMNS, &rows)?;
    }
    let left = catalogue.remarks.len() - shown.min(catalogue.remarks.len());
    for line in counts.lines(wanted.dry_run, left) {
        eprintln!("{}", line.into_language(context.language));
    }
    let refused = catalogue.remarks.iter().any(|r| matches!(r.finding, Finding::Refused(_)));
    Ok(if refused { Exit::Other } else { Exit::Done })
}

fn bytes(file: &Path) -> Result<Vec<u8>, ImportError> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    Ok(std::fs::read(file)?)
}

/// Sends what was read, and remarks upon the rows the cluster refused.
async fn send(context: &Context, catalogue: &mut Catalogue) -> Result<(), Failure> {
    put_institutions(&context.session, &catalogue.institutions()).await?;
    let bar = progress(catalogue.accepted());
    let mut refused: BTreeMap<u64, Remark> = BTreeMap::new();
    if catalogue.bare {
        keep_known(context, catalogue).await?;
    }
    // Only the counts depend on it: a catalogue that changes while it is listed stops nothing.
    let known = known_facilities(&context.session).await.unwrap_or_default();
    let rows = catalogue.facilities.iter();
    let unchanged: BTreeSet<u64> = rows
        .filter(|(_, row)| {
            known.get(row.clues.as_str()).is_some_and(|known| says_nothing_new(row, known))
        })
        .map(|(line, _)| *line)
        .collect();
    for batch in catalogue.facilities.chunks(BATCH_ROWS) {
        let rows: Vec<_> = batch.iter().map(|(_, facility)| facility).collect();
        let outcomes = import_batch(&context.session, &rows, false).await?;
        for ((line, facility), outcome) in batch.iter().zip(outcomes) {
            if outcome.reason() != ErrorReason::Unspecified {
                let mut details: Vec<_> = outcome.metadata.clone().into_iter().collect();
                details.sort_unstable();
                let problem = Problem::Cluster { reason: outcome.reason(), details };
                let refusal = Refusal { column: None, problem };
                let (clues, finding) = (facility.clues.to_string(), Finding::Refused(refusal));
                refused.insert(*line, Remark { line: *line, clues, finding });
            }
        }
        bar.inc(u64::try_from(batch.len()).unwrap_or(0));
    }
    bar.finish_and_clear();
    catalogue.facilities.retain(|(line, _)| !refused.contains_key(line));
    let old = catalogue.facilities.iter().filter(|(line, _)| unchanged.contains(line));
    catalogue.unchanged = old.count() as u64;
    catalogue.remarks.extend(refused.into_values());
    catalogue.remarks.sort_by_key(|remark| remark.line);
    Ok(())
}

/// Keeps what the cluster knows of an establishment where the file says less than a catalogue does:
/// such a file adds codes and services.
async fn keep_known(context: &Context, catalogue: &mut Catalogue) -> Result<(), Failure> {
    for (_, facility) in &mut catalogue.facilities {
        if let Some(known) = known_profile(&context.session, facility.clues).await? {
            facility.profile = known;
        }
    }
    Ok(())
}

fn row(remark: &Remark, language: Language) -> Vec<Cell> {
    let (code, column, texts) = match &remark.finding {
        Finding::Warned(warning) => (warning.code(), None, warning.texts()),
        Finding::Skipped(skip) => (skip.code(), None, skip.texts()),
        Finding::Refused(refusal) => (refusal.code(), refusal.column, refusal.texts()),
    };
    let finding = match &remark.finding {
        Finding::Warned(_) => ("warned", Texts { es: "advertida", en: "warned" }),
        Finding::Skipped(_) => ("skipped", Texts { es: "omitida", en: "skipped" }),
        Finding::Refused(_) => ("refused", Texts { es: "rechazada", en: "refused" }),
    };
    vec![
        Cell::Number(remark.line),
        Cell::text(remark.clues.clone()),
        Cell::Word { code: finding.0, names: finding.1 },
        Cell::text(code),
        column.map_or(Cell::Nothing, |column| Cell::text(column.heading())),
        Cell::text(texts.into_language(language)),
    ]
}

/// How many rows came to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counts {
    rows: u64,
    imported: u64,
    unchanged: u64,
    warned: u64,
    skipped: u64,
    refused: u64,
}

impl Counts {
    fn of(catalogue: &Catalogue) -> Self {
        let count = |wanted: fn(&Finding) -> bool| {
            let remarks = catalogue.remarks.iter();
            let mut lines: Vec<u64> = remarks
                .filter(|remark| wanted(&remark.finding))
                .map(|remark| remark.line)
                .collect();
            lines.dedup();
            lines.len() as u64
        };
        Self {
            rows: catalogue.rows,
            imported: catalogue.accepted() - catalogue.unchanged,
            unchanged: catalogue.unchanged,
            warned: count(|finding| matches!(finding, Finding::Warned(_))),
            skipped: count(|finding| matches!(finding, Finding::Skipped(_))),
            refused: count(|finding| matches!(finding, Finding::Refused(_))),
        }
    }

    /// As one record with the report in it.
    fn row(self, dry_run: bool, report: Vec<Vec<Cell>>) -> Vec<Cell> {
        vec![
            Cell::Flag(dry_run),
            Cell::Whole(self.rows),
            Cell::Whole(self.imported),
            Cell::Whole(self.unchanged),
            Cell::Whole(self.warned),
            Cell::Whole(self.skipped),
            Cell::Whole(self.refused),
            Cell::Records(&COLUMNS, report),
        ]
    }

    /// As people are told them, and how many lines of the report were left out.
    fn lines(self, dry_run: bool, left: usize) -> Vec<Texts<String>> {
        let Self { rows, imported, unchanged, warned, skipped, refused } = self;
        let [es, en] = match dry_run {
            true => ["se importarían", "would be imported"],
            false => ["se importaron", "were imported"],
        };
        let [old_es, old_en] = match unchanged {
            0 => [String::new(), String::new()],
            _ => {
                [format!("{unchanged} ya estaban igual, "), format!("{unchanged} already there, ")]
            }
        };
        let mut lines = vec![Texts {
            es: format!(
                "{rows} renglones: {es} {imported}, {old_es}{skipped} omitidos, {refused} \
                 rechazados; {warned} con advertencias"
            ),
            en: format!(
                "{rows} rows: {imported} {en}, {old_en}{skipped} skipped, {refused} refused; \
                 {warned} with warnings"
            ),
        }];
        if left > 0 {
            lines.push(Texts {
                es: format!("{left} líneas más del informe: pídelas con -o csv"),
                en: format!("{left} more lines of the report: ask for them with -o csv"),
            });
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_says_that_it_was_there() {
        let mut catalogue = Catalogue { rows: 5, ..Catalogue::default() };
        let nation = crate::nation::Nation { seed: 1, facilities: 40 };
        let some = nation.establishments().take(3).zip(2..);
        catalogue.facilities = some.map(|(one, line)| (line, one.record)).collect();
        let told = |catalogue: &Catalogue| Counts::of(catalogue).lines(false, 0)[0].clone();
        assert!(told(&catalogue).en.starts_with("5 rows: 3 were imported, 0 skipped"));
        catalogue.unchanged = 2;
        let again = told(&catalogue);
        assert!(again.en.starts_with("5 rows: 1 were imported, 2 already there"), "{}", again.en);
        assert!(again.es.contains("2 ya estaban igual"), "{}", again.es);
        let row = Counts::of(&catalogue).row(true, Vec::new());
        assert_eq!(row.len(), SUMMARY.len());
        assert_eq!((row[2].field(), row[3].field()), ("1".to_owned(), "2".to_owned()));
    }
}
