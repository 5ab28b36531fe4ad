//! Where variables stand (GraphQL, section 5.8.5): the engine has the rule and does not come to it, nor to the
//! directives of `__typename`. What is said here is said before anything runs.

use super::refusal::Refusal;
use super::shape::{Place, Shape};
use async_graphql::parser::types::{
    BaseType, Directive, OperationDefinition, Type, VariableDefinition,
};
use async_graphql::{Positioned, Value};
use async_graphql_value::Value as Written;
use schema::Code;
use std::collections::HashMap;

/// The variables that an operation defines, by name: they are looked up at each use.
pub(super) type Defined<'a> = HashMap<&'a str, &'a VariableDefinition>;

/// The variables of `operation`; of a name that stands twice, which the engine refuses, the first.
pub(super) fn defined(operation: &OperationDefinition) -> Defined<'_> {
    let mut defined = Defined::new();
    for definition in &operation.variable_definitions {
        let name = definition.node.name.node.as_str();
        defined.entry(name).or_insert(&definition.node);
    }
    defined
}

/// Whether every variable in `value` may stand where it does: at `place`.
pub(super) fn value(
    shape: &Shape,
    defined: &Defined<'_>,
    value: &Positioned<Written>,
    place: &Place,
) -> Result<(), Refusal> {
    if fits(shape, defined, &value.node, &place.of, place.has_default) {
        return Ok(());
    }
    let words = "A variable stands where a value of another type belongs.";
    Err(Refusal::new(Code::QueryInvalid, words).at(vec![value.pos]))
}

/// Whether the directives are known, and have what they need.
pub(super) fn directives(
    defined: &Defined<'_>,
    directives: &[Positioned<Directive>],
) -> Result<(), Refusal> {
    for directive in directives {
        let invalid =
            |words: String| Err(Refusal::new(Code::QueryInvalid, words).at(vec![directive.pos]));
        let name = &directive.node.name.node;
        if !["skip", "include"].contains(&name.as_str()) {
            return invalid(format!("Unknown directive \"{name}\"."));
        }
        let holds = match directive.node.get_argument("if").map(|value| &value.node) {
            Some(Written::Boolean(_)) => true,
            Some(Written::Variable(name)) => {
                Type::new("Boolean!").is_some_and(|boolean| stands(defined, name, &boolean, false))
            }
            _ => false,
        };
        if !holds {
            return invalid(format!("The directive \"{name}\" needs a Boolean, if."));
        }
    }
    Ok(())
}

fn fits(
    shape: &Shape,
    defined: &Defined<'_>,
    value: &Written,
    of: &Type,
    has_default: bool,
) -> bool {
    match (value, &of.base) {
        (Written::Variable(name), _) => stands(defined, name, of, has_default),
        (Written::List(values), BaseType::List(each)) => values
            .iter()
            .all(|value| fits(shape, defined, value, each, false)),
        (Written::Object(_), BaseType::List(each)) => fits(shape, defined, value, each, false),
        (Written::Object(fields), BaseType::Named(name)) => {
            fields
                .iter()
                .all(|(field, value)| match shape.input(name, field) {
                    Some(place) => fits(shape, defined, value, &place.of, place.has_default),
                    None => true,
                })
        }
        // Values without variables are the engine's to look at.
        _ => true,
    }
}

/// Whether a variable may stand where a value of type `of` belongs. One that is not defined is the engine's
/// to refuse.
fn stands(defined: &Defined<'_>, name: &str, of: &Type, has_default: bool) -> bool {
    let Some(defined) = defined.get(name) else {
        return true;
    };
    let given = &defined.var_type.node;
    if !of.nullable && given.nullable {
        let own = defined.default_value.as_ref();
        let never_null = own.is_some_and(|value| value.node != Value::Null);
        return (never_null || has_default) && same(&given.base, &of.base);
    }
    same(&given.base, &of.base)
}

/// Whether what is given is the type that belongs, or one that is never null where that may be.
fn same(given: &BaseType, of: &BaseType) -> bool {
    match (given, of) {
        (BaseType::Named(given), BaseType::Named(of)) => given == of,
        (BaseType::List(given), BaseType::List(of)) => {
            (of.nullable || !given.nullable) && same(&given.base, &of.base)
        }
        _ => false,
    }
}
