//! `registry demo`: a database of its own with invented people, filled through the adapters as any other,
//! and for each kind of user a token, a query and what it answers.

use super::import::Asked;
use super::output::Output;
use super::serve;
use crate::access::{Caller, NewToken, Role, mint};
use crate::action::catalogue::{Format, import as load};
use crate::action::framework::{TableFile, import as load_framework};
use crate::action::import::{Mode, Origin};
use crate::adapter;
use crate::app::{App, Clock};
use crate::config::{Config, LogFormat, Sandbox};
use crate::error::Error;
use crate::graphql::{Documents, build};
use crate::model::import_job::{JobRow, State};
use clap::Args;
use schema::{Code, RecognitionNumber};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

const ORGANISATIONS: &[u8] = include_bytes!("../../demo/organisations.csv");
const QUALIFICATIONS: &[u8] = include_bytes!("../../demo/qualifications.csv");
const RESULTS: &[u8] = include_bytes!("../../demo/awarding-body.csv");
const EVENTS: &[u8] = include_bytes!("../../demo/learning-events.xml");
const BROUGHT: &[u8] = include_bytes!("../../demo/brought-by-the-person.csv");
const REGISTRATION: &[u8] = include_bytes!("../../demo/jan-registration.csv");
const DEGREE: &[u8] = include_bytes!("../../demo/jan-degree.csv");
const BROUGHT_BY_JAN: &[u8] = include_bytes!("../../demo/jan-brought.csv");

/// The body that pushes, and the learner whose record the tokens open.
const BODY: &str = "RN5217";
const LEARNER: &str = "4100000218";

/// Another learner, a computer analyst who has registered as a childminder, and the invented bodies that tell of her.
const JAN: &str = "4100000439";
const REGISTRAR: &str = "RN5998";
const UNIVERSITY: &str = "RN5999";

/// Serve a fresh embedded database of invented people.
#[derive(Args)]
pub(super) struct Demo {
    /// The address to listen on, of this machine only [default: 127.0.0.1:8080]
    #[arg(long, value_name = "A")]
    pub(super) listen: Option<String>,
    /// Go on with the last demonstration instead of a fresh one
    #[arg(long)]
    keep: bool,
}

/// A query to try.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Try {
    query: String,
    variables: serde_json::Value,
    role: String,
    /// What it answers; left out of `--json`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    answer: String,
}

impl Demo {
    pub(super) fn run(self, mut config: Config, output: &Output) -> Result<ExitCode, Error> {
        let data_dir = config.data_dir.join("demo");
        // Nothing but the demonstration's own folder is touched, whatever is configured.
        config.database = Some(format!("sqlite://{}", data_dir.join("demo.db").display()));
        config.webhooks.clear();
        config.server.spool = None;
        config.tokens.builtin = true;
        config.log.format = LogFormat::Text;
        confine(&mut config, output);
        let listener = serve::listen(&config.listen)?;
        let address = listener.local_addr().map_err(Error::internal)?;
        if !address.ip().is_loopback() {
            return Err(Error::configuration(
                "--listen",
                "must be an address of this machine, such as 127.0.0.1:8080",
            ));
        }
        if !self.keep && data_dir.exists() {
            std::fs::remove_dir_all(&data_dir).map_err(|error| Error::file(&data_dir, &error))?;
        }
        config.data_dir = data_dir.clone();
        let app = App::open(config, Clock::system())?;
        let kept = data_dir.join("queries.json");
        let tries: BTreeMap<String, Try> = match std::fs::read(&kept) {
            Ok(text) => serde_json::from_slice(&text).map_err(Error::internal)?,
            Err(_) => {
                let tries = fill(&app, output)?;
                write(&kept, &tries)?;
                tries
            }
        };
        let url = format!("http://{address}");
        let tokens = tokens(&app)?;
        if output.json() {
            let plain: BTreeMap<_, _> = tries
                .iter()
                .map(|(name, one)| {
                    (
                        name,
                        Try {
                            answer: String::new(),
                            ..one.clone()
                        },
                    )
                })
                .collect();
            output
                .document(&serde_json::json!({"url": url, "tokens": tokens, "queries": plain}))?;
        } else {
            print(&url, &tokens, &tries, output);
        }
        serve::until_stopped(app, listener, crate::telemetry::metrics::install())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Where the machine cannot confine adapters the demonstration, which reads only its own files, goes on and
/// says so.
fn confine(config: &mut Config, output: &Output) {
    let options = crate::action::import::read::options(config);
    let refused = adapter::list(&options).into_iter().any(|found| {
        matches!(
            found.descriptor,
            Err(adapter::Fault::SandboxUnavailable { .. })
        )
    });
    if refused {
        output.aside("This machine cannot confine adapters (Landlock or seccomp is missing); the demonstration goes on without.");
        config.adapters.sandbox = Sandbox::BestEffort;
    }
}

/// Loads the framework and the register's entries, imports the results, and asks each query once.
fn fill(app: &Arc<App>, output: &Output) -> Result<BTreeMap<String, Try>, Error> {
    load_framework(&app.db, app.clock.now(), TableFile::shipped())?;
    load(&app.db, Format::OfqualOrganisations, ORGANISATIONS)?;
    load(&app.db, Format::OfqualQualifications, QUALIFICATIONS)?;
    let body = |number| {
        let number = RecognitionNumber::parse(number).map_err(Error::internal)?;
        Ok::<_, Error>(Origin::Body(number))
    };
    let pushed = import(app, "csv", body(BODY)?, RESULTS, output)?;
    import(app, "csv", body(REGISTRAR)?, REGISTRATION, output)?;
    import(app, "csv", body(UNIVERSITY)?, DEGREE, output)?;
    import(app, "lrs", Origin::Operator, EVENTS, output)?;
    for (uln, brought) in [(LEARNER, BROUGHT), (JAN, BROUGHT_BY_JAN)] {
        let learner = app.db.read_blocking(move |connection| {
            let uln = schema::Uln::parse(uln).map_err(Error::internal)?;
            crate::model::learner::find_by_uln(connection, uln)?
                .ok_or_else(|| Error::internal("the demonstration's learner is missing"))
        })?;
        import(app, "csv", Origin::Learner(learner.id), brought, output)?;
    }
    let mut tries = tries(&pushed);
    let documents = Documents::new(build(app))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(Error::internal)?;
    for one in tries.values_mut() {
        let asked = documents.ask(&one.query, one.variables.clone(), caller(app, &one.role)?);
        one.answer = runtime.block_on(asked)?;
    }
    Ok(tries)
}

fn import(
    app: &Arc<App>,
    adapter: &str,
    origin: Origin,
    file: &[u8],
    output: &Output,
) -> Result<JobRow, Error> {
    let asked = Asked {
        adapter: adapter.to_owned(),
        origin,
        mode: Mode::Partial,
        dry_run: false,
        despite_quarantine: false,
        idempotency_key: None,
    };
    let job = asked.import(app, file)?;
    if !matches!(job.state(), State::Done | State::DoneWithIssues) {
        let words = job.error_message.clone().unwrap_or_default();
        return Err(Error::with(
            Code::BadRequest,
            format!("The demonstration's file for {adapter} was refused: {words}"),
        ));
    }
    output.aside(&format!(
        "imported through {adapter}: {} records, {} created, {} updated, {} withdrawn, {} rejected",
        job.records, job.created, job.updated, job.withdrawn, job.rejected
    ));
    Ok(job)
}

/// The kinds of user, with what a token of theirs says.
fn users() -> [(&'static str, Option<NewToken>); 6] {
    let token = |role: Role, subject: &str| NewToken {
        role,
        learner: None,
        awarding_body: None,
        employer: None,
        subject: subject.to_owned(),
        valid_for: Duration::from_secs(30 * 86_400),
    };
    [
        (
            "practitioner",
            Some(NewToken {
                learner: Some(LEARNER.to_owned()),
                ..token(Role::Practitioner, "rowan")
            }),
        ),
        (
            "practitioner_jan",
            Some(NewToken {
                learner: Some(JAN.to_owned()),
                ..token(Role::Practitioner, "jan")
            }),
        ),
        (
            "awarding_body",
            Some(NewToken {
                awarding_body: RecognitionNumber::parse(BODY).ok(),
                ..token(Role::AwardingBody, "results-office")
            }),
        ),
        (
            "employer",
            Some(NewToken {
                employer: Some("little-acorns".to_owned()),
                ..token(Role::Employer, "chris")
            }),
        ),
        ("steward", Some(token(Role::Steward, "sam"))),
        ("none", None),
    ]
}

fn tokens(app: &App) -> Result<BTreeMap<&'static str, String>, Error> {
    let now = app.clock.now();
    users()
        .into_iter()
        .filter_map(|(role, new)| Some((role, new?)))
        .map(|(role, new)| {
            Ok((
                role,
                mint(&app.keys, &app.config.tokens.builtin_name, &new, now)?,
            ))
        })
        .collect()
}

/// Who a token of that role makes one: by way of a real token, as any request.
fn caller(app: &App, role: &str) -> Result<Caller, Error> {
    match tokens(app)?.get(role) {
        Some(token) => app.issuers.verify(token, app.clock.now()),
        None => Ok(Caller::nobody()),
    }
}

/// The queries to try, in the order of their names.
fn tries(pushed: &JobRow) -> BTreeMap<String, Try> {
    let one = |role: &str, query: &str, variables: serde_json::Value| Try {
        query: query.split_whitespace().collect::<Vec<_>>().join(" "),
        variables,
        role: role.to_owned(),
        answer: String::new(),
    };
    let entries = [
        (
            "1-my-record",
            one(
                "practitioner",
                "{ me { givenName familyName creditTotal(level: L3) achievements(first: 10) { totalCount edges { node {
                   title awardedOn grade status standing awardingBody { name } } } } } }",
                serde_json::json!({}),
            ),
        ),
        (
            "2-verify-a-certificate",
            one(
                "employer",
                "query Verify($input: VerifyInput!) { verify(input: $input) { outcome checks { name result code }
                   achievement { title awardingBody level credit awardedOn grade status registerEntry } } }",
                serde_json::json!({"input": {"certificateNumber": "DEMO-C-000002", "familyName": "Made-Up",
                    "dateOfBirth": "1996-01-23", "purpose": "Application for a post"}}),
            ),
        ),
        (
            "3-what-became-of-a-push",
            one(
                "awarding_body",
                "query Push($id: ID!) { importJob(id: $id) { state adapter awardingBody { name }
                   counts { records created updated withdrawn unchanged rejected } } }",
                serde_json::json!({"id": pushed.id.show("import")}),
            ),
        ),
        (
            "4-who-is-who",
            one(
                "steward",
                "query Who($uln: String!) { learner(uln: $uln) { uln givenName familyName formerNames
                   achievements { totalCount } } }",
                serde_json::json!({"uln": LEARNER}),
            ),
        ),
        (
            "5-a-qualification",
            one(
                "none",
                "{ qualification(number: \"500/9170/0\") { title level eqfLevel totalCredit certificationUntil registered
                   awardingBody { name recognised } } }",
                serde_json::json!({}),
            ),
        ),
        (
            "6-what-a-role-asks",
            one(
                "none",
                "{ role(code: \"residential-worker\") { title sector { name } requirements { alternative kind text level validFrom
                   confirmed } next { title } } }",
                serde_json::json!({}),
            ),
        ),
        (
            "7-what-my-record-is-worth",
            one(
                "practitioner_jan",
                "{ me { givenName standing(role: \"childminder\") { meets met { text } missing { text } }
                   pathway(to: \"ey-educator\") { reachable steps { role { title } via } }
                   nearest(first: 1) { qualification { number title } creditsTowards creditsRemaining } } }",
                serde_json::json!({}),
            ),
        ),
        (
            "8-do-i-count-in-the-ratio",
            one(
                "practitioner_jan",
                "query Ratio($on: Date!, $facts: RatioFactsInput) { me {
                   onRecord: countsInRatio(on: $on) { outcome countsAt explanation { text } }
                   declared: countsInRatio(on: $on, facts: $facts) { outcome countsAt declaredFactsUsed } } }",
                serde_json::json!({"on": "2026-06-01",
                    "facts": {"answers": {"studyingLevel3": true, "competentAndResponsible": true}}}),
            ),
        ),
        (
            "9-what-counts-towards-the-diploma",
            one(
                "practitioner",
                "{ me { progress(qualification: \"500/9170/0\") { creditsTowards creditsRequired creditsRemaining confirmed
                   next { reference title credit } explanation { text } } } }",
                serde_json::json!({}),
            ),
        ),
    ];
    entries
        .into_iter()
        .map(|(name, one)| (name.to_owned(), one))
        .collect()
}

fn write(path: &Path, tries: &BTreeMap<String, Try>) -> Result<(), Error> {
    let text = serde_json::to_vec_pretty(tries).map_err(Error::internal)?;
    std::fs::write(path, text).map_err(|error| Error::file(path, &error))
}

fn print(
    url: &str,
    tokens: &BTreeMap<&'static str, String>,
    tries: &BTreeMap<String, Try>,
    output: &Output,
) {
    output.line(&format!("\nThe registry answers at {url}/graphql (a browser shows GraphiQL there).\n\nTokens, valid for 30 days:"));
    for (role, token) in tokens {
        output.line(&format!("\n  {role}\n  {token}"));
    }
    output.line("\nOne query for each kind of user. Paste it into a shell; it answers what stands below it.");
    for (name, one) in tries {
        let body = serde_json::json!({"query": one.query, "variables": one.variables}).to_string();
        let authorization = match tokens.get(one.role.as_str()) {
            Some(token) => format!(" -H 'Authorization: Bearer {token}'"),
            None => String::new(),
        };
        let who = if one.role == "none" {
            "anybody"
        } else {
            one.role.as_str()
        };
        output.line(&format!(
            "\n# {name} ({who})\ncurl -s {url}/graphql -H 'Content-Type: application/json'{authorization} -d '{}'\n{}",
            body.replace('\'', "'\\''"),
            one.answer
        ));
    }
    output.line("\nCtrl-C ends the demonstration; `registry demo --keep` goes on with it.");
}
