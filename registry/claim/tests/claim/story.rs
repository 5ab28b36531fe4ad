//! Claims from draft to the end.

use crate::world::{
    ALL_GOOD, OUTCOMES, TODAY, appoint, as_part, assessor, assure, assurer, day, decided, does,
    evidence, facts, in_assessment, in_assurance, jan, judged, judgement, of_body, person,
    submitted,
};
use claim::{
    Action, AnyClaim, Assurance, ClaimRoute, Evidence, EvidenceKind, Feedback, Met, Outcome, Part,
    Qualities, Quality, Reminder, Sampling, State, Terms, due, reminder,
};
use schema::Code;

use Met::{NotYet, Undetermined, Yes};

fn refused(claim: &AnyClaim, by: &claim::Actor, action: Action) -> Code {
    claim.clone().act(by, action, day(TODAY)).unwrap_err()
}

#[test]
fn what_is_judged_and_assured_is_granted_with_its_credit() {
    let claim = in_assurance([Yes; 3]);
    assert_eq!(claim.state(), State::InAssurance);
    let done = claim.act(&assurer("quentin"), assure(Assurance::Agree), day(TODAY));
    let done = done.unwrap();
    assert_eq!(done.claim.state(), State::Awarded);
    let decision = done.decision.unwrap();
    assert_eq!(decision.outcome, Outcome::Awarded);
    let credit: Vec<_> = decision
        .granted
        .iter()
        .map(|one| (one.unit(), one.credit()))
        .collect();
    assert_eq!(credit, [(0, Some(4)), (1, Some(4))]);
    assert_eq!(decision.feedback, []);
}

#[test]
fn one_outcome_that_is_not_met_keeps_its_unit_and_says_what_is_missing() {
    let lacking = Qualities {
        current: false,
        sufficient: false,
        ..ALL_GOOD
    };
    let mut not_yet = judgement(OUTCOMES[1], NotYet);
    not_yet.qualities = lacking;
    not_yet.note = Some("A second observation is needed".to_owned());
    let judgements = vec![
        judgement(OUTCOMES[0], Yes),
        not_yet,
        judgement(OUTCOMES[2], Yes),
    ];
    let claim = does(in_assessment(), &assessor("ann"), Action::Judge(judgements));
    let done = claim
        .act(&assurer("quentin"), assure(Assurance::Agree), day(TODAY))
        .unwrap();
    assert_eq!(done.claim.state(), State::PartlyAwarded);
    assert_eq!(
        done.decision.unwrap().feedback,
        [Feedback::NotYet {
            outcome: OUTCOMES[1].to_owned(),
            lacking: vec![Quality::Current, Quality::Sufficient],
            note: Some("A second observation is needed".to_owned()),
        }]
    );
    assert_eq!(
        decided([NotYet, Undetermined, Undetermined]).state(),
        State::Declined
    );
}

#[test]
fn an_appeal_is_judged_by_others_and_takes_nothing_that_was_granted() {
    let claim = decided([Yes, NotYet, Yes]);
    let appealed = does(claim, &jan(), Action::Appeal);
    assert_eq!(appealed.state(), State::UnderAppeal);
    for (one, other) in [("ann", "ruth"), ("rob", "quentin"), ("quentin", "ann")] {
        assert_eq!(
            refused(&appealed, &of_body(), appoint(one, other)),
            Code::SamePerson
        );
    }
    let again = does(appealed, &of_body(), appoint("rob", "ruth"));
    // What was granted stays, and is judged no more.
    let settled = Action::Judge(vec![judgement(OUTCOMES[2], NotYet)]);
    assert_eq!(
        refused(&again, &assessor("rob"), settled),
        Code::OutcomeSettled
    );
    let judgements = OUTCOMES[..2].iter().map(|one| judgement(one, Yes));
    let judged = does(again, &assessor("rob"), Action::Judge(judgements.collect()));
    assert!(judged.judged());
    let done = judged
        .act(&assurer("ruth"), assure(Assurance::Agree), day(TODAY))
        .unwrap();
    assert_eq!(done.claim.state(), State::Closed);
    let decision = done.decision.unwrap();
    assert_eq!(decision.outcome, Outcome::Awarded);
    assert_eq!(decision.granted.len(), 1);
    assert_eq!(decision.granted[0].unit(), 0);
}

#[test]
fn an_appeal_that_is_given_up_leaves_what_was_decided() {
    let appealed = does(decided([Yes, NotYet, Yes]), &jan(), Action::Appeal);
    let again = does(appealed, &of_body(), appoint("rob", "ruth"));
    let part = Action::Judge(vec![judgement(OUTCOMES[1], Yes)]);
    let again = does(again, &assessor("rob"), part);
    let closed = does(again, &jan(), Action::Withdraw);
    assert_eq!(closed.state(), State::Closed);
    assert_eq!(
        closed.feedback(4).len(),
        1,
        "what nobody assured counts for nothing"
    );
}

#[test]
fn a_judgement_is_returned_and_judged_again_or_overturned() {
    let claim = in_assurance([Yes; 3]);
    let without = |says| Action::Assure {
        says,
        note: None,
        gained: 0,
    };
    for says in [Assurance::Return, Assurance::Overturn] {
        assert_eq!(
            refused(&claim, &assurer("quentin"), without(says)),
            Code::InputInvalid
        );
    }
    let returned = does(
        claim.clone(),
        &assurer("quentin"),
        assure(Assurance::Return),
    );
    assert_eq!(returned.state(), State::InAssessment);
    // Who sent it back cannot become its assessor.
    assert_eq!(
        refused(&returned, &of_body(), appoint("quentin", "ruth")),
        Code::SamePerson
    );
    let one = Action::Judge(vec![judgement(OUTCOMES[0], NotYet)]);
    let again = does(returned, &assessor("ann"), one);
    assert_eq!(again.state(), State::InAssurance);

    let overturned = claim.act(&assurer("quentin"), assure(Assurance::Overturn), day(TODAY));
    let overturned = overturned.unwrap();
    assert_eq!(overturned.claim.state(), State::Declined);
    let decision = overturned.decision.unwrap();
    assert!(decision.granted.is_empty());
    assert_eq!(decision.feedback.len(), 3);
    assert_eq!(
        refused(
            &in_assurance([NotYet; 3]),
            &assurer("quentin"),
            assure(Assurance::Overturn)
        ),
        Code::NothingToOverturn
    );
}

#[test]
fn who_judged_cannot_be_made_assurer_of_it() {
    let part = Action::Judge(vec![judgement(OUTCOMES[0], Yes)]);
    let claim = does(in_assessment(), &assessor("ann"), part);
    let claim = does(claim, &of_body(), appoint("bea", "quentin"));
    let code = refused(&claim, &of_body(), appoint("bea", "ann"));
    assert_eq!(code, Code::SamePerson);
}

#[test]
fn an_outcome_is_met_only_by_evidence_that_is_all_it_must_be() {
    let claim = in_assessment();
    let judge = |change: &dyn Fn(&mut claim::Judgement)| {
        let mut one = judgement(OUTCOMES[0], Yes);
        change(&mut one);
        refused(&claim, &assessor("ann"), Action::Judge(vec![one]))
    };
    assert_eq!(
        judge(&|one| one.qualities.authentic = false),
        Code::JudgementContradicts
    );
    assert_eq!(
        judge(&|one| one.evidence.clear()),
        Code::JudgementContradicts
    );
    assert_eq!(
        judge(&|one| one.evidence = vec![[9; 16]]),
        Code::EvidenceUnknown
    );
    assert_eq!(
        judge(&|one| one.outcome = "9".to_owned()),
        Code::OutcomeUnknown
    );
    let twice = vec![judgement(OUTCOMES[0], Yes), judgement(OUTCOMES[0], NotYet)];
    assert_eq!(
        refused(&claim, &assessor("ann"), Action::Judge(twice)),
        Code::InputInvalid
    );
    assert_eq!(
        refused(&claim, &assessor("bea"), judged([Yes; 3])),
        Code::Forbidden
    );
}

#[test]
fn evidence_is_as_young_as_the_terms_ask() {
    let mut facts = facts(ClaimRoute::PriorLearning);
    facts.terms.current_months = Some(24);
    let mut old = evidence(1, &OUTCOMES, &person("jan"));
    old.dated_on = Some(day("2024-05-31"));
    facts.evidence.push(old);
    let mut young = evidence(2, &OUTCOMES, &person("jan"));
    young.dated_on = Some(day("2024-06-01"));
    facts.evidence.push(young);
    facts.assessor = Some(person("ann"));
    let claim = AnyClaim::stored(State::InAssessment, false, facts);
    assert_eq!(
        refused(&claim, &assessor("ann"), judged([Yes; 3])),
        Code::EvidenceTooOld
    );
    let mut one = judgement(OUTCOMES[0], Yes);
    one.evidence = vec![[2; 16]];
    does(claim, &assessor("ann"), Action::Judge(vec![one]));
}

#[test]
fn each_route_rests_on_evidence_of_its_own() {
    let achievement = |of: &str, counts| Evidence {
        kind: EvidenceKind::Achievement,
        of: Some(of.to_owned()),
        counts,
        ..evidence(1, &[], &person("jan"))
    };
    let document = Evidence {
        kind: EvidenceKind::Document,
        ..evidence(1, &[], &person("jan"))
    };
    let (same, other) = (achievement("U", true), achievement("V", true));
    let brought = achievement("U", false);
    let rests = |route: ClaimRoute, piece: &Evidence| route.rests_on(piece, "U", &["W".to_owned()]);
    use ClaimRoute::{CreditTransfer, Equivalence, Exemption, PriorLearning};
    for (piece, expected) in [
        (&same, [true, true, false, false]),
        (&achievement("W", true), [true, true, true, true]),
        (&other, [true, false, true, true]),
        // What the person brought transfers no credit.
        (&brought, [true, false, false, false]),
        (&achievement("V", false), [true, false, true, false]),
        (&document, [true, false, true, false]),
    ] {
        let got = [PriorLearning, CreditTransfer, Exemption, Equivalence]
            .map(|route| rests(route, piece));
        assert_eq!(got, expected, "{:?} {}", piece.of, piece.counts);
    }
    let bare = AnyClaim::stored(State::Draft, false, facts(ClaimRoute::CreditTransfer));
    assert_eq!(
        refused(&bare, &jan(), Action::Submit),
        Code::EvidenceMissing
    );
}

#[test]
fn caps_hold_unit_by_unit_and_an_exemption_earns_no_credit() {
    let mut facts = facts(ClaimRoute::PriorLearning);
    facts.terms.most_credit = Some(10);
    facts.assessor = Some(person("ann"));
    facts.assurer = Some(person("quentin"));
    facts.evidence.push(evidence(1, &OUTCOMES, &person("jan")));
    let claim = AnyClaim::stored(State::InAssessment, false, facts.clone());
    let claim = does(claim, &assessor("ann"), judged([Yes; 3]));
    let agree = |gained| Action::Assure {
        says: Assurance::Agree,
        note: None,
        gained,
    };
    for (gained, units, capped) in [(0, 2, 0), (2, 2, 0), (3, 1, 1), (6, 1, 1), (7, 0, 2)] {
        let done = claim
            .clone()
            .act(&assurer("quentin"), agree(gained), day(TODAY));
        let decision = done.unwrap().decision.unwrap();
        assert_eq!(decision.granted.len(), units, "{gained}");
        assert_eq!(decision.feedback.len(), capped, "{gained}");
    }
    facts.terms = Terms::general(facts.terms.body, ClaimRoute::Exemption);
    facts.terms.most_credit = Some(0);
    facts.route = ClaimRoute::Exemption;
    let claim = AnyClaim::stored(State::InAssessment, false, facts);
    let claim = does(claim, &assessor("ann"), judged([Yes; 3]));
    let done = claim
        .act(&assurer("quentin"), agree(0), day(TODAY))
        .unwrap();
    let credit = done.decision.unwrap().granted;
    assert!(credit.len() == 2 && credit.iter().all(|one| one.credit().is_none()));
}

#[test]
fn a_sample_is_bounded_never_empty_and_always_the_same() {
    let mut facts = facts(ClaimRoute::PriorLearning);
    for (share, many) in [(1, 1), (33, 1), (34, 2), (67, 3), (100, 3)] {
        facts.terms.sampling = Sampling::Share(share);
        assert_eq!(facts.sample().len(), many, "{share}");
        assert_eq!(facts.sample(), facts.sample());
    }
    facts.terms.sampling = Sampling::Full;
    assert_eq!(facts.sample().len(), 3);
}

#[test]
fn a_witness_testifies_and_then_judges_nothing() {
    let testimony = |by: &str| {
        let piece = Evidence {
            kind: EvidenceKind::WitnessTestimony,
            ..evidence(3, &[OUTCOMES[0]], &person(by))
        };
        (
            as_part(by, Part::Witness),
            Action::AddEvidence(Box::new(piece)),
        )
    };
    let (jan, own) = testimony("jan");
    assert_eq!(refused(&submitted(), &jan, own), Code::SamePerson);
    let (wendy, seen) = testimony("wendy");
    let claim = does(submitted(), &wendy, seen);
    assert_eq!(
        refused(&claim, &of_body(), appoint("wendy", "quentin")),
        Code::SamePerson
    );
    let (ann, late) = testimony("ann");
    assert_eq!(refused(&in_assessment(), &ann, late), Code::SamePerson);
}

#[test]
fn deadlines_are_reminded_of_once_and_close_what_can_be_appealed_no_more() {
    let terms = facts(ClaimRoute::PriorLearning).terms;
    let by = due(&terms, State::Submitted, day("2026-06-01"));
    assert_eq!(by, Some(day("2026-07-13")));
    let on = |last, today: &str| reminder(&terms, by, last, day(today));
    assert_eq!(on(None, "2026-07-05"), None);
    assert_eq!(on(None, "2026-07-06"), Some(Reminder::Near));
    assert_eq!(on(Some(Reminder::Near), "2026-07-13"), None);
    assert_eq!(
        on(Some(Reminder::Near), "2026-07-14"),
        Some(Reminder::Passed)
    );
    assert_eq!(on(Some(Reminder::Passed), "2026-08-14"), None);

    let declined = decided([NotYet; 3]);
    assert_eq!(
        declined.clone().close(day("2026-06-29")).err(),
        Some(Code::StateConflict)
    );
    let late = declined
        .clone()
        .act(&jan(), Action::Appeal, day("2026-06-30"));
    assert_eq!(late.err(), Some(Code::AppealTooLate));
    assert_eq!(
        declined.close(day("2026-06-30")).unwrap().state(),
        State::Closed
    );
}

#[test]
fn terms_are_those_of_the_day() {
    let general = facts(ClaimRoute::PriorLearning).terms;
    let from = |from: &str, most| Terms {
        from: Some(day(from)),
        most_credit: Some(most),
        ..general.clone()
    };
    let policies = [from("2026-01-01", 30), from("2025-01-01", 20)];
    let on = |text| {
        Terms::on(
            &policies,
            general.body,
            ClaimRoute::PriorLearning,
            day(text),
        )
    };
    assert_eq!(on("2024-12-31").most_credit, None);
    assert_eq!(on("2025-12-31").most_credit, Some(20));
    assert_eq!(on("2026-01-01").most_credit, Some(30));
}

#[test]
fn the_code_alone_names_an_outcome_where_there_is_one_unit() {
    let mut facts = facts(ClaimRoute::PriorLearning);
    assert!(facts.outcome("1").is_none());
    facts.units.truncate(1);
    facts.outcomes.truncate(2);
    assert_eq!(facts.outcome("2").unwrap().name, OUTCOMES[1]);
}
