//! The fields and their grades.

/// How many fields there are.
pub const FIELDS: usize = 15;
/// The most grades that a field has, [`MISSING`] included.
pub const LEVELS: usize = 9;
/// The grade of a field that either record does not have.
pub const MISSING: u8 = 0;
/// The grade of equality, the same for every field.
pub const EXACT: u8 = 1;

/// What is compared, in the order in which an explanation tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the fields of a person, in their own words")]
pub enum Field {
    Uln,
    Identifier,
    Birth,
    Family,
    Given,
    /// Whether given and family name stand in each other's place.
    Order,
    Gender,
    Email,
    Phone,
    Postcode,
    House,
    Street,
    Locality,
    Town,
    County,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; FIELDS] = [
        Self::Uln,
        Self::Identifier,
        Self::Birth,
        Self::Family,
        Self::Given,
        Self::Order,
        Self::Gender,
        Self::Email,
        Self::Phone,
        Self::Postcode,
        Self::House,
        Self::Street,
        Self::Locality,
        Self::Town,
        Self::County,
    ];

    /// The field's name in explanations.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uln => "uln",
            Self::Identifier => "identifier",
            Self::Birth => "date_of_birth",
            Self::Family => "family_name",
            Self::Given => "given_name",
            Self::Order => "order_of_names",
            Self::Gender => "gender",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Postcode => "postcode",
            Self::House => "house",
            Self::Street => "street",
            Self::Locality => "locality",
            Self::Town => "town",
            Self::County => "county",
        }
    }

    /// The grades in words, from missing on.
    #[must_use]
    pub fn levels(self) -> &'static [&'static str] {
        match self {
            Self::Birth => &[
                "missing",
                "equal",
                "day and month swapped",
                "one slip in day or month",
                "one slip in the year",
                "two of three parts equal",
                "two slips",
                "same year",
                "different",
            ],
            Self::Given => &[
                "missing",
                "equal",
                "form of the same name",
                "one of the names equal",
                "initial",
                "slip of the keys",
                "one letter apart, both names",
                "similar",
                "different",
            ],
            Self::Family => &[
                "missing",
                "equal",
                "another spelling",
                "one part equal",
                "former name",
                "slip of the keys",
                "one letter apart, both names",
                "similar",
                "different",
            ],
            Self::Order => &["missing", "as stated", "swapped"],
            Self::Gender | Self::County => &["missing", "equal", "different"],
            Self::Postcode => &[
                "missing",
                "equal",
                "slip of the keys",
                "same district",
                "different",
            ],
            Self::Street => &[
                "missing",
                "equal",
                "similar",
                "other line",
                "in part",
                "different",
            ],
            Self::Locality | Self::Town => &["missing", "equal", "similar", "different"],
            Self::House | Self::Phone | Self::Email | Self::Uln | Self::Identifier => {
                &["missing", "equal", "slip of the keys", "different"]
            }
        }
    }

    /// A grade in words.
    #[must_use]
    pub fn words(self, level: u8) -> &'static str {
        self.levels()
            .get(usize::from(level))
            .copied()
            .unwrap_or("missing")
    }

    /// Whether a grade means another form of the same name or date: a familiar one, another spelling, a part, a slip;
    /// of dates one that was swapped or has one slip.
    pub(crate) fn is_form(self, level: u8) -> bool {
        match self {
            Self::Given | Self::Family => (2..=5).contains(&level),
            Self::Birth => (2..=4).contains(&level),
            _ => false,
        }
    }

    /// The grade that means no agreement at all.
    #[must_use]
    pub fn different(self) -> u8 {
        u8::try_from(self.levels().len() - 1).unwrap_or(EXACT)
    }
}
