//! `cupo facility import`.

use super::catalogue::{Catalogue, Finding, Remark};
use super::error::ImportError;
use super::remark::{Problem, Refusal};
use super::send::{BATCH_ROWS, import_batch, known_profile, put_institutions};
use crate::arguments::Import;
use crate::command::{Context, Failure};
use crate::exit::Exit;
use crate::language::{Language, Texts};
use crate::output::{Cell, Column};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ledger::words::Moment;
use std::collections::BTreeMap;
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
        crate::output::Format::Table => LINES_SHOWN_MAX,
        _ => usize::MAX,
    };
    let rows: Vec<Vec<Cell>> =
        catalogue.remarks.iter().take(shown).map(|remark| row(remark, context.language)).collect();
    if !rows.is_empty() {
        context.sheet(&COLUMNS, &rows)?;
    }
    for line in summary(&catalogue, wanted.dry_run, rows.len()) {
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
    for batch in catalogue.facilities.chunks(BATCH_ROWS) {
        let rows: Vec<_> = batch.iter().map(|(_, facility)| facility).collect();
        let outcomes = import_batch(&context.session, &rows, false).await?;
        for ((line, facility), outcome) in batch.iter().zip(outcomes) {
            if outcome.reason() != ErrorReason::Unspecified {
                let reason = wire::reason::name(outcome.reason()).to_owned();
                let refusal = Refusal { column: None, problem: Problem::Cluster { reason } };
                let (clues, finding) = (facility.clues.to_string(), Finding::Refused(refusal));
                refused.insert(*line, Remark { line: *line, clues, finding });
            }
        }
        bar.inc(u64::try_from(batch.len()).unwrap_or(0));
    }
    bar.finish_and_clear();
    catalogue.facilities.retain(|(line, _)| !refused.contains_key(line));
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

/// A progress bar on stderr, where that is a terminal.
pub fn progress(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr()).with_style(style)
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

/// The counts, by what was found.
fn summary(catalogue: &Catalogue, dry_run: bool, shown: usize) -> Vec<Texts<String>> {
    let count = |wanted: fn(&Finding) -> bool| {
        let mut lines: Vec<u64> = catalogue
            .remarks
            .iter()
            .filter(|remark| wanted(&remark.finding))
            .map(|remark| remark.line)
            .collect();
        lines.dedup();
        lines.len()
    };
    let warned = count(|finding| matches!(finding, Finding::Warned(_)));
    let skipped = count(|finding| matches!(finding, Finding::Skipped(_)));
    let refused = count(|finding| matches!(finding, Finding::Refused(_)));
    let (rows, accepted) = (catalogue.rows, catalogue.accepted());
    let [es, en] = match dry_run {
        true => ["se importarían", "would be imported"],
        false => ["se importaron", "were imported"],
    };
    let mut lines = vec![Texts {
        es: format!(
            "{rows} renglones: {es} {accepted} ({warned} con advertencias), \
             {skipped} omitidos, {refused} rechazados"
        ),
        en: format!(
            "{rows} rows: {accepted} {en} ({warned} with warnings), {skipped} skipped, \
             {refused} refused"
        ),
    }];
    let left = catalogue.remarks.len() - shown.min(catalogue.remarks.len());
    if left > 0 {
        lines.push(Texts {
            es: format!("{left} líneas más del informe: pídelas con -o csv"),
            en: format!("{left} more lines of the report: ask for them with -o csv"),
        });
    }
    lines
}
