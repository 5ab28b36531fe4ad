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
use serde_json::Value;

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
            // A learner record within the record: what it holds comes by itself.
            if has_type(members, &["ClrCredential"]) {
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
            let holder = place.rsplit_once(ENTRY).map_or("", |(around, _)| around);
            let around = readable.iter().find(|one| one.place == holder);
            let outcome = Credential {
                members,
                place,
                checked: file.checked(place),
                around: around.and_then(|around| {
                    let subject = around.members.get("credentialSubject")?.as_object()?;
                    Some((file.checked(holder)?, subject))
                }),
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

/// The way from a learner record to a credential of it.
const ENTRY: &str = "/credentialSubject/verifiableCredential";

/// Whether a credential at that place is an entry of the record, or of one within it, and not an endorsement
/// or something else that hangs on an entry.
fn is_entry(place: &str) -> bool {
    !place.is_empty()
        && place
            .split(ENTRY)
            .enumerate()
            .all(|(at, rest)| match (at, rest) {
                (0, rest) => rest.is_empty(),
                (_, "") => true,
                (_, rest) => rest
                    .strip_prefix('/')
                    .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())),
            })
}

/// Tells of an entry that is no credential that could be read.
fn unreadable(file: &File, place: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    let code = file.checked(place).map(|checked| checked.proof.code);
    let code = code.unwrap_or(schema::Code::NotACredential);
    output.issue(&Issue::error(
        code.as_str(),
        code.message(schema::Language::English),
        Position::path(place),
    ))
}

/// The members of an object; none of anything else.
fn object(value: &Value) -> Option<&serde_json::Map<String, Value>> {
    value.as_object()
}
