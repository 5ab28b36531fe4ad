//! Reading one row. Pure: whether a role or a person is known is looked at by whoever reads.

use super::Kind;
use crate::db::Id;
use csv::StringRecord;
use schema::{Code, Date, Uln, parse_date};

/// The longest text of a field, in characters.
const LONGEST: usize = 200;
/// The most posts or places of one row.
const MOST: i32 = 10_000_000;

/// Who holds a post.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Person {
    Uln(String),
    Id(Id),
}

/// What a row says; what its kind does not have is empty.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub(super) person: Option<Person>,
    pub(super) employer: String,
    pub(super) setting: String,
    pub(super) role: String,
    pub(super) area: String,
    pub(super) from: Date,
    pub(super) to: Option<Date>,
    pub(super) number: i32,
    pub(super) stated_by: String,
}

/// What is wrong, and in which column.
pub(super) type Wrong = (&'static str, Code);

impl Kind {
    /// The columns, in any order; those that may be empty may be left out.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Held => &[
                "uln",
                "learner",
                "employer",
                "setting",
                "role",
                "area",
                "from",
                "to",
                "stated_by",
            ],
            Self::Needed => &["role", "area", "from", "to", "posts", "stated_by"],
            Self::Provision => &["role", "area", "from", "to", "places", "stated_by"],
        }
    }

    /// Those without which a file cannot be read.
    pub(super) fn essential(self) -> &'static [&'static str] {
        match self {
            Self::Held => &["employer", "role", "area", "from", "stated_by"],
            Self::Needed => &["role", "area", "from", "posts", "stated_by"],
            Self::Provision => &["role", "area", "from", "places", "stated_by"],
        }
    }
}

/// Where each column stands.
pub(super) struct Columns {
    kind: Kind,
    places: Vec<(&'static str, usize)>,
}

impl Columns {
    /// The columns of a first row; else the headings that it lacks, or has and should not.
    pub(super) fn read(kind: Kind, headings: &StringRecord) -> Result<Self, Vec<String>> {
        let mut places = Vec::new();
        let mut wrong = Vec::new();
        for (place, heading) in headings.iter().enumerate() {
            let heading = heading.trim_start_matches('\u{feff}').trim();
            let known = kind.columns().iter().find(|column| **column == heading);
            match known {
                Some(column) if places.iter().all(|(one, _)| one != column) => {
                    places.push((*column, place));
                }
                _ => wrong.push(format!(
                    "column {} is no or a second one of its kind",
                    place + 1
                )),
            }
        }
        let has = |column: &str| places.iter().any(|(one, _)| *one == column);
        let missing = kind.essential().iter().filter(|column| !has(column));
        wrong.extend(missing.map(|column| format!("{column} is missing")));
        if kind == Kind::Held && !has("uln") && !has("learner") {
            wrong.push("uln or learner is missing".to_owned());
        }
        if wrong.is_empty() {
            Ok(Self { kind, places })
        } else {
            Err(wrong)
        }
    }

    fn text(&self, row: &StringRecord, column: &'static str) -> Result<String, Wrong> {
        let place = self.places.iter().find(|(one, _)| *one == column);
        let text = place.and_then(|(_, place)| row.get(*place)).unwrap_or("");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().any(char::is_control) {
            return Err((column, Code::TextInvalid));
        }
        if text.chars().count() > LONGEST {
            return Err((column, Code::TextTooLong));
        }
        Ok(text)
    }

    fn essential(&self, row: &StringRecord, column: &'static str) -> Result<String, Wrong> {
        let text = self.text(row, column)?;
        if text.is_empty() {
            return Err((column, Code::InputInvalid));
        }
        Ok(text)
    }

    fn number(&self, row: &StringRecord, column: &'static str) -> Result<i32, Wrong> {
        let text = self.essential(row, column)?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|number| digits && *number <= MOST);
        number.ok_or((column, Code::NumberInvalid))
    }

    fn person(&self, row: &StringRecord) -> Result<Option<Person>, Wrong> {
        let (uln, id) = (self.text(row, "uln")?, self.text(row, "learner")?);
        match (uln.is_empty(), id.is_empty()) {
            (false, true) => {
                let uln = Uln::parse(&uln).map_err(|_| ("uln", Code::UlnInvalid))?;
                Ok(Some(Person::Uln(uln.to_string())))
            }
            (true, false) => {
                let id = Id::read("learner", &id).ok_or(("learner", Code::PersonUnknown))?;
                Ok(Some(Person::Id(id)))
            }
            _ => Err(("uln", Code::LearnerNotIdentified)),
        }
    }

    /// What a row says.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub(super) fn said(&self, row: &StringRecord) -> Result<Said, Wrong> {
        let held = self.kind == Kind::Held;
        let day = |column, text: &str| parse_date(text).map_err(|_| (column, Code::DateInvalid));
        let from = day("from", &self.essential(row, "from")?)?;
        let to = self.text(row, "to")?;
        let to = (!to.is_empty()).then(|| day("to", &to)).transpose()?;
        if to.is_some_and(|to| to < from) {
            return Err(("to", Code::DatesContradict));
        }
        Ok(Said {
            person: if held { self.person(row)? } else { None },
            employer: if held {
                self.essential(row, "employer")?
            } else {
                String::new()
            },
            setting: if held {
                self.text(row, "setting")?
            } else {
                String::new()
            },
            role: self.essential(row, "role")?,
            area: self.essential(row, "area")?,
            from,
            to,
            number: match self.kind {
                Kind::Held => 0,
                Kind::Needed => self.number(row, "posts")?,
                Kind::Provision => self.number(row, "places")?,
            },
            stated_by: self.essential(row, "stated_by")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: Kind, headings: &[&str], row: &[&str]) -> Result<Said, Wrong> {
        let columns = Columns::read(kind, &StringRecord::from(headings.to_vec()));
        let columns = columns.unwrap_or_else(|_| Columns {
            kind,
            places: Vec::new(),
        });
        columns.said(&StringRecord::from(row.to_vec()))
    }

    const NEEDED: [&str; 5] = ["role", "area", "from", "posts", "stated_by"];

    #[test]
    fn a_row_is_read_whatever_the_order_of_its_columns() {
        let row = said(
            Kind::Needed,
            &["posts", "\u{feff}area", "role", "stated_by", "from", "to"],
            &[
                "12",
                "E06000001",
                "hlta",
                " the  council ",
                "2026-01-01",
                "",
            ],
        );
        let row = row.map(|row| (row.number, row.role, row.stated_by, row.to));
        let expected = (12, "hlta".to_owned(), "the council".to_owned(), None);
        assert_eq!(row, Ok(expected));
    }

    #[test]
    fn each_fault_names_its_column_and_code() {
        let needed = |row: [&str; 5]| said(Kind::Needed, &NEEDED, &row).map(|_| ());
        assert_eq!(needed(["hlta", "E1", "2026-01-01", "1", "us"]), Ok(()));
        for (row, wrong) in [
            (
                ["", "E1", "2026-01-01", "1", "us"],
                ("role", Code::InputInvalid),
            ),
            (
                ["hlta", "E1", "1/1/26", "1", "us"],
                ("from", Code::DateInvalid),
            ),
            (
                ["hlta", "E1", "2026-01-01", "-1", "us"],
                ("posts", Code::NumberInvalid),
            ),
            (
                ["hlta", "E1", "2026-01-01", "10000001", "us"],
                ("posts", Code::NumberInvalid),
            ),
            (
                ["hlta", "E\u{7}1", "2026-01-01", "1", "us"],
                ("area", Code::TextInvalid),
            ),
        ] {
            assert_eq!(needed(row), Err(wrong), "{row:?}");
        }
        let held = [
            "uln",
            "learner",
            "employer",
            "role",
            "area",
            "from",
            "to",
            "stated_by",
        ];
        let held = |uln: &str, learner: &str, to: &str| {
            let row = [uln, learner, "acorns", "hlta", "E1", "2026-01-02", to, "us"];
            said(Kind::Held, &held, &row).map(|_| ())
        };
        assert_eq!(held("1", "", ""), Err(("uln", Code::UlnInvalid)));
        assert_eq!(held("", "", ""), Err(("uln", Code::LearnerNotIdentified)));
        assert_eq!(
            held("", "somebody", ""),
            Err(("learner", Code::PersonUnknown))
        );
        let id = Id::from_bytes([1; 16]).show("learner");
        assert_eq!(
            held("", &id, "2026-01-01"),
            Err(("to", Code::DatesContradict))
        );
        assert_eq!(held("", &id, "2026-01-02"), Ok(()));
    }

    #[test]
    fn headings_that_are_missing_or_unknown_are_named() {
        let wrong = Columns::read(
            Kind::Held,
            &StringRecord::from(vec!["role", "rule", "role"]),
        );
        let wrong = wrong.err().unwrap_or_default().join("; ");
        for words in [
            "column 2",
            "column 3",
            "employer is missing",
            "uln or learner",
        ] {
            assert!(wrong.contains(words), "{wrong}");
        }
    }
}
