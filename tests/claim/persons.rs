//! Nobody is on both sides, whichever of their tokens they come with.

use super::support::{ALL, open, submit};
use super::support::{Cast, add, assign, employment, handed_in, id, judge, look, registry};
use crate::support::{Registry, TestKey, uln};
use registry::access::Caller;
use registry::config::Issuer;
use serde_json::{Value, json};

/// A registry that trusts a second issuer too, and tokens of that.
struct Two {
    registry: Registry,
    key: TestKey,
    _folder: tempfile::TempDir,
}

impl Two {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jwks.json");
        let key = TestKey::ed25519();
        std::fs::write(&path, json!({"keys": [key.jwk("k")]}).to_string()).unwrap();
        let registry = registry(Registry::configured(|config| {
            config.tokens.issuers = vec![Issuer {
                issuer: "https://two.example".to_owned(),
                jwks: path.to_str().unwrap().to_owned(),
                audience: "registry".to_owned(),
                leeway: 30,
                algorithms: vec!["EdDSA".to_owned()],
                refresh: 300,
            }];
        }));
        Self {
            registry,
            key,
            _folder: folder,
        }
    }

    /// Somebody with a token of the second issuer.
    fn caller(&self, role: &str, subject: &str, learner: Option<u32>) -> Caller {
        let app = &self.registry.app;
        let now = app.clock.now().and_utc().timestamp();
        let mut claims = json!({"iss": "https://two.example", "aud": "registry", "sub": subject, "jti": "one",
            "iat": now, "exp": now + 600, "roles": [role]});
        if let Some(learner) = learner {
            claims["learner"] = Value::from(uln(learner));
        }
        let token = self.key.token("k", &claims);
        app.issuers.ask(&token, app.clock.now());
        app.issuers.verify(&token, app.clock.now()).unwrap()
    }
}

const JAN: &str = "https://two.example|jan-elsewhere";
const ANN: &str = "https://two.example|ann-elsewhere";

#[test]
fn a_claimant_with_another_issuers_token_judges_nothing_of_their_own() {
    let two = Two::new();
    let registry = &two.registry;
    let cast = Cast::of(registry);
    let claim = id(&handed_in(registry, &cast.jan));
    // Whose token it is nobody can know yet: it is known once it comes.
    assign(
        registry,
        &cast.officer,
        &claim,
        Some(JAN),
        Some("registry|quentin"),
    )
    .unwrap();
    let elsewhere = two.caller("assessor", "jan-elsewhere", Some(1));
    let seen = look(registry, &elsewhere, &claim);
    assert_eq!(seen["allowed"], json!([]));
    let all = ALL.map(|one| (one, "YES"));
    assert_eq!(
        judge(registry, &elsewhere, &seen, &all),
        Err("same-person".to_owned())
    );
    // From then on it is known, also where a token does not say so.
    let silent = two.caller("assessor", "jan-elsewhere", None);
    let seen = look(registry, &silent, &claim);
    assert_eq!(
        judge(registry, &silent, &seen, &all),
        Err("same-person".to_owned())
    );
    let again = assign(registry, &cast.officer, &claim, Some(JAN), None);
    assert_eq!(again, Err("same-person".to_owned()));
    assert_eq!(registry.count("claim_judgement"), 0);
}

#[test]
fn an_assessor_with_another_issuers_token_does_not_assure_their_own_judgement() {
    let two = Two::new();
    let registry = &two.registry;
    let cast = Cast::of(registry);
    let claim = id(&handed_in(registry, &cast.jan));
    let ann = super::support::caller(
        registry,
        registry::access::Role::Assessor,
        "ann",
        Some(3),
        None,
    );
    assign(
        registry,
        &cast.officer,
        &claim,
        Some("registry|ann"),
        Some(ANN),
    )
    .unwrap();
    let seen = look(registry, &ann, &claim);
    let judged = judge(registry, &ann, &seen, &ALL.map(|one| (one, "YES"))).unwrap();
    assert_eq!(judged["state"], "IN_ASSURANCE");
    let elsewhere = two.caller("quality_assurer", "ann-elsewhere", Some(3));
    let refused = super::support::assure(registry, &elsewhere, &judged, "AGREE", None);
    assert_eq!(refused, Err("same-person".to_owned()));
    assert_eq!(registry.count("achievement WHERE route = 'rpl'"), 0);
    // Somebody else can.
    assign(
        registry,
        &cast.officer,
        &claim,
        None,
        Some("registry|quentin"),
    )
    .unwrap();
    let seen = look(registry, &cast.quentin, &claim);
    let done = super::support::assure(registry, &cast.quentin, &seen, "AGREE", None).unwrap();
    assert_eq!(done["state"], "AWARDED");
}

#[test]
fn a_witness_judges_nothing_and_a_judge_is_no_witness() {
    let two = Two::new();
    let registry = &two.registry;
    let cast = Cast::of(registry);
    let claim = open(registry, &cast.jan, "RPL", &["L/601/1693"]).unwrap();
    let claim = id(&claim);
    add(registry, &cast.jan, &claim, employment(&["1", "2"])).unwrap();
    let testimony = json!({"kind": "WITNESS_TESTIMONY", "title": "Seen", "outcomes": ["1"], "details": {"statement": "I saw it"}});
    // Jan's other token is Jan.
    let jan = two.caller("practitioner", "jan-elsewhere", Some(1));
    assert_eq!(
        add(registry, &jan, &claim, testimony.clone()),
        Err("same-person".to_owned())
    );
    add(registry, &cast.rob, &claim, testimony.clone()).unwrap();
    submit(registry, &cast.jan, &claim).unwrap();
    let refused = assign(registry, &cast.officer, &claim, Some("registry|rob"), None);
    assert_eq!(refused, Err("same-person".to_owned()));
    assign(registry, &cast.officer, &claim, Some("registry|ann"), None).unwrap();
    assert_eq!(
        add(registry, &cast.ann, &claim, testimony),
        Err("same-person".to_owned())
    );
    // With two issuers a subject alone names nobody.
    let refused = assign(registry, &cast.officer, &claim, None, Some("quentin"));
    assert_eq!(refused, Err("input-invalid".to_owned()));
}
