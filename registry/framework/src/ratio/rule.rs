//! Rules on who counts in the early-years ratios, as rows of a table. Which rules there are, from when to when they
//! hold and where they were read is data; here stands how a row is read.

use crate::catalogue::{Fault, Row, RowError, read};
use schema::{Date, parse_date};

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// Says whether a qualification is full and relevant, or a status, before levels are looked up.
    Gate,
    /// Gives the levels at which a qualification counts.
    Matrix,
    /// Gives a level to what is not full and relevant.
    Exception,
    /// Names a possible route to a level.
    Route,
    /// Says what must also be held today.
    Extra,
    /// Says what had to be held between two days.
    History,
    /// Says at what level somebody counts who is studying, or came by experience.
    Trainee,
}

/// A condition beside level, dates and status; all of a rule's must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// An answer to a question of the qualification is not the one that makes it full and relevant.
    AnswerContradicts,
    /// The question of that id was answered as one who holds the status would.
    StatusQuestion(String, bool),
    /// The list's entry is itself a status.
    ListedAsStatus,
    /// The qualification is a degree.
    Degree,
    /// The qualification is listed as one of an early years practitioner.
    ListedPractitioner,
    /// A question was answered with yes.
    Answer(String),
    /// The person has reached an age; an apprentice another.
    Age {
        /// In years.
        least: u16,
        /// For apprentices.
        apprentice: u16,
    },
    /// The person holds nothing full and relevant.
    NothingFullAndRelevant,
}

/// What must also be held for a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The level it is needed for.
    pub level: u8,
    /// What.
    pub what: NeedKind,
}

/// What can have to be held beside a qualification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NeedKind {
    /// English at level 2.
    English,
    /// English and mathematics at level 2.
    EnglishAndMaths,
    /// A GCSE in each of English and mathematics.
    GcseEnglishAndMaths,
    /// Paediatric first aid.
    FirstAid {
        /// Only for awards made on or after this day.
        awarded_from: Option<Date>,
        /// How many months after starting work it may be gained.
        grace_months: u16,
        /// After how many months it must be renewed.
        renew_months: u16,
    },
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatioRule {
    /// Its identifier, `R01` and so on.
    pub id: String,
    /// Its place in the order.
    pub order: u16,
    /// What it does.
    pub kind: RuleKind,
    /// The qualification's levels it looks at, least and most; none: any.
    pub levels: Option<(u8, u8)>,
    /// Whether the qualification must be full and relevant, or must not be.
    pub full_and_relevant: Option<bool>,
    /// Whether a status must be held, or must not be.
    pub status: Option<bool>,
    /// When the qualification was begun.
    pub started: (Option<Date>, Option<Date>),
    /// When it was awarded.
    pub awarded: (Option<Date>, Option<Date>),
    /// The days on which the rule holds.
    pub on: (Option<Date>, Option<Date>),
    /// Since when holders of a status are exempt; none: they always were.
    pub status_exempt_from: Option<Date>,
    /// Codes of the statuses it means.
    pub statuses: Vec<String>,
    /// What else must hold.
    pub conditions: Vec<Condition>,
    /// The levels at which it lets count; 0 is unqualified.
    pub counts_at: Vec<u8>,
    /// The level a route may lead to.
    pub route_to: Option<u8>,
    /// What must also be held.
    pub needs: Vec<Need>,
    /// Rules that do not apply where this one does.
    pub instead_of: Vec<String>,
    /// The rule in words.
    pub text: String,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// Reads `ratio_rules.csv`, in the rules' order.
///
/// # Errors
/// Every [`RowError`] of the table.
pub fn ratio_rules(text: &str) -> Result<Vec<RatioRule>, Vec<RowError>> {
    let required = [
        "rule_id",
        "order",
        "kind",
        "levels",
        "when",
        "counts_at",
        "requires",
        "text",
        "verified",
        "source",
    ];
    let mut rules = read("ratio_rules", text, &required, rule)?;
    rules.sort_by_key(|rule| rule.order);
    Ok(rules)
}

fn rule(row: &Row<'_>) -> Result<RatioRule, RowError> {
    let kind = row.parsed(
        "kind",
        "gate, matrix, exception, route, extra, history or trainee",
        |text| {
            Some(match text {
                "gate" => RuleKind::Gate,
                "matrix" => RuleKind::Matrix,
                "exception" => RuleKind::Exception,
                "route" => RuleKind::Route,
                "extra" => RuleKind::Extra,
                "history" => RuleKind::History,
                "trainee" => RuleKind::Trainee,
                _ => return None,
            })
        },
    )?;
    let each = |column: &str, expected, parts: Vec<String>| -> Result<Vec<u8>, RowError> {
        let bad = |found: &String| {
            row.fault(
                column,
                Fault::Not {
                    found: found.clone(),
                    expected,
                },
            )
        };
        parts
            .iter()
            .map(|part| part.parse().map_err(|_| bad(part)))
            .collect()
    };
    let conditions: Result<Vec<Condition>, RowError> = row
        .list("when")
        .iter()
        .map(|part| {
            condition(part).ok_or_else(|| {
                row.fault(
                    "when",
                    Fault::Not {
                        found: part.clone(),
                        expected: "a condition",
                    },
                )
            })
        })
        .collect();
    let needs: Result<Vec<Need>, RowError> = row
        .list("requires")
        .iter()
        .map(|part| {
            need(part).ok_or_else(|| {
                row.fault(
                    "requires",
                    Fault::Not {
                        found: part.clone(),
                        expected: "a level and what it needs, as `3 english` or `2 first-aid grace=3 renew=36`",
                    },
                )
            })
        })
        .collect();
    Ok(RatioRule {
        id: row.required("rule_id")?,
        order: row
            .number("order")?
            .ok_or_else(|| row.fault("order", Fault::Empty))?,
        kind: kind.ok_or_else(|| row.fault("kind", Fault::Empty))?,
        levels: row.parsed("levels", "a level, or two parted by a hyphen", levels)?,
        full_and_relevant: row.yes("full_and_relevant")?,
        status: row.yes("status")?,
        started: (row.from("started_from")?, row.until("started_to")?),
        awarded: (row.from("awarded_from")?, row.until("awarded_to")?),
        on: (row.from("on_from")?, row.until("on_to")?),
        status_exempt_from: row.from("status_exempt_from")?,
        statuses: row.list("statuses"),
        conditions: conditions?,
        counts_at: each(
            "counts_at",
            "levels, 0 for unqualified",
            row.list("counts_at"),
        )?,
        route_to: row.number("route_to")?,
        needs: needs?,
        instead_of: row.list("instead_of"),
        text: row.required("text")?,
        source: row.required("source")?,
        confirmed: row.confirmed("verified")?,
    })
}

fn levels(text: &str) -> Option<(u8, u8)> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    Some((least.trim().parse().ok()?, most.trim().parse().ok()?))
}

fn condition(text: &str) -> Option<Condition> {
    let (name, what) = text.split_once(':').unwrap_or((text, ""));
    let what = what.trim();
    Some(match name.trim() {
        "answer-contradicts" => Condition::AnswerContradicts,
        "status-question-yes" => Condition::StatusQuestion(what.to_owned(), true),
        "status-question-no" => Condition::StatusQuestion(what.to_owned(), false),
        "listed-as-status" => Condition::ListedAsStatus,
        "degree" => Condition::Degree,
        "listed-practitioner" => Condition::ListedPractitioner,
        "nothing-full-and-relevant" => Condition::NothingFullAndRelevant,
        "answer" if !what.is_empty() => Condition::Answer(what.to_owned()),
        "age" => {
            let (least, apprentice) = what.split_once(' ')?;
            Condition::Age {
                least: least.parse().ok()?,
                apprentice: apprentice.strip_prefix("apprentice=")?.parse().ok()?,
            }
        }
        _ => return None,
    })
}

fn need(text: &str) -> Option<Need> {
    let mut words = text.split_whitespace();
    let level = words.next()?.parse().ok()?;
    let name = words.next()?;
    let (mut awarded_from, mut grace_months, mut renew_months) = (None, 0, 0);
    for word in words {
        match word.split_once('=')? {
            ("awarded-from", day) => awarded_from = Some(parse_date(day).ok()?),
            ("grace", months) => grace_months = months.parse().ok()?,
            ("renew", months) => renew_months = months.parse().ok()?,
            _ => return None,
        }
    }
    let what = match name {
        "english" => NeedKind::English,
        "english-and-maths" => NeedKind::EnglishAndMaths,
        "gcse-english-and-maths" => NeedKind::GcseEnglishAndMaths,
        "first-aid" => NeedKind::FirstAid {
            awarded_from,
            grace_months,
            renew_months,
        },
        _ => return None,
    };
    Some(Need { level, what })
}
