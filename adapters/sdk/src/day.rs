//! Days as XML and JSON documents write them.

/// The day of an `xs:date` or `xs:dateTime`, without time of day and zone: a day written as its midnight
/// would become another day if it were moved between zones. Anything else stays as it stands.
#[must_use]
pub fn day(stated: &str) -> &str {
    let stated = stated.trim();
    let Some((date, rest)) = stated.split_at_checked(10) else {
        return stated;
    };
    let is_date = date.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if is_date && (rest.is_empty() || rest.starts_with(['T', ' ', 'Z', '+', '-'])) {
        date
    } else {
        stated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_cut_out_and_never_moved() {
        for (stated, expected) in [
            ("2014-10-27", "2014-10-27"),
            (" 2014-10-27T00:00:00 ", "2014-10-27"),
            ("2014-10-27T23:30:00+01:00", "2014-10-27"),
            ("2014-10-27T00:00:00.000Z", "2014-10-27"),
            ("2014-10-27Z", "2014-10-27"),
            ("2012-05-31 16:47:04", "2012-05-31"),
            ("2014-10-271", "2014-10-271"),
            ("27/10/2014 00:00", "27/10/2014 00:00"),
            ("2014-1ö-27", "2014-1ö-27"),
            ("", ""),
        ] {
            assert_eq!(day(stated), expected, "{stated}");
        }
    }
}
