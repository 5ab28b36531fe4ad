//! Every stage and every action: legal where the table says so, and refused everywhere else.

use crate::world::{
    TODAY, appoint, as_part, assessor, assure, assurer, day, decided, does, draft, evidence, facts,
    in_assessment, in_assurance, jan, judged, of_body, person, submitted,
};
use claim::{Action, ActionKind, AnyClaim, Assurance, ClaimRoute, Met, Part, State};
use schema::Code;

fn stages() -> Vec<(&'static str, AnyClaim)> {
    use Met::{NotYet, Yes};
    let appealed = does(decided([NotYet; 3]), &jan(), Action::Appeal);
    let assessed = does(appealed.clone(), &of_body(), appoint("rob", "ruth"));
    let assured = does(assessed.clone(), &assessor("rob"), judged([Yes; 3]));
    let closed = does(assured.clone(), &assurer("ruth"), assure(Assurance::Agree));
    vec![
        ("draft", draft(facts(ClaimRoute::PriorLearning))),
        ("submitted", submitted()),
        ("in assessment", in_assessment()),
        ("in assurance", in_assurance([Yes; 3])),
        ("awarded", decided([Yes; 3])),
        ("partly awarded", decided([Yes, Yes, NotYet])),
        ("declined", decided([NotYet; 3])),
        ("appealed", appealed),
        ("appeal in assessment", assessed),
        ("appeal in assurance", assured),
        ("closed", closed),
        ("withdrawn", does(submitted(), &jan(), Action::Withdraw)),
    ]
}

fn action(kind: ActionKind) -> Action {
    match kind {
        ActionKind::AddEvidence => {
            Action::AddEvidence(Box::new(evidence(9, &["L/601/1693:1"], &person("jan"))))
        }
        ActionKind::Submit => Action::Submit,
        ActionKind::Assign => Action::Assign(claim::Appointment {
            assessor: None,
            assurer: Some(person("zoe")),
        }),
        ActionKind::Judge => judged([Met::Yes; 3]),
        ActionKind::Assure => assure(Assurance::Agree),
        ActionKind::Appeal => Action::Appeal,
        ActionKind::Withdraw => Action::Withdraw,
    }
}

#[test]
fn each_stage_has_the_moves_that_it_says_and_no_other() {
    for (name, claim) in stages() {
        let judges = if name.starts_with("appeal") {
            "rob"
        } else {
            "ann"
        };
        let assures = if name.starts_with("appeal") {
            "ruth"
        } else {
            "quentin"
        };
        for kind in ActionKind::ALL {
            let by = match kind {
                ActionKind::Assign => of_body(),
                ActionKind::Judge => assessor(judges),
                ActionKind::Assure => assurer(assures),
                _ => jan(),
            };
            let done = claim.clone().act(&by, action(kind), day(TODAY));
            let legal = claim.moves().contains(&kind);
            match done {
                Ok(_) => assert!(legal, "{name}: {kind:?} was done"),
                Err(code) => {
                    assert!(!legal, "{name}: {kind:?} was refused: {code}");
                    assert_eq!(code, Code::StateConflict, "{name}: {kind:?}");
                }
            }
            let allowed = claim.allowed(&by, day(TODAY)).contains(&kind);
            assert_eq!(allowed, legal, "{name}: {kind:?} by whoever may");
        }
    }
}

#[test]
fn what_is_legal_for_one_part_is_refused_to_every_other() {
    for (name, claim) in stages() {
        for kind in claim.moves() {
            let whose = match kind {
                ActionKind::Assign => Part::Body,
                ActionKind::Judge => Part::Assessor,
                ActionKind::Assure => Part::Assurer,
                _ => Part::Claimant,
            };
            for part in Part::ALL.into_iter().filter(|part| *part != whose) {
                for who in [
                    "jan", "ann", "quentin", "rob", "ruth", "officer", "stranger",
                ] {
                    let by = as_part(who, part);
                    let refused = claim.clone().act(&by, action(*kind), day(TODAY));
                    assert_eq!(
                        refused.err(),
                        Some(Code::Forbidden),
                        "{name}: {kind:?} by {who} as {part:?}"
                    );
                    // An assessor may add what they saw.
                    let observes = part == Part::Assessor && *kind == ActionKind::AddEvidence;
                    let allowed = claim.allowed(&by, day(TODAY)).contains(kind);
                    assert!(
                        observes || !allowed,
                        "{name}: {kind:?} by {who} as {part:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_stored_claim_comes_back_at_its_stage() {
    for (name, claim) in stages() {
        let stored = AnyClaim::stored(claim.state(), claim.judged(), claim.facts().clone());
        assert_eq!(stored, claim, "{name}");
    }
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Some(state));
    }
}
