//! The columns that the registry publishes for learner-level results, and how a heading is recognised.

macro_rules! columns {
    ($($column:ident $name:literal;)*) => {
        /// A column with a meaning. The README beside this crate says what each holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column {
            $(#[doc = $name] $column,)*
        }

        impl Column {
            /// Every column, in the order in which the README lists them.
            pub const ALL: &'static [Self] = &[$(Self::$column),*];

            /// The column's published heading.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$column => $name,)* }
            }
        }
    };
}

columns! {
    Uln "uln";
    GivenName "given_name";
    FamilyName "family_name";
    DateOfBirth "date_of_birth";
    Gender "gender";
    Postcode "postcode";
    LearnerReference "learner_reference";
    QualificationNumber "qualification_number";
    UnitReference "unit_reference";
    ProfessionalStatus "professional_status";
    Register "register";
    RegistrationNumber "registration_number";
    RegistrationConditions "registration_conditions";
    RegistrationState "registration_state";
    Title "title";
    AwardingBody "awarding_body";
    AwardingBodyName "awarding_body_name";
    ResultId "result_id";
    CertificateNumber "certificate_number";
    Centre "centre";
    AwardedOn "awarded_on";
    StartedOn "started_on";
    ValidFrom "valid_from";
    ValidUntil "valid_until";
    Grade "grade";
    Level "level";
    Credit "credit";
    Status "status";
    Action "action";
    ActionDate "action_date";
    ActionReason "action_reason";
    Route "route";
    Language "language";
}

impl Column {
    /// The column that a heading names, ignoring case, white space, underscores and hyphens.
    #[must_use]
    pub fn find(heading: &str) -> Option<Self> {
        let folded = fold(heading);
        Self::ALL
            .iter()
            .copied()
            .find(|column| fold(column.as_str()) == folded)
    }

    /// Whether the column holds a date.
    #[must_use]
    pub fn is_date(self) -> bool {
        matches!(
            self,
            Self::DateOfBirth
                | Self::AwardedOn
                | Self::StartedOn
                | Self::ValidFrom
                | Self::ValidUntil
                | Self::ActionDate
        )
    }

    /// Every heading, separated by spaces: what a message offers where a name is not known.
    #[must_use]
    pub fn names() -> String {
        Self::ALL
            .iter()
            .map(|column| column.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A heading as it is compared: small letters, without white space, underscores and hyphens.
#[must_use]
pub fn fold(heading: &str) -> String {
    heading
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn headings_are_found_however_they_are_written() {
        for heading in [
            "date_of_birth",
            "Date of Birth",
            "DATE-OF-BIRTH",
            " dateofbirth ",
        ] {
            assert_eq!(
                Column::find(heading),
                Some(Column::DateOfBirth),
                "{heading}"
            );
        }
        assert_eq!(Column::find("date of death"), None);
        assert_eq!(Column::find(""), None);
    }

    #[test]
    fn no_two_columns_share_a_heading() {
        let names: HashSet<_> = Column::ALL
            .iter()
            .map(|column| fold(column.as_str()))
            .collect();
        assert_eq!(names.len(), Column::ALL.len());
    }

    #[test]
    fn the_readme_lists_every_column() {
        let readme = include_str!("../README.md");
        for column in Column::ALL {
            assert!(
                readme.contains(&format!("| `{}` |", column.as_str())),
                "{} is missing in README.md",
                column.as_str()
            );
        }
    }
}
