//! From what the registry holds to what the engine looks at.

use super::Framework;
use crate::model::achievement::Counted;
use framework::{Award, Cap};
use schema::{Date, Level, RegistrationState, Route, Subject};
use std::collections::HashMap;

/// To which sectors qualifications belong, by number.
pub type Areas = HashMap<String, Vec<String>>;

/// An award as rules see it; none where what is stored names nothing that the framework knows how to read.
#[must_use]
pub fn award(counted: &Counted, framework: &Framework, areas: &Areas) -> Option<Award> {
    let subject = Subject::from_parts(&counted.subject_kind, &counted.subject_code)?;
    let code = counted.subject_code.as_str();
    let register = counted.register.as_ref().filter(|register| register.3);
    // Of units the framework's own word goes before what results say of them.
    let unit = match &subject {
        Subject::Qualification(_) => None,
        _ => framework.unit(code).map(|unit| &unit.facts),
    };
    let level = register
        .and_then(|register| register.1)
        .or(counted.level)
        .and_then(Level::from_place);
    let credit = register.and_then(|register| register.2).or(counted.credit);
    let credit = credit.and_then(|credit| u16::try_from(credit).ok());
    let stated = counted.awarded_on_stated.as_deref();
    Some(Award {
        id: counted.id.show("achievement"),
        title: register.map_or_else(|| counted.title.clone(), |register| register.0.clone()),
        level: unit.and_then(|unit| unit.level).or(level),
        credit: unit.and_then(|unit| unit.credit).or(credit),
        started_on: counted.started_on,
        awarded_on: counted.awarded_on,
        awarded_within: stated
            .filter(|_| counted.awarded_on.is_none())
            .and_then(month),
        valid_from: counted.valid_from,
        valid_until: counted.valid_until,
        part_of: counted.part_of.clone(),
        route: Route::parse(&counted.route).unwrap_or(Route::Award),
        state: match &subject {
            Subject::Registration(_) => counted
                .registration_state
                .as_deref()
                .and_then(RegistrationState::parse),
            _ => None,
        },
        body: counted.body_stated.clone(),
        cap: cap(counted, framework),
        areas: areas.get(code).cloned().unwrap_or_default(),
        subject,
    })
}

/// How much of a qualification's credit may come as an award came, by the terms of its body on the day of the award.
fn cap(counted: &Counted, framework: &Framework) -> Option<Cap> {
    let body = counted.body.as_deref()?;
    let on = counted.awarded_on;
    let mut terms: Vec<_> = framework
        .policies
        .iter()
        .filter(|one| one.body.as_str() == body && one.route.as_str() == counted.route)
        .filter(|one| one.from <= on && one.until.is_none_or(|until| on <= Some(until)))
        .collect();
    terms.sort_by_key(|one| one.from);
    Some(Cap {
        body: body.to_owned(),
        share: terms.last()?.most_share?,
    })
}

/// The first and last day of a month, or of a year, that a source gave in place of a day.
fn month(stated: &str) -> Option<(Date, Date)> {
    let mut parts = stated.trim().splitn(2, '-');
    let number = |part: &str, digits: usize| {
        let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<u32>().ok()).flatten()
    };
    let year = i32::try_from(number(parts.next()?, 4)?).ok()?;
    let (first, months) = match parts.next() {
        Some(month) => (Date::from_ymd_opt(year, number(month, 2)?, 1)?, 1),
        None => (Date::from_ymd_opt(year, 1, 1)?, 12),
    };
    let last = first
        .checked_add_months(chrono::Months::new(months))?
        .pred_opt()?;
    Some((first, last))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::db::Id;
    use framework::shipped::Table;

    fn counted(kind: &str, code: &str) -> Counted {
        Counted {
            id: Id::from_bytes([7; 16]),
            learner_id: Id::from_bytes([1; 16]),
            subject_kind: kind.to_owned(),
            subject_code: code.to_owned(),
            title: "As stated".to_owned(),
            level: Some(3),
            credit: Some(9),
            started_on: None,
            awarded_on: None,
            awarded_on_stated: None,
            valid_from: None,
            valid_until: None,
            part_of: None,
            route: "award".to_owned(),
            registration_state: None,
            body_stated: None,
            body: None,
            register: None,
        }
    }

    #[test]
    fn the_registers_and_the_frameworks_words_go_before_what_was_stated() {
        let framework = Framework::of(Table::shipped).unwrap();
        let mut diploma = counted("qualification", "500/9170/0");
        diploma.register = Some(("As registered".to_owned(), Some(5), Some(65), true));
        let registered = award(&diploma, &framework, &Areas::default()).unwrap();
        assert_eq!(
            (
                registered.title.as_str(),
                registered.level,
                registered.credit
            ),
            ("As registered", Level::from_place(5), Some(65))
        );
        // What the register does not know is not its word.
        diploma.register = Some(("As named".to_owned(), None, None, false));
        let stated = award(&diploma, &framework, &Areas::default()).unwrap();
        assert_eq!(
            (stated.title.as_str(), stated.credit),
            ("As stated", Some(9))
        );
        let unit = award(
            &counted("unit", "L/601/1693"),
            &framework,
            &Areas::default(),
        )
        .unwrap();
        let known = framework.unit("L/601/1693").unwrap();
        assert_eq!(
            (unit.level, unit.credit),
            (known.facts.level, known.facts.credit)
        );
    }

    #[test]
    fn a_month_or_year_in_place_of_a_day_is_a_span() {
        let span = |text: &str| month(text).map(|(first, last)| format!("{first} {last}"));
        assert_eq!(span("2016-02").as_deref(), Some("2016-02-01 2016-02-29"));
        assert_eq!(span("2015").as_deref(), Some("2015-01-01 2015-12-31"));
        for text in ["", "June 2015", "2015-13", "2015-6", "2015-06-31", "15"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
