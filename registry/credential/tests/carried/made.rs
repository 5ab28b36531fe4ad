//! What is made is judged well, in every form, by the keys that are published.

use crate::support::{
    DID, all_is_well, at, award, badge, holder, issuer, judge, judge_at, key, keys, list, public,
    record_of, sealed, sealed_by, text, token, token_by,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use credential::{CheckName, NoLists, Outcome, Trust, did_key, method_of, outcome};
use proof::{Document, Limits};
use schema::Code;
use serde_json::{Value, json};

const FIVE: [CheckName; 5] = [
    CheckName::Issuer,
    CheckName::Proof,
    CheckName::Schema,
    CheckName::Validity,
    CheckName::Revocation,
];

fn codes(judgement: &credential::Judgement) -> Vec<Code> {
    judgement.checks.iter().map(|check| check.code).collect()
}

#[test]
fn a_badge_a_record_and_both_as_tokens_pass_every_check() {
    let badge = badge();
    let record = record_of(&[sealed(&badge)]);
    let presentation = credential::presentation(&[sealed(&badge), sealed(&badge)]);
    for document in [
        text(&sealed(&badge)),
        token(&badge),
        text(&sealed(&record)),
        token(&record),
        text(&presentation),
    ] {
        let judgement = judge(&document, &all_is_well);
        let names: Vec<CheckName> = judgement.checks.iter().map(|check| check.name).collect();
        assert_eq!(names, FIVE);
        assert_eq!(
            outcome(&judgement.checks, &FIVE),
            Outcome::Passed,
            "{judgement:?} {document}"
        );
        assert_eq!(
            codes(&judgement)[..4],
            [
                Code::IssuerEstablished,
                Code::ProofVerified,
                Code::SchemaValid,
                Code::CredentialCurrent
            ]
        );
        assert_eq!(judgement.trust, Trust::Own);
        assert!(!judgement.own.is_empty());
    }
}

#[test]
fn a_retired_key_goes_on_verifying_and_a_strangers_does_not() {
    let with = |seed: u8| {
        judge(
            &text(&sealed_by(seed, DID, &badge(), crate::support::now())),
            &all_is_well,
        )
    };
    assert_eq!(outcome(&with(2).checks, &FIVE), Outcome::Passed);
    let stranger = with(3);
    let proof = stranger.check(CheckName::Proof).unwrap();
    assert_eq!(
        (proof.result, proof.code),
        (Outcome::NotChecked, Code::KeyUnknown)
    );
    // The stranger's signature under the name of our key.
    let mut forged = sealed_by(3, DID, &badge(), crate::support::now());
    forged["proof"]["verificationMethod"] = method_of(DID, &public(1)).into();
    let forged = judge(&text(&forged), &all_is_well);
    let proof = forged.check(CheckName::Proof).unwrap();
    assert_eq!(
        (proof.result, proof.code),
        (Outcome::Failed, Code::ProofMismatch)
    );
    assert!(forged.own.is_empty());
}

/// For trials a registry issues as the key itself. It is the registry only where it is known to be.
#[test]
fn a_did_key_issuer_is_believed_where_it_is_known() {
    for (seed, result, code) in [
        (1, Outcome::Passed, Code::IssuerEstablished),
        (3, Outcome::NotChecked, Code::IssuerUnknown),
    ] {
        let did = did_key(&public(seed));
        let issuer = credential::Issuer {
            id: did.clone(),
            ..issuer()
        };
        let badge = credential::open_badge(&award(), &holder(), &issuer, crate::support::now());
        for document in [
            text(&sealed_by(seed, &did, &badge, crate::support::now())),
            token_by(seed, &method_of(&did, &public(seed)), &badge),
        ] {
            let judgement = judge(&document, &NoLists);
            let check = judgement.check(CheckName::Issuer).unwrap();
            assert_eq!((check.result, check.code), (result, code), "{judgement:?}");
            let proof = judgement.check(CheckName::Proof).unwrap();
            assert_eq!(proof.result, Outcome::Passed);
        }
    }
}

#[test]
fn a_token_says_in_its_claims_what_the_credential_says() {
    let badge = badge();
    let token = token(&badge);
    let part = |at: usize| -> Value {
        let part = token.split('.').nth(at).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    let (header, claims) = (part(0), part(1));
    assert_eq!(
        header,
        json!({"alg": "EdDSA", "typ": "JWT", "kid": format!("{DID}#one")})
    );
    assert_eq!(claims["iss"], DID);
    assert_eq!(claims["sub"], holder().id);
    assert_eq!(claims["jti"], badge["id"]);
    assert_eq!(claims["nbf"], at("2026-01-15T00:00:00Z").timestamp());
    assert_eq!(claims["iat"], crate::support::now().timestamp());
    assert!(claims.get("vc").is_none() && claims.get("exp").is_none());
    assert!(badge.iter().all(|(name, value)| claims[name] == *value));
}

#[test]
fn a_badge_tells_the_award_and_of_the_person_no_more_than_names() {
    let badge = badge();
    assert_eq!(badge["validFrom"], "2026-01-15T00:00:00Z");
    assert_eq!(badge["credentialStatus"]["statusListIndex"], "77");
    let subject = &badge["credentialSubject"];
    assert_eq!(subject["result"][0]["value"], "Pass");
    assert_eq!(subject["achievement"]["humanCode"], "500/9170/0");
    assert_eq!(subject["achievement"]["achievementType"], "Diploma");
    assert_eq!(
        subject["achievement"]["alignment"][0]["targetCode"],
        "Level 3"
    );
    assert_eq!(subject["identifier"][0]["identityHash"], "Rowan Made-Up");
    assert_eq!(
        subject["narrative"],
        "Awarded by recognition of prior learning."
    );
    assert!(
        !text(&badge).contains("DEMO-C-000002"),
        "the number is a fact by which it is asked for"
    );
}

/// The same award gives the same bytes, so that what was handed out can be handed out again.
#[test]
fn what_is_made_again_is_the_same_to_the_byte() {
    assert_eq!(text(&sealed(&badge())), text(&sealed(&badge())));
    assert_eq!(token(&badge()), token(&badge()));
}

/// Nothing that can stand in an award is left unsigned or makes a credential that cannot be signed.
#[test]
fn awards_of_every_kind_can_be_signed_and_fit_their_schema() {
    use credential::{Kind, Route, Word};
    for kind in [
        Kind::Qualification,
        Kind::Unit,
        Kind::ProfessionalStatus,
        Kind::Registration,
        Kind::Other,
    ] {
        for bare in [true, false] {
            let mut award = award();
            award.kind = kind;
            award.registration_number = Some("99A9999E".into());
            award.title = "\u{fe}\"<odd> titles: @type, \\ and \u{1F600} \u{1d9}\u{1da}".into();
            award.word = Word::Recorded;
            award.valid_until = schema::parse_date("2030-01-01").ok();
            if bare {
                award.code = None;
                award.body = None;
                award.level = None;
                award.credit = None;
                award.grade = None;
                award.awarded_on = None;
                award.started_on = None;
                award.route = Route::Award;
                award.evidence = Vec::new();
            }
            let badge = credential::open_badge(&award, &holder(), &issuer(), crate::support::now());
            let judgement = judge(&text(&sealed(&badge)), &all_is_well);
            assert_eq!(
                outcome(&judgement.checks, &FIVE),
                Outcome::Passed,
                "{kind:?} {judgement:?}"
            );
        }
    }
}

#[test]
fn a_status_list_is_a_credential_of_its_own() {
    let list = list(&[5]);
    for document in [text(&sealed(&list)), token(&list)] {
        let read = Document::read(document.as_bytes(), &Limits::default()).unwrap();
        let verification = read.verify(&keys(), crate::support::now());
        assert_eq!(verification.proof.code, Code::ProofVerified);
        let encoded = read.credential()["credentialSubject"]["encodedList"].as_str();
        let bits = credential::Bits::decode(encoded.unwrap()).unwrap();
        assert_eq!(bits.entries(), 131_072);
        assert_eq!((bits.get(5), bits.get(6)), (Some(true), Some(false)));
        let judgement = judge(&document, &NoLists);
        assert_eq!(outcome(&judgement.checks, &FIVE), Outcome::Passed);
        let later = judge_at(&document, &NoLists, at("2026-06-01T13:00:01Z"));
        let validity = later.check(CheckName::Validity).unwrap();
        assert_eq!(validity.code, Code::CredentialExpired);
    }
}

/// The key that signs credentials signs other things too; none of them can be taken for the other.
#[test]
fn a_signature_made_for_something_else_makes_no_document() {
    use ed25519_dalek::Signer as _;
    let receipt = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA","typ":"verification-receipt+jwt","kid":"one"}"#),
        URL_SAFE_NO_PAD.encode(format!(r#"{{"iss":"{DID}","outcome":"VALID"}}"#))
    );
    let signature = key(1).sign(receipt.as_bytes()).to_bytes();
    let receipt = format!("{receipt}.{}", URL_SAFE_NO_PAD.encode(signature));
    let judgement = judge(&receipt, &NoLists);
    let check = judgement.check(CheckName::Schema).unwrap();
    assert_eq!(
        (check.result, check.code),
        (Outcome::Failed, Code::NotACredential)
    );
}
