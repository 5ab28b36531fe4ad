//! What the tests of claims share: people with tokens of their own, units with invented outcomes, and the mutations.

use crate::support::{Registry, Row, codes, csv, uln};
use registry::access::{Caller, NewToken, Role, mint};
use registry::action::framework::{TableFile, import};
use schema::RecognitionNumber;
use serde_json::{Value, json};
use std::time::Duration;

/// No source gave the outcomes of any unit: these are invented.
const OUTCOMES: &str = "unit,code,title,criteria,verified,source\n\
    L/601/1693,1,Know how children develop,Name the stages | Order them,N,an invented source\n\
    L/601/1693,2,Know what influences development,Name influences,N,an invented source\n\
    A/601/1429,1,Reflect on practice,Keep a record,N,an invented source\n";

pub(super) const ALL: [&str; 3] = ["L/601/1693:1", "L/601/1693:2", "A/601/1429:1"];

pub(super) const POLICY: &str = "awarding_body,route,from,until,earns_credit,most_credit,most_share,current_months,assessors,sampling,excluded,assessment_days,assurance_days,appeal_days,reminder_days,retention_months,verified,source\n";

pub(super) const CLAIM: &str =
    "id state route version deadline assessor qualityAssurer allowed judgementsDigest
    units { reference } outcomes { name unit title criteria sampled } statement claimant
    evidence { id kind title outcomes seenElsewhere by datedOn details }
    judgements { outcome met by appeal } feedback { text rule } award { id title route credit }
    history { action by part from to note } learner { id }";

/// A registry with the register, the framework, invented outcomes, and some people of whom another body told.
pub(super) fn registry(registry: Registry) -> Registry {
    let registry = registry.with_register().with_framework();
    outcomes(&registry);
    let rows = [1, 2, 3, 4, 5].map(|number| Row::elsewhere(number, &format!("S{number}")));
    registry.push_csv("RN5156", &csv(&rows));
    registry
}

/// Imports the invented outcomes.
pub(crate) fn outcomes(registry: &Registry) {
    table(registry, OUTCOMES);
}

/// Imports a table of the framework.
pub(super) fn table(registry: &Registry, text: &str) {
    let file = TableFile {
        name: "table.csv".to_owned(),
        content: text.as_bytes().to_vec(),
    };
    let imported = import(&registry.app.db, registry.app.clock.now(), vec![file]).unwrap();
    assert!(!imported.is_rejected(), "{imported:?}");
}

/// Somebody with that role and subject; their own record, where they have one.
pub(super) fn caller(
    registry: &Registry,
    role: Role,
    subject: &str,
    learner: Option<u32>,
    body: Option<&str>,
) -> Caller {
    let app = &registry.app;
    let token = bearer(registry, role, subject, learner, body);
    app.issuers.verify(&token, app.clock.now()).unwrap()
}

/// Their token.
pub(super) fn bearer(
    registry: &Registry,
    role: Role,
    subject: &str,
    learner: Option<u32>,
    body: Option<&str>,
) -> String {
    let learner = learner.map(uln);
    let new = NewToken {
        role,
        learner,
        awarding_body: body.map(|body| RecognitionNumber::parse(body).unwrap()),
        employer: (role == Role::Employer).then(|| "little-acorns".to_owned()),
        subject: subject.to_owned(),
        valid_for: Duration::from_secs(600),
    };
    let app = &registry.app;
    let name = &app.config.tokens.builtin_name;
    mint(&app.keys, name, &new, app.clock.now()).unwrap()
}

/// Those who work on claims.
pub(super) struct Cast {
    pub(super) jan: Caller,
    pub(super) wendy: Caller,
    pub(super) officer: Caller,
    pub(super) ann: Caller,
    pub(super) quentin: Caller,
    pub(super) rob: Caller,
    pub(super) ruth: Caller,
}

impl Cast {
    pub(super) fn of(registry: &Registry) -> Self {
        let one = |role, subject: &str| caller(registry, role, subject, None, None);
        Self {
            jan: caller(registry, Role::Practitioner, "jan", Some(1), None),
            wendy: one(Role::Employer, "wendy"),
            officer: caller(
                registry,
                Role::AwardingBody,
                "officer",
                None,
                Some("RN5217"),
            ),
            ann: one(Role::Assessor, "ann"),
            quentin: one(Role::QualityAssurer, "quentin"),
            rob: one(Role::Assessor, "rob"),
            ruth: one(Role::QualityAssurer, "ruth"),
        }
    }
}

/// What a mutation of claims answers: the claim, or the code.
pub(super) fn ask(
    registry: &Registry,
    caller: &Caller,
    mutation: &str,
    variables: Value,
) -> Result<Value, String> {
    let name = mutation
        .split(['{', '('])
        .map(str::trim)
        .find(|word| word.ends_with("Claim") || word.ends_with("Evidence"))
        .unwrap();
    let answer = registry.ask(caller, mutation, variables);
    match codes(&answer).first() {
        Some(code) => Err(code.clone()),
        None => Ok(answer["data"][name].clone()),
    }
}

pub(crate) fn open(
    registry: &Registry,
    caller: &Caller,
    route: &str,
    units: &[&str],
) -> Result<Value, String> {
    let text = format!("mutation($i: ClaimInput!) {{ openClaim(input: $i) {{ {CLAIM} }} }}");
    let input = json!({"i": {"route": route, "units": units, "awardingBody": "RN5217",
        "statement": "I have done this for years."}});
    ask(registry, caller, &text, input)
}

pub(super) fn add(
    registry: &Registry,
    caller: &Caller,
    id: &str,
    input: Value,
) -> Result<Value, String> {
    let text = format!(
        "mutation($id: ID!, $i: EvidenceInput!) {{ addEvidence(claim: $id, input: $i) {{ {CLAIM} }} }}"
    );
    ask(registry, caller, &text, json!({"id": id, "i": input}))
}

/// A mutation that takes a claim and nothing else.
pub(super) fn plain(
    registry: &Registry,
    caller: &Caller,
    name: &str,
    id: &str,
) -> Result<Value, String> {
    let text = format!("mutation($id: ID!) {{ {name}(id: $id) {{ {CLAIM} }} }}");
    ask(registry, caller, &text, json!({"id": id}))
}

pub(super) fn submit(registry: &Registry, caller: &Caller, id: &str) -> Result<Value, String> {
    plain(registry, caller, "submitClaim", id)
}

pub(super) fn assign(
    registry: &Registry,
    caller: &Caller,
    id: &str,
    assessor: Option<&str>,
    assurer: Option<&str>,
) -> Result<Value, String> {
    let text = format!(
        "mutation($id: ID!, $a: ID, $q: ID) {{ assignClaim(id: $id, assessor: $a, qualityAssurer: $q) {{ {CLAIM} }} }}"
    );
    let variables = json!({"id": id, "a": assessor, "q": assurer});
    ask(registry, caller, &text, variables)
}

/// Judgements of outcomes by all the evidence of a claim.
pub(super) fn judgements(claim: &Value, met: &[(&str, &str)]) -> Value {
    let evidence: Vec<&Value> = claim["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|piece| &piece["id"])
        .collect();
    let all = met.iter().map(|(outcome, met)| {
        let good = *met == "YES";
        json!({"outcome": outcome, "met": met, "evidence": evidence, "valid": true, "authentic": true,
            "reliable": true, "current": true, "sufficient": good,
            "note": (!good).then(|| format!("Show {outcome} once more"))})
    });
    all.collect()
}

pub(super) fn judge(
    registry: &Registry,
    caller: &Caller,
    claim: &Value,
    met: &[(&str, &str)],
) -> Result<Value, String> {
    let text = format!(
        "mutation($id: ID!, $j: [JudgementInput!]!, $v: Int!) {{ judgeClaim(id: $id, judgements: $j, version: $v) {{ {CLAIM} }} }}"
    );
    let variables = json!({"id": claim["id"], "j": judgements(claim, met), "v": claim["version"]});
    ask(registry, caller, &text, variables)
}

pub(super) fn assure(
    registry: &Registry,
    caller: &Caller,
    claim: &Value,
    decision: &str,
    note: Option<&str>,
) -> Result<Value, String> {
    let text = format!(
        "mutation($id: ID!, $d: AssuranceDecision!, $n: String, $v: Int!) {{ assureClaim(id: $id, decision: $d, note: $n, version: $v) {{ {CLAIM} }} }}"
    );
    let variables = json!({"id": claim["id"], "d": decision, "n": note, "v": claim["version"]});
    ask(registry, caller, &text, variables)
}

pub(super) fn appeal(registry: &Registry, caller: &Caller, id: &str) -> Result<Value, String> {
    let text = format!(
        "mutation($id: ID!) {{ appealClaim(id: $id, grounds: \"The playgroup's book shows it.\") {{ {CLAIM} }} }}"
    );
    ask(registry, caller, &text, json!({"id": id}))
}

/// The claim as somebody sees it.
pub(super) fn look(registry: &Registry, caller: &Caller, id: &str) -> Value {
    let text = format!("query($id: ID!) {{ claim(id: $id) {{ {CLAIM} }} }}");
    registry.data(caller, &text, json!({"id": id}))["claim"].clone()
}

pub(crate) fn id(claim: &Value) -> String {
    claim["id"].as_str().unwrap().to_owned()
}

/// Work in a playgroup.
pub(super) fn employment(outcomes: &[&str]) -> Value {
    json!({"kind": "EMPLOYMENT", "title": "Playgroup helper", "outcomes": outcomes,
        "details": {"employer": "An invented playgroup", "role": "helper", "from": "2019-09-01"}})
}

/// A claim of both units with evidence for everything, handed in by whoever's it is.
pub(super) fn handed_in(registry: &Registry, claimant: &Caller) -> Value {
    let claim = open(registry, claimant, "RPL", &["L/601/1693", "A/601/1429"]).unwrap();
    add(registry, claimant, &id(&claim), employment(&ALL)).unwrap();
    submit(registry, claimant, &id(&claim)).unwrap()
}

pub(super) fn in_assessment(registry: &Registry, cast: &Cast) -> Value {
    let claim = handed_in(registry, &cast.jan);
    let id = id(&claim);
    assign(registry, &cast.officer, &id, Some("ann"), Some("quentin")).unwrap()
}

pub(super) fn in_assurance(registry: &Registry, cast: &Cast, met: [&str; 3]) -> Value {
    let claim = in_assessment(registry, cast);
    let met: Vec<(&str, &str)> = ALL.into_iter().zip(met).collect();
    judge(registry, &cast.ann, &claim, &met).unwrap()
}

pub(super) fn decided(registry: &Registry, cast: &Cast, met: [&str; 3]) -> Value {
    let claim = in_assurance(registry, cast, met);
    assure(registry, &cast.quentin, &claim, "AGREE", None).unwrap()
}

/// The texts of a list of objects.
pub(super) fn texts(list: &Value, field: &str) -> Vec<String> {
    let all = list.as_array().unwrap().iter();
    all.map(|one| one[field].as_str().unwrap_or_default().to_owned())
        .collect()
}
