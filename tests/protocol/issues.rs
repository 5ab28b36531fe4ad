//! The report of an import, a page at a time.

use super::pushes::{code, one, push, served};
use crate::support::Served;
use registry::access::Role;
use registry::db::Id;
use registry::model::import_issue::{self, IssueRow};
use registry::model::import_job;
use serde_json::Value;

/// Adds issues to an import; every tenth says something of people that a body is not told.
fn add(served: &Served, location: &str, many: i64) {
    let id = Id::read("import", location.rsplit('/').next().unwrap()).unwrap();
    let rows: Vec<IssueRow> = (0..many)
        .map(|ordinal| IssueRow {
            job_id: id,
            ordinal,
            severity: "error".to_owned(),
            code: "date-invalid".to_owned(),
            message: None,
            row_number: Some(ordinal + 2),
            column_number: None,
            path: Some("=cmd".to_owned()),
            byte_offset: None,
            restricted: ordinal % 10 == 3,
        })
        .collect();
    let db = &served.registry.app.db;
    let stored = db.write_blocking(move |connection| {
        import_issue::insert_all(connection, rows)?;
        let mut job = import_job::find(connection, id)?.unwrap();
        job.issues = many;
        Ok(import_job::update(connection, &job)?)
    });
    stored.unwrap();
}

/// Walks all pages by the header that names the next one; the rows' numbers.
fn walk(served: &Served, token: &str, first: &str, accept: &str) -> Vec<i64> {
    let bearer = format!("Bearer {token}");
    let (address, _) = first.split_once('?').unwrap();
    let mut rows = Vec::new();
    let mut next = first.to_owned();
    loop {
        let headers = [("Authorization", bearer.as_str()), ("Accept", accept)];
        let answer = served.request("GET", &next, &headers, b"");
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.header("content-type").starts_with(accept));
        if accept == "text/csv" {
            let mut reader = csv::Reader::from_reader(answer.body.as_bytes());
            for record in reader.records() {
                let record = record.unwrap();
                assert_eq!(&record[5], "'=cmd");
                rows.push(record[3].parse().unwrap());
            }
        } else {
            let page = answer.json();
            let issues = page["issues"].as_array().unwrap();
            rows.extend(issues.iter().map(|issue| issue["row"].as_i64().unwrap()));
        }
        let link = answer.header("link");
        if link.is_empty() {
            return rows;
        }
        let query = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""))
            .unwrap();
        next = format!("{address}{query}");
    }
}

#[test]
fn a_hundred_thousand_issues_are_walked_in_either_form() {
    let (served, token) = served();
    let location = push(&served, &token, "/imports/csv", &[], &one())
        .header("location")
        .to_owned();
    served.ended(&token, &location);
    add(&served, &location, 100_000);
    let first = format!("{location}/issues?limit=10000");
    let own: Vec<i64> = (0..100_000)
        .filter(|number| number % 10 != 3)
        .map(|number| number + 2)
        .collect();
    for accept in ["application/json", "text/csv"] {
        assert!(walk(&served, &token, &first, accept) == own, "{accept}");
    }
    let steward = served.registry.token(Role::Steward, None, None);
    let all = walk(&served, &steward, &first, "text/csv");
    assert_eq!(all.len(), 100_000);
    // Without a limit a page has a thousand, and says how many there are.
    let page = served.get(&format!("{location}/issues"), Some(&token));
    assert_eq!(page.header("link"), "<?after=1110>; rel=\"next\"");
    let page = page.json();
    assert_eq!(page["issues"].as_array().unwrap().len(), 1000);
    assert_eq!(
        (&page["issueCount"], &page["next"]),
        (&Value::from(90_000), &Value::from(1110))
    );
}

#[test]
fn a_push_that_is_known_counts_only_what_its_caller_may_see() {
    let (served, token) = served();
    let key = [("Idempotency-Key", "once")];
    let location = push(&served, &token, "/imports/csv", &key, &one())
        .header("location")
        .to_owned();
    served.ended(&token, &location);
    add(&served, &location, 100);
    let again = push(&served, &token, "/imports/csv", &key, &one());
    assert_eq!(again.header("location"), location);
    assert_eq!(again.json()["issueCount"], 90, "{}", again.body);
}

#[test]
fn the_form_is_the_one_that_is_accepted_best() {
    let (served, token) = served();
    let location = push(&served, &token, "/imports/csv", &[], &one())
        .header("location")
        .to_owned();
    served.ended(&token, &location);
    let bearer = format!("Bearer {token}");
    let (json, csv) = ("application/json", "text/csv; charset=utf-8");
    for (accept, expected) in [
        ("*/*", json),
        ("text/csv", csv),
        ("TEXT/CSV", csv),
        ("text/*", csv),
        ("text/csv;q=0, */*", json),
        ("text/csv;q=0.5, application/json", json),
        ("application/json;q=0.2, text/csv;q=0.3", csv),
        ("text/html, text/csv;q=0.9, */*;q=0.1", csv),
        ("text/csv, application/json", csv),
        ("application/json, text/csv", json),
    ] {
        let headers = [("Authorization", bearer.as_str()), ("Accept", accept)];
        let answer = served.request("GET", &format!("{location}/issues"), &headers, b"");
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, expected),
            "{accept}"
        );
        let vary = answer.header("vary").to_ascii_lowercase();
        assert!(vary.contains("accept-language"), "{vary}");
    }
    for accept in ["image/png", "text/csv;q=0", "text/html"] {
        let headers = [("Authorization", bearer.as_str()), ("Accept", accept)];
        let answer = served.request("GET", &format!("{location}/issues"), &headers, b"");
        assert_eq!(
            code(&answer),
            (406, "not-acceptable".to_owned()),
            "{accept}"
        );
    }
}
