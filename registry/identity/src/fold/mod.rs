//! The forms in which texts are compared: names without case, marks, script and punctuation; addresses as words;
//! postcodes and numbers without spaces.

mod nickname;
mod sound;

pub(crate) use nickname::lines_of;
pub use nickname::{known_name, same_person_names};
pub use sound::{skeleton, sound};

use deunicode::deunicode;

/// Words before a name that are no part of it.
const TITLES: &[&str] = &[
    "mr", "mrs", "miss", "ms", "mx", "dr", "prof", "rev", "sir", "dame",
];

/// Parts of family names that many names share; agreeing in them alone says nothing.
const PARTICLES: &[&str] = &[
    "al", "ap", "ab", "abu", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di",
    "do", "dos", "du", "el", "ibn", "la", "le", "mac", "mc", "o", "san", "st", "ter", "van", "von",
    "y",
];

/// A name in small letters of the Latin alphabet, its words parted by single spaces: other scripts are
/// transliterated, marks and apostrophes dropped, hyphens and dots part words, titles go. Folding a folded name
/// changes nothing.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let plain = if name.is_ascii() {
        name.to_owned()
    } else {
        deunicode(name)
    };
    let mut folded = String::with_capacity(plain.len());
    for character in plain.chars() {
        if character.is_ascii_alphabetic() {
            folded.push(character.to_ascii_lowercase());
        } else if !matches!(character, '\'' | '`' | '"')
            && !folded.is_empty()
            && !folded.ends_with(' ')
        {
            folded.push(' ');
        }
    }
    let mut rest = folded.trim_end();
    while let Some((first, others)) = rest.split_once(' ')
        && TITLES.contains(&first)
    {
        rest = others;
    }
    rest.to_owned()
}

/// A line of an address: small letters and digits, words parted by single spaces, the usual words shortened.
#[must_use]
pub fn fold_address(line: &str) -> String {
    let plain = deunicode(line).to_ascii_lowercase().replace('\'', "");
    let words = plain
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| match word {
            "street" => "st",
            "road" => "rd",
            "avenue" => "ave",
            "place" => "pl",
            "crescent" => "cres",
            "close" => "cl",
            "drive" => "dr",
            "lane" => "ln",
            "court" => "ct",
            "circuit" => "cct",
            "gardens" => "gdns",
            "terrace" => "terr",
            "square" => "sq",
            "flat" | "apartment" | "apt" => "unit",
            "saint" => "st",
            other => other,
        });
    let mut folded = String::with_capacity(plain.len());
    for word in words {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Letters and digits alone, in small letters: postcodes, numbers of people and houses.
#[must_use]
pub fn fold_code(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// The last ten digits of a telephone number, so that country codes and leading zeros do not matter.
#[must_use]
pub fn fold_phone(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    digits
        .get(digits.len().saturating_sub(10)..)
        .unwrap_or(digits)
        .to_owned()
}

/// The part of a folded postcode that names a district: a British one without its last three characters, else
/// all but the last two.
#[must_use]
pub fn district(postcode: &str) -> &str {
    let british = postcode.len() >= 5 && postcode.bytes().any(|byte| byte.is_ascii_alphabetic());
    let kept = postcode.len().saturating_sub(if british { 3 } else { 2 });
    postcode.get(..kept).unwrap_or(postcode)
}

/// Whether a word of a folded name tells people apart.
#[must_use]
pub(crate) fn telling(word: &str) -> bool {
    word.len() > 1 && !PARTICLES.contains(&word)
}
