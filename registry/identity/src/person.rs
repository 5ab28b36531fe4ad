//! What is known of a person, as plain data.

use chrono::Datelike;
use schema::Gender;

/// A birth date as it was written, which may be a day that no calendar has: a slip of the keys must not hide the
/// seven digits that are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthDate {
    /// The year, four digits.
    pub year: u16,
    /// The month, 1 to 12 where it is right.
    pub month: u8,
    /// The day, 1 to 31 where it is right.
    pub day: u8,
}

impl BirthDate {
    /// Reads `YYYY-MM-DD` (a time may follow), `YYYYMMDD`, and, day first, `DD/MM/YYYY` with any separator.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::of(text.get(..4)?, text.get(4..6)?, text.get(6..)?);
        }
        let text = text.split(['T', ' ']).next()?;
        let mut parts = text.split(['-', '/', '.']);
        let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
        match (parts.next(), first.len(), third.len()) {
            (None, 4, _) => Self::of(first, second, third),
            (None, _, 4) => Self::of(third, second, first),
            _ => None,
        }
    }

    fn of(year: &str, month: &str, day: &str) -> Option<Self> {
        let date = Self {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            day: day.parse().ok()?,
        };
        (date.year <= 9999 && date.month <= 99 && date.day <= 99).then_some(date)
    }

    /// The eight digits.
    #[must_use]
    pub fn digits(self) -> [u8; 8] {
        let digit = |number: u16, power: u16| b'0' + u8::try_from(number / power % 10).unwrap_or(0);
        let (month, day) = (u16::from(self.month), u16::from(self.day));
        [
            digit(self.year, 1000),
            digit(self.year, 100),
            digit(self.year, 10),
            digit(self.year, 1),
            digit(month, 10),
            digit(month, 1),
            digit(day, 10),
            digit(day, 1),
        ]
    }
}

impl From<schema::Date> for BirthDate {
    fn from(date: schema::Date) -> Self {
        Self {
            year: u16::try_from(date.year()).unwrap_or(0),
            month: u8::try_from(date.month()).unwrap_or(0),
            day: u8::try_from(date.day()).unwrap_or(0),
        }
    }
}

/// What one record says of a person. Every part may be unknown; texts are as written, since folding them is this
/// crate's business. An empty text counts as unknown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Given names, the first one first.
    pub given_name: Option<String>,
    /// The family name today.
    pub family_name: Option<String>,
    /// Family names of before, and others under which the person is known.
    pub former_names: Vec<String>,
    /// Date of birth.
    pub date_of_birth: Option<BirthDate>,
    /// Gender; what is not stated counts as unknown.
    pub gender: Option<Gender>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Number or name of the house.
    pub house: Option<String>,
    /// The street.
    pub street: Option<String>,
    /// What an address says between street and town.
    pub locality: Option<String>,
    /// Town or suburb.
    pub town: Option<String>,
    /// County or state.
    pub county: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// The Unique Learner Number.
    pub uln: Option<String>,
    /// Another number that is meant to be one person's, such as a national insurance number.
    pub identifier: Option<String>,
}

/// Personal data never reaches a log through debug output.
impl std::fmt::Debug for Person {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Person(…)")
    }
}
