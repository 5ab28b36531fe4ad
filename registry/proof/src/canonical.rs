//! RDF Dataset Canonicalization 1.0 (RDFC-1.0, W3C Recommendation of 21 May 2024) with SHA-256.
//!
//! The algorithm is factorial in the worst case. Every hash, permutation and copy takes a step from a
//! budget, so that a graph made to be costly ends as [`TooCostly`] and never as a hang; nothing here keeps
//! more than the budget allows. (The RDF library's own canonicalisation has no such bound; the tests compare with it.)

use oxrdf::{GraphName, NamedOrBlankNode, Quad, Term};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

/// Blank nodes within each other that are followed before giving up. Documents nest less deeply.
const DEEPEST: usize = 256;

/// What canonicalising may still cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    /// Steps left.
    pub(crate) steps: usize,
    /// Blank nodes that one graph may have.
    pub(crate) blank_nodes: usize,
}

impl Budget {
    fn take(&mut self, steps: usize) -> Result<(), TooCostly> {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(TooCostly)
            }
        }
    }
}

/// The budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooCostly;

/// A part of a statement: text that stands as it is, or a blank node by number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    Fixed(Box<str>),
    Blank(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Statement {
    subject: Part,
    predicate: Box<str>,
    object: Part,
    graph: Option<Part>,
}

impl Statement {
    /// The canonical N-Quads line, blank nodes named by `name`.
    fn line(&self, name: impl Fn(usize, &mut String)) -> String {
        let mut line = String::with_capacity(128);
        let mut part = |part: &Part| {
            match part {
                Part::Fixed(text) => line.push_str(text),
                Part::Blank(node) => {
                    line.push_str("_:");
                    name(*node, &mut line);
                }
            }
            line.push(' ');
        };
        part(&self.subject);
        part(&Part::Fixed(self.predicate.clone()));
        part(&self.object);
        if let Some(graph) = &self.graph {
            part(graph);
        }
        line.push_str(".\n");
        line
    }

    fn blank_parts(&self) -> impl Iterator<Item = (usize, char)> {
        let blank = |part: &Part, position| match part {
            Part::Blank(node) => Some((*node, position)),
            Part::Fixed(_) => None,
        };
        [
            blank(&self.subject, 's'),
            blank(&self.object, 'o'),
            self.graph.as_ref().and_then(|graph| blank(graph, 'g')),
        ]
        .into_iter()
        .flatten()
    }
}

/// Gives out identifiers in order of asking.
#[derive(Debug, Clone, Default)]
struct Issuer {
    numbers: HashMap<usize, usize>,
    order: Vec<usize>,
}

impl Issuer {
    fn issue(&mut self, node: usize) -> usize {
        let next = self.order.len();
        *self.numbers.entry(node).or_insert_with(|| {
            self.order.push(node);
            next
        })
    }
}

/// The canonical N-Quads of the statements: sorted, blank nodes renamed `c14n0`, `c14n1`, …
///
/// # Errors
/// [`TooCostly`] where the budget does not suffice.
pub(crate) fn canonicalise(quads: &[Quad], budget: &mut Budget) -> Result<String, TooCostly> {
    let mut state = State::read(quads, budget)?;
    state.name_blank_nodes()?;
    let issued = &state.issued;
    let mut lines: Vec<String> = state
        .statements
        .iter()
        .map(|statement| {
            statement.line(|node, line| {
                let number = issued.numbers.get(&node).copied().unwrap_or_default();
                let _ = write!(line, "c14n{number}");
            })
        })
        .collect();
    lines.sort_unstable();
    Ok(lines.concat())
}

struct State<'a> {
    budget: &'a mut Budget,
    statements: Vec<Statement>,
    /// The statements in which each blank node stands.
    mentions: Vec<Vec<usize>>,
    /// The first-degree hash of each blank node.
    hashes: Vec<String>,
    /// The canonical issuer.
    issued: Issuer,
}

impl<'a> State<'a> {
    fn read(quads: &[Quad], budget: &'a mut Budget) -> Result<Self, TooCostly> {
        budget.take(quads.len())?;
        let mut nodes: HashMap<&str, usize> = HashMap::new();
        let mut seen = HashSet::new();
        for quad in quads {
            let statement = Statement {
                subject: match &quad.subject {
                    NamedOrBlankNode::NamedNode(node) => fixed(node),
                    NamedOrBlankNode::BlankNode(node) => number(&mut nodes, node.as_str()),
                },
                predicate: quad.predicate.to_string().into(),
                object: match &quad.object {
                    Term::BlankNode(node) => number(&mut nodes, node.as_str()),
                    other => fixed(other),
                },
                graph: match &quad.graph_name {
                    GraphName::DefaultGraph => None,
                    GraphName::NamedNode(node) => Some(fixed(node)),
                    GraphName::BlankNode(node) => Some(number(&mut nodes, node.as_str())),
                },
            };
            seen.insert(statement);
        }
        if nodes.len() > budget.blank_nodes {
            return Err(TooCostly);
        }
        let statements: Vec<Statement> = seen.into_iter().collect();
        let mut mentions = vec![Vec::new(); nodes.len()];
        for (place, statement) in statements.iter().enumerate() {
            for (node, _) in statement.blank_parts() {
                if let Some(list) = mentions.get_mut(node)
                    && list.last() != Some(&place)
                {
                    list.push(place);
                }
            }
        }
        Ok(Self {
            budget,
            statements,
            mentions,
            hashes: Vec::new(),
            issued: Issuer::default(),
        })
    }

    /// Section 4.4.3, steps 3 to 5.
    fn name_blank_nodes(&mut self) -> Result<(), TooCostly> {
        let mut by_hash: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for node in 0..self.mentions.len() {
            let hash = self.first_degree(node)?;
            by_hash.entry(hash.clone()).or_default().push(node);
            self.hashes.push(hash);
        }
        by_hash.retain(|_, nodes| match nodes.as_slice() {
            [only] => {
                self.issued.issue(*only);
                false
            }
            _ => true,
        });
        for nodes in by_hash.into_values() {
            let mut paths = Vec::new();
            for node in nodes {
                if self.issued.numbers.contains_key(&node) {
                    continue;
                }
                let mut issuer = Issuer::default();
                issuer.issue(node);
                paths.push(self.n_degree(node, issuer, 0)?);
            }
            paths.sort_by(|(left, _), (right, _)| left.cmp(right));
            for (_, issuer) in paths {
                for node in issuer.order {
                    self.issued.issue(node);
                }
            }
        }
        Ok(())
    }

    fn statements_of(&self, node: usize) -> impl Iterator<Item = &Statement> {
        self.mentions
            .get(node)
            .into_iter()
            .flatten()
            .filter_map(|place| self.statements.get(*place))
    }

    /// Section 4.6: the hash of what is said of a node, other blank nodes all alike.
    fn first_degree(&mut self, node: usize) -> Result<String, TooCostly> {
        let mut lines: Vec<String> = self
            .statements_of(node)
            .map(|statement| {
                statement.line(|other, line| line.push(if other == node { 'a' } else { 'z' }))
            })
            .collect();
        self.budget.take(lines.len())?;
        lines.sort_unstable();
        Ok(hash(&lines.concat()))
    }

    /// Section 4.7.
    fn related(
        &self,
        related: usize,
        statement: &Statement,
        position: char,
        issuer: &Issuer,
    ) -> String {
        let mut input = String::with_capacity(160);
        input.push(position);
        if position != 'g' {
            input.push_str(&statement.predicate);
        }
        if !self.push_name(&mut input, related, issuer) {
            input.push_str(self.hashes.get(related).map_or("", String::as_str));
        }
        hash(&input)
    }

    /// Appends the node's canonical name, or the one that `issuer` gave; false where it has neither.
    fn push_name(&self, text: &mut String, node: usize, issuer: &Issuer) -> bool {
        if let Some(number) = self.issued.numbers.get(&node) {
            let _ = write!(text, "_:c14n{number}");
            return true;
        }
        if let Some(number) = issuer.numbers.get(&node) {
            let _ = write!(text, "_:b{number}");
            return true;
        }
        false
    }

    /// Section 4.8: the hash of a node by the nodes around it, and the names given on the way.
    fn n_degree(
        &mut self,
        node: usize,
        mut issuer: Issuer,
        depth: usize,
    ) -> Result<(String, Issuer), TooCostly> {
        if depth > DEEPEST {
            return Err(TooCostly);
        }
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut steps = 0;
        for statement in self.statements_of(node) {
            steps += 1;
            for (component, position) in statement.blank_parts() {
                if component != node {
                    let hash = self.related(component, statement, position, &issuer);
                    groups.entry(hash).or_default().push(component);
                    steps += 1;
                }
            }
        }
        self.budget.take(steps)?;
        let mut data = String::new();
        for (related_hash, mut list) in groups {
            data.push_str(&related_hash);
            let mut chosen: Option<(String, Issuer)> = None;
            list.sort_unstable();
            loop {
                if let Some(found) = self.path(
                    &list,
                    &issuer,
                    chosen.as_ref().map(|(path, _)| path.as_str()),
                    depth,
                )? {
                    chosen = Some(found);
                }
                if !next_permutation(&mut list) {
                    break;
                }
            }
            if let Some((path, found)) = chosen {
                data.push_str(&path);
                issuer = found;
            }
        }
        Ok((hash(&data), issuer))
    }

    /// Section 4.8.3, step 5.4: the path of one order of related nodes, unless one chosen before is less.
    fn path(
        &mut self,
        order: &[usize],
        issuer: &Issuer,
        chosen: Option<&str>,
        depth: usize,
    ) -> Result<Option<(String, Issuer)>, TooCostly> {
        // Copying the issuer is the step that costs memory.
        self.budget.take(1 + order.len() + issuer.order.len() / 8)?;
        let worse =
            |path: &str| chosen.is_some_and(|chosen| path.len() >= chosen.len() && path > chosen);
        let mut issuer = issuer.clone();
        let mut path = String::new();
        let mut recursion = Vec::new();
        for related in order {
            if !self.push_name(&mut path, *related, &issuer) {
                recursion.push(*related);
                let number = issuer.issue(*related);
                let _ = write!(path, "_:b{number}");
            }
            if worse(&path) {
                return Ok(None);
            }
        }
        for related in recursion {
            self.budget.take(1 + issuer.order.len() / 8)?;
            let (hash, found) = self.n_degree(related, issuer.clone(), depth + 1)?;
            let number = issuer.issue(related);
            let _ = write!(path, "_:b{number}<{hash}>");
            issuer = found;
            if worse(&path) {
                return Ok(None);
            }
        }
        Ok(match chosen {
            Some(chosen) if path.as_str() >= chosen => None,
            _ => Some((path, issuer)),
        })
    }
}

fn fixed(term: &impl std::fmt::Display) -> Part {
    Part::Fixed(term.to_string().into())
}

/// The blank node's number, a new one for a new name.
fn number<'a>(nodes: &mut HashMap<&'a str, usize>, name: &'a str) -> Part {
    let next = nodes.len();
    Part::Blank(*nodes.entry(name).or_insert(next))
}

/// The next order of the list, or false after the last.
fn next_permutation(list: &mut [usize]) -> bool {
    let Some(pivot) = list
        .windows(2)
        .rposition(|pair| matches!(pair, [left, right] if left < right))
    else {
        return false;
    };
    let successor = list
        .get(pivot)
        .and_then(|value| list.iter().rposition(|other| other > value));
    if let Some(successor) = successor {
        list.swap(pivot, successor);
    }
    if let Some(rest) = list.get_mut(pivot + 1..) {
        rest.reverse();
    }
    true
}

/// SHA-256 in hexadecimal.
fn hash(text: &str) -> String {
    let mut hexadecimal = String::with_capacity(64);
    for byte in Sha256::digest(text) {
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    hexadecimal
}

#[cfg(test)]
mod tests;
