//! JSON-LD to RDF under the compiled-in contexts, so that nothing is lost on the way: whatever the
//! contexts do not define, which JSON-LD would drop in silence and no proof would cover, is refused.
//!
//! What credentials are made of is read by [`statements`], under contexts that are made once and kept. Whatever is rarer, and
//! whatever is wrong, is read by the library, which makes its contexts anew at each object: it is the measure of the other, and tells what is wrong.

mod active;
mod inspect;
mod scoped;
mod statements;

use crate::canonical::{Budget, canonicalise};
use crate::context::{
    LOADABLE, UNDEFINED, UNDEFINED_BASE, UNDEFINED_TERM, load_for_examples, watch,
};
use crate::json::push_pointer;
use inspect::{Look, inspect, is_keyword_like};
use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::{BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use schema::Code;
use serde_json::{Map, Value, json};

/// Why a document has no canonical form here, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    /// A JSON pointer into the object that was given.
    pub(crate) place: String,
}

impl Refusal {
    fn new(code: Code, place: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
        }
    }
}

/// What a whole document's proofs may cost together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// Statements that may still be made.
    pub(crate) statements: usize,
    /// What canonicalising may still cost.
    pub(crate) canonical: Budget,
    /// See [`crate::Limits::own_contexts`].
    pub(crate) own_contexts: bool,
}

/// The canonical N-Quads of a JSON-LD object.
///
/// # Errors
/// [`Refusal`]: `context-unknown`, `context-inline`, `term-undefined`, `linked-data-invalid`, `proof-too-costly`.
pub(crate) fn canonical(
    object: &Map<String, Value>,
    allowance: &mut Allowance,
) -> Result<String, Refusal> {
    let mut look = Look {
        own_contexts: allowance.own_contexts,
        keyword_like: false,
    };
    inspect(object, &mut String::new(), &mut look)?;
    if !object.contains_key("@context") {
        return Err(Refusal::new(Code::ContextUnknown, ""));
    }
    let made = (!look.own_contexts)
        .then(|| statements::statements(object, allowance.statements))
        .flatten()
        .filter(|made| {
            made.iter()
                .all(|quad| undefined(quad).is_none() && is_sound(quad))
        });
    let quads = match made {
        Some(made) => {
            allowance.statements = allowance.statements.saturating_sub(made.len());
            made
        }
        None => by_library(object, &look, allowance)?,
    };
    canonicalise(&quads, &mut allowance.canonical)
        .map_err(|_| Refusal::new(Code::ProofTooCostly, ""))
}

/// The statements of an object that was looked at, as the library makes them; or what is wrong with it.
fn by_library(
    object: &Map<String, Value>,
    look: &Look,
    allowance: &mut Allowance,
) -> Result<Vec<Quad>, Refusal> {
    if look.keyword_like {
        probe(object, allowance)?;
    }
    let quads = expand(object, allowance)?;
    for quad in &quads {
        if let Some(undefined) = undefined(quad) {
            return Err(Refusal::new(
                Code::TermUndefined,
                place_of(object, &undefined),
            ));
        }
        if !is_sound(quad) {
            return Err(Refusal::new(Code::LinkedDataInvalid, ""));
        }
    }
    Ok(quads)
}

/// Whether a value of the form of a keyword stands for an identifier: with another value in its place one
/// would come out.
fn probe(object: &Map<String, Value>, allowance: &mut Allowance) -> Result<(), Refusal> {
    fn replace(value: &mut Value) {
        match value {
            Value::String(text) if is_keyword_like(text) => {
                *text = format!("{UNDEFINED_BASE}{}", text.trim_start_matches('@'));
            }
            Value::Object(members) => members
                .iter_mut()
                .filter(|(name, _)| *name != "@context")
                .for_each(|(_, member)| replace(member)),
            Value::Array(items) => items.iter_mut().for_each(replace),
            _ => {}
        }
    }
    let mut replaced = Value::Object(object.clone());
    replace(&mut replaced);
    if let Value::Object(replaced) = &replaced
        && expand(replaced, allowance)?
            .iter()
            .any(|quad| undefined(quad).is_some())
    {
        return Err(Refusal::new(Code::TermUndefined, ""));
    }
    Ok(())
}

/// The statements of the object, undefined things as identifiers below [`UNDEFINED`].
fn expand(object: &Map<String, Value>, allowance: &mut Allowance) -> Result<Vec<Quad>, Refusal> {
    let mut object = object.clone();
    if allowance.own_contexts {
        watch_own(&mut object);
    }
    let Some(combined) = scoped::combine(&mut object) else {
        return Err(Refusal::new(Code::TermUndefined, ""));
    };
    let mut contexts = vec![json!({ "@vocab": UNDEFINED_TERM })];
    match object.get("@context") {
        Some(Value::Array(items)) => contexts.extend(items.iter().cloned()),
        Some(single) => contexts.push(single.clone()),
        None => {}
    }
    without_twice_defined(&mut contexts);
    if combined
        .as_object()
        .is_some_and(|combined| !combined.is_empty())
    {
        contexts.push(combined);
    }
    let mut text = Vec::new();
    write_object(&object, Some(&Value::Array(contexts)), &mut text);
    let invalid = || Refusal::new(Code::LinkedDataInvalid, "");
    // Lenient: what is no identifier comes out as it is instead of vanishing, and `is_sound` finds it.
    let parser = JsonLdParser::new()
        .lenient()
        .with_base_iri(UNDEFINED_BASE)
        .map_err(|_| invalid())?
        .for_slice(&text)
        .with_load_document_callback(move |address, _| {
            let document = LOADABLE.get(address).cloned();
            let document = document.or_else(|| load_for_examples(address));
            Ok(JsonLdRemoteDocument {
                document: document.ok_or("not compiled in")?,
                document_url: address.to_owned(),
            })
        });
    let mut quads = Vec::new();
    for quad in parser {
        quads.push(lower_case(quad.map_err(|_| invalid())?));
        allowance.statements = allowance
            .statements
            .checked_sub(1)
            .ok_or_else(|| Refusal::new(Code::ProofTooCostly, ""))?;
    }
    Ok(quads)
}

/// The library refuses a protected word that a second context defines again in the same way, which the standard allows
/// (JSON-LD 1.1 Processing Algorithms, section 4.2.2, step 27). Whatever Data Integrity's context defines and a credential
/// uses the credentials' own defines in the same way.
fn without_twice_defined(contexts: &mut Vec<Value>) {
    let again = "https://w3id.org/security/data-integrity/v2";
    if contexts.contains(&json!("https://www.w3.org/ns/credentials/v2")) {
        contexts.retain(|context| context != again);
    }
}

/// Sees to it that no context of the document's own makes words vanish, wherever in it that context stands.
fn watch_own(object: &mut Map<String, Value>) {
    fn below(value: &mut Value) {
        match value {
            Value::Object(object) => watch_own(object),
            Value::Array(items) => items.iter_mut().for_each(below),
            _ => {}
        }
    }
    for (name, value) in object {
        if name == "@context" {
            watch(value);
        } else {
            below(value);
        }
    }
}

/// Language tags in lower case: what they mean is the same, and the reference implementation signs them so.
fn lower_case(mut quad: Quad) -> Quad {
    if let Term::Literal(literal) = &quad.object
        && let Some(language) = literal.language()
        && language.bytes().any(|byte| byte.is_ascii_uppercase())
    {
        quad.object = Literal::new_language_tagged_literal_unchecked(
            literal.value(),
            language.to_ascii_lowercase(),
        )
        .into();
    }
    quad
}

/// Writes the object with its context, identifier and type first, so that the library holds back as little
/// as possible; `context` stands in for the object's own.
fn write_object(object: &Map<String, Value>, context: Option<&Value>, text: &mut Vec<u8>) {
    let first = ["@context", "id", "type"];
    let own = first.iter().filter_map(|name| match (*name, context) {
        ("@context", Some(context)) => Some((*name, context)),
        _ => object.get(*name).map(|value| (*name, value)),
    });
    let rest = object
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .filter(|(name, _)| !first.contains(name));
    text.push(b'{');
    for (number, (name, value)) in own.chain(rest).enumerate() {
        if number > 0 {
            text.push(b',');
        }
        text.extend_from_slice(Value::from(name).to_string().as_bytes());
        text.push(b':');
        write_value(value, text);
    }
    text.push(b'}');
}

fn write_value(value: &Value, text: &mut Vec<u8>) {
    match value {
        Value::Object(object) => write_object(object, None, text),
        Value::Array(items) => {
            text.push(b'[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    text.push(b',');
                }
                write_value(item, text);
            }
            text.push(b']');
        }
        scalar => text.extend_from_slice(scalar.to_string().as_bytes()),
    }
}

/// The undefined thing in a statement, if there is one.
fn undefined(quad: &Quad) -> Option<String> {
    let node = |node: &NamedNode| {
        node.as_str()
            .starts_with(UNDEFINED)
            .then(|| node.as_str().to_owned())
    };
    node(&quad.predicate)
        .or_else(|| match &quad.object {
            Term::NamedNode(object) => node(object),
            Term::Literal(literal) => node(&literal.datatype().into_owned()),
            Term::BlankNode(_) => None,
        })
        .or_else(|| match &quad.subject {
            NamedOrBlankNode::NamedNode(subject) => node(subject),
            NamedOrBlankNode::BlankNode(_) => None,
        })
        .or_else(|| match &quad.graph_name {
            GraphName::NamedNode(graph) => node(graph),
            GraphName::BlankNode(_) | GraphName::DefaultGraph => None,
        })
}

/// Whether every identifier and language tag of the statement is one: what is none would not be read back
/// as what was signed.
fn is_sound(quad: &Quad) -> bool {
    let node = |node: &NamedNode| NamedNode::new(node.as_str()).is_ok();
    let subject = match &quad.subject {
        NamedOrBlankNode::NamedNode(subject) => node(subject),
        NamedOrBlankNode::BlankNode(subject) => BlankNode::new(subject.as_str()).is_ok(),
    };
    let object = match &quad.object {
        Term::NamedNode(object) => node(object),
        Term::BlankNode(object) => BlankNode::new(object.as_str()).is_ok(),
        Term::Literal(literal) => {
            node(&literal.datatype().into_owned())
                && literal.language().is_none_or(|language| {
                    Literal::new_language_tagged_literal("", language).is_ok()
                })
        }
    };
    let graph = match &quad.graph_name {
        GraphName::NamedNode(graph) => node(graph),
        GraphName::BlankNode(graph) => BlankNode::new(graph.as_str()).is_ok(),
        GraphName::DefaultGraph => true,
    };
    subject && node(&quad.predicate) && object && graph
}

/// Where the undefined thing stands: the first member of that name, or the first text of that value.
fn place_of(object: &Map<String, Value>, undefined: &str) -> String {
    let mut place = String::new();
    let found = match undefined.strip_prefix(UNDEFINED_TERM) {
        Some(term) => find(object, term, &mut place),
        None => {
            let relative = undefined.strip_prefix(UNDEFINED_BASE).unwrap_or_default();
            find(object, relative, &mut place)
        }
    };
    if found { place } else { String::new() }
}

/// A depth-first search that leaves the place where it stopped.
fn find(object: &Map<String, Value>, what: &str, place: &mut String) -> bool {
    object.iter().any(|(name, value)| {
        let length = place.len();
        push_pointer(place, name);
        let found = name == what || name != "@context" && find_in(value, what, place);
        if !found {
            place.truncate(length);
        }
        found
    })
}

fn find_in(value: &Value, what: &str, place: &mut String) -> bool {
    match value {
        Value::Object(object) => find(object, what, place),
        Value::Array(items) => items.iter().enumerate().any(|(number, item)| {
            let length = place.len();
            push_pointer(place, &number.to_string());
            let found = find_in(item, what, place);
            if !found {
                place.truncate(length);
            }
            found
        }),
        Value::String(text) => text == what,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
