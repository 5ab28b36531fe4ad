//! A document's statements under the compiled-in contexts, without the library: expansion and the way to RDF of JSON-LD 1.1
//! (Processing Algorithms, sections 5.1 and 8.1) for what credentials are made of. Whatever is rarer than that (JSON
//! literals, blank nodes with names, undefined words, contexts that do not fit each other) is left to the
//! library, by `None`; what comes out here is what comes out there.

use super::active::{Active, Coercion, Container, Meaning, Scope, Term};
use crate::context::LOADABLE_VALUES;
use oxrdf::vocab::{rdf, xsd};
use oxrdf::{BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term as Object};
use serde_json::{Map, Number, Value};
use std::sync::Arc;

/// The statements of an object, unless they are for the library to make or more than `most`.
pub(super) fn statements(object: &Map<String, Value>, most: usize) -> Option<Vec<Quad>> {
    let mut reading = Reading {
        statements: Vec::new(),
        blank_nodes: 0,
        most,
    };
    reading.node(object, &Active::initial(), None, &GraphName::DefaultGraph)?;
    Some(reading.statements)
}

struct Reading {
    statements: Vec<Quad>,
    blank_nodes: usize,
    most: usize,
}

/// Where a property's values stand.
struct Place<'a> {
    name: &'a str,
    subject: &'a NamedOrBlankNode,
    predicate: &'a NamedNode,
    term: &'a Term,
    active: &'a Arc<Active>,
    graph: &'a GraphName,
}

impl Reading {
    /// What an object says; and the name of the thing of which it says so.
    fn node(
        &mut self,
        object: &Map<String, Value>,
        around: &Arc<Active>,
        scoped: Option<&'static Value>,
        graph: &GraphName,
    ) -> Option<NamedOrBlankNode> {
        let mut active = within(object, around);
        if let Some(scoped) = scoped {
            active = active.with(scoped, Scope::Property)?;
        }
        for context in one_or_many(object.get("@context")) {
            let document = LOADABLE_VALUES.get(context.as_str()?)?;
            active = active.with(document.get("@context")?, Scope::Document)?;
        }
        // A type means what it meant before the types' own contexts.
        let outer = Arc::clone(&active);
        let types = types(object, &outer)?;
        for name in &types {
            if let Some(scoped) = outer.term(name)?.scoped {
                active = active.with(scoped, Scope::Type)?;
            }
        }
        let subject = self.name(object, &active)?;
        for name in types {
            let Meaning::Iri(class) = &outer.term(name)?.meaning else {
                return None;
            };
            self.say(&subject, rdf::TYPE.into(), class.clone().into(), graph)?;
        }
        for (name, value) in object {
            if name == "@context" {
                continue;
            }
            let term = active.term(name)?;
            let predicate = match &term.meaning {
                Meaning::Id => continue,
                // Taken above, under what the word meant before the types' contexts.
                Meaning::Type if is_type(name, &outer) => continue,
                Meaning::Type => return None,
                Meaning::Iri(predicate) => predicate,
                Meaning::Unusable(_) => return None,
            };
            let place = Place {
                name,
                subject: &subject,
                predicate,
                term,
                active: &active,
                graph,
            };
            match term.container {
                Container::List => self.list(value, &place)?,
                _ => one_or_many(Some(value))
                    .iter()
                    .try_for_each(|value| self.value(value, &place))?,
            }
        }
        Some(subject)
    }

    /// The identifier of an object, or a new blank node. `None` also for an object that says nothing.
    fn name(&mut self, object: &Map<String, Value>, active: &Active) -> Option<NamedOrBlankNode> {
        let mut says = false;
        let mut name = None;
        for (member, value) in object {
            if member == "@context" {
                continue;
            }
            if active.term(member)?.meaning == Meaning::Id {
                if name.is_some() {
                    return None;
                }
                name = Some(identifier(value.as_str()?, active)?.into());
            }
            says |= !value.is_null();
        }
        says.then(|| name.unwrap_or_else(|| self.blank_node().into()))
    }

    fn blank_node(&mut self) -> BlankNode {
        self.blank_nodes += 1;
        BlankNode::new_unchecked(format!("b{}", self.blank_nodes))
    }

    fn say(
        &mut self,
        subject: &NamedOrBlankNode,
        predicate: NamedNode,
        object: Object,
        graph: &GraphName,
    ) -> Option<()> {
        if self.statements.len() == self.most {
            return None;
        }
        self.statements
            .push(Quad::new(subject.clone(), predicate, object, graph.clone()));
        Some(())
    }

    /// One value of a property.
    fn value(&mut self, value: &Value, place: &Place<'_>) -> Option<()> {
        if value.is_null() {
            return Some(());
        }
        let object = self.object(value, place)?;
        self.say(place.subject, place.predicate.clone(), object, place.graph)
    }

    /// The values of a property whose values have an order.
    fn list(&mut self, value: &Value, place: &Place<'_>) -> Option<()> {
        if value.is_null() {
            return Some(());
        }
        let mut rest = rdf::NIL.into_owned().into();
        for value in one_or_many(Some(value))
            .iter()
            .rev()
            .filter(|value| !value.is_null())
        {
            let item = self.blank_node();
            let first = self.object(value, place)?;
            let subject = item.clone().into();
            self.say(&subject, rdf::FIRST.into(), first, place.graph)?;
            self.say(&subject, rdf::REST.into(), rest, place.graph)?;
            rest = item.into();
        }
        self.say(place.subject, place.predicate.clone(), rest, place.graph)
    }

    /// What a value stands for.
    fn object(&mut self, value: &Value, place: &Place<'_>) -> Option<Object> {
        let term = place.term;
        let graph = term.container == Container::Graph;
        Some(match value {
            Value::Array(_) => return None,
            Value::Object(object) if object.contains_key("@value") => {
                if graph {
                    return None;
                }
                language_text(object)?.into()
            }
            Value::Object(object) if graph => {
                let graph = self.blank_node();
                let within = GraphName::from(graph.clone());
                self.node(object, place.active, term.scoped, &within)?;
                graph.into()
            }
            Value::Object(object) => self
                .node(object, place.active, term.scoped, place.graph)?
                .into(),
            _ if graph => return None,
            scalar => match term.scoped {
                None => scalar_object(scalar, term, place.active)?,
                // What the property itself is taken for may change under its context.
                Some(scoped) => {
                    let active = place.active.with(scoped, Scope::Property)?;
                    scalar_object(scalar, active.term(place.name)?, &active)?
                }
            },
        })
    }
}

/// What is in force in an object within: the context of the type around it ends, unless the object is nothing but an identifier.
fn within(object: &Map<String, Value>, around: &Arc<Active>) -> Arc<Active> {
    let is_id = |name: &String| {
        around
            .term(name)
            .is_some_and(|term| term.meaning == Meaning::Id)
    };
    if object.len() == 1 && object.keys().all(is_id) {
        Arc::clone(around)
    } else {
        around.within()
    }
}

fn one_or_many(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(items)) => items,
        Some(single) => std::slice::from_ref(single),
        None => &[],
    }
}

fn is_type(member: &str, active: &Active) -> bool {
    active
        .term(member)
        .is_some_and(|term| term.meaning == Meaning::Type)
}

/// The names of an object's types, in the order in which their contexts are taken: by code points.
fn types<'a>(object: &'a Map<String, Value>, active: &Active) -> Option<Vec<&'a str>> {
    let mut names = Vec::new();
    let mut found = false;
    for (member, value) in object {
        if is_type(member, active) {
            let stated = one_or_many(Some(value));
            if found || stated.is_empty() {
                return None;
            }
            found = true;
            for name in stated {
                names.push(name.as_str()?);
            }
        }
    }
    names.sort_unstable();
    Some(names)
}

/// A text where an identifier stands. `None` for what is relative, a blank node, or might be a prefix and a word.
fn identifier(text: &str, active: &Active) -> Option<NamedNode> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !is_scheme || active.term(scheme).is_some() && !rest.starts_with("//") {
        return None;
    }
    NamedNode::new(text).ok()
}

/// `{"@value": "…", "@language": "…"}`.
fn language_text(object: &Map<String, Value>) -> Option<Literal> {
    let text = object.get("@value")?.as_str()?;
    match object.get("@language") {
        None if object.len() == 1 => Some(Literal::new_simple_literal(text)),
        Some(language) if object.len() == 2 => {
            Literal::new_language_tagged_literal(text, language.as_str()?).ok()
        }
        _ => None,
    }
}

/// A text, number or truth value that is a property's value.
fn scalar_object(scalar: &Value, term: &Term, active: &Active) -> Option<Object> {
    let (text, natural) = match scalar {
        Value::String(text) => {
            return Some(match &term.coercion {
                Coercion::Nothing => Literal::new_simple_literal(text).into(),
                Coercion::Datatype(datatype) => {
                    Literal::new_typed_literal(text, datatype.clone()).into()
                }
                Coercion::Id => identifier(text, active)?.into(),
                Coercion::Vocabulary => match active.term(text).map(|term| &term.meaning) {
                    Some(Meaning::Iri(iri)) => iri.clone().into(),
                    Some(_) => return None,
                    None => identifier(text, active)?.into(),
                },
            });
        }
        Value::Bool(truth) => (truth.to_string(), xsd::BOOLEAN),
        Value::Number(number) => number_text(number)?,
        _ => return None,
    };
    match &term.coercion {
        Coercion::Nothing => Some(Literal::new_typed_literal(text, natural).into()),
        Coercion::Datatype(datatype) if *datatype != xsd::DOUBLE => {
            Some(Literal::new_typed_literal(text, datatype.clone()).into())
        }
        _ => None,
    }
}

/// A number in canonical form, and the type that it has by itself (section 8.2.2, steps 10 and 11).
fn number_text(number: &Number) -> Option<(String, oxrdf::NamedNodeRef<'static>)> {
    if let Some(whole) = number.as_i64() {
        return Some((whole.to_string(), xsd::INTEGER));
    }
    let number = number.as_f64().filter(|number| *number != 0.0)?;
    if number.fract() == 0.0 {
        return None;
    }
    let text = format!("{number:.15E}");
    let (digits, exponent) = text.split_once('E')?;
    let digits = digits.trim_end_matches('0');
    let point = if digits.ends_with('.') { "0" } else { "" };
    Some((format!("{digits}{point}E{exponent}"), xsd::DOUBLE))
}
