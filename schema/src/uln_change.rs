//! What became of a ULN: whoever issues the numbers merges two of one person, takes that back, and deletes some.

use crate::validate::{Checked, PersonKnown, Rejection, check};
use crate::wire::{self, ResultRecord};
use crate::{Code, Date, Uln, parse_date};

/// What was done with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UlnAction {
    /// It was given up for another of the same person.
    Merged,
    /// That was a mistake: it is a person's own again.
    Unmerged,
    /// It is in use no longer.
    Deleted,
}

impl UlnAction {
    /// The action's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Unmerged => "unmerged",
            Self::Deleted => "deleted",
        }
    }

    /// The action of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Merged, Self::Unmerged, Self::Deleted]
            .into_iter()
            .find(|action| action.as_str() == name)
    }
}

/// A change of a ULN that can be believed to be what was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UlnChange {
    /// What was done.
    pub action: UlnAction,
    /// With which number.
    pub uln: Uln,
    /// The number that stands for both, or did; none for one that was deleted.
    pub master: Option<Uln>,
    /// When.
    pub changed_on: Date,
}

/// What a record speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// An award.
    Award(Box<Checked>),
    /// What became of a ULN.
    UlnChange(UlnChange),
}

/// Checks a record that was told on `told_on`, whatever it speaks of.
///
/// # Errors
/// The first [`Rejection`] met: see [`check`] for awards. A change of a ULN names a known action, one number or two
/// different ones, and a real day that is not yet to come.
pub fn read(
    record: &ResultRecord,
    told_on: Date,
    person: PersonKnown,
) -> Result<Content, Rejection> {
    match &record.uln_change {
        None => check(record, told_on, person)
            .map(Box::new)
            .map(Content::Award),
        Some(stated) => change(stated, told_on).map(Content::UlnChange),
    }
}

fn change(stated: &wire::UlnChange, told_on: Date) -> Result<UlnChange, Rejection> {
    let reject = |code, field| Err(Rejection { code, field });
    let number = |stated: &str, field| {
        Uln::parse(stated.trim()).map_err(|_| Rejection {
            code: Code::UlnInvalid,
            field,
        })
    };
    let Some(action) = UlnAction::parse(stated.kind.trim()) else {
        return reject(Code::UlnChangeInvalid, "uln_change.kind");
    };
    let uln = number(&stated.uln, "uln_change.uln")?;
    let field = "uln_change.master_uln";
    let master = match action {
        UlnAction::Deleted if stated.master_uln.trim().is_empty() => None,
        UlnAction::Deleted => return reject(Code::UlnChangeInvalid, field),
        UlnAction::Merged | UlnAction::Unmerged => Some(number(&stated.master_uln, field)?),
    };
    if master == Some(uln) {
        return reject(Code::UlnChangeInvalid, field);
    }
    let field = "uln_change.changed_on";
    let changed_on = parse_date(stated.changed_on.trim()).map_err(|_| Rejection {
        code: Code::DateInvalid,
        field,
    })?;
    // Where it was done it may be tomorrow already.
    if told_on.succ_opt().is_some_and(|latest| changed_on > latest) {
        return reject(Code::UlnChangeInvalid, field);
    }
    Ok(UlnChange {
        action,
        uln,
        master,
        changed_on,
    })
}
