//! What both documents have in common: single fields of a record.

use sdk::{ResultRecord, StatedField};

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
    fn an_unknown_organisation_is_no_centre() {
        assert_eq!(centre("10030488", "SAMPLE CHURCH"), "10030488");
        assert_eq!(centre("UNKNWN", "SAMPLE CHURCH"), "SAMPLE CHURCH");
        assert_eq!(centre("", "UNKNOWN"), "");
    }
}
