//! One achievement credential as a record, with what is odd about it.

use crate::file::place;
use crate::json::{Object, has_type, id, identifier, items, text};
use crate::{Config, alignment, holder, issuer, proofs, result, subject, words};
use proof::{KeySource, Verification};
use schema::{Code, Language};
use sdk::{Issue, Registration, ResultRecord};
use serde_json::Value;

/// A credential of a document.
pub struct Credential<'a> {
    /// Its members.
    pub members: &'a Object,
    /// Where it stands: a JSON pointer.
    pub place: &'a str,
    /// What checking it said.
    pub checked: Option<&'a Verification>,
    /// What was found of the credentials around it, the nearest first.
    pub around: &'a [&'a Verification],
    /// The one subject of the nearest.
    pub subject_around: Option<&'a Object>,
}

/// What became of a credential.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The record; none where the credential is no award.
    pub record: Option<ResultRecord>,
    /// What there is to say of it.
    pub issues: Vec<Issue>,
}

/// The types of a credential that says that somebody achieved something.
const TYPES: [&str; 2] = ["AchievementCredential", "OpenBadgeCredential"];

impl Credential<'_> {
    /// Whether a credential says that somebody achieved something.
    #[must_use]
    pub fn is_achievement(members: &Object) -> bool {
        has_type(members, &TYPES)
    }

    /// Makes the record.
    #[must_use]
    pub fn read(&self, config: &Config) -> Outcome {
        let mut outcome = Outcome::default();
        if let Some(issue) = self.refused() {
            outcome.issues.push(issue);
            return outcome;
        }
        let subjects = items(self.members.get("credentialSubject"));
        let [Value::Object(of)] = subjects else {
            outcome.issues.push(self.error(
                "subject-not-one",
                "/credentialSubject",
                "The credential has no subject, or several. Only a credential about one person is read.",
            ));
            return outcome;
        };
        let [Value::Object(achievement)] = items(of.get("achievement")) else {
            outcome.issues.push(self.error(
                Code::SubjectMissing.as_str(),
                "/credentialSubject/achievement",
                "The credential does not say what was achieved: its subject has no achievement, or several.",
            ));
            return outcome;
        };
        let results = result::of(of, achievement);
        if results.unfinished {
            outcome.issues.push(self.warning(
                "result-not-completed",
                "/credentialSubject/result",
                "The credential says that this was failed, or is not completed, and so is no award. It is left out.",
            ));
            return outcome;
        }
        outcome.issues.extend(self.not_current());
        let record = self.record(of, achievement, results.grade, config, &mut outcome.issues);
        outcome.record = Some(record);
        outcome
    }

    /// Why a credential is not read: what it says is not what somebody signed.
    fn refused(&self) -> Option<Issue> {
        let own = self.checked?;
        let unsigned = own.proof.code == Code::ProofMissing;
        // Other faults of a proof are kept with the record and shown: they say that nothing is proved, and
        // these that something was changed.
        let failed = |one: &Verification| {
            one.proof.outcome == proof::Outcome::Failed
                && matches!(one.proof.code, Code::ProofMismatch | Code::ClaimsContradict)
        };
        let check = match self.signed_around() {
            _ if failed(own) => &own.proof,
            // What has no proof of its own stands and falls with what is around it.
            Some(around) if unsigned && failed(around) => &around.proof,
            _ => return None,
        };
        Some(Issue::error(
            check.code.as_str(),
            check.code.message(Language::English),
            place(if check.place.is_empty() {
                self.place
            } else {
                &check.place
            }),
        ))
    }

    /// The nearest of the credentials around that has a proof, which covers what is within.
    fn signed_around(&self) -> Option<&Verification> {
        let signed = |one: &&&Verification| one.proof.code != Code::ProofMissing;
        self.around.iter().find(signed).copied()
    }

    /// A credential that is not valid at this time is a fact of the past, or of times to come, all the same.
    fn not_current(&self) -> Option<Issue> {
        let validity = &self.checked?.validity;
        let current = validity.outcome != proof::Outcome::Failed;
        (!current).then(|| {
            Issue::warning(
                validity.code.as_str(),
                validity.code.message(Language::English),
                place(&validity.place),
            )
        })
    }

    fn record(
        &self,
        of: &Object,
        achievement: &Object,
        grade: String,
        config: &Config,
        issues: &mut Vec<Issue>,
    ) -> ResultRecord {
        let members = self.members;
        let (subject, ambiguous) = subject::of(achievement);
        if let Some(member) = ambiguous {
            issues.push(self.warning(
                "alignment-ambiguous",
                &format!("/credentialSubject/achievement/{member}"),
                "The achievement names several qualifications. None of them is taken for what was achieved.",
            ));
        }
        let credit = self.credit(of, issues);
        let from = first(members, &["validFrom", "issuanceDate"]);
        let awarded = match text(members, "awardedDate") {
            stated if stated.is_empty() => from.clone(),
            stated => stated,
        };
        let license = text(of, "licenseNumber");
        ResultRecord {
            position: Some(place(self.place)),
            status: "final".to_owned(),
            subject: Some(subject),
            person: Some(self.person(of, issues)),
            body: Some(issuer::body(members, self.checked, config)),
            record_id: identifier(&text(members, "id")),
            awarded_on: day(&awarded),
            started_on: day(&text(of, "activityStartDate")),
            valid_from: day(&from),
            valid_until: day(&first(members, &["validUntil", "expirationDate"])),
            grade,
            level: alignment::level(achievement).unwrap_or_default(),
            credit,
            registration: (!license.is_empty()).then(|| Registration {
                number: identifier(&license),
                ..Registration::default()
            }),
            stated: words::of(members),
            proofs: self.proofs(),
            ..ResultRecord::default()
        }
    }

    fn proofs(&self) -> Vec<sdk::Proof> {
        self.checked
            .iter()
            .chain(self.around)
            .flat_map(|one| proofs::of(one))
            .take(32)
            .collect()
    }

    /// The person, with what the credential around says of the same one. A proof of this one is not extended to
    /// what anybody may have put around it.
    fn person(&self, of: &Object, issues: &mut Vec<Issue>) -> sdk::Person {
        let own = holder::person(of);
        let Some(around) = self.subject_around else {
            return own;
        };
        if let (Some(one), Some(other)) = (id(of, "id"), id(around, "id"))
            && one != other
        {
            issues.push(self.warning(
                "subject-differs",
                "/credentialSubject/id",
                "The subject of this credential has another identifier than the subject of the record around it. What is said there of the person is not taken for this one.",
            ));
            return own;
        }
        let filled = holder::filled(own.clone(), holder::person(around));
        let proved = |one: &Verification| one.proof.outcome == proof::Outcome::Passed;
        let established = |one: &Verification| {
            one.established_issuer(KeySource::Configured).is_some() && proved(one)
        };
        if filled != own
            && self.checked.is_some_and(proved)
            && !self.signed_around().is_some_and(established)
        {
            issues.push(self.warning(
                "record-not-established",
                "/credentialSubject",
                "This credential is signed, and the record around it by no key that is configured. What is said there of the person is not taken for this one.",
            ));
            return own;
        }
        filled
    }

    /// The credit earned, where it is a whole number.
    fn credit(&self, of: &Object, issues: &mut Vec<Issue>) -> String {
        let stated = text(of, "creditsEarned");
        let (whole, decimals) = stated.split_once('.').unwrap_or((&stated, ""));
        let is_whole = decimals.bytes().all(|byte| byte == b'0');
        match schema::Credit::parse(whole) {
            Some(credit) if is_whole => credit.value().to_string(),
            _ if stated.is_empty() => String::new(),
            _ => {
                issues.push(self.warning(
                    "credit-not-whole",
                    "/credentialSubject/creditsEarned",
                    "The credit is no whole number from 0 to 2000. It is kept in the source's own words only.",
                ));
                String::new()
            }
        }
    }

    fn error(&self, code: &str, member: &str, message: &str) -> Issue {
        Issue::error(code, message, place(&format!("{}{member}", self.place)))
    }

    fn warning(&self, code: &str, member: &str, message: &str) -> Issue {
        Issue::warning(code, message, place(&format!("{}{member}", self.place)))
    }
}

fn day(stated: &str) -> String {
    sdk::day(stated).to_owned()
}

fn first(object: &Object, names: &[&str]) -> String {
    let mut found = names.iter().map(|name| text(object, name));
    found.find(|text| !text.is_empty()).unwrap_or_default()
}
