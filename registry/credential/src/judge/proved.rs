//! What was handed in with its proofs checked: which status lists it asks for, and what all its checks come to once they are there.

use super::{Check, CheckName, Judgement, Lists, Outcome, Trust, revocation, schema};
use ::schema::Code;
use chrono::{DateTime, Utc};
use proof::{Keys, Verification};
use serde_json::{Map, Value};

/// One credential of what was handed in.
pub(super) struct Part<'a> {
    pub(super) place: String,
    pub(super) members: Option<&'a Map<String, Value>>,
    pub(super) verification: Verification,
    pub(super) trust: Trust,
}

impl Part<'_> {
    /// Whether it is the word of somebody who is believed.
    fn established(&self) -> bool {
        let passed = |check: &proof::Check| check.outcome == Outcome::Passed;
        passed(&self.verification.proof)
            && passed(&self.verification.issuer)
            && self.trust != Trust::Unknown
    }
}

/// What was handed in, with its proofs checked.
pub struct Proved<'a> {
    pub(super) parts: Vec<Part<'a>>,
    pub(super) keys: &'a dyn Keys,
    pub(super) trust: &'a dyn Fn(&str) -> Trust,
    pub(super) now: DateTime<Utc>,
}

impl Proved<'_> {
    /// The addresses of the status lists that must be looked at. What nobody who is believed has signed names none: it could
    /// send us anywhere.
    #[must_use]
    pub fn lists(&self) -> Vec<String> {
        let mut addresses = Vec::new();
        for part in self.parts.iter().filter(|part| part.established()) {
            for address in part.members.into_iter().flat_map(revocation::addresses) {
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
        addresses
    }

    /// The identifiers of the credentials that are proved to be the registry's own.
    pub fn own(&self) -> impl Iterator<Item = &str> {
        let own = |part: &&Part<'_>| part.established() && part.trust == Trust::Own;
        let parts = self.parts.iter().filter(own);
        parts.filter_map(|part| part.members?.get("id")?.as_str())
    }

    /// The judgement, with these status lists at hand.
    #[must_use]
    pub fn judge(&self, lists: &dyn Lists) -> Judgement {
        let mut judgement = Judgement {
            checks: Vec::new(),
            trust: Trust::Own,
            own: self.own().map(str::to_owned).collect(),
        };
        for part in &self.parts {
            for check in self.checks(part, lists) {
                judgement.add(check);
            }
            judgement.trust = match (judgement.trust, part.trust) {
                (Trust::Unknown, _) | (_, Trust::Unknown) => Trust::Unknown,
                (Trust::Listed, _) | (_, Trust::Listed) => Trust::Listed,
                (Trust::Own, Trust::Own) => Trust::Own,
            };
        }
        judgement
    }

    fn checks(&self, part: &Part<'_>, lists: &dyn Lists) -> [Check; 5] {
        let found = &part.verification;
        let below = |mut check: Check| {
            // Places of a token's own parts stay as they are.
            let prefix = part.place.strip_suffix(found.place.as_str());
            if !check
                .place
                .starts_with(|first: char| first.is_ascii_alphabetic())
            {
                check.place.insert_str(0, prefix.unwrap_or_default());
            }
            check
        };
        let issuer = match (found.issuer.outcome, part.trust) {
            (Outcome::Passed, Trust::Unknown) => Check::new(
                CheckName::Issuer,
                Outcome::NotChecked,
                Code::IssuerUnknown,
                found.issuer.place.clone(),
            ),
            _ => Check::of(CheckName::Issuer, &found.issuer),
        };
        let schema = match part.members {
            Some(members) => schema::check(members, &found.place),
            // Why it cannot be read, the proof's check says.
            None => Check::new(
                CheckName::Schema,
                Outcome::Failed,
                found.proof.code,
                found.place.clone(),
            ),
        };
        let revocation = match part.members {
            Some(members) if part.established() => {
                let judge = revocation::Judge {
                    keys: self.keys,
                    trust: self.trust,
                    now: self.now,
                    lists,
                };
                judge.check(members, &found.place)
            }
            _ => Check::new(
                CheckName::Revocation,
                Outcome::NotChecked,
                Code::NotEstablished,
                found.place.clone(),
            ),
        };
        [
            issuer,
            Check::of(CheckName::Proof, &found.proof),
            schema,
            Check::of(CheckName::Validity, &found.validity),
            revocation,
        ]
        .map(below)
    }
}

impl Judgement {
    /// Takes a check in: of several of one name the worst is told, of those the first.
    fn add(&mut self, check: Check) {
        let rank = |result: Outcome| match result {
            Outcome::Failed => 0,
            Outcome::NotChecked => 1,
            Outcome::Passed => 2,
        };
        match self.checks.iter_mut().find(|one| one.name == check.name) {
            Some(known) if rank(check.result) < rank(known.result) => *known = check,
            Some(_) => {}
            None => self.checks.push(check),
        }
    }
}
