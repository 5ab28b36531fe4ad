//! An invented claim, and those who work on it.

use claim::{
    Action, Actor, AnyClaim, Appointment, Assurance, Claim, ClaimRoute, Criterion, Evidence,
    EvidenceKind, Facts, Judgement, Met, Part, Person, Qualities, Terms, Token, Unit,
};
use schema::{Date, RecognitionNumber};

pub(crate) const ALL_GOOD: Qualities = Qualities {
    valid: true,
    authentic: true,
    reliable: true,
    current: true,
    sufficient: true,
};

pub(crate) fn day(text: &str) -> Date {
    schema::parse_date(text).unwrap()
}

pub(crate) fn body() -> RecognitionNumber {
    RecognitionNumber::parse("RN5217").unwrap()
}

pub(crate) fn token(issuer: &str, subject: &str) -> Token {
    Token {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
    }
}

/// Somebody with a token of one issuer, and a record here.
pub(crate) fn person(name: &str) -> Person {
    let mut learner = [0; 16];
    learner[..name.len().min(16)].copy_from_slice(&name.as_bytes()[..name.len().min(16)]);
    Person::of(Some(token("one", name)), Some(learner))
}

pub(crate) fn as_part(name: &str, part: Part) -> Actor {
    Actor {
        person: person(name),
        parts: [part].into(),
        body: (part == Part::Body).then(body),
    }
}

pub(crate) fn jan() -> Actor {
    as_part("jan", Part::Claimant)
}

pub(crate) fn of_body() -> Actor {
    as_part("officer", Part::Body)
}

pub(crate) fn assessor(name: &str) -> Actor {
    as_part(name, Part::Assessor)
}

pub(crate) fn assurer(name: &str) -> Actor {
    as_part(name, Part::Assurer)
}

/// A claim of two units, of two outcomes and of one, four credits each.
pub(crate) fn facts(route: ClaimRoute) -> Facts {
    let unit = |reference: &str| Unit {
        reference: reference.to_owned(),
        credit: Some(4),
        equivalents: Vec::new(),
        granted: false,
    };
    let outcome = |name: &str, unit| Criterion {
        name: name.to_owned(),
        unit,
        title: format!("What {name} says"),
    };
    Facts {
        id: [7; 16],
        route,
        terms: Terms::general(body(), route),
        units: vec![unit("L/601/1693"), unit("A/601/1429")],
        outcomes: vec![
            outcome("L/601/1693:1", 0),
            outcome("L/601/1693:2", 0),
            outcome("A/601/1429:1", 1),
        ],
        evidence: Vec::new(),
        judgements: Vec::new(),
        claimant: person("jan"),
        assessor: None,
        assurer: None,
        returned: Vec::new(),
        earlier: Vec::new(),
        due: None,
    }
}

pub(crate) fn evidence(id: u8, outcomes: &[&str], by: &Person) -> Evidence {
    Evidence {
        id: [id; 16],
        kind: EvidenceKind::Employment,
        outcomes: outcomes.iter().map(|one| (*one).to_owned()).collect(),
        dated_on: Some(day("2026-01-01")),
        of: None,
        counts: false,
        by: by.clone(),
    }
}

pub(crate) const OUTCOMES: [&str; 3] = ["L/601/1693:1", "L/601/1693:2", "A/601/1429:1"];

pub(crate) fn judgement(outcome: &str, met: Met) -> Judgement {
    Judgement {
        outcome: outcome.to_owned(),
        met,
        evidence: vec![[1; 16]],
        qualities: ALL_GOOD,
        note: None,
        appeal: false,
        by: Person::default(),
    }
}

pub(crate) fn judged(met: [Met; 3]) -> Action {
    let all = OUTCOMES.into_iter().zip(met);
    Action::Judge(all.map(|(one, met)| judgement(one, met)).collect())
}

pub(crate) fn assure(says: Assurance) -> Action {
    Action::Assure {
        says,
        note: Some("By what was seen".to_owned()),
        gained: 0,
    }
}

pub(crate) fn appoint(assessor: &str, assurer: &str) -> Action {
    Action::Assign(Appointment {
        assessor: Some(person(assessor)),
        assurer: Some(person(assurer)),
    })
}

pub(crate) const TODAY: &str = "2026-06-01";

/// Does what must succeed.
pub(crate) fn does(claim: AnyClaim, by: &Actor, action: Action) -> AnyClaim {
    let kind = action.kind();
    match claim.act(by, action, day(TODAY)) {
        Ok(done) => done.claim,
        Err(code) => panic!("{kind:?}: {code}"),
    }
}

pub(crate) fn draft(facts: Facts) -> AnyClaim {
    let claim = AnyClaim::Draft(Claim::open(facts));
    let piece = evidence(1, &OUTCOMES, &person("jan"));
    does(claim, &jan(), Action::AddEvidence(Box::new(piece)))
}

pub(crate) fn submitted() -> AnyClaim {
    does(
        draft(facts(ClaimRoute::PriorLearning)),
        &jan(),
        Action::Submit,
    )
}

pub(crate) fn in_assessment() -> AnyClaim {
    does(submitted(), &of_body(), appoint("ann", "quentin"))
}

pub(crate) fn in_assurance(met: [Met; 3]) -> AnyClaim {
    does(in_assessment(), &assessor("ann"), judged(met))
}

pub(crate) fn decided(met: [Met; 3]) -> AnyClaim {
    does(
        in_assurance(met),
        &assurer("quentin"),
        assure(Assurance::Agree),
    )
}
