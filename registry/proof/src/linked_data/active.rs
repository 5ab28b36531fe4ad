//! The compiled-in contexts as definitions that are made once and kept: what JSON-LD 1.1 (section 4.1, and section 4 of its
//! algorithms) calls active contexts. Only what the compiled-in contexts need of it is here. Whatever else one of
//! them may come to say makes a word [`Meaning::Unusable`], or no active context at all, and the library reads the document.

use crate::context::{LOADABLE_VALUES, UNDEFINED_TERM};
use oxrdf::NamedNode;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// Active contexts that are kept. Honest documents need some dozens; one that names its contexts in ever new orders
/// must not fill the memory.
const MOST_KEPT: usize = 256;

static KEPT: LazyLock<RwLock<HashMap<Step, Option<Arc<Active>>>>> = LazyLock::new(RwLock::default);

static INITIAL: LazyLock<Arc<Active>> = LazyLock::new(|| Active::new(HashMap::new(), None));

/// How one active context comes out of another. Compiled-in contexts stay where they are: their place names them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Step {
    from: u64,
    local: usize,
    scope: Scope,
}

/// Where a context stands, which decides how far it reaches and what it may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    /// Named by the document.
    Document,
    /// Of a type: it ends where the next object begins.
    Type,
    /// Of a property: it may change what is protected.
    Property,
}

/// The definitions that are in force at a place of a document.
#[derive(Debug)]
pub(super) struct Active {
    number: u64,
    terms: Terms,
    /// What counts again in the objects within, where a type's context is in force.
    previous: Option<Arc<Self>>,
}

type Terms = HashMap<&'static str, Arc<Term>>;

/// What a word is defined as.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) meaning: Meaning,
    pub(super) coercion: Coercion,
    pub(super) container: Container,
    /// The context of the type or property.
    pub(super) scoped: Option<&'static Value>,
    /// Whether the word can stand before a colon.
    prefix: bool,
    /// Whether only a property's context may define the word otherwise.
    protected: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    Id,
    Type,
    Iri(NamedNode),
    /// By a definition with something in it that is not known here.
    Unusable(&'static Value),
}

/// How a property's values belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// Each is said of the thing.
    Each,
    /// Each is a graph of its own.
    Graph,
    /// They have an order.
    List,
}

/// What a text that is a property's value is taken for.
#[derive(Debug, PartialEq)]
pub(super) enum Coercion {
    Nothing,
    Id,
    Vocabulary,
    Datatype(NamedNode),
}

impl Active {
    fn new(terms: Terms, previous: Option<Arc<Self>>) -> Arc<Self> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Arc::new(Self {
            number: LAST.fetch_add(1, Ordering::Relaxed),
            terms,
            previous,
        })
    }

    /// Before any context: no word is defined.
    pub(super) fn initial() -> Arc<Self> {
        Arc::clone(&INITIAL)
    }

    pub(super) fn term(&self, name: &str) -> Option<&Term> {
        self.terms.get(name).map(Arc::as_ref)
    }

    /// What is in force in an object within.
    pub(super) fn within(self: &Arc<Self>) -> Arc<Self> {
        Arc::clone(self.previous.as_ref().unwrap_or(self))
    }

    /// What is in force under this context too. `None` where the context does not fit those before, or is not of the kind known here.
    pub(super) fn with(self: &Arc<Self>, local: &'static Value, scope: Scope) -> Option<Arc<Self>> {
        let step = Step {
            from: self.number,
            local: std::ptr::from_ref(local).addr(),
            scope,
        };
        let kept = KEPT.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = kept.get(&step) {
            return made.clone();
        }
        drop(kept);
        let made = self.make(local, scope);
        let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(step, made.clone());
        made
    }

    fn make(self: &Arc<Self>, local: &'static Value, scope: Scope) -> Option<Arc<Self>> {
        let mut terms = Making {
            terms: self.terms.clone(),
            scope,
        };
        terms.add(local)?;
        let previous = match (&self.previous, scope) {
            (None, Scope::Type) => Some(Arc::clone(self)),
            (previous, _) => previous.clone(),
        };
        Some(Self::new(terms.terms, previous))
    }
}

/// Definitions on their way (JSON-LD 1.1 Processing Algorithms, sections 4.1 and 4.2).
struct Making {
    terms: Terms,
    scope: Scope,
}

/// One context's members, and which of them are defined already; `false` while one is being defined.
struct Members {
    all: &'static Map<String, Value>,
    protected: bool,
    defined: HashMap<&'static str, bool>,
}

impl Making {
    fn add(&mut self, local: &'static Value) -> Option<()> {
        match local {
            // It takes away what is protected, which a property's context alone may do.
            Value::Null => (self.scope == Scope::Property).then(|| self.terms.clear()),
            Value::String(address) => {
                let document = LOADABLE_VALUES.get(address.as_str())?;
                self.add(document.get("@context")?)
            }
            Value::Array(items) => items.iter().try_for_each(|item| self.add(item)),
            Value::Object(all) => {
                let known = |(name, member): (&String, &Value)| match name.as_str() {
                    "@version" => true,
                    "@protected" => member.is_boolean(),
                    "@vocab" => *member == UNDEFINED_TERM,
                    name => !name.starts_with('@'),
                };
                if !all.iter().all(known) {
                    return None;
                }
                let mut members = Members {
                    all,
                    protected: all.get("@protected") == Some(&Value::Bool(true)),
                    defined: HashMap::new(),
                };
                let mut names = all.keys().filter(|name| !name.starts_with('@'));
                names.try_for_each(|name| self.define(name, &mut members))
            }
            _ => None,
        }
    }

    /// Defines a word, and before it those that its definition names.
    fn define(&mut self, name: &'static str, members: &mut Members) -> Option<()> {
        match members.defined.get(name) {
            None => members.defined.insert(name, false),
            Some(true) => return Some(()),
            // A word defined by itself.
            Some(false) => return None,
        };
        let definition = members.all.get(name)?;
        let before = self.terms.remove(name);
        let meant = self.term(name, definition, members);
        let mut term = meant.unwrap_or_else(|| Term::unusable(definition));
        term.protected = match definition.get("@protected") {
            Some(own) => own.as_bool()?,
            None => members.protected,
        };
        let term = match before {
            Some(before) if before.protected && self.scope != Scope::Property => {
                before.says_what(&term).then_some(before)?
            }
            _ => Arc::new(term),
        };
        self.terms.insert(name, term);
        members.defined.insert(name, true);
        Some(())
    }

    /// What a definition says. `None` where something in it is not known here.
    fn term(
        &mut self,
        name: &'static str,
        definition: &'static Value,
        members: &mut Members,
    ) -> Option<Term> {
        if let Value::String(meaning) = definition {
            let meaning = self.expand(meaning, name, members)?;
            // What a word may begin with, another word's end must be able to follow (section 4.2.2, step 14.2.5).
            let delimiter =
                |iri: &NamedNode| iri.as_str().ends_with([':', '/', '?', '#', '[', ']', '@']);
            let prefix = matches!(&meaning, Meaning::Iri(iri) if delimiter(iri));
            return Some(Term {
                prefix,
                ..Term::of(meaning)
            });
        }
        let definition = definition.as_object()?;
        let known = ["@id", "@type", "@container", "@context", "@protected"];
        if !definition.keys().all(|key| known.contains(&key.as_str())) {
            return None;
        }
        let meaning = self.expand(definition.get("@id")?.as_str()?, name, members)?;
        let coercion = match definition.get("@type").map(Value::as_str) {
            None => Coercion::Nothing,
            Some(Some("@id")) => Coercion::Id,
            Some(Some("@vocab")) => Coercion::Vocabulary,
            Some(datatype) => match self.expand(datatype?, name, members)? {
                Meaning::Iri(datatype) => Coercion::Datatype(datatype),
                _ => return None,
            },
        };
        let container = match definition.get("@container").map(Value::as_str) {
            None | Some(Some("@set")) => Container::Each,
            Some(Some("@graph")) => Container::Graph,
            Some(Some("@list")) => Container::List,
            Some(_) => return None,
        };
        Some(Term {
            coercion,
            container,
            scoped: definition.get("@context"),
            ..Term::of(meaning)
        })
    }

    /// What a text in the definition of `name` stands for: a keyword, another word, a prefix and a word, or itself.
    fn expand(&mut self, text: &'static str, name: &str, members: &mut Members) -> Option<Meaning> {
        match text {
            "@id" => return Some(Meaning::Id),
            "@type" => return Some(Meaning::Type),
            _ if text.starts_with('@') => return None,
            _ => {}
        }
        if text != name && members.all.contains_key(text) {
            self.define(text, members)?;
        }
        if let Some(term) = self.terms.get(text) {
            return Some(term.meaning.clone());
        }
        let (prefix, rest) = text.split_once(':')?;
        if !rest.starts_with("//") {
            if members.all.contains_key(prefix) {
                self.define(prefix, members)?;
            }
            if let Some(term) = self.terms.get(prefix)
                && term.prefix
                && let Meaning::Iri(start) = &term.meaning
            {
                let whole = format!("{}{rest}", start.as_str());
                return NamedNode::new(whole).ok().map(Meaning::Iri);
            }
        }
        NamedNode::new(text).ok().map(Meaning::Iri)
    }
}

impl Term {
    fn of(meaning: Meaning) -> Self {
        Self {
            meaning,
            coercion: Coercion::Nothing,
            container: Container::Each,
            scoped: None,
            prefix: false,
            protected: false,
        }
    }

    fn unusable(definition: &'static Value) -> Self {
        Self::of(Meaning::Unusable(definition))
    }

    /// Whether both are the same but for being protected.
    fn says_what(&self, other: &Self) -> bool {
        self.meaning == other.meaning
            && self.coercion == other.coercion
            && self.container == other.container
            && self.scoped == other.scoped
            && self.prefix == other.prefix
    }
}
