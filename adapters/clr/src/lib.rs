//! The adapter `clr`: Comprehensive Learner Records 2.0. Each credential within is read and its proof checked
//! for itself; what the record says of how achievements belong together makes units parts of qualifications.
//!
//! The crate `proof` reads the file and checks its proofs, `badge` makes the records; `association` knows
//! what is a part of what.

mod association;
#[cfg(test)]
mod tests;

use association::Associations;
use badge::{Config, Credential, File, has_type};
use sdk::{Adapter, Input, Issue, Output, Position, Stop};
use serde_json::{Map, Value};

/// The adapter.
#[derive(Debug)]
pub struct Clr {
    config: Config,
}

sdk::export_adapter!(Clr);

impl Adapter for Clr {
    const NAME: &'static str = "clr";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const FORMATS: &'static str =
        "application/vc,application/ld+json,application/json,application/vc+jwt";

    fn new(config: &str) -> Result<Self, Stop> {
        Ok(Self {
            config: Config::read(Self::NAME, config)?,
        })
    }

    fn run(&mut self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
        let file = File::read(input, &self.config, badge::now())?;
        if !has_type(file.document.credential(), &["ClrCredential"]) {
            return Err(Stop::new(
                "not-a-clr",
                "The credential is no Comprehensive Learner Record: its type does not name ClrCredential. A single badge is for the adapter open-badges.",
            )
            .at(Position::path("/type")));
        }
        if the_subject(file.document.credential()).is_none() {
            return Err(Stop::new(NOT_ONE, SEVERAL).at(Position::path("/credentialSubject")));
        }
        self.records(&file, output)
    }
}

impl Clr {
    /// Hands over a record for each achievement credential in the order of the document.
    fn records(&self, file: &File, output: &mut Output<'_>) -> Result<(), Stop> {
        let readable: Vec<_> = file.document.credentials().collect();
        let associations = Associations::read(readable.iter().map(|credential| credential.members));
        let mut count = 0_u64;
        for place in file.places().filter(|place| is_entry(place)) {
            count += 1;
            let Some(credential) = readable.iter().find(|credential| credential.place == place)
            else {
                unreadable(file, place, output)?;
                continue;
            };
            let members = credential.members;
            let above: Vec<_> = holders(place)
                .filter_map(|holder| readable.iter().find(|one| one.place == holder))
                .collect();
            if above.iter().any(|one| the_subject(one.members).is_none()) {
                // Told of at the record that has no subject, or several.
                continue;
            }
            // A learner record within the record: what it holds comes by itself.
            if has_type(members, &["ClrCredential"]) {
                if the_subject(members).is_none() {
                    output.issue(&Issue::error(
                        NOT_ONE,
                        SEVERAL,
                        Position::path(format!("{place}/credentialSubject")),
                    ))?;
                }
                continue;
            }
            if !Credential::is_achievement(members) {
                output.issue(&Issue::error(
                    "not-an-open-badge",
                    "The credential within says of nothing that it was achieved: its type names neither AchievementCredential nor OpenBadgeCredential.",
                    Position::path(format!("{place}/type")),
                ))?;
                continue;
            }
            let around: Vec<_> = above
                .iter()
                .filter_map(|one| file.checked(one.place))
                .collect();
            let outcome = Credential {
                members,
                place,
                checked: file.checked(place),
                around: &around,
                subject_around: above.first().and_then(|one| the_subject(one.members)),
            }
            .read(&self.config);
            for issue in &outcome.issues {
                output.issue(issue)?;
            }
            if let Some(mut record) = outcome.record {
                associations.place(members, &mut record);
                output.record(&record)?;
            }
        }
        if count == 0 {
            output.issue(&Issue::warning(
                "record-empty",
                "The learner record holds no credential. Achievements that it only describes are nobody's awards.",
                Position::path("/credentialSubject/verifiableCredential"),
            ))?;
        }
        Ok(())
    }
}

/// What is said of a learner record that is about nobody, or several.
const NOT_ONE: &str = "subject-not-one";
const SEVERAL: &str =
    "The learner record has no subject, or several. Only a record about one person is read.";

/// The one subject of a credential, alone or in a list.
fn the_subject(credential: &Map<String, Value>) -> Option<&Map<String, Value>> {
    match badge::items(credential.get("credentialSubject")) {
        [only] => only.as_object(),
        _ => None,
    }
}

/// The place of the learner record that a credential at that place is an entry of.
fn holder(place: &str) -> Option<&str> {
    // The number of an entry, or of a subject, where there is a list of them.
    let unnumbered = |place| match str::rsplit_once(place, '/') {
        Some((list, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => list,
        _ => place,
    };
    let subject = unnumbered(place).strip_suffix("/verifiableCredential")?;
    unnumbered(subject).strip_suffix("/credentialSubject")
}

/// The places of the learner records around, the nearest first.
fn holders(place: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(holder(place), |place| holder(place))
}

/// Whether a credential at that place is an entry of the record, or of one within it, and not an endorsement
/// or something else that hangs on an entry.
fn is_entry(place: &str) -> bool {
    holders(place).last() == Some("")
}

/// Tells of an entry that is no credential that could be read.
fn unreadable(file: &File, place: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    let code = file.checked(place).map(|checked| checked.proof.code);
    let code = code.unwrap_or(schema::Code::NotACredential);
    output.issue(&Issue::error(
        code.as_str(),
        code.message(schema::Language::English),
        badge::place(place),
    ))
}

/// The members of an object; none of anything else.
fn object(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object()
}
