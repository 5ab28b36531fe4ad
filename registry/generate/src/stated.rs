//! A person as a source states them, with the mistakes it makes.
//!
//! At most one slip is made about a learner's name and birth date, the same in each result that has it: it is
//! what stands in the sender's own system. So it is known of every row whether it can be told whom it is about.
//! The makers of documents have systems of their own, and slips of their own.

use crate::award::Award;
use crate::draw::Draw;
use crate::mistake::{Mistake, Rates};
use crate::number::with_wrong_check_digit;
use crate::person::Person;
use chrono::Datelike;
use schema::{Date, fold_name};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The slip about a learner.
pub(crate) struct Slip {
    mistake: Mistake,
    /// The name as it is stated.
    text: String,
    /// The family name beside it, where both are another.
    beside: String,
    day: Option<Date>,
    /// In which of the learner's awards, by the bits of a number; in the first one that is told at least.
    awards: u32,
}

impl Slip {
    /// The slip of those who send results.
    pub(crate) fn draw(person: &Person, rates: &Rates, draw: &mut Draw) -> Option<Self> {
        Self::first_of(USUAL, person, rates, draw)
    }

    /// The slip of the maker of a document, who knows the learner's number or not.
    pub(crate) fn draw_for_document(
        person: &Person,
        numbered: bool,
        rates: &Rates,
        draw: &mut Draw,
    ) -> Option<Self> {
        let slip = Self::first_of(OF_FORMS, person, rates, draw);
        let other = Self::first_of(USUAL, person, rates, draw);
        // Without a number nobody could tell whom it is about.
        let possible = |slip: &Self| numbered || slip.mistake != Mistake::WholeName;
        slip.filter(possible).or(other)
    }

    fn first_of(
        possible: &[Mistake],
        person: &Person,
        rates: &Rates,
        draw: &mut Draw,
    ) -> Option<Self> {
        let mut slip = None;
        for mistake in possible {
            let made = draw.chance(rates.of(*mistake));
            if made && slip.is_none() {
                slip = Self::of(*mistake, person, draw);
            }
        }
        slip
    }

    fn of(mistake: Mistake, person: &Person, draw: &mut Draw) -> Option<Self> {
        let (mut day, mut beside) = (None, String::new());
        let text = match mistake {
            Mistake::TypingGiven => mistype(&person.given_name, draw),
            Mistake::TypingFamily => mistype(&person.family_name, draw),
            Mistake::Familiar if !person.familiar.is_empty() => {
                draw.pick(person.familiar).to_owned()
            }
            Mistake::Spelling if !person.spellings.is_empty() => {
                draw.pick(person.spellings).to_owned()
            }
            Mistake::FormerName => person.former_name.as_ref()?.0.clone(),
            Mistake::DayMonth => {
                let born = person.date_of_birth;
                day = Date::from_ymd_opt(born.year(), born.day(), born.month())
                    .filter(|day| *day != born);
                day?;
                String::new()
            }
            Mistake::Swapped | Mistake::WholeName => String::new(),
            Mistake::SplitElsewhere => {
                let (given, family) = split_elsewhere(&person.given_name, &person.family_name)?;
                beside = family;
                given
            }
            Mistake::Transliterated => {
                beside = transliterated(&person.family_name);
                let given = transliterated(&person.given_name);
                if (&given, &beside) == (&person.given_name, &person.family_name) {
                    return None;
                }
                given
            }
            _ => return None,
        };
        Some(Self {
            mistake,
            text,
            beside,
            day,
            awards: draw.below(256) | 1,
        })
    }
}

/// The slips that every sender makes.
const USUAL: &[Mistake] = &[
    Mistake::TypingGiven,
    Mistake::TypingFamily,
    Mistake::Swapped,
    Mistake::Familiar,
    Mistake::Spelling,
    Mistake::FormerName,
    Mistake::DayMonth,
];
/// Those that come of forms with other fields, and of systems with other letters.
const OF_FORMS: &[Mistake] = &[
    Mistake::WholeName,
    Mistake::SplitElsewhere,
    Mistake::Transliterated,
];

/// What a source states.
pub(crate) struct Stated<'a> {
    pub(crate) uln: String,
    /// Empty where all names stand in the family name's place.
    pub(crate) given_name: &'a str,
    pub(crate) family_name: Cow<'a, str>,
    pub(crate) date_of_birth: Date,
    pub(crate) mistakes: Vec<Mistake>,
}

impl<'a> Stated<'a> {
    /// The person as they stand beside an award. All of a body's rows of one award say the same.
    pub(crate) fn of(person: &'a Person, award: &Award, slip: Option<&'a Slip>) -> Self {
        let slip = slip.filter(|slip| slip.awards & (1 << award.ordinal.min(31)) != 0);
        Self::on(award.told_on, person, slip)
    }

    /// The person as they stand in what was written on a day.
    pub(crate) fn on(day: Date, person: &'a Person, slip: Option<&'a Slip>) -> Self {
        let family_name = person.family_name_on(day);
        let mut stated = Self {
            uln: person.uln.clone(),
            given_name: &person.given_name,
            family_name: family_name.into(),
            date_of_birth: person.date_of_birth,
            mistakes: Vec::new(),
        };
        let Some(slip) = slip else { return stated };
        match slip.mistake {
            Mistake::TypingFamily => stated.family_name = slip.text.as_str().into(),
            Mistake::Swapped => {
                (stated.given_name, stated.family_name) = (family_name, stated.given_name.into());
            }
            Mistake::FormerName if family_name == slip.text => return stated,
            Mistake::FormerName => stated.family_name = slip.text.as_str().into(),
            Mistake::WholeName => {
                stated.given_name = "";
                stated.family_name = format!("{} {family_name}", person.given_name).into();
            }
            Mistake::SplitElsewhere | Mistake::Transliterated => {
                (stated.given_name, stated.family_name) = (&slip.text, slip.beside.as_str().into());
            }
            Mistake::DayMonth => stated.date_of_birth = slip.day.unwrap_or(person.date_of_birth),
            _ => stated.given_name = &slip.text,
        }
        stated.mistakes.push(slip.mistake);
        stated
    }

    /// Leaves the ULN out, or writes what stands for none.
    pub(crate) fn mistake_uln(&mut self, rates: &Rates, draw: &mut Draw) {
        let missing = draw.chance(rates.of(Mistake::MissingUln));
        let sentinel = draw.chance(rates.of(Mistake::SentinelUln));
        if missing {
            self.uln.clear();
            self.mistakes.push(Mistake::MissingUln);
        } else if sentinel {
            draw.pick(&["9999999999", "-2"]).clone_into(&mut self.uln);
            self.mistakes.push(Mistake::SentinelUln);
        }
    }

    /// Leaves the ULN out of a document whose maker does not know it.
    pub(crate) fn without_uln(mut self) -> Self {
        self.uln.clear();
        self.mistakes.push(Mistake::UnknownUln);
        self
    }

    /// The same with a fault for which the registry rejects it.
    pub(crate) fn with_fault(&self, fault: Mistake, person: &Person, draw: &mut Draw) -> Self {
        let mut faulty = Self {
            uln: self.uln.clone(),
            mistakes: self.mistakes.clone(),
            family_name: self.family_name.clone(),
            ..*self
        };
        match fault {
            Mistake::WrongCheckDigit => {
                faulty.uln = with_wrong_check_digit(&person.uln, draw.between(1, 9));
                let no_number = [
                    Mistake::MissingUln,
                    Mistake::SentinelUln,
                    Mistake::UnknownUln,
                ];
                faulty.mistakes.retain(|one| !no_number.contains(one));
            }
            Mistake::ImpossibleBirth => {
                let born = person.date_of_birth;
                let year = born.year() - 120;
                faulty.date_of_birth = crate::draw::day(year, born.month(), born.day());
            }
            _ => {}
        }
        faulty.mistakes.push(fault);
        faulty
    }
}

/// Given and family names parted at another place; none where both are one word.
fn split_elsewhere(given: &str, family: &str) -> Option<(String, String)> {
    if let Some((first, rest)) = given.split_once(' ') {
        return Some((first.to_owned(), format!("{rest} {family}")));
    }
    let (first, rest) = family.split_once([' ', '-'])?;
    Some((format!("{given} {first}"), rest.to_owned()))
}

/// A name in the letters that the machine-readable line of a passport has, as far as there is a rule for each;
/// the letters that have none lose their marks.
fn transliterated(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.nfc() {
        let small = match letter.to_lowercase().next().unwrap_or(letter) {
            'ä' | 'æ' => "ae",
            'ö' | 'ø' | 'œ' => "oe",
            'ü' => "ue",
            'å' => "aa",
            'ß' => "ss",
            'þ' => "th",
            'ð' | 'đ' => "d",
            'ł' => "l",
            'ı' => "i",
            _ => {
                plain.extend(letter.nfd().filter(|part| !is_combining_mark(*part)));
                continue;
            }
        };
        let mut letters = small.chars();
        if letter.is_uppercase() {
            plain.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        }
        plain.extend(letters);
    }
    plain
}

/// A name with one slip of the keys; always another name than before.
fn mistype(name: &str, draw: &mut Draw) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let place = draw.below(letters.len() as u32) as usize;
    match draw.below(4) {
        0 if place > 0 => letters.swap(place, place - 1),
        1 if letters.len() > 2 => drop(letters.remove(place)),
        2 => {
            let letter = letters.get(place).copied().unwrap_or('e');
            letters.insert(place, letter);
        }
        _ => {
            let letter = draw.pick(&['a', 'e', 'i', 'n', 'o', 'r', 's', 't']);
            if let Some(slot) = letters.get_mut(place) {
                *slot = letter;
            }
        }
    }
    let mistyped: String = letters.into_iter().collect();
    if fold_name(&mistyped) == fold_name(name) {
        format!("{name}e")
    } else {
        mistyped.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Purpose;

    #[test]
    fn names_are_parted_elsewhere_and_written_in_other_letters() {
        let split = |given, family| split_elsewhere(given, family);
        let pair = |one: &str, other: &str| Some((one.to_owned(), other.to_owned()));
        assert_eq!(split("Mary Anne", "Beck"), pair("Mary", "Anne Beck"));
        assert_eq!(split("Mary", "Beck-Low"), pair("Mary Beck", "Low"));
        assert_eq!(split("Mary", "Van der Low"), pair("Mary Van", "der Low"));
        assert_eq!(split("Mary", "Beck"), None);
        for (name, plain) in [
            ("Małgorzata", "Malgorzata"),
            ("Søren Åstad", "Soeren Aastad"),
            ("Nguyễn", "Nguyen"),
            ("Zoë O'Brien-Low", "Zoe O'Brien-Low"),
            ("Ünlücan", "Uenluecan"),
            ("Beck", "Beck"),
        ] {
            assert_eq!(transliterated(name), plain);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_mistyped_name_is_another_name(seed: u64, name in "[A-ZÉŵ][a-zéñ' -]{0,12}[a-z]") {
            let mistyped = mistype(&name, &mut Draw::of(seed, Purpose::Mistakes, 0));
            proptest::prop_assert_ne!(fold_name(&mistyped), fold_name(&name));
            proptest::prop_assert!(!mistyped.is_empty());
        }
    }
}
