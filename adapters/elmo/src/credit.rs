//! Credit and levels as a transcript states them: each in a scheme that it names.

/// Credit in one scheme.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credit {
    pub(crate) scheme: String,
    pub(crate) value: String,
}

/// A level in one framework.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    pub(crate) framework: String,
    pub(crate) value: String,
}

impl Credit {
    /// The credit is counted as the registry's framework counts: one for ten hours of learning.
    fn is_frameworks(&self) -> bool {
        ["rqf", "qcf", "cats"]
            .iter()
            .any(|scheme| self.scheme.eq_ignore_ascii_case(scheme))
    }

    /// The scheme to name beside the number; empty where it is the framework's own.
    pub(crate) fn scheme(&self) -> &str {
        if self.is_frameworks() {
            ""
        } else {
            &self.scheme
        }
    }

    /// The credit as a whole number, without the decimals that only say `.0`; none where it has a fraction
    /// or is no number.
    pub(crate) fn whole(&self) -> Option<String> {
        let (whole, decimals) = self.value.split_once('.').unwrap_or((&self.value, ""));
        let digits = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
        (digits && decimals.bytes().all(|byte| byte == b'0'))
            .then(|| schema::Credit::parse(whole))
            .flatten()
            .map(|credit| credit.value().to_string())
    }
}

/// The credit to take where several schemes are stated: the framework's own, else the first.
pub(crate) fn chosen(stated: &[Credit]) -> Option<&Credit> {
    let stated = || stated.iter().filter(|credit| !credit.value.is_empty());
    stated()
        .find(|credit| credit.is_frameworks())
        .or_else(|| stated().next())
}

/// The level of the registry's framework, where the source states one in so many words. A level of another
/// framework, such as the EQF, is never converted: the frameworks do not agree level by level.
pub(crate) fn level(stated: &[Level]) -> Option<&str> {
    stated
        .iter()
        .find(|level| {
            ["rqf", "qcf"]
                .iter()
                .any(|framework| level.framework.eq_ignore_ascii_case(framework))
        })
        .map(|level| level.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_credit_is_a_number_of_credits() {
        for (value, whole) in [
            ("15", Some("15")),
            ("15.0", Some("15")),
            ("015", Some("15")),
            ("0", Some("0")),
            ("7.5", None),
            ("", None),
            (".0", None),
            ("-1", None),
            ("99999", None),
            ("1e3", None),
        ] {
            let credit = Credit {
                scheme: "ECTS".into(),
                value: value.into(),
            };
            assert_eq!(credit.whole().as_deref(), whole, "{value}");
        }
    }
}
