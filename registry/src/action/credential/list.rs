//! The status lists that the registry keeps.

use super::standing;
use crate::app::App;
use crate::error::Error;
use crate::model::{credential, status_list};
use ::credential::{Bits, Form, LEAST_ENTRIES, Purpose, bytes, list};
use chrono::TimeDelta;
use schema::Code;

/// The status list of that number, as it is now, in one of the two forms.
///
/// # Errors
/// [`Code::NotFound`] where there is none; [`Error`] where the database does not answer.
#[tracing::instrument(target = "registry::trace", name = "credential::list", skip_all)]
pub async fn status_list(app: &App, number: i32, form: Form) -> Result<String, Error> {
    let (purpose, bits) = app
        .db
        .read(move |connection| {
            let row = status_list::find(connection, number)?;
            let row = row.ok_or_else(|| Error::from(Code::NotFound))?;
            let purpose = Purpose::parse(&row.purpose);
            let purpose = purpose.ok_or_else(|| Error::internal("a list of no known purpose"))?;
            let kind = match purpose {
                Purpose::Suspension => credential::BADGE,
                Purpose::Revocation => credential::RECORD,
            };
            let changed = credential::changed(connection, number)?;
            let issued: Vec<_> = changed
                .iter()
                .map(|(id, _, holder)| (*id, *holder))
                .collect();
            let standing = standing::standing_of(connection, &issued)?;
            let mut bits = Bits::new(LEAST_ENTRIES);
            for (id, place, _) in changed {
                let set = standing.get(&id).is_none_or(|one| one.is_set(kind));
                if let (true, Ok(place)) = (set, u32::try_from(place)) {
                    bits.set(place);
                }
            }
            Ok((purpose, bits))
        })
        .await?;
    let now = app.clock.now().and_utc();
    let lasts = TimeDelta::seconds(app.config.credentials.list_lasts.into());
    let (issuing, keys) = (&app.issuing, &app.keys);
    let address = issuing.list_address(number);
    let list = list(issuing.issuer(), &address, purpose, &bits, now, lasts);
    Ok(match form {
        Form::DataIntegrity => bytes(&issuing.seal(keys, &list, now)?),
        Form::Token => issuing.token(keys, &list, "vc+jwt", now),
    })
}
