//! Looking at what is shared.

use super::{Field, Fields, Token};
use crate::action::view::{self, Moment, View};
use crate::db::{Connection, Id};
use crate::error::Error;
use crate::model::achievement::{self, AchievementRow, Held};
use crate::model::learner::LearnerRow;
use crate::model::share::{self, ShareRow};
use crate::model::source;
use chrono::NaiveDateTime;
use schema::Date;
use std::collections::HashMap;

/// A share that stands, with what it gives.
#[derive(Clone)]
pub struct Shared {
    /// The share.
    pub share: ShareRow,
    /// The chosen fields.
    pub fields: Fields,
    /// The person.
    pub holder: LearnerRow,
    /// The achievements as they stand, whole: what was not chosen of them is kept back by [`Fields::of`].
    pub held: Vec<Held>,
}

impl Shared {
    /// The given names, where they are shared.
    #[must_use]
    pub fn given_name(&self) -> Option<&str> {
        let told = self.fields.tell(Field::GivenName);
        self.holder.given_name.as_deref().filter(|_| told)
    }

    /// The family name, where it is shared.
    #[must_use]
    pub fn family_name(&self) -> Option<&str> {
        let told = self.fields.tell(Field::FamilyName);
        self.holder.family_name.as_deref().filter(|_| told)
    }

    /// How the share is called in a ledger.
    #[must_use]
    pub fn via(&self) -> String {
        self.share.id.show("share")
    }
}

/// What the token gives at that time, as of a day; none where it is nobody's, has expired or was taken back. Either way
/// the same statements run, as many of them. Who does not share the day of an award shares it as it is now only: asked for
/// one day after the other, it would tell that day.
///
/// # Errors
/// [`Error`] where the database does not answer.
pub fn look(
    connection: &mut Connection,
    token: &Token,
    now: NaiveDateTime,
    as_of: Option<Date>,
) -> Result<Option<Shared>, Error> {
    let found = share::of_token(connection, &token.digest())?;
    let found = found.filter(|(share, _)| share.stands(now));
    let nobody = Id::from_bytes([0; 16]);
    let (id, maker) = found
        .as_ref()
        .map_or((nobody, nobody), |(share, maker)| (share.id, maker.id));
    let chosen = share::achievements_of(connection, &[id])?;
    let mut record = achievement::all_of_learner(connection, maker)?;
    if let Some(day) = as_of {
        let former = then(connection, maker, record.clone(), day)?;
        let told = |share: &ShareRow| Fields::stored(&share.fields).tell(Field::AwardedOn);
        if found.as_ref().is_some_and(|(share, _)| told(share)) {
            record = former;
        }
    }
    Ok(found.and_then(|(share, maker)| of_maker(share, maker, &chosen, &record)))
}

/// What a share gives of the maker's record; none where nothing of it is theirs any more. `chosen` may name other shares
/// too, and the record be others' too.
#[must_use]
pub fn of_maker(
    share: ShareRow,
    maker: LearnerRow,
    chosen: &[(Id, Id)],
    record: &[Held],
) -> Option<Shared> {
    let mut held: Vec<Held> = Vec::new();
    for (_, id) in chosen.iter().filter(|(of, _)| *of == share.id) {
        // What was found to be somebody else's since is not the maker's to share.
        let own = |one: &&Held| one.achievement.id == *id && one.achievement.learner_id == maker.id;
        let known = held.iter().any(|one| one.achievement.id == *id);
        held.extend(record.iter().find(own).filter(|_| !known).cloned());
    }
    (!held.is_empty()).then(|| Shared {
        fields: Fields::stored(&share.fields),
        share,
        holder: maker,
        held,
    })
}

/// The record as it was on a day. What had not been awarded then stays as it is: its date says so.
fn then(
    connection: &mut Connection,
    maker: Id,
    record: Vec<Held>,
    day: Date,
) -> Result<Vec<Held>, Error> {
    let heard = view::hear(source::of_learners(connection, &[maker])?)?;
    let moment = Moment {
        as_of: Some(day),
        known_at: None,
    };
    let mut awards: HashMap<Id, record::Award> = view::awards(&heard, View::Steward, moment)
        .into_iter()
        .collect();
    let then = |mut held: Held| {
        let row = &held.achievement;
        if let Some(award) = awards.remove(&row.id) {
            held.achievement = AchievementRow::conclude(
                row.id,
                row.learner_id,
                &award.facts,
                row.version,
                row.changed_at,
            );
        }
        held
    };
    Ok(record.into_iter().map(then).collect())
}
