//! However a job ends, nothing of its file stays but what became the record: not in the spool, not staged, not
//! in another file of the data directory, not in the log.

use super::{spooled, until};
use crate::support::meaning::lines;
use crate::support::{Process, Row, csv, database};
use registry::access::Role;
use registry::db::{Connection, Purpose};
use serde_json::Value;
use std::path::Path;

/// A row of somebody whose names stand nowhere else.
fn marked(number: u32, name: &str) -> Row {
    Row::award(number, &format!("R-{name}"))
        .with("given_name", format!("Given{name}"))
        .with("family_name", format!("Family{name}"))
        .with("certificate_number", format!("Certificate{name}"))
}

/// What nobody may find.
fn facts(name: &str) -> Vec<String> {
    ["Given", "Family", "Certificate", "R-"]
        .map(|kind| format!("{kind}{name}"))
        .to_vec()
}

/// Every file below a folder, but for the embedded database's own.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("registry.db")
        {
            found.push(path);
        }
    }
    found
}

fn nothing_left(folder: &Path, url: &str, name: &str, how: &str) {
    until("emptied its spool", || spooled(&folder.join("data")) == 0);
    let mut connection = Connection::open(url, Purpose::Read).unwrap();
    let staged = lines(&mut connection, "SELECT 'left' AS line FROM staged_batch").unwrap();
    assert!(staged.is_empty(), "{how}");
    for path in files(folder) {
        let bytes = std::fs::read(&path).unwrap();
        for fact in facts(name) {
            let found = bytes
                .windows(fact.len())
                .any(|window| window == fact.as_bytes());
            assert!(!found, "{how}: {fact} in {}", path.display());
        }
        let named = path.display().to_string();
        assert!(!named.contains(name), "{how}: {named}");
    }
    for table in ["import_issue", "import_job"] {
        let columns = if table == "import_issue" {
            "coalesce(message, '') || coalesce(path, '')"
        } else {
            "coalesce(error_message, '')"
        };
        for line in lines(
            &mut connection,
            &format!("SELECT {columns} AS line FROM {table}"),
        )
        .unwrap()
        {
            assert!(
                facts(name).iter().all(|fact| !line.contains(fact)),
                "{how}: {table}: {line}"
            );
        }
    }
}

#[test]
fn nothing_of_a_file_stays_however_its_job_ends() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::fresh(folder.path());
    let mut server = Process::serve(folder.path(), &url);
    let token = server.token(Role::AwardingBody, None, Some("RN5217"));
    let bearer = format!("Bearer {token}");
    let ended = |server: &Process, location: &str| -> String {
        let mut state = String::new();
        until("ended", || {
            let job = server.job(&token, location).json();
            state = job["state"].as_str().unwrap().to_owned();
            !["QUEUED", "READING", "MERGING"].contains(&state.as_str())
        });
        state
    };
    let cases: [(&str, &str, Vec<Row>, &str); 5] = [
        ("Done", "", vec![marked(1, "Done")], "DONE"),
        (
            "Partly",
            "",
            vec![
                marked(2, "Partly"),
                marked(3, "Partly").with("date_of_birth", "FamilyPartly"),
            ],
            "DONE_WITH_ISSUES",
        ),
        (
            "Atomic",
            "?mode=atomic",
            vec![
                marked(4, "Atomic"),
                marked(5, "Atomic").with("uln", "FamilyAtomic"),
            ],
            "FAILED",
        ),
        ("Dry", "?dryRun=true", vec![marked(6, "Dry")], "DONE"),
        ("Headless", "", Vec::new(), "FAILED"),
    ];
    for (name, query, rows, state) in cases {
        let file = if rows.is_empty() {
            format!("no headings,Family{name}\nGiven{name},x\n").into_bytes()
        } else {
            csv(&rows)
        };
        let path = format!("/imports/csv{query}");
        let pushed = server.request("POST", &path, &[("Authorization", &bearer)], &file);
        assert_eq!(pushed.status, 202, "{}", pushed.body);
        assert_eq!(ended(&server, pushed.header("location")), state, "{name}");
        nothing_left(folder.path(), &url, name, name);
    }
    // Refused before it is a job: without the right, with another digest, with a key used before.
    let other = server.token(Role::Employer, None, None);
    let other = format!("Bearer {other}");
    let file = csv(&[marked(7, "Refused")]);
    let digest = "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:";
    for (headers, status) in [
        (vec![("Authorization", other.as_str())], 403),
        (
            vec![
                ("Authorization", bearer.as_str()),
                ("Content-Digest", digest),
            ],
            400,
        ),
        (vec![], 401),
    ] {
        let refused = server.request("POST", "/imports/csv", &headers, &file);
        assert_eq!(refused.status, status, "{}", refused.body);
        nothing_left(folder.path(), &url, "Refused", "refused");
    }
    // Stopped in the middle, and killed in the middle, with what was spooled and never became a job.
    for (name, kill) in [("Stopped", false), ("Killed", true)] {
        let rows: Vec<Row> = (0..2500)
            .map(|number| {
                marked(number + 10, name)
                    .with("result_id", format!("R-{name}{number}"))
                    .with("certificate_number", format!("Certificate{name}{number}"))
            })
            .collect();
        let pushed = server.request(
            "POST",
            "/imports/csv",
            &[("Authorization", &bearer)],
            &csv(&rows),
        );
        assert_eq!(pushed.status, 202, "{}", pushed.body);
        let location = pushed.header("location").to_owned();
        let mut beside = Connection::open(&url, Purpose::Read).unwrap();
        until("under way", || {
            !lines(&mut beside, "SELECT 'yes' AS line FROM import_job WHERE state IN ('reading', 'merging') AND records > 0").unwrap().is_empty()
        });
        if kill {
            server.kill();
        } else {
            server.stop();
        }
        let orphan = folder
            .path()
            .join(format!("data/spool/{}.input", registry::db::Id::new()));
        std::fs::write(&orphan, csv(&[marked(1, name)])).unwrap();
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(600);
        std::fs::File::options()
            .write(true)
            .open(&orphan)
            .unwrap()
            .set_modified(old)
            .unwrap();
        server = Process::serve(folder.path(), &url);
        // Nobody but the name's own number of results: everybody has the same names and another ULN.
        assert!(
            ["DONE", "DONE_WITH_ISSUES"].contains(&ended(&server, &location).as_str()),
            "{name}"
        );
        nothing_left(folder.path(), &url, name, name);
    }
    let verify = "{ verify(input: {certificateNumber: \"CertificateDone\", familyName: \"FamilyDone\", dateOfBirth: \"1971-04-02\"}) { outcome } }";
    let answer = server.graphql(None, verify).json();
    assert_ne!(answer["data"], Value::Null, "{answer}");
    nothing_left(folder.path(), &url, "Done", "a verification");
    server.stop();
    database::drop_database(&url);
}
