//! The fields of the schema, as far as is looked at before the engine does: which type each gives, whether
//! it gives pages, whether it takes a list, and where a variable may stand.

use super::connection::LARGEST;
use super::progress;
use async_graphql::Positioned;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, OperationType, ServiceDocument, Type,
    TypeKind, TypeSystemDefinition,
};
use std::collections::{HashMap, HashSet};

/// What a list of objects without pages counts for: nobody says how long it is, and the database is asked for
/// it once more.
const UNPAGED: usize = 5;

/// Fields for which rules are held against a record: the type, the field, what it costs itself, and what each that it gives
/// costs besides what is asked of it. A field that is only read costs 1.
const EVALUATED: [(&str, &str, usize, usize); 12] = [
    ("Learner", "progress", 20, 0),
    ("Learner", "nearest", 20, 20),
    ("Learner", "standing", 20, 0),
    ("Learner", "pathway", 100, 0),
    ("Learner", "countsInRatio", 20, 0),
    ("Learner", "commonCoreCoverage", 20, 0),
    ("Learner", "suggestedClaims", 100, 0),
    // Of everybody in the team.
    ("Team", "gaps", 100, 20),
    ("Team", "plan", 100, 20),
    ("Team", "inRatio", 100, 0),
    ("TeamMember", "standing", 5, 0),
    // Nothing is evaluated, and a table has up to 100 000 rows.
    ("Query", "workforce", 250, 0),
];

/// Lists of the framework without pages of which it is known how long they are.
const LENGTHS: [(&str, &str, usize); 8] = [
    ("Query", "sectors", 8),
    ("Query", "commonCore", 6),
    ("Query", "levels", 11),
    // Six core dimensions and twenty-four others.
    ("Query", "ksf", 30),
    ("Query", "priorLearningFacts", 20),
    // The outermost group.
    ("Structure", "groups", 1),
    ("BarredPair", "units", 2),
    ("Learner", "commonCoreCoverage", 6),
];

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
    /// How many times what is in it counts, where neither a page nor a list that is handed in says so.
    pub(super) weight: usize,
    /// What it costs itself.
    pub(super) own: usize,
    /// What each that it gives costs besides what is asked of it.
    pub(super) per: usize,
    /// How many it gives where `first` does not say.
    pub(super) unasked: u8,
    /// Its arguments.
    pub(super) arguments: HashMap<String, Place>,
}

impl Shape {
    /// That of a schema in its own language.
    pub(super) fn of(schema: &ServiceDocument) -> Self {
        let types = || {
            schema.definitions.iter().filter_map(|one| match one {
                TypeSystemDefinition::Type(named) => Some(&named.node),
                _ => None,
            })
        };
        let composite: HashSet<&str> = types()
            .filter(|named| {
                matches!(
                    named.kind,
                    TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)
                )
            })
            .map(|named| named.name.node.as_str())
            .collect();
        let mut shape = Self {
            types: HashMap::new(),
            inputs: HashMap::new(),
        };
        for named in types() {
            let name = named.name.node.to_string();
            match &named.kind {
                TypeKind::Object(object) => {
                    let fields = fields_of(&name, &object.fields, &composite);
                    shape.types.insert(name, fields);
                }
                TypeKind::Interface(interface) => {
                    let fields = fields_of(&name, &interface.fields, &composite);
                    shape.types.insert(name, fields);
                }
                TypeKind::InputObject(input) => {
                    shape.inputs.insert(name, places_of(&input.fields));
                }
                _ => {}
            }
        }
        shape
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

fn places_of(values: &[Positioned<InputValueDefinition>]) -> HashMap<String, Place> {
    let place = |value: &Positioned<InputValueDefinition>| {
        let place = Place {
            has_default: value.node.default_value.is_some(),
            of: value.node.ty.node.clone(),
        };
        (value.node.name.node.to_string(), place)
    };
    values.iter().map(place).collect()
}

/// `composite`: the types that have fields.
fn fields_of(
    parent: &str,
    fields: &[Positioned<FieldDefinition>],
    composite: &HashSet<&str>,
) -> HashMap<String, Field> {
    // A page's own list is counted where the page is asked for.
    let is_page = fields
        .iter()
        .any(|field| field.node.name.node == "pageInfo");
    fields
        .iter()
        .map(|field| {
            let field = &field.node;
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
            let of = innermost(&field.ty.node);
            let name = field.name.node.as_str();
            let mut evaluated = EVALUATED.iter();
            let evaluated = evaluated.find(|(of, one, ..)| (*of, *one) == (parent, name));
            let weighs = gives_list && !is_page && composite.contains(of);
            let mut lengths = LENGTHS.iter();
            let length = lengths.find(|(of, list, _)| (*of, *list) == (parent, name));
            let length = length.map_or(UNPAGED, |(_, _, length)| *length);
            let known = Field {
                of: of.to_owned(),
                pages,
                each,
                weight: if weighs { length } else { 1 },
                own: evaluated.map_or(1, |(_, _, own, _)| *own),
                per: evaluated.map_or(0, |(.., per)| *per),
                unasked: if (parent, name) == ("Learner", "nearest") {
                    progress::NEAREST
                } else {
                    LARGEST
                },
                arguments: places_of(&field.arguments),
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
