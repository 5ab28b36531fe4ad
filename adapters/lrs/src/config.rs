//! The table `[adapters.lrs]`: what the numbers of an achievement batch mean, for a body that knows them.

use schema::{AwardStatus, Verb};
use sdk::Stop;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// What the configuration says.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The body whose push this is, where it is one body's.
    pub(crate) awarding_body: Option<String>,
    actions: HashMap<String, &'static str>,
    submission_types: HashMap<String, &'static str>,
}

/// The table as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    import: Import,
    actions: BTreeMap<String, String>,
    submission_types: BTreeMap<String, String>,
}

/// What the registry adds. Later registries may add more, so that other keys are allowed here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Import {
    awarding_body: Option<String>,
}

impl Config {
    /// Reads the table.
    ///
    /// # Errors
    /// `config-invalid`, saying which key is wrong and what is allowed.
    pub(crate) fn read(config: &str) -> Result<Self, Stop> {
        let table: Table = toml::from_str(config).map_err(|error| wrong(error.message()))?;
        Ok(Self {
            awarding_body: table.import.awarding_body.filter(|body| !body.is_empty()),
            actions: words(
                table.actions,
                "actions",
                "create, update, promote, withdraw, reinstate",
                verb,
            )?,
            submission_types: words(
                table.submission_types,
                "submission_types",
                "provisional, final",
                status,
            )?,
        })
    }

    /// The verb that an `Action` stands for: by the configuration, or by its own word.
    pub(crate) fn action(&self, stated: &str) -> Option<&'static str> {
        self.actions.get(stated).copied().or_else(|| verb(stated))
    }

    /// The status that a `submissionType` stands for: by the configuration, or by its own word.
    pub(crate) fn submission_type(&self, stated: &str) -> Option<&'static str> {
        self.submission_types
            .get(stated)
            .copied()
            .or_else(|| status(stated))
    }
}

fn verb(word: &str) -> Option<&'static str> {
    Verb::parse(word).map(Verb::as_str)
}

fn status(word: &str) -> Option<&'static str> {
    [AwardStatus::Provisional, AwardStatus::Final]
        .into_iter()
        .map(AwardStatus::as_str)
        .find(|status| status.eq_ignore_ascii_case(word))
}

fn words(
    table: BTreeMap<String, String>,
    key: &str,
    allowed: &str,
    meaning: impl Fn(&str) -> Option<&'static str>,
) -> Result<HashMap<String, &'static str>, Stop> {
    let mut words = HashMap::new();
    for (stated, word) in table {
        let Some(word) = meaning(&word) else {
            return Err(wrong(&format!(
                "{key} maps {stated:?} to {word:?}; allowed are {allowed}"
            )));
        };
        words.insert(stated, word);
    }
    Ok(words)
}

/// A key, or a word that TOML's reader quotes, may be long; a message holds at most 500 bytes.
fn wrong(what: &str) -> Stop {
    let mut message = format!("Configuration of lrs: {}.", what.trim_end());
    while message.len() > 500 {
        message.pop();
    }
    Stop::new("config-invalid", message)
}
