//! The adapter `open-badges`: one Open Badges 3.0 credential a file, as JSON-LD, as a JWT, or baked into a PNG
//! or SVG image; of the Verifiable Credentials Data Model 1.1 or 2.0. The README beside this crate says what
//! becomes of each member.
//!
//! The crate `proof` reads the file and checks its proofs, `badge` makes the record: what is here says only
//! what a file must be.

#[cfg(test)]
mod tests;

use badge::{Config, Credential, File, has_type};
use sdk::{Adapter, Input, Output, Position, Stop};

/// The adapter.
#[derive(Debug)]
pub struct OpenBadges {
    config: Config,
}

sdk::export_adapter!(OpenBadges);

impl Adapter for OpenBadges {
    const NAME: &'static str = "open-badges";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const FORMATS: &'static str = "application/vc,application/ld+json,application/json,application/vc+jwt,image/png,image/svg+xml";

    fn new(config: &str) -> Result<Self, Stop> {
        Ok(Self {
            config: Config::read(Self::NAME, config)?,
        })
    }

    fn run(&mut self, input: &mut Input<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
        let file = File::read(input, &self.config, badge::now())?;
        let members = file.document.credential();
        if !Credential::is_achievement(members) {
            let hint = if has_type(members, &["ClrCredential"]) {
                " It is a Comprehensive Learner Record, which the adapter clr reads."
            } else {
                ""
            };
            return Err(Stop::new(
                "not-an-open-badge",
                format!("The credential is no Open Badge: its type names neither AchievementCredential nor OpenBadgeCredential.{hint}"),
            )
            .at(Position::path("/type")));
        }
        let outcome = Credential {
            members,
            place: "",
            checked: file.checked(""),
            around: &[],
            subject_around: None,
        }
        .read(&self.config);
        for issue in &outcome.issues {
            output.issue(issue)?;
        }
        match &outcome.record {
            Some(record) => output.record(record),
            None => Ok(()),
        }
    }
}
