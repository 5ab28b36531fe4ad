//! Levels elsewhere: what a level of the Regulated Qualifications Framework is called across Europe, Wales, Scotland,
//! Ireland and higher education. Read from a table, never computed.

use schema::Level;

/// A level and what it is called elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelEquivalence {
    /// The level in England and Northern Ireland.
    pub level: Option<Level>,
    /// European Qualifications Framework.
    pub eqf: Option<u8>,
    /// Credit and Qualifications Framework for Wales.
    pub cqfw: Option<String>,
    /// Scottish Credit and Qualifications Framework; several levels are parted by a stroke.
    pub scqf: Option<String>,
    /// National Framework of Qualifications, Ireland.
    pub nfq: Option<String>,
    /// Frameworks for Higher Education Qualifications.
    pub fheq: Option<String>,
    /// Where it was read.
    pub source: String,
    /// Whether a source confirmed it.
    pub confirmed: bool,
}

/// What a level is called elsewhere.
#[must_use]
pub fn elsewhere(table: &[LevelEquivalence], level: Level) -> Option<&LevelEquivalence> {
    table.iter().find(|row| row.level == Some(level))
}

/// A level in words that both languages use.
pub(crate) fn code(level: Level) -> String {
    match level {
        Level::Entry1 => "E1".into(),
        Level::Entry2 => "E2".into(),
        Level::Entry3 => "E3".into(),
        other => format!("L{}", other.place() - 2),
    }
}
