//! How two records agree, field by field, in a few grades each. What an agreement is worth is `model`'s business.

mod date;
mod field;
mod name;
mod place;
mod prepared;

pub use field::{EXACT, FIELDS, Field, LEVELS, MISSING};
pub use prepared::{Name, Prepared};

use schema::Gender;

/// The grade of agreement of each field, and how common the value is in which they agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    pub(crate) levels: [u8; FIELDS],
    /// The logarithm of the share of records that have the value, where both have the same one and its share is
    /// known; else 0.
    pub(crate) shares: [f32; FIELDS],
}

impl Comparison {
    /// The grade of a field; the one for missing where either side does not have it.
    #[must_use]
    pub fn level(&self, field: Field) -> u8 {
        self.levels.get(field as usize).copied().unwrap_or(MISSING)
    }

    /// The grade in words.
    #[must_use]
    pub fn words(&self, field: Field) -> &'static str {
        field.words(self.level(field))
    }

    fn set(&mut self, field: Field, level: u8) {
        if let Some(place) = self.levels.get_mut(field as usize) {
            *place = level;
        }
    }

    /// Sets the grade, and where it is equality the share of the value.
    fn set_shared(&mut self, field: Field, level: u8, share: f32) {
        self.set(field, level);
        if let Some(place) = self.shares.get_mut(field as usize)
            && level == EXACT
            && share > 0.0
        {
            *place = share.ln();
        }
    }
}

/// Compares two records; which one is first does not matter.
#[must_use]
pub fn compare(left: &Prepared, right: &Prepared) -> Comparison {
    let mut made = Comparison {
        levels: [MISSING; FIELDS],
        shares: [0.0; FIELDS],
    };
    name::compare(left, right, &mut made);
    if let (Some(one), Some(other)) = (left.birth, right.birth) {
        made.set_shared(
            Field::Birth,
            date::level(one, other),
            left.birth_share.max(right.birth_share),
        );
    }
    let genders = [left.gender, right.gender];
    if genders
        .iter()
        .all(|one| matches!(one, Some(Gender::Male | Gender::Female)))
    {
        made.set(
            Field::Gender,
            if left.gender == right.gender { 1 } else { 2 },
        );
    }
    place::compare(left, right, &mut made);
    for (field, one, other) in [
        (Field::Phone, &left.phone, &right.phone),
        (Field::Email, &left.email, &right.email),
        (Field::Uln, &left.uln, &right.uln),
        (Field::Identifier, &left.identifier, &right.identifier),
    ] {
        if !one.is_empty() && !other.is_empty() {
            made.set(field, place::number(one, other));
        }
    }
    made
}
