//! Transcripts in the EMREX ELMO format, version 1.7: one learner each, with a report of each awarding body.

use crate::document::{Entry, Holder};
use quick_xml::escape::escape;

/// Puts the entries in the order in which a transcript tells of them: by their bodies, each where it is first
/// met.
pub(crate) fn order<'e, 'a>(entries: &'e [Entry<'a>]) -> Vec<&'e Entry<'a>> {
    let first = |entry: &Entry<'_>| {
        let same = |other: &Entry<'_>| other.body.number == entry.body.number;
        entries.iter().position(same)
    };
    let mut ordered: Vec<&Entry<'_>> = entries.iter().collect();
    ordered.sort_by_key(|entry| first(entry));
    ordered
}

/// The document, with the entries in their [`order`].
pub(crate) fn write(holder: &Holder<'_>, entries: &[&Entry<'_>]) -> String {
    let (person, stated) = (holder.person, holder.stated);
    let mut text = String::with_capacity(2048 + entries.len() * 1024);
    text.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- Synthetic: an invented learner. -->\n\
         <elmo xmlns=\"https://github.com/emrex-eu/elmo-schemas/tree/v1\">\n",
    );
    let made_on = format!("{}T09:00:00Z", holder.made_on);
    element(&mut text, "generatedDate", &made_on);
    text.push_str("<learner>\n");
    if !stated.uln.is_empty() {
        identifier(&mut text, "ULN", &stated.uln);
    }
    identifier(&mut text, "local", &format!("S-{}", person.number));
    element(&mut text, "givenNames", stated.given_name);
    element(&mut text, "familyName", &stated.family_name);
    element(&mut text, "bday", &holder.born);
    text.push_str(
        "<currentAddress xmlns:a=\"https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1\">",
    );
    element(&mut text, "a:postalCode", &person.postcode);
    text.push_str("</currentAddress>\n");
    element(&mut text, "gender", &(person.gender as u64).to_string());
    text.push_str("</learner>\n");
    for of_body in entries.chunk_by(|one, other| one.body.number == other.body.number) {
        let Some(first) = of_body.first() else {
            continue;
        };
        text.push_str("<report>\n<issuer>");
        element(&mut text, "country", "GB");
        identifier(&mut text, "ofqual", &first.body.number);
        text.push_str("<title xml:lang=\"en\">");
        text.push_str(&escape(first.body.name.as_str()));
        text.push_str("</title>");
        let site = format!("https://{}.example/", first.body.number.to_lowercase());
        element(&mut text, "url", &site);
        text.push_str("</issuer>\n");
        for entry in of_body {
            learned(&mut text, holder, entry);
        }
        element(&mut text, "issueDate", &made_on);
        text.push_str("</report>\n");
    }
    text.push_str("</elmo>\n");
    text
}

fn learned(text: &mut String, holder: &Holder<'_>, entry: &Entry<'_>) {
    let subject = entry.subject;
    text.push_str("<learningOpportunitySpecification>\n");
    let (kind, form) = match entry.whole {
        None => ("qan", "Degree Programme"),
        Some(_) => ("unitReference", "Module"),
    };
    identifier(text, kind, &subject.code);
    text.push_str("<title xml:lang=\"en\">");
    text.push_str(&subject.title_xml);
    text.push_str("</title>");
    element(text, "type", form);
    text.push_str("<specifies><learningOpportunityInstance>\n");
    let day = |day: schema::Date| format!("{day}{}", holder.zone);
    element(text, "start", &day(entry.started_on));
    element(text, "date", &day(entry.awarded_on));
    element(text, "status", "passed");
    element(text, "resultLabel", entry.grade);
    text.push_str("<credit><scheme>RQF</scheme>");
    element(text, "value", &subject.credit.to_string());
    text.push_str("</credit><level><type>RQF</type>");
    element(text, "value", subject.level);
    text.push_str("</level>");
    element(text, "languageOfInstruction", "en");
    text.push_str(
        "</learningOpportunityInstance></specifies>\n</learningOpportunitySpecification>\n",
    );
}

fn identifier(text: &mut String, kind: &str, value: &str) {
    text.push_str("<identifier type=\"");
    text.push_str(kind);
    text.push_str("\">");
    text.push_str(&escape(value));
    text.push_str("</identifier>");
}

fn element(text: &mut String, name: &str, value: &str) {
    text.push('<');
    text.push_str(name);
    text.push('>');
    text.push_str(&escape(value));
    text.push_str("</");
    text.push_str(name);
    text.push('>');
}
