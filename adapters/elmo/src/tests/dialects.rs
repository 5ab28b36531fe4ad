//! The two namespaces.

use super::{OLD, TRANSCRIPT, accepted, credits, read, stated, stop, titles};

#[test]
fn the_dialect_before_1_0_is_read_too() {
    let outcome = read(OLD);
    assert_eq!((stop(&outcome), outcome.codes()), ("", vec![]));
    assert_eq!(titles(&outcome), ["Bachelor in play", "Lek"]);
    assert_eq!(credits(&outcome), ["180", ""]);
    let said = accepted(&outcome);
    for one in &said {
        let born = one.person.date_of_birth.map(|day| day.to_string());
        assert_eq!(born.as_deref(), Some("1996-01-23"));
        assert_eq!(
            one.person.reference.as_deref(),
            Some("local:185 studentIdentifier:80011")
        );
        assert_eq!(one.body.name.as_deref(), Some("Oppdiktet universitet"));
    }
    let [whole, part] = outcome.records.as_slice() else {
        unreachable!("two results");
    };
    assert_eq!(
        (whole.awarded_on.as_str(), whole.level.as_str()),
        ("2014-09-16", "")
    );
    assert_eq!(stated(whole, "level"), Some("BACHELOR"));
    assert_eq!((part.grade.as_str(), part.started_on.as_str()), ("D", ""));
    assert_eq!(
        stated(part, "specifies.learningOpportunityInstance.start"),
        None
    );
    assert_eq!(stated(part, "start"), Some("2012 Høst"));
    assert_eq!(stated(part, "result[NO30]"), Some("D"));
    assert_eq!(stated(part, "credit.value"), Some("25"));
}

#[test]
fn other_documents_are_refused() {
    let other = TRANSCRIPT.replace("elmo-schemas/tree/v1", "elmo-schemas/tree/v9");
    for file in [
        other.as_str(),
        "<elmo/>",
        "<html/>",
        "<x xmlns='http://purl.org/net/elmo'/>",
        "<e:elmo xmlns='http://purl.org/net/elmo'/>",
        "<GetLearnerLearningEventsResponse/>",
    ] {
        assert_eq!(stop(&read(file)), "not-elmo");
    }
}
