//! Identifiers. Each has a type, and what it identifies follows from its type alone, except for numbers
//! whose form no other numbering has.

use schema::{QualificationNumber, RecognitionNumber, UnitReference};

/// An identifier with its type.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Identifier {
    pub(crate) kind: String,
    pub(crate) value: String,
}

impl Identifier {
    /// The type without case, hyphens and the like.
    fn folded_kind(&self) -> String {
        let letters = self.kind.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    }

    fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.folded_kind().as_str())
    }

    /// Written with its type, so that equal numbers of different numberings stay different.
    fn scoped(&self) -> String {
        format!("{}:{}", self.kind, self.value)
    }
}

fn first<'a>(all: &'a [Identifier], kinds: &[&str]) -> Option<&'a Identifier> {
    all.iter().find(|one| one.is(kinds))
}

/// The learner's ULN, where an identifier says that it is one.
pub(crate) fn uln(all: &[Identifier]) -> Option<&str> {
    first(all, &["uln", "uniquelearnernumber"]).map(|one| one.value.as_str())
}

/// What the issuer calls the learner, with the scope in which it is unique. National identity numbers are
/// not the issuer's and stay with the source's own words.
pub(crate) fn reference(learner: &[Identifier], issuer: &[Identifier]) -> Option<String> {
    let own = ["local", "studentidentifier", "studentid"];
    first(learner, &["europeanstudentidentifier", "esi"])
        .map(Identifier::scoped)
        .or_else(|| {
            Some(format!(
                "{} {}",
                scope(issuer)?,
                first(learner, &own)?.scoped()
            ))
        })
        .filter(|reference| reference.chars().count() <= LONGEST)
}

/// The issuer's identifier within which its own numbers are unique.
fn scope(issuer: &[Identifier]) -> Option<String> {
    first(issuer, &["schac"])
        .or_else(|| first(issuer, &["erasmus"]))
        .or_else(|| first(issuer, &["pic"]))
        .or_else(|| issuer.first())
        .map(Identifier::scoped)
}

/// The longest identifier that a record may have, in characters.
const LONGEST: usize = 128;

/// The code of what was learned: a qualification number or unit reference; else the issuer's own code with
/// the issuer's identifier before it, since every institution has a `101`.
pub(crate) fn subject(all: &[Identifier], issuer: &[Identifier]) -> Option<String> {
    let typed = [
        "qan",
        "qrn",
        "qualificationnumber",
        "qualificationaccreditationnumber",
        "qualificationreferencenumber",
        "ofqual",
        "unitreference",
        "unitreferencenumber",
    ];
    if let Some(known) = first(all, &typed).or_else(|| all.iter().find(|one| regulated(&one.value)))
    {
        return Some(known.value.clone());
    }
    let own = first(all, &["local"]).or_else(|| all.first())?.scoped();
    let code = match scope(issuer) {
        Some(scope) => format!("{scope} {own}"),
        None => own,
    };
    (code.chars().count() <= LONGEST).then_some(code)
}

/// The value has the form, obliques included, that only qualification numbers and unit references have.
fn regulated(value: &str) -> bool {
    value.matches('/').count() == 2
        && (QualificationNumber::parse(value).is_ok() || UnitReference::parse(value).is_ok())
}

/// The qualification number among them.
pub(crate) fn qualification(all: &[Identifier]) -> Option<QualificationNumber> {
    QualificationNumber::parse(&subject(all, &[])?).ok()
}

/// The body's number in Ofqual's register.
pub(crate) fn recognition_number(issuer: &[Identifier]) -> Option<&str> {
    first(issuer, &["recognitionnumber", "ofqual", "rn"])
        .or_else(|| {
            let mut all = issuer.iter();
            all.find(|one| RecognitionNumber::parse(&one.value).is_ok())
        })
        .map(|one| one.value.as_str())
}

/// The body's provider number.
pub(crate) fn ukprn(issuer: &[Identifier]) -> Option<&str> {
    first(issuer, &["ukprn"]).map(|one| one.value.as_str())
}
