//! The tables of the framework, and the sample of them that is shipped.

use csv::ReaderBuilder;

macro_rules! tables {
    ($($name:ident $file:literal [$($column:literal),+] $meaning:literal;)*) => {
        /// A table of the documented format `framework`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table {
            $(#[doc = $meaning] $name,)*
        }

        impl Table {
            /// Every table, in an order in which they can be loaded.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The table's name, and its file's without the ending.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $file,)* }
            }

            /// The shipped sample of the table.
            #[must_use]
            pub fn shipped(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("../data/", $file, ".csv")),)* }
            }

            /// Columns that this table has and no other has together.
            fn columns(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($column),+],)* }
            }
        }
    };
}

tables! {
    Sectors "sectors" ["sector_id", "workforce_estimate"] "Sectors of the workforce.";
    Roles "roles" ["role_id", "sector"] "Roles.";
    Requirements "requirements" ["requirement_id", "role", "what"] "What roles ask, by date.";
    Pathways "pathways" ["from_role", "to_role"] "Ways from one role to another.";
    CommonCore "common_core" ["area_title", "edition"] "The Common Core's areas and headings.";
    Standards "nos" ["code", "suite"] "National Occupational Standards.";
    Ksf "ksf" ["code", "group", "name"] "The Knowledge and Skills Framework's dimensions.";
    Levels "levels" ["rqf_england_ni", "scqf_scotland"] "Levels elsewhere.";
    PriorLearning "rpl" ["topic", "fact"] "How prior learning is accredited.";
    Units "units" ["owner_code", "glh", "title"] "Units.";
    Outcomes "outcomes" ["unit", "criteria"] "What whoever gains a unit has learned.";
    ClaimPolicies "claim_policies" ["awarding_body", "route", "appeal_days"] "On which terms awarding bodies take claims of prior learning, by date.";
    Structures "structures" ["qualification", "total_credit"] "Rules of combination.";
    Groups "groups" ["qualification", "group", "parent"] "The groups of those rules.";
    Barred "barred" ["qualification", "unit", "with"] "Units that do not count together.";
    Questions "question_ids" ["question_id"] "Questions about early-years qualifications.";
    Evidence "evidence" ["kind", "words"] "Which awards show what must also be held.";
    RatioRules "ratio_rules" ["rule_id", "counts_at"] "Who counts in the early-years ratios.";
    RatioNumbers "ratio_numbers" ["max_children_per_adult", "age_band"] "How many children to an adult.";
}

impl Table {
    /// Which table a text is, by its header.
    #[must_use]
    pub fn recognise(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = ReaderBuilder::new().from_reader(text.as_bytes());
        let header = reader.headers().ok()?;
        let has = |column: &str| header.iter().any(|name| name.trim() == column);
        Self::ALL
            .iter()
            .copied()
            .find(|table| table.columns().iter().all(|column| has(column)))
    }
}
