//! A record made ready: everything folded once, so that comparing is cheap.

use crate::fold::{
    fold_address, fold_code, fold_name, fold_phone, known_name, lines_of, skeleton, sound, telling,
};
use crate::frequency::Frequencies;
use crate::person::{BirthDate, Person};
use schema::Gender;

/// A name made ready.
#[derive(Clone, Default)]
pub struct Name {
    /// Its words together.
    pub(crate) whole: String,
    /// Its words that tell people apart.
    pub(crate) words: Vec<String>,
    /// With the spellings of one sound made one.
    pub(crate) skeleton: String,
    /// How its telling words sound, three at most, for finding.
    pub(crate) sounds: Vec<String>,
    /// The lines of the nicknames in which its first word stands.
    pub(crate) lines: &'static [u16],
    /// Whether it is known as a name: a word that occurs once may be a slip of the keys.
    pub(crate) known: bool,
    /// The share of records that have it.
    pub(crate) share: f32,
}

impl Name {
    fn of(text: &str) -> Self {
        let folded = fold_name(text);
        let mut words: Vec<String> = folded
            .split(' ')
            .filter(|word| telling(word))
            .map(str::to_owned)
            .collect();
        if words.is_empty() && !folded.is_empty() {
            words.push(folded.replace(' ', ""));
        }
        let first = words.first().map_or("", String::as_str);
        Self {
            skeleton: skeleton(&folded),
            sounds: words
                .iter()
                .take(3)
                .map(|word| sound(word))
                .filter(|sound| !sound.is_empty())
                .collect(),
            lines: lines_of(first),
            whole: folded.replace(' ', ""),
            words,
            known: false,
            share: 0.0,
        }
    }

    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.whole.is_empty()
    }

    pub(crate) fn first(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }
}

/// A record made ready for comparing and finding.
#[derive(Clone, Default)]
pub struct Prepared {
    pub(crate) given: Name,
    pub(crate) family: Name,
    pub(crate) former: Vec<Name>,
    pub(crate) birth: Option<BirthDate>,
    pub(crate) birth_share: f32,
    pub(crate) gender: Option<Gender>,
    pub(crate) postcode: String,
    pub(crate) postcode_share: f32,
    pub(crate) house: String,
    pub(crate) street: String,
    pub(crate) street_share: f32,
    pub(crate) locality: String,
    pub(crate) locality_share: f32,
    pub(crate) town: String,
    pub(crate) town_share: f32,
    pub(crate) county: String,
    pub(crate) phone: String,
    pub(crate) email: String,
    pub(crate) uln: String,
    pub(crate) identifier: String,
}

impl Prepared {
    /// Makes a record ready; how common its values are is looked up in `frequencies`.
    #[must_use]
    pub fn new(person: &Person, frequencies: &Frequencies) -> Self {
        let mut made = Self::folded(person);
        made.weigh(frequencies);
        made
    }

    /// Everything but how common the values are.
    pub(crate) fn folded(person: &Person) -> Self {
        let text = |text: &Option<String>, fold: fn(&str) -> String| {
            text.as_deref().map(fold).unwrap_or_default()
        };
        let name = |text: &Option<String>| text.as_deref().map(Name::of).unwrap_or_default();
        let mut made = Self {
            given: name(&person.given_name),
            family: name(&person.family_name),
            former: person
                .former_names
                .iter()
                .map(|name| Name::of(name))
                .collect(),
            birth: person.date_of_birth,
            gender: person.gender,
            postcode: text(&person.postcode, fold_code),
            house: text(&person.house, fold_address),
            street: text(&person.street, fold_address),
            locality: text(&person.locality, fold_address),
            town: text(&person.town, fold_address),
            county: text(&person.county, fold_address),
            phone: text(&person.phone, fold_phone),
            email: person
                .email
                .as_deref()
                .map(|email| email.trim().to_lowercase())
                .unwrap_or_default(),
            uln: text(&person.uln, fold_code),
            identifier: text(&person.identifier, fold_code),
            ..Self::default()
        };
        made.part_street();
        made
    }

    /// `12 High Street` in one line: the number is the house's.
    fn part_street(&mut self) {
        if self.house.is_empty()
            && let Some((first, rest)) = self.street.split_once(' ')
            && first.starts_with(|letter: char| letter.is_ascii_digit())
        {
            (self.house, self.street) = (first.to_owned(), rest.to_owned());
        }
    }

    /// Looks up how common the values are.
    pub(crate) fn weigh(&mut self, frequencies: &Frequencies) {
        use crate::frequency::Kind;
        for (name, kind) in [
            (&mut self.given, Kind::Given),
            (&mut self.family, Kind::Family),
        ] {
            if name.is_missing() {
                continue;
            }
            name.share = frequencies.share(kind, &name.whole);
            name.known = frequencies.known(kind, &name.whole)
                || (kind == Kind::Given && known_name(name.first()));
        }
        for name in &mut self.former {
            name.share = frequencies.share(Kind::Family, &name.whole);
        }
        if let Some(birth) = self.birth {
            self.birth_share = frequencies.birth_share(birth);
        }
        for (text, share, kind) in [
            (&self.postcode, &mut self.postcode_share, Kind::Postcode),
            (&self.street, &mut self.street_share, Kind::Street),
            (&self.locality, &mut self.locality_share, Kind::Locality),
            (&self.town, &mut self.town_share, Kind::Town),
        ] {
            if !text.is_empty() {
                *share = frequencies.share(kind, text);
            }
        }
    }
}
