//! Dates as sources write them. Everything inside is a calendar date without time or zone.

/// A calendar date.
pub type Date = chrono::NaiveDate;

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a date of the form YYYY-MM-DD")]
pub struct DateError;

/// Reads a date as it travels on the wire: `YYYY-MM-DD`, optionally followed by a time of day that is cut
/// off (`2014-10-27T00:00:00`, `2012-05-31 16:47:04`). Adapters bring other styles into this one, since
/// only they know whether their source writes the day or the month first.
///
/// # Errors
/// [`DateError`] for anything else, also for days that no calendar has.
pub fn parse_date(text: &str) -> Result<Date, DateError> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked(10).ok_or(DateError)?;
    let time_follows = rest.is_empty() || rest.starts_with('T') || rest.starts_with(' ');
    let shaped = day.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if !time_follows || !shaped {
        return Err(DateError);
    }
    Date::parse_from_str(day, "%Y-%m-%d").map_err(|_| DateError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_and_without_a_time_are_read() {
        let expected = Date::from_ymd_opt(2014, 10, 27).ok_or(DateError);
        for text in [
            "2014-10-27",
            "2014-10-27T00:00:00",
            "2014-10-27 16:47:04",
            " 2014-10-27 ",
        ] {
            assert_eq!(parse_date(text), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "null",
            "27/10/2014",
            "2014-02-30",
            "2014-1-1",
            "+014-10-27",
            "2014-10-27x",
            "２０１４-10-27",
        ] {
            assert_eq!(parse_date(text), Err(DateError), "{text}");
        }
    }
}
