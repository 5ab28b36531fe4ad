//! Columns are found by their headings, in any order, whatever their case and spacing: the regulator's own
//! extracts do not agree in their columns.

use super::report::Rejection;
use super::value;
use crate::error::Error;
use csv::StringRecord;
use schema::Code;
use std::borrow::Cow;
use std::collections::HashMap;

/// Where each heading stands.
pub(super) struct Headings(HashMap<String, usize>);

/// The place of a column that a dialect may lack.
pub(super) type Column = Option<usize>;

impl Headings {
    /// The headings of an extract's first row. Of two that are the same, the first counts.
    pub(super) fn read(record: &StringRecord) -> Self {
        let mut places = HashMap::new();
        for (place, heading) in record.iter().enumerate() {
            places.entry(key(heading)).or_insert(place);
        }
        Self(places)
    }

    /// The column of that heading, where the extract has it.
    pub(super) fn find(&self, heading: &str) -> Column {
        self.0.get(&key(heading)).copied()
    }

    /// Whether an extract with these essential columns can be read: answers the place of the last of them,
    /// which a row must reach to be whole.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] naming those that are missing, and the dialects that are known.
    pub(super) fn require(&self, essential: &[&str], dialects: &str) -> Result<usize, Error> {
        let missing: Vec<&str> = essential
            .iter()
            .copied()
            .filter(|heading| self.find(heading).is_none())
            .collect();
        if missing.is_empty() {
            let places = essential.iter().filter_map(|heading| self.find(heading));
            return Ok(places.max().unwrap_or_default());
        }
        Err(Error::with(
            Code::InputInvalid,
            format!(
                "The file's first row lacks the headings: {}. {dialects}",
                missing.join(", ")
            ),
        ))
    }
}

fn key(heading: &str) -> String {
    heading
        .chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// One row, by columns. What it answers is repaired, trimmed and folded: [`value::text`].
pub(super) struct Row<'a>(pub(super) &'a StringRecord);

impl Row<'_> {
    /// The longest text of a field that is kept, in characters; the longest title seen has 176.
    const LONGEST: usize = 500;

    /// The text of a column; none where it is blank, `None` or `null`, or where there is no such column.
    ///
    /// # Errors
    /// [`Code::TextTooLong`].
    pub(super) fn text(&self, column: Column) -> Result<Option<String>, Rejection> {
        let Some(text) = column.and_then(|place| self.0.get(place)) else {
            return Ok(None);
        };
        let text = value::text(text);
        if text.chars().count() > Self::LONGEST {
            return Err(Rejection::new(
                Code::TextTooLong,
                format!("A field is longer than {} characters.", Self::LONGEST),
            ));
        }
        let blank = text.is_empty()
            || text.eq_ignore_ascii_case("none")
            || text.eq_ignore_ascii_case("null");
        Ok((!blank).then_some(text))
    }

    /// The text of a column without which a row says nothing.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] where it is blank; [`Code::TextTooLong`].
    pub(super) fn essential(&self, column: Column, heading: &str) -> Result<String, Rejection> {
        self.text(column)?
            .ok_or_else(|| Rejection::new(Code::InputInvalid, format!("{heading} is blank.")))
    }

    /// Whether nothing stands in the row.
    pub(super) fn is_blank(&self) -> bool {
        self.0.iter().all(|field| field.trim().is_empty())
    }

    /// Whether the row has the columns that the headings promise. A shorter row, as at the end of a broken
    /// download, would empty what is known; in a longer one the columns are shifted, even where its last
    /// field is blank.
    ///
    /// # Errors
    /// [`Code::RecordUnreadable`].
    pub(super) fn check_shape(&self, headings: usize, last: usize) -> Result<(), Rejection> {
        let fields = self.0.len();
        if fields > last && fields <= headings {
            return Ok(());
        }
        Err(Rejection::new(
            Code::RecordUnreadable,
            format!("The row has {fields} fields, the headings are {headings}."),
        ))
    }
}

/// For messages: a value as the file has it, cut short.
pub(super) fn excerpt(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_whatever_their_order_case_and_spacing() {
        let headings = Headings::read(&StringRecord::from(vec![
            "\u{feff}NAME",
            "recognitionnumber",
            " Ofqual  Status ",
            "Name",
        ]));
        assert_eq!(headings.find("Name"), Some(0));
        assert_eq!(headings.find("Recognition Number"), Some(1));
        assert_eq!(headings.find("Ofqual Status"), Some(2));
        assert_eq!(headings.find("Acronym"), None);
        assert_eq!(
            headings.require(&["Name", "Ofqual Status"], "").ok(),
            Some(2)
        );
    }

    #[test]
    fn missing_headings_are_named() {
        let headings = Headings::read(&StringRecord::from(vec!["Name"]));
        let error = headings.require(&["Name", "Acronym", "Legal Name"], "Known: x.");
        let words = error.map_or_else(|error| error.to_string(), |_| String::new());
        assert!(words.contains("Acronym, Legal Name. Known: x."), "{words}");
    }

    #[test]
    fn rows_shorter_or_longer_than_their_headings_are_refused() {
        let shape = |fields: &[&str]| {
            Row(&StringRecord::from(fields.to_vec()))
                .check_shape(3, 1)
                .is_ok()
        };
        assert!(shape(&["a", "b"]));
        assert!(shape(&["a", "b", "c"]));
        assert!(!shape(&["a"]));
        assert!(!shape(&["a", "b", "c", ""]));
    }
}
