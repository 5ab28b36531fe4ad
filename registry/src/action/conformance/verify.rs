//! `POST /credentials/verify` and `/presentations/verify`: what holds of a document that is handed in. There is no third value
//! here: what could not be checked does not verify.

use super::{Problem, limits, options, request};
use crate::app::App;
use credential::{
    Asked, CheckName, Found, Handed, Lists, Outcome, Trust, conforms, conforms_envelope,
    conforms_presentation, opened,
};
use proof::{Expected, KeyRing, Presentation};
use schema::Code;
use serde_json::{Map, Value};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What was looked at, by the names of the VC API.
    pub checks: Vec<&'static str>,
    /// Why it does not verify; where there is nothing, it does.
    pub problems: Vec<Problem>,
    /// Of a presentation whether each credential in it verifies.
    pub credentials: Vec<bool>,
}

/// What a request asks to be checked, and how.
struct Wanted {
    checks: Vec<String>,
    purpose: Option<String>,
    challenge: Option<String>,
    domains: Vec<String>,
}

impl Wanted {
    fn read(options: &Map<String, Value>) -> Result<Self, Problem> {
        let wrong = |name: &str| Problem::new(Code::RequestInvalid, format!("/options/{name}"));
        let text = |name: &str| match options.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(wrong(name)),
        };
        let texts = |name: &str| match options.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text.clone()]),
            Some(Value::Array(items)) => {
                let texts = items.iter().map(|one| one.as_str().map(str::to_owned));
                texts.collect::<Option<Vec<_>>>().ok_or_else(|| wrong(name))
            }
            Some(_) => Err(wrong(name)),
        };
        Ok(Self {
            checks: texts("checks")?,
            purpose: text("expectedProofPurpose")?,
            challenge: text("challenge")?,
            domains: texts("domain")?,
        })
    }

    /// Whether this is to be looked at: all is where nothing is said.
    fn wants(&self, names: &[&str]) -> bool {
        self.checks.is_empty() || self.checks.iter().any(|one| names.contains(&one.as_str()))
    }

    /// Whether only the signature is to be looked at, and not whose it is.
    fn proof_alone(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|one| one == "proof")
    }

    fn names(&self) -> Vec<&'static str> {
        [
            ("proof", &["proof"][..]),
            ("validity", VALIDITY),
            ("credentialStatus", STATUS),
        ]
        .into_iter()
        .filter(|(name, names)| *name == "proof" || self.wants(names))
        .map(|(name, _)| name)
        .collect()
    }
}

const VALIDITY: &[&str] = &["validity", "validityPeriod"];
const STATUS: &[&str] = &["credentialStatus", "status"];

/// The lists that credentials name, the registry's own too.
struct Fetching<'a>(&'a App);

impl Lists for Fetching<'_> {
    fn get(&self, asked: Asked<'_>) -> Found {
        self.0.lists.get(self.0, asked.list)
    }
}

/// Verifies the credential of a request. It blocks, and does much work.
///
/// # Errors
/// What is wrong with the request.
pub fn verify_credential(app: &App, body: &[u8]) -> Result<Verified, Problem> {
    let mut request = request(body)?;
    let wanted = Wanted::read(&options(&mut request)?)?;
    let Some(held) = request.remove("verifiableCredential") else {
        return Err(Problem::new(Code::RequestInvalid, "/verifiableCredential"));
    };
    let found = look(app, &held, &wanted, true);
    let problems = found.err().unwrap_or_default().into_iter();
    Ok(Verified {
        checks: wanted.names(),
        problems: problems
            .map(|one| one.below("/verifiableCredential"))
            .collect(),
        credentials: Vec::new(),
    })
}

/// Verifies the presentation of a request, and every credential in it. It blocks, and does much work.
///
/// # Errors
/// What is wrong with the request.
pub fn verify_presentation(app: &App, body: &[u8]) -> Result<Verified, Problem> {
    let mut request = request(body)?;
    let wanted = Wanted::read(&options(&mut request)?)?;
    let Some(held) = request.remove("verifiablePresentation") else {
        return Err(Problem::new(
            Code::RequestInvalid,
            "/verifiablePresentation",
        ));
    };
    let mut verified = Verified {
        checks: wanted.names(),
        problems: Vec::new(),
        credentials: Vec::new(),
    };
    match read_presentation(&held) {
        Ok(presentation) => present(app, &presentation, &wanted, &mut verified),
        Err(problem) => verified.problems.push(problem),
    }
    let problems = verified.problems.into_iter();
    verified.problems = problems
        .map(|one| one.below("/verifiablePresentation"))
        .collect();
    Ok(verified)
}

fn read_presentation(held: &Value) -> Result<Presentation, Problem> {
    let text = match held {
        Value::String(token) => token.clone(),
        other => other.to_string(),
    };
    let presentation = Presentation::read(text.as_bytes(), &limits())?;
    if let Some(members) = held
        .as_object()
        .filter(|members| *members != presentation.members())
    {
        conforms_envelope(members)?;
    }
    conforms_presentation(presentation.members())?;
    Ok(presentation)
}

fn present(app: &App, presentation: &Presentation, wanted: &Wanted, verified: &mut Verified) {
    let now = app.clock.now().and_utc();
    let purpose = wanted.purpose.as_deref();
    let domains: Vec<&str> = wanted.domains.iter().map(String::as_str).collect();
    let asked = purpose.or(wanted.challenge.as_ref().map(|_| "authentication"));
    let only = asked.map(|purpose| [purpose]);
    let expected = Expected {
        purposes: only
            .as_ref()
            .map_or(Expected::PRESENTED.purposes, |only| only),
        challenge: wanted.challenge.as_deref(),
        domains: &domains,
    };
    // Holders are known by their keys alone.
    let found = presentation.verify(&KeyRing::new(), &expected, now);
    let named = presentation.members().contains_key("holder");
    for (check, counts) in [
        (&found.proof, true),
        (
            &found.issuer,
            named && found.proof.outcome == Outcome::Passed,
        ),
        (&found.validity, true),
    ] {
        if counts && check.outcome != Outcome::Passed {
            let problem = Problem::new(check.code, check.place.clone());
            verified.problems.push(problem);
        }
    }
    let held = presentation.members().get("verifiableCredential");
    let held: Vec<&Value> = match held {
        None => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(single) => vec![single],
    };
    let most = limits().credentials;
    if held.len() > most {
        let place = "/verifiableCredential";
        verified
            .problems
            .push(Problem::new(Code::DocumentTooComplex, place));
        return;
    }
    for (number, one) in held.into_iter().enumerate() {
        let found = look(app, one, wanted, false).err().unwrap_or_default();
        verified.credentials.push(found.is_empty());
        let place = format!("/verifiableCredential/{number}");
        let found = found.into_iter().map(|problem| problem.below(&place));
        verified.problems.extend(found);
    }
}

/// Verifies one credential. What is expected of a presentation's proof is not expected of those in it.
///
/// # Errors
/// Why it does not verify.
fn look(app: &App, held: &Value, wanted: &Wanted, alone: bool) -> Result<(), Vec<Problem>> {
    let now = app.clock.now().and_utc();
    let handed = read(held).map_err(|problem| vec![problem])?;
    let purpose = wanted.purpose.as_deref().map(|purpose| [purpose]);
    let domains: Vec<&str> = wanted.domains.iter().map(String::as_str).collect();
    let mut expected = Expected::default();
    if alone {
        if let Some(purpose) = &purpose {
            expected.purposes = purpose;
        }
        expected.challenge = wanted.challenge.as_deref();
        expected.domains = &domains;
    }
    // Suites are anybody: whose word it is is for them to know.
    let trust = |issuer: &str| match app.issuing.trust(issuer) {
        Trust::Unknown => Trust::Listed,
        known => known,
    };
    let ring = app.issuing.ring();
    let ring = app
        .controllers
        .with_keys(ring, handed.issuers(), now.naive_utc());
    let proved = handed.prove_expecting(&*ring, &trust, &expected, now);
    let status = wanted.wants(STATUS);
    let judgement = match status {
        true => proved.judge(&Fetching(app)),
        false => proved.judge(&credential::NoLists),
    };
    let proof_passed = judgement
        .check(CheckName::Proof)
        .is_some_and(|check| check.result == Outcome::Passed);
    let mut problems = Vec::new();
    for check in &judgement.checks {
        let holds = check.result == Outcome::Passed;
        let wrong = match check.name {
            CheckName::Proof => !holds,
            CheckName::Issuer => !holds && proof_passed && !wanted.proof_alone(),
            CheckName::Validity => !holds && wanted.wants(VALIDITY),
            CheckName::Revocation => !holds && proof_passed && status,
            CheckName::Schema => check.result == Outcome::Failed && wanted.checks.is_empty(),
            CheckName::Status => false,
        };
        if wrong {
            problems.push(Problem::new(check.code, check.place.clone()));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Reads a credential: with its proof, in an envelope, or as a token.
fn read(held: &Value) -> Result<Handed, Problem> {
    let text = match held {
        Value::String(token) => token.clone(),
        Value::Object(members) if conforms(members).is_err() => match opened(members) {
            Ok(token) => token.to_owned(),
            // What is no envelope is a credential that does not conform.
            Err(_) => return Err(conforms(members).err().map_or_else(none, Problem::from)),
        },
        other => other.to_string(),
    };
    let handed = Handed::read(text.as_bytes(), &limits())?;
    let mut credentials = handed.credentials();
    let (Some(only), None) = (credentials.next(), credentials.next()) else {
        return Err(none());
    };
    conforms(only)?;
    drop(credentials);
    Ok(handed)
}

fn none() -> Problem {
    Problem::new(Code::NotACredential, "")
}
