//! Short words in which tests tell of awards.

use record::{Award, Facts, SourceKind, Standing, Told, combine};
use schema::{
    AwardStatus, Date, Grade, QualificationNumber, RecognitionNumber, Route, StatedBody,
    StatedPerson, Statement, Subject, UnitReference, Verb,
};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

pub(crate) const DIPLOMA: &str = "601/7898/X";
pub(crate) const UNIT: &str = "L/601/1693";
pub(crate) const OTHER_UNIT: &str = "A/601/1429";

pub(crate) fn day(text: &str) -> Date {
    schema::parse_date(text).unwrap()
}

pub(crate) fn body(number: &str) -> RecognitionNumber {
    RecognitionNumber::parse(number).unwrap()
}

/// The awarding body's word, on a qualification, of 27 June 2014, received on 1 July 2014.
pub(crate) fn attested(number: &str) -> Teller {
    Teller(Told {
        digest: [0; 32],
        submitter: format!("body:{number}"),
        kind: SourceKind::AwardingBody,
        standing: Standing::Attested,
        body: Some(body(number)),
        received_at: day("2014-07-01").and_hms_opt(9, 0, 0).unwrap(),
        award: None,
        statement: Statement {
            person: StatedPerson::default(),
            subject: Subject::Qualification(QualificationNumber::parse(DIPLOMA).unwrap()),
            title: None,
            part_of: None,
            body: StatedBody::default(),
            verb: Verb::Create,
            status: None,
            record_id: None,
            result_id: None,
            certificate_number: None,
            centre: None,
            awarded_on: Some(day("2014-06-27")),
            awarded_on_stated: None,
            started_on: None,
            valid_from: None,
            valid_until: None,
            action_date: None,
            action_reason: None,
            grade: None,
            level: None,
            credit: None,
            credit_scheme: None,
            language: None,
            route: Route::Award,
            registration_number: None,
            registration_conditions: None,
            registration_state: None,
            proofs: Vec::new(),
        },
    })
}

/// A trusted recorder's word of that award.
pub(crate) fn recorded(number: &str) -> Teller {
    let mut teller = attested(number);
    teller.0.submitter = "recorder:lrs".into();
    teller.0.kind = SourceKind::LearningRecords;
    teller.0.standing = Standing::Recorded;
    teller
}

/// What the person says of that award.
pub(crate) fn presented(number: &str) -> Teller {
    let mut teller = attested(number);
    teller.0.submitter = "learner:1".into();
    teller.0.kind = SourceKind::Badge;
    teller.0.standing = Standing::SelfPresented;
    teller
}

#[derive(Debug, Clone)]
pub(crate) struct Teller(Told);

impl Teller {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Told)) -> Self {
        change(&mut self.0);
        self
    }

    fn says(self, change: impl FnOnce(&mut Statement)) -> Self {
        self.with(|told| change(&mut told.statement))
    }

    pub(crate) fn verb(self, verb: Verb) -> Self {
        self.says(|said| said.verb = verb)
    }

    pub(crate) fn status(self, status: AwardStatus) -> Self {
        self.says(|said| said.status = Some(status))
    }

    pub(crate) fn result(self, id: &str) -> Self {
        self.says(|said| said.result_id = Some(id.into()))
    }

    pub(crate) fn certificate(self, number: &str) -> Self {
        self.says(|said| said.certificate_number = Some(number.into()))
    }

    pub(crate) fn record(self, id: &str) -> Self {
        self.says(|said| said.record_id = Some(id.into()))
    }

    pub(crate) fn unit(self, reference: &str) -> Self {
        let unit = Subject::Unit(UnitReference::parse(reference).unwrap());
        self.says(|said| said.subject = unit)
    }

    pub(crate) fn awarded(self, text: &str) -> Self {
        self.says(|said| said.awarded_on = Some(day(text)))
    }

    pub(crate) fn undated(self) -> Self {
        self.says(|said| said.awarded_on = None)
    }

    pub(crate) fn acted(self, text: &str) -> Self {
        self.says(|said| said.action_date = Some(day(text)))
    }

    pub(crate) fn because(self, reason: &str) -> Self {
        self.says(|said| said.action_reason = Some(reason.into()))
    }

    pub(crate) fn received(self, text: &str) -> Self {
        self.with(|told| told.received_at = day(text).and_hms_opt(9, 0, 0).unwrap())
    }

    pub(crate) fn grade(self, grade: &str) -> Self {
        self.says(|said| said.grade = Grade::parse(grade))
    }

    pub(crate) fn nobody(self) -> Self {
        self.with(|told| told.body = None)
    }

    pub(crate) fn family_name(self, name: &str) -> Self {
        self.says(|said| said.person.family_name = Some(name.into()))
    }

    /// The statement, under the digest of its submitter and everything said.
    pub(crate) fn told(&self) -> Told {
        let mut digest = [0; 32];
        let said = (&self.0.submitter, format!("{:?}", self.0.statement));
        let name = &self.0.statement.person.family_name;
        for (salt, part) in digest.chunks_mut(8).enumerate() {
            let mut hasher = DefaultHasher::new();
            (salt, &said, name).hash(&mut hasher);
            part.copy_from_slice(&hasher.finish().to_be_bytes());
        }
        Told {
            digest,
            ..self.0.clone()
        }
    }
}

pub(crate) fn all(tellers: &[Teller]) -> Vec<Told> {
    tellers.iter().map(Teller::told).collect()
}

/// An award without the order in which things were told: digests of its sources, facts, differences.
pub(crate) type Shown = (
    BTreeSet<[u8; 32]>,
    String,
    BTreeSet<(&'static str, String, String, [u8; 32])>,
);

pub(crate) fn shown(told: &[Told], award: &Award) -> Shown {
    let digest = |place: &usize| told[*place].digest;
    (
        award.sources.iter().map(digest).collect(),
        format!("{:?}", award.facts),
        award
            .differences
            .iter()
            .map(|one| {
                let source = digest(&one.source);
                (one.field, one.taken.clone(), one.stated.clone(), source)
            })
            .collect(),
    )
}

pub(crate) fn record(told: &[Told]) -> BTreeSet<Shown> {
    combine(told).iter().map(|one| shown(told, one)).collect()
}

/// The facts of the only award.
pub(crate) fn only(tellers: &[Teller]) -> Facts {
    let awards = combine(&all(tellers));
    assert_eq!(awards.len(), 1, "one award is expected: {awards:?}");
    awards[0].facts.clone()
}

/// Of how many awards is told. Every order of the statements is tried, and each statement belongs somewhere.
pub(crate) fn count(tellers: &[Teller]) -> usize {
    let told = all(tellers);
    let expected = record(&told);
    for order in orders(told.len()) {
        let shuffled: Vec<Told> = order.iter().map(|place| told[*place].clone()).collect();
        assert_eq!(record(&shuffled), expected, "order {order:?}");
    }
    let placed: usize = combine(&told).iter().map(|one| one.sources.len()).sum();
    assert_eq!(placed, told.len());
    expected.len()
}

/// Every order of `length` things.
pub(crate) fn orders(length: usize) -> Vec<Vec<usize>> {
    if length == 0 {
        return vec![vec![]];
    }
    let mut found = Vec::new();
    for shorter in orders(length - 1) {
        for place in 0..length {
            let mut order = shorter.clone();
            order.insert(place, length - 1);
            found.push(order);
        }
    }
    found
}
