//! Variables, checked against what an operation declares before anything of it runs (GraphQL, section
//! 6.1.2). The engine looks at a variable where it is used; a document that passed before, and a field that
//! is skipped, would let a wrong one through.

use super::scalar::{Date, DateTime};
use async_graphql::parser::types::{
    BaseType, OperationDefinition, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, ScalarType, Value, Variables};
use std::collections::{HashMap, HashSet};

/// The input types of the schema.
pub(super) struct Inputs {
    kinds: HashMap<String, Kind>,
}

enum Kind {
    Enum(HashSet<String>),
    Object(HashMap<String, Field>),
}

struct Field {
    of: Type,
    has_default: bool,
}

impl Inputs {
    /// The input types of a schema in its own language.
    pub(super) fn of(schema: &ServiceDocument) -> Self {
        let kinds = schema
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(named) => Some(&named.node),
                _ => None,
            })
            .filter_map(|named| {
                let kind = match &named.kind {
                    TypeKind::Enum(values) => Kind::Enum(
                        values
                            .values
                            .iter()
                            .map(|value| value.node.value.node.to_string())
                            .collect(),
                    ),
                    TypeKind::InputObject(object) => Kind::Object(
                        object
                            .fields
                            .iter()
                            .map(|field| {
                                let field = &field.node;
                                let has_default = field.default_value.is_some();
                                let of = field.ty.node.clone();
                                (field.name.node.to_string(), Field { of, has_default })
                            })
                            .collect(),
                    ),
                    _ => return None,
                };
                Some((named.name.node.to_string(), kind))
            })
            .collect();
        Self { kinds }
    }

    /// The first variable whose value is not what the operation declares, in words. The value itself is
    /// not told again.
    pub(super) fn fault(
        &self,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Option<String> {
        operation.variable_definitions.iter().find_map(|defined| {
            let defined = &defined.node;
            let (name, of) = (&defined.name.node, &defined.var_type.node);
            match variables.get(name) {
                None if of.nullable || defined.default_value.is_some() => None,
                None => Some(format!(
                    "The variable ${name} of type {of} is needed and not given."
                )),
                Some(value) if self.fits(of, value) => None,
                Some(_) => Some(format!(
                    "The value of the variable ${name} is none of type {of}."
                )),
            }
        })
    }

    fn fits(&self, of: &Type, value: &Value) -> bool {
        match (value, &of.base) {
            (Value::Null, _) => of.nullable,
            (Value::List(values), BaseType::List(each)) => {
                values.iter().all(|value| self.fits(each, value))
            }
            // One thing is a list of one.
            (value, BaseType::List(each)) => self.fits(each, value),
            (value, BaseType::Named(name)) => self.fits_named(name, value),
        }
    }

    fn fits_named(&self, of: &Name, value: &Value) -> bool {
        match (of.as_str(), value) {
            ("Int", Value::Number(number)) => number
                .as_i64()
                .is_some_and(|number| i32::try_from(number).is_ok()),
            ("Float", value) => matches!(value, Value::Number(_)),
            ("Boolean", value) => matches!(value, Value::Boolean(_)),
            ("ID", Value::Number(number)) => number.is_i64() || number.is_u64(),
            ("Int" | "String" | "ID", value) => {
                of.as_str() != "Int" && matches!(value, Value::String(_))
            }
            // The registry's own scalars.
            ("Date", value) => Date::parse(value.clone()).is_ok(),
            ("DateTime", value) => DateTime::parse(value.clone()).is_ok(),
            (name, value) => match (self.kinds.get(name), value) {
                (Some(Kind::Enum(values)), Value::String(text)) => values.contains(text),
                (Some(Kind::Enum(values)), Value::Enum(name)) => values.contains(name.as_str()),
                (Some(Kind::Object(fields)), Value::Object(given)) => {
                    given.keys().all(|name| fields.contains_key(name.as_str()))
                        && fields
                            .iter()
                            .all(|(name, field)| match given.get(name.as_str()) {
                                Some(value) => self.fits(&field.of, value),
                                None => field.of.nullable || field.has_default,
                            })
                }
                (Some(_), _) => false,
                // Files, and types that the schema does not have: the engine looks at those.
                (None, _) => true,
            },
        }
    }
}
