//! The report of an import: what was noticed, a page at a time, as JSON or as a table for a spreadsheet.

use super::imports::look;
use super::{Shared, accept, problem};
use crate::action::import::IssueReport;
use crate::error::Error;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use schema::Code;
use serde::Deserialize;

/// How many issues a page has where nothing else is asked for, and at most. A report keeps 100 001.
const PAGE: i64 = 1000;
const LARGEST: i64 = 10_000;

const JSON: &str = "application/json";
const CSV: &str = "text/csv";

/// What may follow the `?` of the issues.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuesQuery {
    after: Option<i64>,
    limit: Option<i64>,
}

/// `GET /imports/{id}/issues`: what was noticed, as JSON or CSV by `Accept`. `?limit=` asks for so many at
/// once; the header `Link` names the page that follows, until there is none.
pub(super) async fn issues(
    request: HttpRequest,
    shared: web::Data<Shared>,
    id: web::Path<String>,
) -> HttpResponse {
    match page(&request, &shared, &id).await {
        Ok(answer) => answer,
        Err(error) => problem::answer(&request, &error),
    }
}

async fn page(
    request: &HttpRequest,
    shared: &web::Data<Shared>,
    id: &str,
) -> Result<HttpResponse, Error> {
    let refuse = || {
        let words =
            format!("Only after=NUMBER and limit=NUMBER, of 1 to {LARGEST}, may be asked for.");
        Error::with(Code::BadRequest, words)
    };
    let query = web::Query::<IssuesQuery>::from_query(request.query_string())
        .map_err(|_| refuse())?
        .into_inner();
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=LARGEST).contains(&limit) {
        return Err(refuse());
    }
    let media = accept::first_of(request, &[JSON, CSV])?;
    let (report, next) = look(request, shared, id, query.after, limit).await?;
    let mut answer = HttpResponse::Ok();
    if let Some(next) = next {
        let size = query
            .limit
            .map_or_else(String::new, |limit| format!("&limit={limit}"));
        answer.insert_header((header::LINK, format!("<?after={next}{size}>; rel=\"next\"")));
    }
    answer
        .insert_header(problem::speaks(problem::language(request)))
        .insert_header((header::VARY, "accept, accept-language"));
    if media == JSON {
        return Ok(answer.json(serde_json::json!({
            "issues": report.issues,
            "issueCount": report.issue_count,
            "next": next,
        })));
    }
    let text = as_csv(report.issues)?;
    Ok(answer
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .body(text))
}

fn as_csv(issues: Vec<IssueReport>) -> Result<Vec<u8>, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record([
            "severity", "code", "message", "row", "column", "path", "offset",
        ])
        .map_err(Error::internal)?;
    for issue in issues {
        let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        writer
            .write_record([
                issue.severity,
                // An adapter has words and codes of its own.
                harmless(issue.code),
                harmless(issue.message),
                number(issue.row),
                number(issue.column.map(i64::from)),
                harmless(issue.path.unwrap_or_default()),
                number(issue.offset),
            ])
            .map_err(Error::internal)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.error()))
}

/// A text that no spreadsheet takes for a formula: they look at its first character, some of them past white
/// space, and at the full-width forms too.
fn harmless(text: String) -> String {
    let first = text.trim_start().chars().next();
    let formula = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
    );
    if formula || text.starts_with(['\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{IssueReport, as_csv};

    #[test]
    fn no_cell_begins_a_formula() {
        let issue = |text: &str| IssueReport {
            severity: "ERROR".to_owned(),
            code: text.to_owned(),
            message: text.to_owned(),
            row: Some(1),
            column: None,
            path: Some(text.to_owned()),
            offset: None,
        };
        let texts = [
            "=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1", "\u{a0}=1", "＝1", "＠x",
        ];
        let table = as_csv(texts.iter().map(|text| issue(text)).collect()).unwrap();
        let mut reader = csv::Reader::from_reader(table.as_slice());
        let mut rows = 0;
        for (row, text) in reader.records().zip(texts) {
            let row = row.unwrap();
            for place in [1, 2, 5] {
                assert_eq!(row.get(place), Some(format!("'{text}").as_str()));
            }
            rows += 1;
        }
        assert_eq!(rows, texts.len());
        let plain = String::from_utf8(as_csv(vec![issue("a-b = c")]).unwrap()).unwrap();
        assert!(
            plain.contains("ERROR,a-b = c,a-b = c,1,,a-b = c,"),
            "{plain}"
        );
    }
}
