//! The fields of the schema, as far as is looked at before the engine does: which type each gives, whether
//! it gives pages, whether it takes a list, and where a variable may stand.

use super::Registry;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, parser::types::OperationType};
use std::collections::HashMap;

/// The types of the schema with their fields.
pub(super) struct Shape {
    types: HashMap<String, HashMap<String, Field>>,
    inputs: HashMap<String, HashMap<String, Place>>,
}

/// A place for a value: an argument, or a field of an input object.
pub(super) struct Place {
    /// Its type.
    pub(super) of: Type,
    /// Whether it has a value where none is given.
    pub(super) has_default: bool,
}

/// A field.
pub(super) struct Field {
    /// The type that it gives, without lists and exclamation marks.
    pub(super) of: String,
    /// Whether it has the argument `first`.
    pub(super) pages: bool,
    /// The argument that it answers to one by one.
    pub(super) each: Option<String>,
    /// Its arguments.
    pub(super) arguments: HashMap<String, Place>,
}

impl Shape {
    pub(super) fn of(schema: &Registry) -> Self {
        let definitions = parse_schema(schema.sdl())
            .map(|document| document.definitions)
            .unwrap_or_default();
        let (mut types, mut inputs) = (HashMap::new(), HashMap::new());
        for definition in definitions {
            let TypeSystemDefinition::Type(named) = definition else {
                continue;
            };
            let name = named.node.name.node.to_string();
            match named.node.kind {
                TypeKind::Object(object) => {
                    types.insert(name, fields_of(object.fields));
                }
                TypeKind::Interface(interface) => {
                    types.insert(name, fields_of(interface.fields));
                }
                TypeKind::InputObject(input) => {
                    inputs.insert(name, places_of(input.fields));
                }
                _ => {}
            }
        }
        Self { types, inputs }
    }

    /// The type at which an operation begins.
    pub(super) fn root(of: OperationType) -> &'static str {
        match of {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        }
    }

    /// A field of an input object.
    pub(super) fn input(&self, of: &str, name: &str) -> Option<&Place> {
        self.inputs.get(of)?.get(name)
    }

    /// A field of a type; none of what is not known, which costs as any field does.
    pub(super) fn field(&self, of: Option<&str>, name: &str) -> Option<&Field> {
        self.types.get(of?)?.get(name)
    }
}

fn places_of(values: Vec<Positioned<InputValueDefinition>>) -> HashMap<String, Place> {
    let place = |value: Positioned<InputValueDefinition>| {
        let place = Place {
            has_default: value.node.default_value.is_some(),
            of: value.node.ty.node,
        };
        (value.node.name.node.to_string(), place)
    };
    values.into_iter().map(place).collect()
}

fn fields_of(fields: Vec<Positioned<FieldDefinition>>) -> HashMap<String, Field> {
    fields
        .into_iter()
        .map(|field| {
            let field = field.node;
            let pages = field
                .arguments
                .iter()
                .any(|argument| argument.node.name.node == "first");
            // A field that takes a list and gives one answers each in turn.
            let gives_list = matches!(field.ty.node.base, BaseType::List(_));
            let each = field
                .arguments
                .iter()
                .find(|argument| {
                    gives_list && matches!(argument.node.ty.node.base, BaseType::List(_))
                })
                .map(|argument| argument.node.name.node.to_string());
            let of = innermost(&field.ty.node).to_owned();
            let arguments = places_of(field.arguments);
            let known = Field {
                of,
                pages,
                each,
                arguments,
            };
            (field.name.node.to_string(), known)
        })
        .collect()
}

fn innermost(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(each) => innermost(each),
    }
}
