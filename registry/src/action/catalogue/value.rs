//! The values of the register's extracts: texts damaged on the way, dates in three styles, levels in two
//! columns. Pure.

use schema::{Date, DateError, Level, parse_date};
use std::borrow::Cow;

/// UTF-8 that was read as Mac Roman and written as UTF-8 again, as titles in published extracts are: the
/// sequences seen there, and those of the other punctuation and letters that English and Welsh titles
/// have. None of them occurs in a sound title, so that replacing them is safe.
const DAMAGED: [(&str, &str); 28] = [
    ("¬†", " "),
    ("‚Äì", "–"),
    ("‚Äî", "—"),
    ("‚Äò", "‘"),
    ("‚Äô", "’"),
    ("‚Äú", "“"),
    ("‚Äù", "”"),
    ("‚Ä¢", "•"),
    ("‚Ä¶", "…"),
    ("‚Ñ¢", "™"),
    ("‚Ç¨", "€"),
    ("¬£", "£"),
    ("¬Æ", "®"),
    ("¬©", "©"),
    ("¬∑", "·"),
    ("√†", "à"),
    ("√°", "á"),
    ("√¢", "â"),
    ("√§", "ä"),
    ("√ß", "ç"),
    ("√®", "è"),
    ("√©", "é"),
    ("√™", "ê"),
    ("√Æ", "î"),
    ("√±", "ñ"),
    ("√¥", "ô"),
    ("√∂", "ö"),
    ("√º", "ü"),
];

/// A text with known damage repaired, white space and control characters folded into single spaces, and
/// trimmed.
pub(super) fn text(stated: &str) -> String {
    let mut text = Cow::Borrowed(stated);
    if !text.is_ascii() {
        for (damaged, sound) in DAMAGED {
            if text.contains(damaged) {
                text = Cow::Owned(text.replace(damaged, sound));
            }
        }
    }
    let words: Vec<&str> = text
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// A date in any of the styles of the register's extracts: `5/1/2008 12:00:00 AM +00:00`, where the month
/// comes first; `2011-05-12 00:00:00.0000000`; ISO with or without a time. The time of day is cut off:
/// ends read `11:59:59 PM`, or an hour earlier in summer, on the last day itself.
///
/// # Errors
/// [`DateError`] for anything else: the day is never taken to come before the month.
pub(super) fn date(stated: &str) -> Result<Date, DateError> {
    parse_date(stated).or_else(|error| month_day_year(stated).ok_or(error))
}

fn month_day_year(stated: &str) -> Option<Date> {
    let date = stated.split_once(' ').map_or(stated, |(date, _)| date);
    let mut parts = date.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || year.len() != 4 || !digits(month) || !digits(day) || !digits(year)
    {
        return None;
    }
    Date::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A level as two columns tell it: the single level, where they name one, and the words to keep.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StatedLevel {
    pub(super) level: Option<Level>,
    pub(super) words: String,
    /// Whether the words are such as the register uses; `Level 1/Level 2` is, and names no single level.
    pub(super) known: bool,
}

/// Reads the level and the sub-level, which only Entry Level has.
pub(super) fn level(level: &str, sub_level: Option<&str>) -> StatedLevel {
    let entry = sub_level
        .filter(|_| is_entry(level))
        .and_then(Level::parse)
        .filter(|level| *level <= Level::Entry3);
    let words = match sub_level {
        Some(sub_level) if entry.is_none() => format!("{level} ({sub_level})"),
        _ => level.to_owned(),
    };
    StatedLevel {
        level: entry.or_else(|| Level::parse(level)),
        words,
        known: level
            .split('/')
            .all(|part| is_entry(part) || Level::parse(part).is_some()),
    }
}

fn is_entry(level: &str) -> bool {
    let level = level.trim();
    level.eq_ignore_ascii_case("entry level") || level.eq_ignore_ascii_case("entry")
}

/// The number of a level of the European framework, stated as `Level 4` or `4`.
pub(super) fn eqf_level(stated: &str) -> Option<i16> {
    let level = Level::parse(stated).filter(|level| *level >= Level::L1)?;
    Some(level.place() - Level::Entry3.place())
}

/// Hours: a whole number that is no mistake; the longest qualifications take a few thousand.
pub(super) fn hours(stated: &str) -> Option<i32> {
    stated
        .parse()
        .ok()
        .filter(|hours| (0..=100_000).contains(hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_three_styles_are_read_and_the_month_comes_first() {
        for (stated, expected) in [
            ("5/1/2008 12:00:00 AM +00:00", "2008-05-01"),
            ("3/31/2023 10:59:59 PM +00:00", "2023-03-31"),
            ("12/18/2002", "2002-12-18"),
            ("2011-05-12 00:00:00.0000000", "2011-05-12"),
            ("2011-05-12", "2011-05-12"),
            ("2011-05-12T00:00:00", "2011-05-12"),
            ("2024-02-29T00:00:00Z", "2024-02-29"),
        ] {
            let read = date(stated).map(|day| day.to_string());
            assert_eq!(read.as_deref(), Ok(expected), "{stated}");
        }
        for stated in [
            "31/12/2023",
            "2/30/2020",
            "5/1/08",
            "Sep-14",
            "1/2/3/2020",
            "+5/1/2008",
        ] {
            assert_eq!(date(stated), Err(DateError), "{stated}");
        }
    }

    #[test]
    fn levels_are_read_from_two_columns() {
        let read = |stated: &str, sub_level: Option<&str>| {
            let read = level(stated, sub_level);
            (read.level, read.words, read.known)
        };
        let words = str::to_owned;
        assert_eq!(
            read("Level 3", None),
            (Some(Level::L3), words("Level 3"), true)
        );
        assert_eq!(
            read("Entry Level", Some("Entry 1")),
            (Some(Level::Entry1), words("Entry Level"), true)
        );
        assert_eq!(read("Entry Level", Some("Entry 3")).0, Some(Level::Entry3));
        assert_eq!(
            read("Entry Level", None),
            (None, words("Entry Level"), true)
        );
        assert_eq!(
            read("Entry Level", Some("Entry 1|Entry 2")),
            (None, words("Entry Level (Entry 1|Entry 2)"), true)
        );
        assert_eq!(
            read("Level 1/Level 2", None),
            (None, words("Level 1/Level 2"), true)
        );
        assert_eq!(read("Level 9", None), (None, words("Level 9"), false));
    }

    #[test]
    fn european_levels_are_read_and_never_computed() {
        assert_eq!(eqf_level("Level 4"), Some(4));
        assert_eq!(eqf_level("1"), Some(1));
        for stated in ["Entry 3", "Level 9", "Level 1/Level 2"] {
            assert_eq!(eqf_level(stated), None, "{stated}");
        }
    }

    #[test]
    fn hours_have_bounds() {
        assert_eq!(hours("87"), Some(87));
        assert_eq!(hours("0"), Some(0));
        for stated in ["-1", "100001", "1,200", "12.5"] {
            assert_eq!(hours(stated), None, "{stated}");
        }
    }

    #[test]
    fn damaged_texts_are_repaired_and_white_space_is_folded() {
        assert_eq!(text("Care¬†Worker ‚Äì Level 3"), "Care Worker – Level 3");
        assert_eq!(text("Learners‚Äô Award"), "Learners’ Award");
        assert_eq!(text("Caf√© Skills"), "Café Skills");
        assert_eq!(
            text(" Distribution  Warehousing\u{a0} and\r\nStorage "),
            "Distribution Warehousing and Storage"
        );
        assert_eq!(text("A\u{0}B¬†"), "A B");
        assert_eq!(text("Already sound – so"), "Already sound – so");
        assert_eq!(text("  "), "");
    }

    #[test]
    fn every_known_damage_is_what_mac_roman_makes_of_utf_8() {
        // Mac Roman from byte 0x80 on, as far as the table needs it.
        let mac_roman: Vec<char> = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ"
            .chars()
            .collect();
        for (damaged, sound) in DAMAGED {
            let sound = if damaged == "¬†" { "\u{a0}" } else { sound };
            let made: String = sound
                .bytes()
                .filter_map(|byte| mac_roman.get(usize::from(byte) - 0x80))
                .collect();
            assert_eq!(made, damaged, "{sound}");
        }
    }
}
