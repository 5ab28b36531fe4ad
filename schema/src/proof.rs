//! What an adapter found when it checked the proofs of a document, after its words were checked.

use crate::wire;
use crate::{Code, Rejection};

/// What a check of a proof came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProofResult {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It could not be decided where it was made.
    NotChecked,
}

impl ProofResult {
    /// Every result.
    pub const ALL: [Self; 3] = [Self::Passed, Self::Failed, Self::NotChecked];

    /// The result's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotChecked => "not-checked",
        }
    }

    /// The result of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.as_str() == text)
    }
}

/// One check of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedCheck {
    /// What was looked at: `proof`, `issuer`.
    pub name: String,
    /// What it came to.
    pub result: ProofResult,
    /// The stable code that says why.
    pub code: String,
}

/// What an adapter says of one proof. It is the adapter's word: it says nothing of who made an award until
/// the registry has looked at the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedProof {
    /// The part of the file that is proved; none for the whole.
    pub path: Option<String>,
    /// The kind of proof, such as `data-integrity`; none where there is none.
    pub form: Option<String>,
    /// The cryptosuite or algorithm.
    pub suite: Option<String>,
    /// The verification method as the file names it.
    pub method: Option<String>,
    /// Whose key it is, where that is known.
    pub controller: Option<String>,
    /// Where the key came from: `configured`, `did-key`, `embedded`.
    pub key_source: Option<String>,
    /// The checks.
    pub checks: Vec<StatedCheck>,
}

/// The most proofs of a record, and checks of a proof.
const MOST: usize = 32;
/// The longest word, in bytes.
const WORD: usize = 64;
/// The longest path or identifier, in characters.
const LONGEST: usize = 1000;

/// What is stated of the proofs.
pub(crate) fn read(stated: &[wire::Proof]) -> Result<Vec<StatedProof>, Rejection> {
    let sizes = stated.iter().map(|proof| proof.checks.len());
    if stated.len() > MOST || sizes.max().is_some_and(|most| most > MOST) {
        return Err(INVALID);
    }
    stated.iter().map(proof).collect()
}

const INVALID: Rejection = Rejection {
    code: Code::ProofInvalid,
    field: "proofs",
};

fn proof(stated: &wire::Proof) -> Result<StatedProof, Rejection> {
    let check = |check: &wire::ProofCheck| {
        Ok(StatedCheck {
            name: word(&check.name)?.ok_or(INVALID)?,
            result: ProofResult::parse(&check.result).ok_or(INVALID)?,
            code: word(&check.code)?.ok_or(INVALID)?,
        })
    };
    Ok(StatedProof {
        path: words(&stated.path)?,
        form: word(&stated.form)?,
        suite: words(&stated.suite)?,
        method: words(&stated.method)?,
        controller: words(&stated.controller)?,
        key_source: word(&stated.key_source)?,
        checks: stated.checks.iter().map(check).collect::<Result<_, _>>()?,
    })
}

/// A word in kebab-case; none where it is empty.
fn word(stated: &str) -> Result<Option<String>, Rejection> {
    let kebab = stated
        .bytes()
        .all(|byte| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if stated.len() > WORD || !kebab {
        return Err(INVALID);
    }
    Ok((!stated.is_empty()).then(|| stated.to_owned()))
}

fn words(stated: &str) -> Result<Option<String>, Rejection> {
    if stated.chars().any(char::is_control) || stated.chars().nth(LONGEST).is_some() {
        return Err(INVALID);
    }
    Ok((!stated.trim().is_empty()).then(|| stated.to_owned()))
}
