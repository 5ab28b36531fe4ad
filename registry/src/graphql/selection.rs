//! Puts the fields of an answer into the order of the query, as the specification asks (GraphQL, October
//! 2021, section 7.2.2): the engine leaves them in the order in which they were done.

use async_graphql::Value;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use std::collections::HashMap;

/// The fields asked for at one place, by the name under which they are answered, with what is asked below.
type Asked<'a> = Vec<(&'a str, Vec<&'a SelectionSet>)>;

/// Puts `data`, the answer to `document`, into the document's order.
pub(super) fn in_order(document: &ExecutableDocument, operation: Option<&str>, data: &mut Value) {
    let mut operations = document.operations.iter();
    let found = match operation {
        Some(name) => operations.find(|(known, _)| known.is_some_and(|known| known == name)),
        None => operations.next(),
    };
    if let Some((_, operation)) = found {
        sort(document, &[&operation.node.selection_set.node], data);
    }
}

fn sort(document: &ExecutableDocument, sets: &[&SelectionSet], value: &mut Value) {
    match value {
        Value::List(values) => values
            .iter_mut()
            .for_each(|value| sort(document, sets, value)),
        Value::Object(object) => {
            let mut asked = Asked::new();
            sets.iter()
                .for_each(|set| gather(document, set, &mut asked, 0));
            let places: HashMap<&str, usize> = asked
                .iter()
                .enumerate()
                .map(|(place, (name, _))| (*name, place))
                .collect();
            if !object
                .keys()
                .is_sorted_by_key(|key| places.get(key.as_str()))
            {
                object.sort_by_key(|key, _| places.get(key.as_str()).copied());
            }
            for (name, below) in asked.iter().filter(|(_, below)| !below.is_empty()) {
                if let Some(value) = object.get_mut(*name) {
                    sort(document, below, value);
                }
            }
        }
        _ => {}
    }
}

/// Gathers the fields of a selection, those of its fragments where they stand. Documents that ran have no
/// circles of fragments; the bound is for the eye.
fn gather<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    asked: &mut Asked<'a>,
    depth: usize,
) {
    if depth > 64 {
        return;
    }
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let name = field.node.response_key().node.as_str();
                let below = &field.node.selection_set.node;
                let place = match asked.iter().position(|(known, _)| *known == name) {
                    Some(place) => place,
                    None => {
                        asked.push((name, Vec::new()));
                        asked.len() - 1
                    }
                };
                if let Some((_, sets)) = asked.get_mut(place)
                    && !below.items.is_empty()
                {
                    sets.push(below);
                }
            }
            Selection::InlineFragment(fragment) => {
                gather(
                    document,
                    &fragment.node.selection_set.node,
                    asked,
                    depth + 1,
                );
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    gather(
                        document,
                        &fragment.node.selection_set.node,
                        asked,
                        depth + 1,
                    );
                }
            }
        }
    }
}
