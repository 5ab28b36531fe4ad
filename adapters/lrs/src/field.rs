//! What both documents have in common: single fields of a record.

use sdk::{ResultRecord, StatedField};

/// The day of an `xs:date` or `xs:dateTime`, without time of day and zone: the service writes midnight for a
/// day, and moving it between zones would change the day. Anything else stays as it stands.
pub(crate) fn day(stated: &str) -> &str {
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

/// The organisation where learning took place: its provider number, else its name. The service's words for an
/// organisation that it does not know, `UNKNWN` and `UNKNOWN`, name none.
pub(crate) fn centre(ukprn: &str, name: &str) -> String {
    [ukprn, name]
        .into_iter()
        .map(str::trim)
        .find(|text| !matches!(*text, "" | "UNKNWN" | "UNKNOWN"))
        .unwrap_or_default()
        .to_owned()
}

/// Keeps a field in the source's own words, unless it is empty or a secret.
pub(crate) fn state(record: &mut ResultRecord, name: &str, value: &str) {
    if !value.trim().is_empty() && !is_secret(name) {
        record.stated.push(StatedField {
            name: name.to_owned(),
            value: value.to_owned(),
        });
    }
}

/// Whether a field of that name holds a password. None belongs where fields are kept; a sender may err.
fn is_secret(name: &str) -> bool {
    name.to_ascii_lowercase().contains("password")
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

    #[test]
    fn an_unknown_organisation_is_no_centre() {
        assert_eq!(centre("10030488", "SAMPLE CHURCH"), "10030488");
        assert_eq!(centre("UNKNWN", "SAMPLE CHURCH"), "SAMPLE CHURCH");
        assert_eq!(centre("", "UNKNOWN"), "");
    }
}
