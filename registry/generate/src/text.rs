//! Dates and numbers as texts, without the detour over a formatter: they are most of what is written.

use chrono::Datelike;
use schema::Date;

/// A text of at most 20 bytes, on the stack.
#[derive(Clone, Copy, Default)]
pub(crate) struct Short {
    bytes: [u8; 20],
    length: usize,
}

impl Short {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    fn digits(&mut self, number: u64, width: u32) {
        for place in (0..width).rev() {
            self.push(b'0' + (number / 10_u64.pow(place) % 10) as u8);
        }
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// A whole number.
    pub(crate) fn number(number: u64) -> Self {
        let mut text = Self::default();
        text.digits(number, number.checked_ilog10().unwrap_or(0) + 1);
        text
    }

    /// A date, `dd/mm/yyyy` or `YYYY-MM-DD`.
    pub(crate) fn date(date: Date, day_first: bool) -> Self {
        Self::day(
            u64::try_from(date.year()).unwrap_or(0),
            u64::from(date.month()),
            u64::from(date.day()),
            day_first,
        )
    }

    /// The same of a day that need not be in the calendar.
    pub(crate) fn day(year: u64, month: u64, day: u64, day_first: bool) -> Self {
        let mut text = Self::default();
        if day_first {
            text.digits(day, 2);
            text.push(b'/');
            text.digits(month, 2);
            text.push(b'/');
            text.digits(year, 4);
        } else {
            text.digits(year, 4);
            text.push(b'-');
            text.digits(month, 2);
            text.push(b'-');
            text.digits(day, 2);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn texts_are_what_a_formatter_writes(number: u64, days in 0_u64..60_000) {
            let number = number / 10;
            let written = Short::number(number);
            proptest::prop_assert_eq!(written.as_str(), number.to_string());
            let date = Date::from_ymd_opt(1900, 1, 1).unwrap_or_default() + chrono::Days::new(days);
            let written = Short::date(date, false);
            proptest::prop_assert_eq!(written.as_str(), date.to_string());
            let day_first = date.format("%d/%m/%Y").to_string();
            let written = Short::date(date, true);
            proptest::prop_assert_eq!(written.as_str(), day_first);
        }
    }

    #[test]
    fn nought_is_a_number() {
        assert_eq!(Short::number(0).as_str(), "0");
    }
}
