//! What an operation asks for, counted before it runs: its depth, its cost, its aliases and directives, the
//! lists and texts it hands in. Counted here and not by the engine, so that what was counted can be told,
//! also where it is too much, and shared by the members of a batch.

use super::connection::LARGEST;
use super::long_text;
use super::refusal::Refusal;
use super::shape::{self, Shape};
use super::token::too_nested;
use super::usage::{self, Defined};
use crate::config;
use async_graphql::Variables;
use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Positioned, Value};
use async_graphql_value::Value as Written;
use schema::Code;
use std::collections::{HashMap, HashSet};

/// The lists that tell of the schema itself.
const LISTS: [&str; 8] = [
    "types",
    "directives",
    "fields",
    "inputFields",
    "interfaces",
    "possibleTypes",
    "enumValues",
    "args",
];
/// Those of them that lead from a type to types again.
const AROUND: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// What an operation asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// What it costs.
    pub(super) cost: usize,
    /// How deep it is.
    pub(super) depth: usize,
}

/// Counts what `operation` of `document` asks for.
///
/// # Errors
/// A limit other than those of cost and depth, which [`Asked::within`] looks at.
pub(super) fn count(
    shape: &Shape,
    limits: &config::Graphql,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<Asked, Refusal> {
    aliases(document, limits.aliases)?;
    written_out(document, limits)?;
    let mut walk = Walk {
        shape,
        limits,
        document,
        defined: usage::defined(operation),
        variables,
        asked: Asked::default(),
        introspected: 0,
        looked: HashSet::new(),
        times: HashMap::new(),
    };
    walk.directives(&operation.directives)?;
    for definition in &operation.variable_definitions {
        walk.directives(&definition.node.directives)?;
        if let Some(default) = &definition.node.default_value {
            constant(&default.node, limits)?;
        }
    }
    for (name, value) in variables.iter() {
        match value {
            Value::String(text) if long_text::is_document(document, name) => {
                long_text::check(text, limits)?;
            }
            value => constant(value, limits)?,
        }
    }
    let root = Shape::root(operation.ty);
    walk.asked.cost = walk.set(&operation.selection_set.node, Some(root), At::default())?;
    if walk.introspected > limits.introspected {
        let words = (
            "A query may ask for",
            limits.introspected,
            "lists and aliases about the schema at most",
        );
        let asked = Some(walk.introspected);
        return Err(Refusal::limit(
            Code::QueryTooComplex,
            "introspected",
            words,
            asked,
        ));
    }
    Ok(walk.asked)
}

impl Asked {
    /// Whether it may be done where `left` may still be spent.
    pub(super) fn within(self, limits: &config::Graphql, left: usize) -> Result<(), Refusal> {
        let (name, allowed, asked, words) = if self.depth > limits.depth {
            (
                "depth",
                limits.depth,
                self.depth,
                ("A query may be", "fields deep at most"),
            )
        } else if self.cost > left {
            ("cost", left, self.cost, ("A query may cost", "at most"))
        } else {
            return Ok(());
        };
        Err(Refusal::limit(
            Code::QueryTooComplex,
            name,
            (words.0, allowed, words.1),
            Some(asked),
        ))
    }

    /// What is told of it on request.
    pub(super) fn told(self, allowed: usize) -> Value {
        let entries = [
            ("asked", self.cost),
            ("allowed", allowed),
            ("depth", self.depth),
        ];
        let entries = entries.map(|(name, value)| (async_graphql::Name::new(name), value.into()));
        Value::Object(entries.into_iter().collect())
    }
}

struct Walk<'a> {
    shape: &'a Shape,
    limits: &'a config::Graphql,
    document: &'a ExecutableDocument,
    defined: Defined<'a>,
    variables: &'a Variables,
    asked: Asked,
    introspected: usize,
    /// The directives that were looked at, by where they are kept: what stands in a fragment is come by as
    /// often as that is spread, and is the same each time.
    looked: HashSet<*const Positioned<Directive>>,
    /// How many times what is in a field counts, by where the field is kept: its arguments were looked at.
    times: HashMap<*const Field, usize>,
}

/// Where in an operation.
#[derive(Debug, Clone, Copy, Default)]
struct At {
    fields: usize,
    sets: usize,
    /// Beneath what tells of the schema itself.
    schema: bool,
    /// Beneath one of the lists that lead from a type to types.
    around: bool,
}

impl<'a> Walk<'a> {
    /// The cost of a selection set.
    fn set(
        &mut self,
        set: &'a SelectionSet,
        parent: Option<&'a str>,
        at: At,
    ) -> Result<usize, Refusal> {
        if at.sets > self.limits.recursion {
            return Err(too_nested(self.limits.recursion));
        }
        let below = At {
            sets: at.sets + 1,
            ..at
        };
        let mut cost = 0_usize;
        for selection in &set.items {
            self.directives(selection.node.directives())?;
            let one = match &selection.node {
                Selection::Field(field) => self.field(&field.node, parent, at)?,
                Selection::InlineFragment(fragment) => {
                    let of = fragment.node.type_condition.as_ref();
                    let of = of.map_or(parent, |of| Some(of.node.on.node.as_str()));
                    self.set(&fragment.node.selection_set.node, of, below)?
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    match self.document.fragments.get(name) {
                        Some(fragment) => {
                            let fragment = &fragment.node;
                            self.directives(&fragment.directives)?;
                            let of = Some(fragment.type_condition.node.on.node.as_str());
                            self.set(&fragment.selection_set.node, of, below)?
                        }
                        None => 0,
                    }
                }
            };
            cost = cost.saturating_add(one);
        }
        Ok(cost)
    }

    fn field(
        &mut self,
        field: &'a Field,
        parent: Option<&'a str>,
        at: At,
    ) -> Result<usize, Refusal> {
        let name = field.name.node.as_str();
        let known = self.shape.field(parent, name);
        let times = self.times(field, known)?;
        let mut below = At {
            fields: at.fields + 1,
            sets: at.sets + 1,
            ..at
        };
        self.asked.depth = self.asked.depth.max(below.fields);
        below.schema |= parent == Some("Query") && ["__schema", "__type"].contains(&name);
        if at.schema {
            // An alias has the same told once more.
            self.introspected += usize::from(field.alias.is_some() || LISTS.contains(&name));
            if AROUND.contains(&name) {
                if at.around {
                    return Err(Refusal::new(
                        Code::QueryTooComplex,
                        "What is asked of the schema leads round from types to their fields to types.",
                    ));
                }
                below.around = true;
            }
        }
        let of = known.map(|known| known.of.as_str());
        let each = self.set(&field.selection_set.node, of, below)?;
        let (own, per) = known.map_or((1, 0), |known| (known.own, known.per));
        let each = each.saturating_add(per);
        Ok(each.saturating_mul(times).saturating_add(own))
    }

    /// How many times what is in a field counts, once its arguments were looked at.
    fn times(&mut self, field: &'a Field, known: Option<&shape::Field>) -> Result<usize, Refusal> {
        if let Some(times) = self.times.get(&std::ptr::from_ref(field)) {
            return Ok(*times);
        }
        for (argument, value) in &field.arguments {
            written(&value.node, self.limits)?;
            let place = known.and_then(|known| known.arguments.get(argument.node.as_str()));
            if let Some(place) = place {
                usage::value(self.shape, &self.defined, value, place)?;
            }
        }
        let times = match known {
            Some(known) if known.pages => self.page(field, known.unasked),
            Some(known) => match &known.each {
                Some(argument) => self.length(field, argument),
                None => known.weight,
            },
            None => 1,
        };
        self.times.insert(field, times);
        Ok(times)
    }

    /// How many a page may have; `unasked`: where nobody says.
    fn page(&self, field: &Field, unasked: u8) -> usize {
        let first = match field.get_argument("first").map(|value| &value.node) {
            Some(Written::Variable(name)) => self.variable(name).and_then(whole),
            Some(Written::Number(number)) => number.as_i64(),
            _ => None,
        };
        let most = usize::from(LARGEST);
        first.map_or(usize::from(unasked), |first| {
            usize::try_from(first).map_or(0, |first| first.min(most))
        })
    }

    /// How many are handed in.
    fn length(&self, field: &Field, argument: &str) -> usize {
        match field.get_argument(argument).map(|value| &value.node) {
            Some(Written::List(values)) => values.len(),
            Some(Written::Variable(name)) => match self.variable(name) {
                Some(Value::List(values)) => values.len(),
                _ => 1,
            },
            _ => 1,
        }
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        let defined = self.defined.get(name)?;
        let default = defined.default_value.as_ref();
        let given = self.variables.get(&defined.name.node);
        given.or_else(|| default.map(|default| &default.node))
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) -> Result<(), Refusal> {
        if directives.is_empty() || !self.looked.insert(directives.as_ptr()) {
            return Ok(());
        }
        let most = self.limits.directives;
        if directives.len() > most {
            let words = ("One place may have", most, "directives at most");
            let asked = Some(directives.len());
            return Err(Refusal::limit(
                Code::QueryTooComplex,
                "directives",
                words,
                asked,
            ));
        }
        for (_, value) in directives.iter().flat_map(|one| &one.node.arguments) {
            written(&value.node, self.limits)?;
        }
        usage::directives(&self.defined, directives)
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

fn constant(value: &Value, limits: &config::Graphql) -> Result<(), Refusal> {
    match value {
        Value::String(text) => string(text, limits),
        Value::List(values) => {
            list(values.len(), limits)?;
            values.iter().try_for_each(|value| constant(value, limits))
        }
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| match value {
            Value::String(text) if name == long_text::DOCUMENT => long_text::check(text, limits),
            value => constant(value, limits),
        }),
        _ => Ok(()),
    }
}

fn written(value: &Written, limits: &config::Graphql) -> Result<(), Refusal> {
    match value {
        Written::String(text) => string(text, limits),
        Written::List(values) => {
            list(values.len(), limits)?;
            values.iter().try_for_each(|value| written(value, limits))
        }
        Written::Object(fields) => fields.iter().try_for_each(|(name, value)| match value {
            Written::String(text) if name == long_text::DOCUMENT => long_text::check(text, limits),
            value => written(value, limits),
        }),
        _ => Ok(()),
    }
}

fn list(length: usize, limits: &config::Graphql) -> Result<(), Refusal> {
    if length <= limits.list {
        return Ok(());
    }
    let words = ("A list may have", limits.list, "members at most");
    Err(Refusal::limit(Code::TooMany, "list", words, Some(length)))
}

fn string(text: &str, limits: &config::Graphql) -> Result<(), Refusal> {
    if text.len() > limits.text {
        let words = ("A text may have", limits.text, "bytes at most");
        let asked = Some(text.len());
        return Err(Refusal::limit(Code::TooLarge, "text", words, asked));
    }
    without_zero(text)
}

/// Refuses a text with the character of number zero.
pub(super) fn without_zero(text: &str) -> Result<(), Refusal> {
    if text.contains('\0') {
        // Neither a name nor a number has one, and not every database keeps it.
        return Err(Refusal::new(
            Code::InputInvalid,
            "A text may not hold the character of number zero.",
        ));
    }
    Ok(())
}

/// Counts aliases: without them no field can be asked for twice with other arguments.
fn aliases(document: &ExecutableDocument, most: usize) -> Result<(), Refusal> {
    fn count(set: &SelectionSet) -> usize {
        set.items
            .iter()
            .map(|selection| match &selection.node {
                Selection::Field(field) => {
                    usize::from(field.node.alias.is_some()) + count(&field.node.selection_set.node)
                }
                Selection::InlineFragment(fragment) => count(&fragment.node.selection_set.node),
                Selection::FragmentSpread(_) => 0,
            })
            .sum()
    }
    let many = sets(document).map(count).sum();
    if many <= most {
        return Ok(());
    }
    let words = ("A document may have", most, "aliases at most");
    Err(Refusal::limit(
        Code::QueryTooComplex,
        "aliases",
        words,
        Some(many),
    ))
}

/// Counts the selections of the document with its fragments written out wherever they are spread: a few
/// fragments that spread each other twice have more than any engine can look at. Each is counted once.
fn written_out(document: &ExecutableDocument, limits: &config::Graphql) -> Result<(), Refusal> {
    struct Count<'a> {
        document: &'a ExecutableDocument,
        deepest: usize,
        /// How many a fragment has; none while it is being counted.
        known: HashMap<&'a str, Option<usize>>,
    }
    impl<'a> Count<'a> {
        fn set(&mut self, set: &'a SelectionSet, steps: usize) -> Result<usize, Refusal> {
            let Some(steps) = steps.checked_sub(1) else {
                return Err(too_nested(self.deepest));
            };
            let mut sum = set.items.len();
            for selection in &set.items {
                sum = sum.saturating_add(match &selection.node {
                    Selection::Field(field) => self.set(&field.node.selection_set.node, steps)?,
                    Selection::InlineFragment(fragment) => {
                        self.set(&fragment.node.selection_set.node, steps)?
                    }
                    Selection::FragmentSpread(spread) => {
                        self.fragment(spread.node.fragment_name.node.as_str(), steps)?
                    }
                });
            }
            Ok(sum)
        }

        fn fragment(&mut self, name: &'a str, steps: usize) -> Result<usize, Refusal> {
            match self.known.get(name) {
                Some(Some(many)) => return Ok(*many),
                // GraphQL, section 5.5.2.2.
                Some(None) => {
                    return Err(Refusal::new(
                        Code::QueryInvalid,
                        "A fragment leads back to itself.",
                    ));
                }
                None => {}
            }
            self.known.insert(name, None);
            let many = match self.document.fragments.get(name) {
                Some(fragment) => self.set(&fragment.node.selection_set.node, steps)?,
                None => 0,
            };
            self.known.insert(name, Some(many));
            Ok(many)
        }
    }
    let mut count = Count {
        document,
        deepest: limits.recursion,
        known: HashMap::new(),
    };
    let mut many = 0_usize;
    for (_, operation) in document.operations.iter() {
        let one = count.set(&operation.node.selection_set.node, limits.recursion + 1)?;
        many = many.saturating_add(one);
    }
    for name in document.fragments.keys() {
        let one = count.fragment(name.as_str(), limits.recursion + 1)?;
        many = many.saturating_add(one);
    }
    if many <= limits.selections {
        return Ok(());
    }
    let words = (
        "A document may have",
        limits.selections,
        "selections at most, with its fragments written out",
    );
    Err(Refusal::limit(
        Code::QueryTooComplex,
        "selections",
        words,
        None,
    ))
}

/// The selections of each operation and each fragment.
fn sets(document: &ExecutableDocument) -> impl Iterator<Item = &SelectionSet> {
    let operations = document.operations.iter();
    let operations = operations.map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values();
    operations.chain(fragments.map(|fragment| &fragment.node.selection_set.node))
}
