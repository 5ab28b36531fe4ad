//! The fields of a record that can be shared, and how the others are kept back.

use crate::error::Error;
use crate::model::achievement::Held;
use schema::Code;

macro_rules! fields {
    ($($(#[$meta:meta])* $name:ident $text:literal;)*) => {
        /// A field that can be shared.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$meta])* $name,)*
        }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The field's name, that of a verified record or achievement.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

fields! {
    /// The person's given names.
    GivenName "givenName";
    /// The person's family name.
    FamilyName "familyName";
    /// What the award is of: told in any case.
    Title "title";
    /// The awarding body.
    AwardingBody "awardingBody";
    /// The level.
    Level "level";
    /// The credit.
    Credit "credit";
    /// The day of the award.
    AwardedOn "awardedOn";
    /// The grade.
    Grade "grade";
    /// Whether it stands: told in any case.
    Status "status";
    /// The way by which it was reached: told in any case.
    Route "route";
    /// Whose word it is: told in any case.
    Standing "standing";
    /// The register's entry that confirms it.
    RegisterEntry "registerEntry";
    /// How the person was inducted, for an employer's team. It is of no award, so that it is shared only where it is named.
    Induction "induction";
}

/// Chosen fields, in the order chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Vec<Field>);

impl Fields {
    /// The fields of those names; every field of an award and the names where nothing was said, none where an empty list was.
    ///
    /// # Errors
    /// [`Code::InputInvalid`] for a name that is no field's.
    pub fn named(names: Option<&[String]>) -> Result<Self, Error> {
        let Some(names) = names else {
            let of_awards = |field: &&Field| **field != Field::Induction;
            return Ok(Self(Field::ALL.iter().filter(of_awards).copied().collect()));
        };
        let mut chosen = Vec::new();
        for name in names {
            let field = Field::ALL.iter().find(|field| field.as_str() == name);
            let Some(field) = field else {
                let all: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
                let words = format!("The fields that can be shared are: {}.", all.join(", "));
                return Err(Error::with(Code::InputInvalid, words));
            };
            if !chosen.contains(field) {
                chosen.push(*field);
            }
        }
        Ok(Self(chosen))
    }

    /// The fields as they are stored. What is no field any more is none.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        let known = |name: &str| {
            let field = Field::ALL.iter().find(|field| field.as_str() == name);
            field.copied()
        };
        Self(text.split(',').filter_map(known).collect())
    }

    /// The same as [`Fields::stored`] reads it.
    #[must_use]
    pub fn store(&self) -> String {
        self.names().join(",")
    }

    /// Their names.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|field| field.as_str()).collect()
    }

    /// Whether the field was chosen.
    #[must_use]
    pub fn tell(&self, field: Field) -> bool {
        self.0.contains(&field)
    }

    /// The award without what was not chosen: nothing that is made of it can tell that.
    #[must_use]
    pub fn of(&self, mut held: Held) -> Held {
        let row = &mut held.achievement;
        // None of these can be shared.
        row.certificate_number = None;
        row.result_id = None;
        row.centre = None;
        row.status_reason = None;
        row.registration_number = None;
        row.registration_conditions = None;
        row.awarded_on_stated = None;
        row.started_on = None;
        if !self.tell(Field::Grade) {
            row.grade = None;
        }
        if !self.tell(Field::AwardedOn) {
            row.awarded_on = None;
            row.valid_from = None;
            row.valid_until = None;
            row.status_since = None;
        }
        if !self.tell(Field::Level) {
            row.level = None;
            if let Some(qualification) = &mut held.qualification {
                qualification.level = None;
            }
        }
        if !self.tell(Field::Credit) {
            row.credit = None;
            if let Some(qualification) = &mut held.qualification {
                qualification.total_credit = None;
            }
        }
        if !self.tell(Field::AwardingBody) {
            row.body = None;
            row.body_stated = None;
            held.body = None;
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_stored_by_name_and_read_again() {
        let names = ["grade", "givenName", "grade"].map(str::to_owned);
        let stored = Fields::named(Some(&names)).map(|fields| fields.store());
        assert_eq!(stored.ok().as_deref(), Some("grade,givenName"));
        let read = Fields::stored("grade,givenName,shoeSize");
        assert_eq!(read.names(), ["grade", "givenName"]);
        assert!(read.tell(Field::Grade) && !read.tell(Field::Level));
        assert_eq!(Fields::stored("").names(), [""; 0]);
        let all = Fields::named(None).map(|fields| fields.names().len());
        assert_eq!(all.ok(), Some(Field::ALL.len() - 1));
        let all = Fields::named(None).map(|fields| fields.tell(Field::Induction));
        assert_eq!(all.ok(), Some(false));
    }

    #[test]
    fn a_name_that_is_no_field_is_refused_with_those_that_are() {
        let refused = Fields::named(Some(&["dateOfBirth".to_owned()]));
        let words = refused.map_or_else(|error| error.to_string(), |_| String::new());
        assert!(words.contains("givenName, familyName"), "{words}");
        assert!(!words.contains("dateOfBirth"), "{words}");
    }
}
