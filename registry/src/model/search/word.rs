//! Which words something is found by, and which words somebody could have meant. Pure.

use schema::{Level, words};
use std::collections::{BTreeMap, BTreeSet};

/// How much of a word is looked at for what is left of it without some letters: beyond it mistakes are told by
/// the true distance alone, and the longest words would else have hundreds of such rests.
const BEGINNING: usize = 7;

/// How many mistakes are forgiven in a word of so many letters. Shorter words have too many neighbours, and
/// numbers are never meant otherwise.
pub(super) fn forgiven(word: &str) -> usize {
    if !word.chars().all(char::is_alphabetic) {
        return 0;
    }
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// How many mistakes part two words (a letter too many, too few, another one, two that changed places), where they
/// are forgiven; both must be long enough for it.
pub(super) fn mistakes(typed: &str, word: &str) -> Option<usize> {
    let most = forgiven(typed).min(forgiven(word));
    let distance = strsim::osa_distance(typed, word);
    (1..=most).contains(&distance).then_some(distance)
}

/// What is left of the beginning of a word without up to as many letters as mistakes are forgiven in it; the
/// beginning itself among it. Two words that differ by no more mistakes than either is forgiven share one of these:
/// each mistake is undone by leaving out a letter of one or of both, and where that makes one beginning longer
/// than the other, by leaving out its last.
pub(super) fn deletions(word: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let most = forgiven(word);
    if most == 0 {
        return all;
    }
    let beginning: String = word.chars().take(BEGINNING).collect();
    let mut newest = vec![beginning];
    for _ in 0..=most {
        let mut shorter = Vec::new();
        for text in newest {
            if !all.contains(&text) {
                for left_out in 0..text.chars().count() {
                    let rest = text.chars().enumerate();
                    let rest = rest.filter(|(place, _)| *place != left_out);
                    shorter.push(rest.map(|(_, letter)| letter).collect());
                }
                all.insert(text);
            }
        }
        newest = shorter;
    }
    all
}

/// The word under which a level is found, however it was written: no other word has a space.
fn level_word(level: Level) -> String {
    let place = level.place();
    if level <= Level::Entry3 {
        format!("entry {}", place + 1)
    } else {
        format!("level {}", place - 2)
    }
}

/// Where words of a text name a level: from which of them, how many they are, and the word under which it is found.
fn levels(words: &[String]) -> Vec<(usize, usize, String)> {
    let at = |place: usize| words.get(place).map(String::as_str).unwrap_or_default();
    let (mut found, mut place) = (Vec::new(), 0);
    while place < words.len() {
        let (length, text) = match (at(place), at(place + 1), at(place + 2)) {
            ("entry", "level", number) => (3, format!("entry {number}")),
            ("entry", number, _) => (2, format!("entry {number}")),
            ("level", number, _) => (2, format!("level {number}")),
            (short, _, _) => (1, short.to_owned()),
        };
        let named = length > 1 || text.starts_with('l');
        match Level::parse(&text).filter(|_| named) {
            Some(level) => {
                found.push((place, length, level_word(level)));
                place += length;
            }
            None => place += 1,
        }
    }
    found
}

/// What something is found by: its words, each once, and how many the title has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Findable {
    /// The words, and how many the title has: none for a word of the number.
    pub(super) words: BTreeMap<String, i16>,
}

impl Findable {
    /// By its number, its title's words and its level.
    pub(super) fn of(key: &str, title: &str, level: Option<i16>) -> Self {
        let title = words(title);
        let size = i16::try_from(title.len()).unwrap_or(i16::MAX);
        let named = levels(&title).into_iter().map(|(_, _, word)| word);
        let stated = level.and_then(Level::from_place).map(level_word);
        let mut all: BTreeMap<String, i16> = named
            .chain(stated)
            .chain(title.iter().cloned())
            .map(|word| (word, size))
            .collect();
        all.extend(number_words(key).into_iter().map(|word| (word, 0)));
        Self { words: all }
    }
}

/// A colon and the number, and where it begins with a letter that many leave out, also without. No other word has
/// a colon.
fn number_words(key: &str) -> Vec<String> {
    let mut all = vec![format!(":{key}")];
    if let Some((letter, rest)) = key.split_once('/')
        && letter.len() == 1
    {
        all.push(format!(":{rest}"));
    }
    all
}

/// The word of a number, or of its beginning, as somebody typed it, with or without obliques; none where that is no
/// number. `603/2476`, `60324764`, `j/601/14`.
pub(super) fn number(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '/';
    if !typed.chars().all(allowed) {
        return None;
    }
    let (letter, digits) = match plain.strip_prefix(|letter: char| letter.is_ascii_alphabetic()) {
        Some(digits) => (plain.get(..1)?, digits),
        None => ("", plain.as_str()),
    };
    let body = digits.strip_suffix('X').unwrap_or(digits);
    let whole = digits.len() == 8 && letter.is_empty();
    let sound = body.bytes().all(|byte| byte.is_ascii_digit())
        && (3..=8).contains(&digits.len())
        && (body.len() == digits.len() || whole)
        && (letter.is_empty() || digits.len() <= 7);
    // Fewer digits by themselves are a year, or a number in a title.
    let meant = typed.contains('/') || digits.len() >= 5;
    if !sound || !meant {
        return None;
    }
    let mut word = String::from(":");
    if !letter.is_empty() {
        word.push_str(letter);
        word.push('/');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place == 3 || place == 7 {
            word.push('/');
        }
        word.push(digit);
    }
    // Obliques elsewhere part something else, such as two years.
    let written = typed.trim_end_matches('/').to_ascii_uppercase();
    let in_place = !written.contains('/') || word.strip_prefix(':') == Some(written.as_str());
    in_place.then_some(word)
}

/// Words that are in many titles for grammar's sake, and that people leave out or put otherwise.
const GRAMMAR: [&str; 14] = [
    "a", "an", "the", "of", "in", "for", "and", "to", "with", "on", "at", "by", "or", "as",
];

/// What somebody searches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// A number, or the beginning of one: the word under which it stands.
    Number(String),
    /// Words, each once; the last may be the beginning of one where that is said.
    Words {
        /// The words.
        words: Vec<String>,
        /// Whether the last of them may be the beginning of a word.
        open: bool,
    },
}

impl Sought {
    /// Reads what was typed; none where nothing was.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        if let Some(number) = typed.split_whitespace().find_map(number) {
            return Some(Self::Number(number));
        }
        let all = words(typed);
        let named = levels(&all);
        let (mut kept, mut place, mut open) = (Vec::new(), 0, false);
        while let Some(word) = all.get(place) {
            let level = named.iter().find(|(from, _, _)| *from == place);
            let (length, word) = match level {
                Some((_, length, level)) => (*length, level.clone()),
                None => (1, word.clone()),
            };
            place += length;
            open = level.is_none() && place == all.len() && word.chars().count() > 1;
            // The last one counts as the one that is being typed.
            kept.retain(|other| *other != word);
            kept.push(word);
        }
        let telling = |word: &String| !GRAMMAR.contains(&word.as_str());
        if kept.iter().any(telling) {
            open = open && kept.last().is_some_and(telling);
            kept.retain(telling);
        }
        (!kept.is_empty()).then_some(Self::Words { words: kept, open })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_one_mistake_parts_share_what_is_left_of_them() {
        for (word, typed) in [
            ("early", "erly"),
            ("early", "earyl"),
            ("early", "xearly"),
            ("education", "edcation"),
            ("education", "educaiton"),
            ("education", "eudctaion"),
            ("workforce", "wrokfroce"),
            ("childcare", "hcildcare"),
            ("practitioner", "practicioner"),
            ("playwork", "playwrk"),
        ] {
            assert!(mistakes(typed, word).is_some(), "{typed}");
            let common = deletions(typed);
            assert!(
                deletions(word).iter().any(|one| common.contains(one)),
                "{typed}"
            );
        }
        assert_eq!(mistakes("care", "cares"), Some(1));
        assert_eq!(mistakes("car", "care"), None);
        assert_eq!(mistakes("2019", "2018"), None);
        assert_eq!(mistakes("early", "learyx"), None);
        assert_eq!(mistakes("early", "early"), None);
        assert!(deletions("2019").is_empty());
        assert_eq!(deletions("care").len(), 5);
        assert_eq!(deletions("abcdefgh").len(), 1 + 7 + 21);
    }

    #[test]
    fn what_was_typed_is_a_number_or_words_and_levels() {
        let number = |typed: &str| match Sought::read(typed) {
            Some(Sought::Number(word)) => word,
            other => format!("{other:?}"),
        };
        assert_eq!(number("603/2476"), ":603/2476");
        assert_eq!(number("60324764"), ":603/2476/4");
        assert_eq!(number(" 601/7898/x diploma"), ":601/7898/X");
        assert_eq!(number("j/601/14"), ":J/601/14");
        assert_eq!(number("J6011434"), ":J/601/1434");
        assert_eq!(number("60324"), ":603/24");
        assert_eq!(number("603/"), ":603");
        let words = |typed: &str| match Sought::read(typed) {
            Some(Sought::Words { words, open }) => {
                format!("{}{}", words.join(","), if open { "…" } else { "" })
            }
            other => format!("{other:?}"),
        };
        assert_eq!(words("Level 3 Diploma in Play"), "level 3,diploma,play…");
        assert_eq!(words("early years entry level 2"), "early,years,entry 2");
        assert_eq!(words("L3 award"), "level 3,award…");
        assert_eq!(words("level 1/2 award 2019"), "level 1,2,award,2019…");
        assert_eq!(words("diploma in"), "diploma");
        assert_eq!(words("in the"), "in,the…");
        assert_eq!(words("care and care"), "care…");
        assert_eq!(words("level 12"), "level,12…");
        assert_eq!(words("award 2019/20"), "award,2019,20…");
        assert_eq!(Sought::read(" – "), None);
    }

    #[test]
    fn a_title_is_found_by_its_words_its_level_and_its_number() {
        let found = Findable::of("603/2476/4", "Entry Level Award in Play (Entry 3)", Some(2));
        let words: Vec<String> = found
            .words
            .iter()
            .map(|(word, size)| format!("{word}:{size}"))
            .collect();
        assert_eq!(
            words,
            [
                "3:7",
                ":603/2476/4:0",
                "award:7",
                "entry:7",
                "entry 3:7",
                "in:7",
                "level:7",
                "play:7",
            ]
        );
        let unit = Findable::of("J/601/1434", "Promote play", None);
        assert!(unit.words.contains_key(":601/1434"));
    }
}
