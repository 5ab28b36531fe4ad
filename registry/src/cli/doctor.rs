//! `registry doctor`: looks at everything that the registry needs, says of each fault what to do, and changes
//! nothing. A file a part: what stands in `doctor/`.

mod clock;
mod database;
mod evidence;
mod folder;
mod place;
mod worker;

use super::output::Output;
use crate::app::Clock;
use crate::config::Config;
use serde::Serialize;
use std::process::ExitCode;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Level {
    /// It is as it should be.
    Ok,
    /// It works, and should not stay so.
    Warning,
    /// The registry cannot do its work so.
    Fault,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    level: Level,
    message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

/// Everything found so far.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.0.push(Finding {
            check,
            level: Level::Ok,
            message: message.into(),
            advice: None,
        });
    }

    fn warning(
        &mut self,
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.0.push(Finding {
            check,
            level: Level::Warning,
            message: message.into(),
            advice: Some(advice.into()),
        });
    }

    fn fault(
        &mut self,
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.0.push(Finding {
            check,
            level: Level::Fault,
            message: message.into(),
            advice: Some(advice.into()),
        });
    }

    fn worst(&self) -> Level {
        let any = |level| self.0.iter().any(|finding| finding.level == level);
        if any(Level::Fault) {
            Level::Fault
        } else if any(Level::Warning) {
            Level::Warning
        } else {
            Level::Ok
        }
    }
}

/// Looks, and tells.
pub(super) fn run(config: &Config, clock: &Clock, output: &Output) -> ExitCode {
    let mut findings = Findings::default();
    place::look(config, &mut findings);
    folder::look(config, clock, &mut findings);
    evidence::look(config, &mut findings);
    let times = database::look(config, clock, &mut findings);
    clock::look(config, clock, &times, &mut findings);
    worker::look(config, &mut findings);
    for Finding {
        check,
        level,
        message,
        advice,
    } in &findings.0
    {
        let word = match level {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Fault => "fault",
        };
        output.line(&format!("{word:<8} {check:<14} {message}"));
        if let Some(advice) = advice {
            output.line(&format!("{:<23} {advice}", ""));
        }
    }
    let worst = findings.worst();
    // Printing cannot fail in a way that anybody could still be told of.
    let _ = output.document(&serde_json::json!({"level": worst, "findings": findings.0}));
    match worst {
        Level::Fault => ExitCode::from(1),
        Level::Ok | Level::Warning => ExitCode::SUCCESS,
    }
}
