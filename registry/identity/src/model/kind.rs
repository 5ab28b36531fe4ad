//! The kinds of pairs, and what each expects of a field.

use crate::compare::Field;

/// How many kinds of pairs there are, and how many of them are one person.
pub(crate) const KINDS: usize = 12;
pub(crate) const MATCHES: usize = 4;

/// What two records may be to each other. The first [`MATCHES`] are one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PairKind {
    /// One person, told of twice, slips apart.
    Same,
    /// One person at two addresses.
    Moved,
    /// One person under two family names.
    Renamed,
    /// One person under two family names at two addresses, as after a wedding.
    RenamedMoved,
    /// Twins at one address.
    Twins,
    /// Twins who live apart.
    TwinsApart,
    /// Parent and child, siblings, couples: one family name, one address.
    Household,
    /// Relatives who live apart.
    Relatives,
    /// People at one address with nothing else in common.
    Neighbours,
    /// Two of a community in which the same names are more common.
    Community,
    /// People of one name, and whatever nobody thought of: it keeps the odds of any pair in bounds.
    LookAlike,
    /// Nothing to do with each other.
    Strangers,
}

impl PairKind {
    pub(crate) const ALL: [Self; KINDS] = [
        Self::Same,
        Self::Moved,
        Self::Renamed,
        Self::RenamedMoved,
        Self::Twins,
        Self::TwinsApart,
        Self::Household,
        Self::Relatives,
        Self::Neighbours,
        Self::Community,
        Self::LookAlike,
        Self::Strangers,
    ];

    pub(crate) fn is_match(self) -> bool {
        (self as usize) < MATCHES
    }

    /// In the words of an explanation.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Same => "one person",
            Self::Moved => "one person who moved",
            Self::Renamed => "one person whose family name changed",
            Self::RenamedMoved => "one person who moved and whose family name changed",
            Self::Twins => "twins",
            Self::TwinsApart => "twins who live apart",
            Self::Household => "one household",
            Self::Relatives => "relatives",
            Self::Neighbours => "one address",
            Self::Community => "people of one community",
            Self::LookAlike => "people of one name",
            Self::Strangers => "strangers",
        }
    }

    /// What this kind expects of a field.
    pub(crate) fn role(self, field: Field) -> Role {
        let together = matches!(
            self,
            Self::Same | Self::Renamed | Self::Twins | Self::Household | Self::Neighbours
        );
        match field {
            Field::Given => match self {
                Self::Twins | Self::TwinsApart => Role::Twin,
                Self::Household | Self::Relatives => Role::Kin,
                Self::LookAlike => Role::Alike,
                Self::Community => Role::Community,
                Self::Neighbours | Self::Strangers => Role::Chance,
                _ => Role::Same,
            },
            Field::Family => match self {
                Self::Same | Self::Moved => Role::Same,
                Self::Renamed | Self::RenamedMoved => Role::Renamed,
                Self::Twins | Self::TwinsApart | Self::Household | Self::Relatives => Role::Kin,
                Self::LookAlike => Role::Alike,
                Self::Community => Role::Community,
                Self::Neighbours | Self::Strangers => Role::Chance,
            },
            Field::Birth => match self {
                Self::Household | Self::Relatives => Role::Kin,
                Self::LookAlike => Role::Alike,
                Self::Neighbours | Self::Community | Self::Strangers => Role::Chance,
                _ => Role::Same,
            },
            Field::Postcode
            | Field::House
            | Field::Street
            | Field::Locality
            | Field::Town
            | Field::County => match self {
                _ if together => Role::Same,
                Self::Strangers | Self::Community => Role::Chance,
                _ => Role::Moved,
            },
            Field::Uln | Field::Identifier => match self {
                _ if self.is_match() => Role::Same,
                Self::Twins | Self::TwinsApart | Self::Household => Role::Kin,
                _ => Role::Chance,
            },
            Field::Phone | Field::Email => match self {
                _ if self.is_match() => Role::Same,
                _ if together => Role::Kin,
                _ => Role::Chance,
            },
            Field::Gender if self.is_match() => Role::Same,
            Field::Gender => Role::Chance,
            // That a name of a stranger agrees crosswise is counted with the name.
            Field::Order => match self {
                Self::Neighbours | Self::Community | Self::Strangers => Role::Chance,
                _ => Role::Same,
            },
        }
    }
}

/// How many roles there are.
pub(crate) const ROLES: usize = 8;

/// Whose expectation of a field it is. Kinds share them where the same cause is at work: people of one address
/// write it with the same slips, whether they are one person or twins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// One person, or one address.
    Same,
    /// By chance; equality is as probable as the value is common.
    Chance,
    /// By chance among people who share a stock of names.
    Community,
    /// Relatives.
    Kin,
    /// Twins.
    Twin,
    /// One person whose family name changed.
    Renamed,
    /// Two addresses of people who have to do with each other.
    Moved,
    /// People who look alike.
    Alike,
}

impl Role {
    pub(crate) const ALL: [Self; ROLES] = [
        Self::Same,
        Self::Chance,
        Self::Community,
        Self::Kin,
        Self::Twin,
        Self::Renamed,
        Self::Moved,
        Self::Alike,
    ];

    /// Whether data moves it. What twins, relatives and people of one name are is known beforehand, and data says
    /// only how many there are: else they become whatever one person's records have in common.
    pub(crate) fn is_learned(self) -> bool {
        matches!(self, Self::Same | Self::Moved | Self::Renamed)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Chance => "chance",
            Self::Community => "community",
            Self::Kin => "kin",
            Self::Twin => "twin",
            Self::Renamed => "renamed",
            Self::Moved => "moved",
            Self::Alike => "alike",
        }
    }
}
