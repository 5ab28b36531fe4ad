//! What a source states otherwise than the register. One comparison, for the report of an import and for what
//! is shown beside an achievement.

use crate::model::qualification::QualificationRow;
use crate::model::unit::UnitRow;
use schema::{Code, Level, Statement, Verb, fold_name};

/// Something that a source states otherwise than the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The fact, by its name in GraphQL.
    pub field: &'static str,
    /// What the register says.
    pub register_says: String,
    /// What the source says.
    pub source_says: String,
    /// Its code.
    pub code: Code,
}

/// Compares what a statement about a qualification says with the register's row; nothing where the register
/// does not know it.
#[must_use]
pub fn against(register: &QualificationRow, statement: &Statement) -> Vec<Contradiction> {
    if !register.registered {
        return Vec::new();
    }
    let mut found = figures(register.level, register.total_credit, statement);
    let mut differs = |field, register_says, source_says, code| {
        found.push(Contradiction {
            field,
            register_says,
            source_says,
            code,
        });
    };
    if let (Some(body), Some(stated)) = (&register.body, statement.body.recognition_number)
        && body != stated.as_str()
    {
        let stated = stated.to_string();
        differs("awardingBody", body.clone(), stated, Code::BodyDiffers);
    }
    if let Some(stated) = &statement.title
        && !in_welsh(statement)
        && !alike(&register.title, stated)
    {
        let (title, stated) = (register.title.clone(), stated.clone());
        differs("title", title, stated, Code::TitleDiffers);
    }
    found
}

/// Compares what a statement about a unit says with what the framework confirms of it.
#[must_use]
pub fn against_unit(unit: &UnitRow, statement: &Statement) -> Vec<Contradiction> {
    figures(unit.level, unit.credit, statement)
}

fn figures(level: Option<i16>, credit: Option<i32>, statement: &Statement) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let level = level.and_then(Level::from_place);
    if let (Some(level), Some(stated)) = (level, statement.level)
        && level != stated
    {
        found.push(Contradiction {
            field: "level",
            register_says: format!("{level:?}"),
            source_says: format!("{stated:?}"),
            code: Code::LevelDiffers,
        });
    }
    if let (Some(credit), Some(stated)) = (credit, statement.framework_credit())
        && credit != i32::from(stated.value())
    {
        found.push(Contradiction {
            field: "credit",
            register_says: credit.to_string(),
            source_says: stated.value().to_string(),
            code: Code::CreditDiffers,
        });
    }
    found
}

/// Whether an award is told of a qualification that the register has withdrawn, and nothing says that it was
/// made while it could be: neither its day nor the register's own last day are to be had. Where both are,
/// they are compared as dates.
#[must_use]
pub fn withdrawn(register: &QualificationRow, statement: &Statement) -> bool {
    let status = register.status.as_deref().map(str::to_lowercase);
    let ended = status.is_some_and(|status| {
        ["no longer", "withdrawn", "removed"]
            .iter()
            .any(|words| status.contains(words))
    });
    let tells = matches!(statement.verb, Verb::Create | Verb::Update | Verb::Promote);
    let datable = statement.awarded_on.is_some() && register.certification_until.is_some();
    register.registered && ended && tells && !datable
}

/// A Welsh title of a qualification is no other title; the register has one of them only.
fn in_welsh(statement: &Statement) -> bool {
    let language = statement.language.as_deref().map(str::to_lowercase);
    language.is_some_and(|language| {
        language == "cy" || language.starts_with("cym") || language.starts_with("wel")
    })
}

/// Words of titles that say nothing of the subject.
const EMPTY: [&str; 24] = [
    "a",
    "an",
    "the",
    "of",
    "in",
    "for",
    "and",
    "to",
    "with",
    "on",
    "at",
    "level",
    "qcf",
    "rqf",
    "nvq",
    "certificate",
    "diploma",
    "award",
    "extended",
    "entry",
    "cert",
    "dip",
    "qualification",
    "combined",
];
/// The share of the shorter title's words that the longer one must have.
const SHARED: f64 = 0.4;

/// Whether two titles could be of one qualification: writers shorten, reorder and leave out. Titles without a
/// word of their own say nothing against it.
pub(super) fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (one, other) = (words(one), words(other));
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if short.is_empty() {
        return true;
    }
    let shared = short
        .iter()
        .filter(|word| long.iter().any(|other| same(word, other)));
    #[expect(clippy::cast_precision_loss, reason = "titles have few words")]
    let share = shared.count() as f64 / short.len() as f64;
    share >= SHARED
}

fn words(title: &str) -> Vec<String> {
    let folded = fold_name(title).replace("'s", "");
    let words = folded.split(|character: char| !character.is_alphanumeric());
    words
        .filter(|word| !word.is_empty() && !EMPTY.contains(word))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .map(str::to_owned)
        .collect()
}

/// Equal, shortened, or with a slip of the pen.
fn same(one: &str, other: &str) -> bool {
    let shortened =
        one.len().min(other.len()) >= 3 && (one.starts_with(other) || other.starts_with(one));
    one == other || shortened || strsim::normalized_damerau_levenshtein(one, other) >= 0.8
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn only_a_title_of_something_else_differs() {
        let register = "Level 3 Diploma for the Children and Young People's Workforce (QCF)";
        for title in [
            register,
            "Diploma for the Children and Young People's Workforce",
            "CHILDREN & YOUNG PEOPLES WORKFORCE",
            "Dip. Child. and Young People's Workf.",
            "Workforce (Children, Young Poeple)",
            "Level 3 Diploma",
            "",
        ] {
            assert!(alike(register, title), "{title}");
        }
        for title in [
            "Level 2 Award in Paediatric First Aid",
            "Diploma for Residential Childcare Managers in Adult Care Homes",
            "An invented subject",
        ] {
            assert!(!alike(register, title), "{title}");
        }
    }
}
