//! Who owns a qualification, where the extract names the owner and gives no recognition number.

use crate::db::Connection;
use crate::error::Error;
use crate::model::awarding_body::{self, BodyRow};
use schema::{RecognitionNumber, fold_name};
use std::collections::HashMap;

/// The registered bodies by the names they go by.
pub(super) struct Owners {
    /// By name, then by legal name, then by acronym: the first that knows a name decides. Nobody stands
    /// where two bodies share the name, as a body and its successor do: a qualification that was given to
    /// the wrong one would keep the right one from telling of it.
    names: [HashMap<String, Option<RecognitionNumber>>; 3],
}

impl Owners {
    pub(super) fn load(connection: &mut Connection) -> Result<Self, Error> {
        Ok(Self::of(&awarding_body::registered(connection)?))
    }

    fn of(bodies: &[BodyRow]) -> Self {
        let mut names: [HashMap<String, Option<RecognitionNumber>>; 3] = Default::default();
        for body in bodies {
            let Ok(number) = RecognitionNumber::parse(&body.recognition_number) else {
                continue;
            };
            let of_body = [
                Some(&body.name),
                body.legal_name.as_ref(),
                body.acronym.as_ref(),
            ];
            for (names, name) in names.iter_mut().zip(of_body) {
                if let Some(name) = name {
                    names
                        .entry(fold_name(name))
                        .and_modify(|known| *known = known.filter(|known| *known == number))
                        .or_insert(Some(number));
                }
            }
        }
        Self { names }
    }

    /// The one body of that name, legal name or acronym.
    pub(super) fn named(&self, name: &str) -> Option<RecognitionNumber> {
        let name = fold_name(name);
        self.names
            .iter()
            .find_map(|names| names.get(&name))
            .copied()
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(number: &str, name: &str, legal_name: &str, acronym: &str) -> BodyRow {
        BodyRow {
            recognition_number: number.to_owned(),
            name: name.to_owned(),
            name_key: fold_name(name),
            legal_name: Some(legal_name.to_owned()),
            acronym: Some(acronym.to_owned()),
            status: None,
            recognised_from: None,
            recognised_until: None,
            registered: true,
        }
    }

    #[test]
    fn a_name_is_resolved_where_one_body_bears_it() {
        let owners = Owners::of(&[
            body("RN0001", "Oak Awards", "Oak Awards Limited", "OA"),
            body("RN0002", "Elm Awards", "Elm Trust", "EA"),
            body("RN0003", "Elm Awards", "Elm Awards 2020 Limited", "EA"),
            body("RN0004", "EA", "East Awards Limited", "East"),
        ]);
        let named = |name| owners.named(name).map(|number| number.to_string());
        for name in ["oak  awards", "OAK AWARDS LIMITED", "OA"] {
            assert_eq!(named(name).as_deref(), Some("RN0001"), "{name}");
        }
        assert_eq!(named("Elm Awards"), None, "a predecessor bears it too");
        assert_eq!(named("Elm Trust").as_deref(), Some("RN0002"));
        assert_eq!(
            named("EA").as_deref(),
            Some("RN0004"),
            "the name goes first"
        );
        assert_eq!(named("Ash Awards"), None);
    }
}
