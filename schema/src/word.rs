//! The words of a title, in the one form in which they are searched for.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most letters of a word that are looked at.
const LONGEST: usize = 40;

/// The words of a text in their order: in small letters, without accents, parted by whatever is neither letter nor
/// digit. The apostrophe of a possessive goes with its `s` (`children's` is `children`), any other joins what it
/// stands between.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let folded: String = text
        .nfkd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
        .map(|character| match character {
            '\u{2019}' | '\u{2018}' | '\u{02bc}' | '`' | '\u{00b4}' => '\'',
            other => other,
        })
        .collect();
    folded
        .split(|character: char| !character.is_alphanumeric() && character != '\'')
        .map(|word| {
            let word = word.trim_matches('\'');
            let word = word.strip_suffix("'s").unwrap_or(word);
            let letters = word.chars().filter(|character| *character != '\'');
            letters.take(LONGEST).collect::<String>()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_possessives_are_their_owners() {
        for (text, expected) in [
            (
                "NCFE Level 3 Diploma for the Children and Young People’s Workforce (QCF)",
                "ncfe level 3 diploma for the children and young people workforce qcf",
            ),
            ("Dysgu ym Môn – L'Été", "dysgu ym mon lete"),
            (
                "Learners' ‘own’ HEALTH&SAFETY 2019/20",
                "learners own health safety 2019 20",
            ),
            (" \u{a0}—() ", ""),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
        assert_eq!(words(&"a".repeat(50)), ["a".repeat(40)]);
    }
}
