//! Dates as bodies write them, brought into the one style of the record: `YYYY-MM-DD`.

use schema::Date;
use std::fmt::Write;

/// A style of dates that a body's mapping states, in the words of `strftime`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateFormat(String);

impl DateFormat {
    /// The style, or none where it does not tell one day from another.
    pub(crate) fn new(format: String) -> Option<Self> {
        // Day, month and century differ from what reading would assume, so that each must be in the format.
        let day = Date::from_ymd_opt(1931, 10, 27)?;
        let midnight = day.and_hms_opt(0, 0, 0)?;
        let mut written = String::new();
        write!(written, "{}", midnight.format(&format)).ok()?;
        (Date::parse_from_str(&written, &format) == Ok(day)).then_some(Self(format))
    }
}

/// Adds to `record` the date that `stated` is. What is no date in the body's style, nor in the registry's, nor
/// of the form `dd/mm/yyyy`, is added as it stands: the registry rejects it, or knows it for a sentinel.
pub(crate) fn write_date(stated: &str, format: Option<&DateFormat>, record: &mut String) {
    let read = match format {
        Some(DateFormat(format)) => Date::parse_from_str(stated, format).ok(),
        None => day_month_year(stated),
    };
    let added = match read {
        Some(day) => write!(record, "{}", day.format("%Y-%m-%d")).is_ok(),
        None => false,
    };
    if !added {
        record.push_str(stated);
    }
}

/// Reads `dd/mm/yyyy`, the style of the United Kingdom, with one or two digits of day and month, and with a
/// time of day after a space, which is dropped. The month never comes first.
fn day_month_year(stated: &str) -> Option<Date> {
    let date = stated.split_once(' ').map_or(stated, |(date, _)| date);
    let mut parts = date.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || year.len() != 4 || !digits(day) || !digits(month) || !digits(year)
    {
        return None;
    }
    Date::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(stated: &str, format: Option<&str>) -> String {
        let format = format.and_then(|format| DateFormat::new(format.to_owned()));
        let mut record = String::new();
        write_date(stated, format.as_ref(), &mut record);
        record
    }

    #[test]
    fn dates_are_read_day_first() {
        for (stated, date) in [
            ("2024-06-14", "2024-06-14"),
            ("14/06/2024", "2024-06-14"),
            ("4/6/2024", "2024-06-04"),
            ("04/06/2024 00:00:00", "2024-06-04"),
            ("31/12/2999", "2999-12-31"),
            ("06/14/2024", "06/14/2024"),
            ("30/02/2024", "30/02/2024"),
            ("14/06/24", "14/06/24"),
            ("+1/06/2024", "+1/06/2024"),
            ("null", "null"),
            ("-2", "-2"),
        ] {
            assert_eq!(read(stated, None), date, "{stated}");
        }
    }

    #[test]
    fn a_stated_format_is_used_and_iso_still_understood() {
        for (stated, format, date) in [
            ("14 Jun 2024", "%d %b %Y", "2024-06-14"),
            ("20240614", "%Y%m%d", "2024-06-14"),
            ("06/14/2024", "%m/%d/%Y", "2024-06-14"),
            ("14.06.2024 13:05", "%d.%m.%Y %H:%M", "2024-06-14"),
            ("2024-06-14", "%d/%m/%Y", "2024-06-14"),
            ("2999-12-31", "%d/%m/%Y", "2999-12-31"),
        ] {
            assert_eq!(read(stated, Some(format)), date, "{stated}");
        }
    }

    #[test]
    fn a_format_that_cannot_hold_a_date_is_refused() {
        for format in ["", "%d/%m", "%d/%m/%y", "%Q", "%", "%Y-%m"] {
            assert_eq!(DateFormat::new(format.to_owned()), None, "{format}");
        }
    }
}
