//! `registry token`.

use super::output::Output;
use crate::access::{NewToken, Role, mint};
use crate::app::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::keys::Keys;
use clap::Args;
use schema::RecognitionNumber;
use std::process::ExitCode;
use std::time::Duration;

/// Sign a token with the built-in issuer.
#[derive(Args)]
pub(super) struct Token {
    /// What the bearer may do
    #[arg(long, value_enum)]
    role: Role,
    /// The bearer's own record: a ULN, or an identifier as the registry shows it
    #[arg(long, value_name = "ULN-OR-ID")]
    learner: Option<String>,
    /// The body for which the bearer speaks, such as RN5217
    #[arg(long, value_name = "RN", value_parser = recognition_number)]
    awarding_body: Option<RecognitionNumber>,
    /// The organisation for which the bearer speaks
    #[arg(long, value_name = "ID")]
    employer: Option<String>,
    /// Who the bearer is
    #[arg(long, value_name = "S")]
    subject: Option<String>,
    /// How long it is valid: a number with s, m, h or d
    #[arg(long, default_value = "1h", value_parser = duration)]
    ttl: Duration,
}

impl Token {
    pub(super) fn run(self, config: &Config, output: &Output) -> Result<ExitCode, Error> {
        let keys = Keys::of(config)?;
        let new = NewToken {
            role: self.role,
            learner: self.learner,
            awarding_body: self.awarding_body,
            employer: self.employer,
            subject: self
                .subject
                .unwrap_or_else(|| format!("cli-{}", self.role.as_str())),
            valid_for: self.ttl,
        };
        let token = mint(
            &keys,
            &config.tokens.builtin_name,
            &new,
            Clock::system().now(),
        )?;
        if output.json() {
            output.document(&serde_json::json!({"token": token, "role": self.role.as_str(), "expiresIn": self.ttl.as_secs()}))?;
        } else {
            output.text(&token);
        }
        Ok(ExitCode::SUCCESS)
    }
}

pub(super) fn recognition_number(text: &str) -> Result<RecognitionNumber, String> {
    RecognitionNumber::parse(text)
        .map_err(|_| "a recognition number is RN and four digits".to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write a number with s, m, h or d, such as 30m".to_owned();
    let split = text
        .find(|character: char| !character.is_ascii_digit())
        .ok_or_else(wrong)?;
    let (number, unit) = text.split_at(split);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}
