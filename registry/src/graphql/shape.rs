//! The fields of the schema, as far as what a query may cost depends on them: which type each gives, whether
//! it gives pages, whether it takes a list.

use super::Registry;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, parser::types::OperationType};
use std::collections::HashMap;

/// The types of the schema with their fields.
pub(super) struct Shape {
    types: HashMap<String, HashMap<String, Field>>,
}

/// A field.
pub(super) struct Field {
    /// The type that it gives, without lists and exclamation marks.
    pub(super) of: String,
    /// Whether it has the argument `first`.
    pub(super) pages: bool,
    /// The argument that it answers to one by one.
    pub(super) each: Option<String>,
}

impl Shape {
    pub(super) fn of(schema: &Registry) -> Self {
        let definitions = parse_schema(schema.sdl())
            .map(|document| document.definitions)
            .unwrap_or_default();
        let types = definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(named) => Some(named.node),
                _ => None,
            })
            .filter_map(|named| {
                let fields = match named.kind {
                    TypeKind::Object(object) => object.fields,
                    TypeKind::Interface(interface) => interface.fields,
                    _ => return None,
                };
                Some((named.name.node.to_string(), fields_of(fields)))
            })
            .collect();
        Self { types }
    }

    /// The type at which an operation begins.
    pub(super) fn root(of: OperationType) -> &'static str {
        match of {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        }
    }

    /// A field of a type; none of what is not known, which costs as any field does.
    pub(super) fn field(&self, of: Option<&str>, name: &str) -> Option<&Field> {
        self.types.get(of?)?.get(name)
    }
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
            (field.name.node.to_string(), Field { of, pages, each })
        })
        .collect()
}

fn innermost(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(each) => innermost(each),
    }
}
