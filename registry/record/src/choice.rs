//! Which statement's word is taken for each fact of one award.
//!
//! Statements are heard one by one, in any order, and the outcome is the same: each fact is taken from the
//! statement of the best precedence, the newest of those, that says anything of it.

use crate::Standing;
use crate::Told;
use crate::award::Facts;
use crate::status::History;
use crate::told::Order;
use schema::Route;
use std::cmp::Reverse;

/// The lesser is asked first.
type Rank<'a> = (u8, Reverse<Order<'a>>);

/// The best statement so far that speaks of one fact.
#[derive(Default)]
struct Taken<'a>(Option<(Rank<'a>, &'a Told)>);

impl<'a> Taken<'a> {
    fn hear(&mut self, rank: &Rank<'a>, one: &'a Told, speaks: bool) {
        if speaks && self.0.as_ref().is_none_or(|(best, _)| rank < best) {
            self.0 = Some((*rank, one));
        }
    }

    fn by(&self) -> Option<&'a Told> {
        self.0.as_ref().map(|(_, one)| *one)
    }

    fn said<T>(&self, fact: impl Fn(&Told) -> Option<T>) -> Option<T> {
        self.by().and_then(fact)
    }
}

/// What one fact of an award was taken from, and how it is said.
pub(crate) type Compared<'a> = (&'static str, Option<&'a Told>, fn(&Told) -> Option<String>);

/// What was heard of one award.
#[derive(Default)]
pub(crate) struct Choice<'a> {
    best: Taken<'a>,
    title: Taken<'a>,
    part_of: Taken<'a>,
    body: Taken<'a>,
    body_stated: Taken<'a>,
    awarded_on: Taken<'a>,
    awarded_on_stated: Taken<'a>,
    started_on: Taken<'a>,
    valid_from: Taken<'a>,
    valid_until: Taken<'a>,
    grade: Taken<'a>,
    level: Taken<'a>,
    credit: Taken<'a>,
    route: Taken<'a>,
    result_id: Taken<'a>,
    certificate_number: Taken<'a>,
    centre: Taken<'a>,
    registration_number: Taken<'a>,
    registration_conditions: Taken<'a>,
    registration_state: Taken<'a>,
    history: History<'a>,
}

impl<'a> Choice<'a> {
    /// Hears a statement. What a person presents never fills a gap in what a body or a recorder says: beside
    /// those it is not heard at all.
    pub(crate) fn hear(&mut self, one: &'a Told) {
        if let Some(best) = self.best.by() {
            let presented = |one: &Told| one.standing == Standing::SelfPresented;
            match (presented(best), presented(one)) {
                (false, true) => return,
                (true, false) => *self = Self::default(),
                _ => {}
            }
        }
        let order = one.order();
        self.history.hear(one.precedence(), order, one);
        let rank = (one.precedence(), Reverse(order));
        let said = &one.statement;
        let hear = |taken: &mut Taken<'a>, speaks| taken.hear(&rank, one, speaks);
        hear(&mut self.best, true);
        hear(&mut self.title, said.title.is_some());
        hear(&mut self.part_of, said.part_of.is_some());
        hear(&mut self.body, one.body.is_some());
        hear(&mut self.body_stated, said.body.name.is_some());
        hear(&mut self.awarded_on, said.awarded_on.is_some());
        hear(
            &mut self.awarded_on_stated,
            said.awarded_on_stated.is_some(),
        );
        hear(&mut self.started_on, said.started_on.is_some());
        hear(&mut self.valid_from, said.valid_from.is_some());
        hear(&mut self.valid_until, said.valid_until.is_some());
        hear(&mut self.grade, said.grade.is_some());
        hear(&mut self.level, said.level.is_some());
        hear(&mut self.credit, said.framework_credit().is_some());
        // The ordinary route is what sources state that know of no other; any other is a fact.
        hear(&mut self.route, said.route != Route::Award);
        hear(&mut self.result_id, said.result_id.is_some());
        hear(
            &mut self.certificate_number,
            said.certificate_number.is_some(),
        );
        hear(&mut self.centre, said.centre.is_some());
        hear(
            &mut self.registration_number,
            said.registration_number.is_some(),
        );
        hear(
            &mut self.registration_conditions,
            said.registration_conditions.is_some(),
        );
        hear(
            &mut self.registration_state,
            said.registration_state.is_some(),
        );
    }

    /// What is true of the award; none where nothing was heard.
    pub(crate) fn facts(&self) -> Option<Facts> {
        let best = self.best.by()?;
        let awarded_on = self.awarded_on.said(|one| one.statement.awarded_on);
        let status = self.history.status(awarded_on);
        Some(Facts {
            subject: best.statement.subject.clone(),
            title: self.title.said(|one| one.statement.title.clone()),
            part_of: self.part_of.said(|one| one.statement.part_of),
            body: self.body.said(|one| one.body),
            body_stated: self.body_stated.said(|one| one.statement.body.name.clone()),
            awarded_on,
            awarded_on_stated: self
                .awarded_on_stated
                .said(|one| one.statement.awarded_on_stated.clone()),
            started_on: self.started_on.said(|one| one.statement.started_on),
            valid_from: self.valid_from.said(|one| one.statement.valid_from),
            valid_until: self.valid_until.said(|one| one.statement.valid_until),
            grade: self.grade.said(grade),
            level: self.level.said(|one| one.statement.level),
            credit: self.credit.said(|one| one.statement.framework_credit()),
            status: status.status,
            status_since: status.since,
            status_reason: status.reason.map(str::to_owned),
            route: self
                .route
                .by()
                .map_or(Route::Award, |one| one.statement.route),
            result_id: self.result_id.said(|one| one.statement.result_id.clone()),
            certificate_number: self.certificate_number.said(certificate_number),
            centre: self.centre.said(|one| one.statement.centre.clone()),
            registration_number: self
                .registration_number
                .said(|one| one.statement.registration_number.clone()),
            registration_conditions: self
                .registration_conditions
                .said(|one| one.statement.registration_conditions.clone()),
            registration_state: self
                .registration_state
                .said(|one| one.statement.registration_state),
            standing: best.standing,
        })
    }

    /// The facts of which it is shown who says otherwise.
    pub(crate) fn compared(&self) -> [Compared<'a>; 5] {
        [
            ("awarded_on", self.awarded_on.by(), |one| {
                one.statement.awarded_on.map(|day| day.to_string())
            }),
            ("valid_from", self.valid_from.by(), |one| {
                one.statement.valid_from.map(|day| day.to_string())
            }),
            ("valid_until", self.valid_until.by(), |one| {
                one.statement.valid_until.map(|day| day.to_string())
            }),
            ("grade", self.grade.by(), grade),
            (
                "certificate_number",
                self.certificate_number.by(),
                certificate_number,
            ),
        ]
    }
}

fn grade(one: &Told) -> Option<String> {
    let grade = one.statement.grade.as_ref()?;
    Some(grade.as_str().to_owned())
}

fn certificate_number(one: &Told) -> Option<String> {
    one.statement.certificate_number.clone()
}
