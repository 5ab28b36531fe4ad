//! A person as a source states them, with the mistakes it makes.
//!
//! At most one slip is made about a learner's name and birth date, the same in each result that has it: it is
//! what stands in the sender's own system. So it is known of every row whether it can be told whom it is about.

use crate::award::Award;
use crate::draw::Draw;
use crate::mistake::{Mistake, Rates};
use crate::number::with_wrong_check_digit;
use crate::person::Person;
use chrono::Datelike;
use schema::{Date, fold_name};

/// The slip about a learner.
pub(crate) struct Slip {
    mistake: Mistake,
    /// The name as it is stated.
    text: String,
    day: Option<Date>,
    /// In which of the learner's awards, by the bits of a number; in the first one that is told at least.
    awards: u32,
}

impl Slip {
    pub(crate) fn draw(person: &Person, rates: &Rates, draw: &mut Draw) -> Option<Self> {
        let possible = [
            Mistake::TypingGiven,
            Mistake::TypingFamily,
            Mistake::Swapped,
            Mistake::Familiar,
            Mistake::Spelling,
            Mistake::FormerName,
            Mistake::DayMonth,
        ];
        let mut slip = None;
        for mistake in possible {
            let made = draw.chance(rates.of(mistake));
            if made && slip.is_none() {
                slip = Self::of(mistake, person, draw);
            }
        }
        slip
    }

    fn of(mistake: Mistake, person: &Person, draw: &mut Draw) -> Option<Self> {
        let mut day = None;
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
            Mistake::Swapped => String::new(),
            _ => return None,
        };
        Some(Self {
            mistake,
            text,
            day,
            awards: draw.below(256) | 1,
        })
    }
}

/// What a source states.
pub(crate) struct Stated<'a> {
    pub(crate) uln: String,
    pub(crate) given_name: &'a str,
    pub(crate) family_name: &'a str,
    pub(crate) date_of_birth: Date,
    pub(crate) mistakes: Vec<Mistake>,
}

impl<'a> Stated<'a> {
    /// The person as they stand beside an award. All of a body's rows of one award say the same.
    pub(crate) fn of(person: &'a Person, award: &Award, slip: Option<&'a Slip>) -> Self {
        let mut stated = Self {
            uln: person.uln.clone(),
            given_name: &person.given_name,
            family_name: person.family_name_on(award.told_on),
            date_of_birth: person.date_of_birth,
            mistakes: Vec::new(),
        };
        let slip = slip.filter(|slip| slip.awards & (1 << award.ordinal.min(31)) != 0);
        let Some(slip) = slip else { return stated };
        match slip.mistake {
            Mistake::TypingFamily => stated.family_name = &slip.text,
            Mistake::Swapped => {
                (stated.given_name, stated.family_name) = (stated.family_name, stated.given_name);
            }
            Mistake::FormerName if stated.family_name == slip.text => return stated,
            Mistake::FormerName => stated.family_name = &slip.text,
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

    /// The same with a fault for which the registry rejects it.
    pub(crate) fn with_fault(&self, fault: Mistake, person: &Person, draw: &mut Draw) -> Self {
        let mut faulty = Self {
            uln: self.uln.clone(),
            mistakes: self.mistakes.clone(),
            ..*self
        };
        match fault {
            Mistake::WrongCheckDigit => {
                faulty.uln = with_wrong_check_digit(&person.uln, draw.between(1, 9));
                let no_number = [Mistake::MissingUln, Mistake::SentinelUln];
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

    proptest::proptest! {
        #[test]
        fn a_mistyped_name_is_another_name(seed: u64, name in "[A-ZÉŵ][a-zéñ' -]{0,12}[a-z]") {
            let mistyped = mistype(&name, &mut Draw::of(seed, Purpose::Mistakes, 0));
            proptest::prop_assert_ne!(fold_name(&mistyped), fold_name(&name));
            proptest::prop_assert!(!mistyped.is_empty());
        }
    }
}
