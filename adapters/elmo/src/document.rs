//! The walk through the XML. Since 1.0 the learner stands before the reports, and what came of something
//! (its instance) holds credit and levels; in the dialect before it the learner stands within the report, and
//! credit and level beside the title. Both are read alike: an element is known by its place.

use crate::credit::{Credit, Level};
use crate::date::day;
use crate::identifier::Identifier;
use crate::transcript::{Instance, Kept, Learner, Opportunity, Report, Transcript, Words};
use sdk::xml::{Document, Token};
use sdk::{Position, Stop};

/// The namespaces: of 1.0 and later (2.0 kept it), and of the dialect before it.
const NAMESPACES: [&str; 2] = [
    "https://github.com/emrex-eu/elmo-schemas/tree/v1",
    "http://purl.org/net/elmo",
];

/// Something that can be learned.
const OPPORTUNITY: &str = "learningOpportunitySpecification";
/// The way from it to what came of it.
const INSTANCE: &str = "/specifies/learningOpportunityInstance";
/// The way from it to its parts.
const PART: &str = "/hasPart/learningOpportunitySpecification";

/// Reads a document.
///
/// # Errors
/// `not-elmo` for another document, `learner-not-one`, `transcript-too-large`, and as [`Document::next`].
pub(crate) fn read(document: &mut Document<'_, '_>) -> Result<Transcript, Stop> {
    let found = document.next()?;
    let known = NAMESPACES.contains(&document.declared_namespace());
    if found != Token::Open || document.name() != "elmo" || !known {
        return Err(Stop::new(
            "not-elmo",
            "The document is no ELMO transcript: its root element is not elmo in one of the two namespaces of the format.",
        )
        .at(document.position()));
    }
    let mut transcript = Transcript::default();
    let mut known: Option<Learner> = None;
    loop {
        match next(document, &mut transcript.kept)? {
            Token::Open => match document.name() {
                "learner" => {
                    let place = document.position();
                    if known.is_some() {
                        return Err(not_one(place));
                    }
                    transcript.learner = learner(document, &mut transcript.kept)?;
                    known = Some(transcript.learner.clone());
                }
                "report" => {
                    let place = document.position();
                    report(document, &mut transcript)?;
                    // The dialect before 1.0 names the learner in each report: one and the same.
                    let named = transcript
                        .reports
                        .last()
                        .and_then(|one| one.learner.clone());
                    match (&known, named) {
                        (Some(known), Some(named)) if *known != named => {
                            return Err(not_one(place));
                        }
                        (None, named) => known = named,
                        _ => {}
                    }
                }
                "Signature" => {
                    transcript.signature = Some(document.path().to_owned());
                    document.skip()?;
                }
                "generatedDate" => {}
                _ => document.skip()?,
            },
            Token::Value if document.name() == "generatedDate" => {
                transcript.generated_on = day(document.text(), None).unwrap_or_default();
            }
            Token::Value | Token::Close => {}
            Token::End => return Ok(transcript),
        }
    }
}

fn not_one(place: Position) -> Stop {
    Stop::new(
        "learner-not-one",
        "The document names a learner again, or several. Only a transcript of one learner, who is named once, is read; nothing of this one is.",
    )
    .at(place)
}

/// Goes on to the next start or end of an element, and counts what may be kept of it.
fn next(document: &mut Document<'_, '_>, kept: &mut Kept) -> Result<Token, Stop> {
    let token = document.next()?;
    let bytes = match token {
        Token::Open => document.attributes_len(),
        Token::Value => document.text().len() + document.path().len(),
        Token::Close | Token::End => 0,
    };
    kept.add(bytes, &document.position())?;
    Ok(token)
}

/// Goes through the elements within the one that has just begun. `value` is
/// told of each text, with the way to it from here.
fn within<State>(
    document: &mut Document<'_, '_>,
    kept: &mut Kept,
    state: &mut State,
    value: impl Fn(&Document<'_, '_>, &mut State, &str),
) -> Result<(), Stop> {
    let (depth, here) = (document.depth(), document.path().len());
    loop {
        let token = next(document, kept)?;
        let way = document.path().get(here..).unwrap_or_default().to_owned();
        match token {
            Token::Value | Token::Close if document.depth() == depth => return Ok(()),
            Token::Value => value(document, state, &way),
            Token::Open | Token::Close => {}
            Token::End => return Ok(()),
        }
    }
}

fn identifier(document: &Document<'_, '_>) -> Identifier {
    Identifier {
        kind: document
            .attribute("type")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        value: document.text().trim().to_owned(),
    }
}

/// Keeps the words of an element under its way, with the attribute that tells it from its like.
fn keep(words: &mut Words, document: &Document<'_, '_>, way: &str) {
    let mut name = way.trim_start_matches('/').replace('/', ".");
    let telling = ["type", "lang", "label", "scheme"];
    if let Some(attribute) = telling.iter().find_map(|name| document.attribute(name)) {
        let short: String = attribute.chars().take(64).collect();
        name = format!("{name}[{short}]");
    }
    let text = match document.attribute("count") {
        Some(count) => count,
        None => document.text().trim(),
    };
    if !text.is_empty() {
        words.add(name, text);
    }
}

fn learner(document: &mut Document<'_, '_>, kept: &mut Kept) -> Result<Learner, Stop> {
    let mut learner = Learner::default();
    within(document, kept, &mut learner, |document, learner, way| {
        let text = document.text().trim();
        match way {
            "/identifier" => {
                learner.identifiers.push(identifier(document));
                keep(&mut learner.words, document, "/learner/identifier");
            }
            "/givenNames" => text.clone_into(&mut learner.given_names),
            "/familyName" => text.clone_into(&mut learner.family_name),
            "/bday" => {
                // What is no day is for the registry to refuse.
                learner.born_on =
                    day(text, document.attribute("dtf")).unwrap_or_else(|| text.to_owned());
            }
            "/gender" => text.clone_into(&mut learner.gender),
            "/currentAddress/postalCode" => text.clone_into(&mut learner.postcode),
            _ => {}
        }
    })?;
    Ok(learner)
}

fn report(document: &mut Document<'_, '_>, transcript: &mut Transcript) -> Result<(), Stop> {
    let number = transcript.add_report(document.position())?;
    let mut report = Report::default();
    let place = format!("{}[{}]", document.path(), number + 1);
    let mut opportunities = 0_u32;
    let (depth, here) = (document.depth(), document.path().len());
    // A part needs the whole transcript, so that this walk is spelled out.
    loop {
        let token = next(document, &mut transcript.kept)?;
        let way = document.path().get(here..).unwrap_or_default().to_owned();
        match (token, way.as_str()) {
            (Token::Open, "/learner") => {
                let place = document.position();
                if report.learner.is_some() {
                    return Err(not_one(place));
                }
                report.learner = Some(learner(document, &mut transcript.kept)?);
            }
            (Token::Open, "/issuer") => issuer(document, &mut transcript.kept, &mut report)?,
            (Token::Open, "/gradingScheme") => {
                grading_scheme(document, &mut transcript.kept, &mut report)?;
            }
            (Token::Open, "/learningOpportunitySpecification") => {
                opportunities += 1;
                let within = Within {
                    report: number,
                    part_of: None,
                    path: format!("{place}/{OPPORTUNITY}[{opportunities}]"),
                };
                opportunity(document, transcript, &within)?;
            }
            (Token::Open, "/issueDate") => {}
            (Token::Open, _) => document.skip()?,
            (Token::Value | Token::Close, _) if document.depth() == depth => break,
            (Token::Value, "/issueDate") => {
                report.issued_on =
                    day(document.text(), document.attribute("dtf")).unwrap_or_default();
            }
            (Token::End, _) => break,
            _ => {}
        }
    }
    if let Some(slot) = transcript.reports.get_mut(number) {
        *slot = report;
    }
    Ok(())
}

fn issuer(
    document: &mut Document<'_, '_>,
    kept: &mut Kept,
    report: &mut Report,
) -> Result<(), Stop> {
    within(document, kept, report, |document, report, way| {
        match way {
            "/identifier" => report.identifiers.push(identifier(document)),
            "/title" => report
                .titles
                .add(document.attribute("lang"), document.text()),
            _ => {}
        }
        if matches!(way, "/identifier" | "/title" | "/country" | "/url") {
            keep(&mut report.words, document, &format!("/issuer{way}"));
        }
    })
}

fn grading_scheme(
    document: &mut Document<'_, '_>,
    kept: &mut Kept,
    report: &mut Report,
) -> Result<(), Stop> {
    let local = document.attribute("localId").unwrap_or_default().to_owned();
    let mut words = Words::default();
    within(document, kept, &mut words, |document, words, way| {
        if way == "/description" {
            keep(words, document, "/gradingScheme.description");
        }
    })?;
    // As many as a report may describe; a result names its scheme all the same.
    if report.grading_schemes.len() < 1000 {
        report.grading_schemes.insert(local, words);
    }
    Ok(())
}

/// Where something that can be learned stands.
struct Within {
    report: usize,
    part_of: Option<usize>,
    path: String,
}

fn opportunity(
    document: &mut Document<'_, '_>,
    transcript: &mut Transcript,
    within: &Within,
) -> Result<(), Stop> {
    let place = Position {
        path: within.path.clone(),
        ..document.position()
    };
    // It stands before its parts, whose walk comes in between.
    let number = transcript.add_opportunity(&place)?;
    let mut found = Opportunity {
        report: within.report,
        part_of: within.part_of,
        place,
        ..Opportunity::default()
    };
    let (depth, here) = (document.depth(), document.path().len());
    let mut parts = 0_u32;
    loop {
        let token = next(document, &mut transcript.kept)?;
        let way = document.path().get(here..).unwrap_or_default().to_owned();
        match token {
            Token::Open if way == PART => {
                parts += 1;
                let part = Within {
                    report: within.report,
                    part_of: Some(number),
                    path: format!("{}/hasPart[{parts}]/{OPPORTUNITY}", within.path),
                };
                opportunity(document, transcript, &part)?;
            }
            Token::Open => {
                if way == INSTANCE {
                    let before = found.instances.len();
                    transcript.kept.add_result(before, &found.place)?;
                }
                begin(document, &mut found, &way)?;
            }
            Token::Value | Token::Close if document.depth() == depth => break,
            Token::Value => take(document, &mut found, &way),
            Token::Close => {}
            Token::End => break,
        }
    }
    if let Some(slot) = transcript.opportunities.get_mut(number) {
        *slot = found;
    }
    Ok(())
}

/// An element begins that is no part.
fn begin(document: &mut Document<'_, '_>, found: &mut Opportunity, way: &str) -> Result<(), Stop> {
    let of_instance = way.strip_prefix(INSTANCE);
    match (of_instance, way) {
        (Some(""), _) => found.instances.push(Instance::default()),
        (Some("/credit"), _) => with_last(found, |one| one.credits.push(Credit::default())),
        (Some("/level"), _) => with_last(found, |one| one.levels.push(Level::default())),
        (Some("/diplomaSupplement" | "/attachments" | "/extension" | "/grouping"), _)
        | (None, "/description" | "/descriptionHtml" | "/attachment" | "/extension") => {
            document.skip()?;
        }
        (None, "/credit") => found.credits.push(Credit::default()),
        (None, "/level") => found.levels.push(Level::default()),
        _ => {}
    }
    Ok(())
}

fn with_last(found: &mut Opportunity, change: impl FnOnce(&mut Instance)) {
    if let Some(instance) = found.instances.last_mut() {
        change(instance);
    }
}

/// An element with a text ends.
fn take(document: &Document<'_, '_>, found: &mut Opportunity, way: &str) {
    let Some(of_instance) = way.strip_prefix(INSTANCE).filter(|way| !way.is_empty()) else {
        return take_own(document, found, way);
    };
    with_last(found, |instance| {
        take_instance(document, instance, of_instance);
    });
}

fn take_own(document: &Document<'_, '_>, found: &mut Opportunity, way: &str) {
    keep(&mut found.words, document, way);
    match way {
        "/identifier" => found.identifiers.push(identifier(document)),
        // The dialect before 1.0 identifies some things by what they qualify for.
        "/qualification/identifier" if found.identifiers.is_empty() => {
            found.identifiers.push(identifier(document));
        }
        "/title" => found
            .titles
            .add(document.attribute("lang"), document.text()),
        _ => counted(
            &mut found.credits,
            &mut found.levels,
            way,
            document.text().trim(),
        ),
    }
}

fn take_instance(document: &Document<'_, '_>, instance: &mut Instance, way: &str) {
    keep(&mut instance.words, document, way);
    let text = document.text().trim();
    match way {
        "/identifier" => instance.identifiers.push(identifier(document)),
        "/start" => instance.started_on = day(text, document.attribute("dtf")).unwrap_or_default(),
        "/date" => instance.awarded_on = day(text, document.attribute("dtf")).unwrap_or_default(),
        "/status" => text.clone_into(&mut instance.status),
        "/gradingSchemeLocalId" => text.clone_into(&mut instance.grading_scheme),
        // The dialect before 1.0 calls it a result.
        "/resultLabel" | "/result" => text.clone_into(&mut instance.grade),
        _ => counted(&mut instance.credits, &mut instance.levels, way, text),
    }
}

fn counted(credits: &mut [Credit], levels: &mut [Level], way: &str, text: &str) {
    match (way, credits.last_mut(), levels.last_mut()) {
        ("/credit/scheme", Some(credit), _) => text.clone_into(&mut credit.scheme),
        ("/credit/value", Some(credit), _) => text.clone_into(&mut credit.value),
        ("/level/type", _, Some(level)) => text.clone_into(&mut level.framework),
        ("/level/value", _, Some(level)) => text.clone_into(&mut level.value),
        _ => {}
    }
}
