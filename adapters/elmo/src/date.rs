//! Days. Since 1.0 they are `xs:date`; the dialect before it writes them in a pattern that the attribute
//! `dtf` names, such as `dd-MM-yyyy`.

/// The day as `YYYY-MM-DD`; none where what is stated is no day (`2012 Høst`), so that it stays with the
/// source's own words only.
pub(crate) fn day(stated: &str, pattern: Option<&str>) -> Option<String> {
    let stated = stated.trim();
    let day = match pattern.map(str::trim) {
        None | Some("") | Some("yyyy-MM-dd") => sdk::day(stated).to_owned(),
        Some(pattern) => by_pattern(stated, pattern)?,
    };
    (day.len() == 10 && schema::parse_date(&day).is_ok()).then_some(day)
}

/// Reads `stated` along `pattern`, in which `y`, `M` and `d` stand for digits and all else for itself.
fn by_pattern(stated: &str, pattern: &str) -> Option<String> {
    let (mut year, mut month, mut day) = (String::new(), String::new(), String::new());
    let mut characters = stated.chars();
    for place in pattern.chars() {
        let character = characters.next()?;
        let part = match place {
            'y' => &mut year,
            'M' => &mut month,
            'd' => &mut day,
            _ if character == place => continue,
            _ => return None,
        };
        part.push(character.is_ascii_digit().then_some(character)?);
    }
    let whole =
        characters.next().is_none() && year.len() == 4 && month.len() == 2 && day.len() == 2;
    whole.then(|| format!("{year}-{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_any_pattern_are_read_and_other_words_are_not() {
        for (stated, pattern, expected) in [
            ("1983-04-12", None, Some("1983-04-12")),
            ("1983-04-12+02:00", None, Some("1983-04-12")),
            ("1983-04-12", Some("yyyy-MM-dd"), Some("1983-04-12")),
            ("12-04-1983", Some("dd-MM-yyyy"), Some("1983-04-12")),
            ("12.04.1983", Some("dd.MM.yyyy"), Some("1983-04-12")),
            ("19830412", Some("yyyyMMdd"), Some("1983-04-12")),
            ("12-04-1983", None, None),
            ("12/04/1983", Some("dd-MM-yyyy"), None),
            ("12-04-19833", Some("dd-MM-yyyy"), None),
            ("12-04-83", Some("dd-MM-yy"), None),
            ("31-02-1983", Some("dd-MM-yyyy"), None),
            ("2012 Høst", None, None),
            ("", None, None),
            ("é2-04-1983", Some("dd-MM-yyyy"), None),
        ] {
            assert_eq!(
                day(stated, pattern).as_deref(),
                expected,
                "{stated} {pattern:?}"
            );
        }
    }
}
