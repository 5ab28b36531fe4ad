//! Every state, every action, every role: done, or refused with its code.

use super::support::{
    ALL, Cast, add, appeal, assign, assure, caller, decided, employment, handed_in, id,
    in_assessment, in_assurance, judge, look, open, plain, registry, submit,
};
use crate::support::Registry;
use registry::access::{Caller, Role};
use serde_json::Value;

const ACTIONS: [&str; 7] = [
    "addEvidence",
    "submitClaim",
    "assignClaim",
    "judgeClaim",
    "assureClaim",
    "appealClaim",
    "withdrawClaim",
];

/// Each stage with what is legal there; a name that begins with `appeal` is under appeal.
const STAGES: [(&str, &[&str]); 12] = [
    ("draft", &["addEvidence", "submitClaim", "withdrawClaim"]),
    (
        "submitted",
        &["addEvidence", "assignClaim", "withdrawClaim"],
    ),
    (
        "in assessment",
        &["addEvidence", "assignClaim", "judgeClaim", "withdrawClaim"],
    ),
    (
        "in assurance",
        &["assignClaim", "assureClaim", "withdrawClaim"],
    ),
    ("awarded", &[]),
    ("partly awarded", &["appealClaim"]),
    ("declined", &["appealClaim"]),
    ("appealed", &["addEvidence", "assignClaim", "withdrawClaim"]),
    (
        "appeal in assessment",
        &["addEvidence", "assignClaim", "judgeClaim", "withdrawClaim"],
    ),
    (
        "appeal in assurance",
        &["assignClaim", "assureClaim", "withdrawClaim"],
    ),
    ("closed", &[]),
    ("withdrawn", &[]),
];

fn at(registry: &Registry, cast: &Cast, stage: &str) -> Value {
    let appealed = || {
        let claim = decided(registry, cast, ["NO"; 3]);
        appeal(registry, &cast.jan, &id(&claim)).unwrap()
    };
    let again = || {
        let claim = id(&appealed());
        assign(registry, &cast.officer, &claim, Some("rob"), Some("ruth")).unwrap()
    };
    let judged = || judge(registry, &cast.rob, &again(), &ALL.map(|one| (one, "YES"))).unwrap();
    match stage {
        "draft" => {
            let claim = open(registry, &cast.jan, "RPL", &["L/601/1693", "A/601/1429"]).unwrap();
            add(registry, &cast.jan, &id(&claim), employment(&ALL)).unwrap()
        }
        "submitted" => handed_in(registry, &cast.jan),
        "in assessment" => in_assessment(registry, cast),
        "in assurance" => in_assurance(registry, cast, ["YES"; 3]),
        "awarded" => decided(registry, cast, ["YES"; 3]),
        "partly awarded" => decided(registry, cast, ["YES", "YES", "NO"]),
        "declined" => decided(registry, cast, ["NO"; 3]),
        "appealed" => appealed(),
        "appeal in assessment" => again(),
        "appeal in assurance" => judged(),
        "closed" => assure(registry, &cast.ruth, &judged(), "AGREE", None).unwrap(),
        _ => {
            let claim = handed_in(registry, &cast.jan);
            plain(registry, &cast.jan, "withdrawClaim", &id(&claim)).unwrap()
        }
    }
}

fn does(registry: &Registry, by: &Caller, claim: &Value, action: &str) -> Result<Value, String> {
    let claim_id = id(claim);
    match action {
        "addEvidence" => add(registry, by, &claim_id, employment(&[ALL[0]])),
        "submitClaim" => submit(registry, by, &claim_id),
        "assignClaim" => assign(registry, by, &claim_id, None, Some("zoe")),
        "judgeClaim" => judge(registry, by, claim, &[(ALL[0], "YES")]),
        "assureClaim" => assure(registry, by, claim, "AGREE", None),
        "appealClaim" => appeal(registry, by, &claim_id),
        _ => plain(registry, by, "withdrawClaim", &claim_id),
    }
}

/// Whose action it is.
fn role_of(action: &str) -> Role {
    match action {
        "assignClaim" => Role::AwardingBody,
        "judgeClaim" => Role::Assessor,
        "assureClaim" => Role::QualityAssurer,
        _ => Role::Practitioner,
    }
}

#[test]
fn every_action_in_every_state_by_every_role_is_done_or_refused_with_its_code() {
    let registry = registry(Registry::new());
    let cast = Cast::of(&registry);
    let one = |role, subject: &str| caller(&registry, role, subject, None, None);
    let other = caller(&registry, Role::Practitioner, "other", Some(2), None);
    let body = caller(
        &registry,
        Role::AwardingBody,
        "another",
        None,
        Some("RN5156"),
    );
    let people: [(&str, Option<Role>, Caller); 12] = [
        ("nobody", None, Caller::nobody()),
        ("the claimant", Some(Role::Practitioner), cast.jan.clone()),
        ("another practitioner", Some(Role::Practitioner), other),
        ("the body", Some(Role::AwardingBody), cast.officer.clone()),
        ("another body", Some(Role::AwardingBody), body),
        ("an employer", Some(Role::Employer), cast.wendy.clone()),
        ("its assessor", Some(Role::Assessor), cast.ann.clone()),
        (
            "another assessor",
            Some(Role::Assessor),
            one(Role::Assessor, "bea"),
        ),
        (
            "its assurer",
            Some(Role::QualityAssurer),
            cast.quentin.clone(),
        ),
        (
            "another assurer",
            Some(Role::QualityAssurer),
            one(Role::QualityAssurer, "zed"),
        ),
        (
            "a steward",
            Some(Role::Steward),
            one(Role::Steward, "steward"),
        ),
        (
            "a statistician",
            Some(Role::Statistician),
            one(Role::Statistician, "count"),
        ),
    ];
    let (mut done, mut refused) = (0, 0);
    for (stage, legal) in STAGES {
        let under_appeal = stage.starts_with("appeal ");
        let mut claim = at(&registry, &cast, stage);
        for action in ACTIONS {
            for (name, role, by) in &people {
                // Under appeal others have taken over from those who assessed and assured before.
                let by = match *name {
                    "its assessor" if under_appeal => &cast.rob,
                    "its assurer" if under_appeal => &cast.ruth,
                    _ => by,
                };
                let sees = match *name {
                    "the claimant" => true,
                    "the body" => stage != "draft",
                    "its assessor" | "its assurer" => {
                        !["draft", "submitted", "withdrawn"].contains(&stage)
                    }
                    _ => false,
                };
                let expected = match role {
                    None => "unauthenticated",
                    Some(role) if *role != role_of(action) => "forbidden",
                    Some(_) if !sees => "not-found",
                    Some(_) if !legal.contains(&action) => "state-conflict",
                    Some(_) => "done",
                };
                let given = match does(&registry, by, &claim, action) {
                    Ok(_) => "done".to_owned(),
                    Err(code) => code,
                };
                assert_eq!(given, expected, "{stage}: {action} by {name}");
                if given == "done" {
                    done += 1;
                    claim = at(&registry, &cast, stage);
                } else {
                    refused += 1;
                }
            }
        }
        // What was refused changed nothing.
        let left = look(&registry, &cast.jan, &id(&claim));
        let is = |seen: &Value| (seen["state"].clone(), seen["version"].clone());
        assert_eq!(is(&left), is(&claim), "{stage}");
    }
    assert_eq!(done + refused, STAGES.len() * ACTIONS.len() * people.len());
    let legal: usize = STAGES.iter().map(|(_, legal)| legal.len()).sum();
    assert_eq!(done, legal);
}
