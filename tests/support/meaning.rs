//! What a database means, identifiers and times aside: two runs that did the same leave the same lines. Used
//! by tests and by the long trials beside them.

use diesel::prelude::*;
use diesel::sql_types::Text;
use registry::db::{Connection, Engine, Purpose};
use std::collections::BTreeMap;

/// What stops a comparison.
pub(crate) type Trouble = Box<dyn std::error::Error + Send + Sync>;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The lines that a query of one text column, `line`, gives.
pub(crate) fn lines(connection: &mut Connection, sql: &str) -> Result<Vec<String>, Trouble> {
    let query = diesel::sql_query(sql);
    let rows: Vec<Line> = match connection {
        Connection::Sqlite(open) => query.load(open)?,
        Connection::Postgres(open) => query.load(open)?,
    };
    Ok(rows.into_iter().map(|row| row.line).collect())
}

/// The lines of each table, sorted. Times stand in it only where one must follow another: then as their
/// relation.
pub(crate) fn meaning(url: &str) -> Result<BTreeMap<&'static str, Vec<String>>, Trouble> {
    let mut connection = Connection::open(url, Purpose::Read)?;
    let hex = match Engine::of(url)? {
        Engine::Sqlite => "hex(s.digest)",
        Engine::Postgres => "upper(encode(s.digest, 'hex'))",
    };
    // A learner is known by all the identifiers that others use.
    let who = "coalesce((SELECT min(w.value) FROM learner_alias w WHERE w.learner_id = LEARNER AND w.kind = 'uln'), 'nobody')";
    let tables = [
        (
            "learner",
            format!(
                "SELECT {} || {} AS line FROM learner l",
                who.replace("LEARNER", "l.id"),
                text(&[
                    "l.given_name",
                    "l.family_name",
                    "l.family_key",
                    "l.date_of_birth",
                    "l.gender",
                    "l.postcode",
                    "l.former_names",
                    "l.merged_into IS NULL",
                ])
            ),
        ),
        (
            "alias",
            format!(
                "SELECT {} || {} AS line FROM learner_alias a",
                who.replace("LEARNER", "a.learner_id"),
                text(&["a.kind", "a.scope", "a.value"])
            ),
        ),
        (
            "name",
            format!(
                "SELECT {} || {} AS line FROM learner_name n",
                who.replace("LEARNER", "n.learner_id"),
                text(&["n.name_key"])
            ),
        ),
        (
            "achievement",
            format!(
                "SELECT {} || {} AS line FROM achievement a",
                who.replace("LEARNER", "a.learner_id"),
                text(&[
                    "a.subject_kind",
                    "a.subject_code",
                    "a.title",
                    "a.body",
                    "a.awarded_on",
                    "a.grade",
                    "a.level",
                    "a.credit",
                    "a.status",
                    "a.status_since",
                    "a.status_reason",
                    "a.route",
                    "a.standing",
                    "a.result_id",
                    "a.certificate_number",
                    "a.version",
                    "a.replaced_by IS NULL",
                ])
            ),
        ),
        (
            "version",
            format!(
                "SELECT {} || {} AS line FROM achievement_version v JOIN achievement a ON a.id = v.achievement_id",
                who.replace("LEARNER", "a.learner_id"),
                text(&[
                    "a.subject_code",
                    "a.result_id",
                    "v.number",
                    "v.status",
                    "v.grade",
                    "v.awarded_on",
                    "v.reason",
                    "v.true_from",
                    "v.known_until IS NULL",
                    "v.known_until < v.known_from",
                ])
            ),
        ),
        (
            "leaf",
            format!(
                "SELECT {} || {} AS line FROM log_leaf l JOIN achievement a ON a.id = l.achievement_id",
                who.replace("LEARNER", "a.learner_id"),
                text(&["a.subject_code", "a.result_id", "l.version"])
            ),
        ),
        (
            "source",
            format!(
                "SELECT {} || {} AS line FROM source s JOIN achievement a ON a.id = s.achievement_id",
                who.replace("LEARNER", "s.learner_id"),
                text(&[
                    hex,
                    "s.submitter",
                    "s.kind",
                    "s.standing",
                    "s.body",
                    "s.adapter",
                    "a.result_id",
                    "s.result_key",
                    "s.certificate_key",
                ])
            ),
        ),
        (
            "job",
            format!(
                "SELECT 'job' || {} AS line FROM import_job j",
                text(&[
                    "j.adapter",
                    "j.mode",
                    "j.dry_run",
                    "j.digest",
                    "j.state",
                    "j.bytes_read",
                    "j.records",
                    "j.created",
                    "j.updated",
                    "j.promoted",
                    "j.withdrawn",
                    "j.reinstated",
                    "j.unchanged",
                    "j.rejected",
                    "j.needs_person",
                    "j.issues",
                    "j.merged_batches",
                    "j.error_code",
                ])
            ),
        ),
        (
            "issue",
            format!(
                "SELECT j.digest || {} AS line FROM import_issue i JOIN import_job j ON j.id = i.job_id",
                text(&[
                    "i.ordinal",
                    "i.severity",
                    "i.code",
                    "i.message",
                    "i.row_number",
                    "i.path",
                    "i.restricted",
                ])
            ),
        ),
        (
            "staged",
            "SELECT 'left' AS line FROM staged_batch".to_owned(),
        ),
        (
            "access",
            format!(
                "SELECT 'look' || {} AS line FROM access_entry a",
                text(&["a.by_whom", "a.role", "a.what", "a.via"])
            ),
        ),
    ];
    let mut meaning = BTreeMap::new();
    for (table, sql) in tables {
        let mut found = lines(&mut connection, &sql)?;
        found.sort_unstable();
        meaning.insert(table, found);
    }
    Ok(meaning)
}

/// The first line in which two databases differ, by its table; none where they mean the same.
pub(crate) fn difference(
    left: &BTreeMap<&'static str, Vec<String>>,
    right: &BTreeMap<&'static str, Vec<String>>,
) -> Option<String> {
    left.iter().find_map(|(table, lines)| {
        let others = right.get(table).map(Vec::as_slice).unwrap_or_default();
        let place = (0..lines.len().max(others.len()))
            .find(|place| lines.get(*place) != others.get(*place))?;
        let shown = |line: Option<&String>| line.map_or("nothing", String::as_str).to_owned();
        Some(format!(
            "{table}: {} lines and {}; first\n  {}\n  {}",
            lines.len(),
            others.len(),
            shown(lines.get(place)),
            shown(others.get(place))
        ))
    })
}

/// An identifier as hexadecimal digits.
pub(crate) fn identifier(url: &str, column: &str) -> Result<String, Trouble> {
    Ok(match Engine::of(url)? {
        Engine::Sqlite => format!("lower(hex({column}))"),
        Engine::Postgres => format!("encode({column}, 'hex')"),
    })
}

/// Columns as one text, each behind a bar; a column without a value is empty.
pub(crate) fn text(columns: &[&str]) -> String {
    columns
        .iter()
        .map(|column| format!("'|' || coalesce(CAST(({column}) AS TEXT), '')"))
        .collect::<Vec<_>>()
        .join(" || ")
}
