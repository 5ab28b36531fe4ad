//! Where the configuration comes from, and how its faults are told: each names its key, what is allowed, and
//! the place that says otherwise.

use super::{Config, DEFAULT_FILE, Overrides, known};
use crate::error::Error;
use figment::Figment;
use figment::error::{Actual, Kind};
use figment::providers::{Env, Format, Serialized, Toml};
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// What every variable begins with.
const PREFIX: &str = "REGISTRY_";
/// Variables that look like keys and are the test suite's.
const OTHERS: [&str; 1] = ["REGISTRY_TEST_DATABASE"];

/// A configuration with the places that it came from.
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    layers: Layers,
}

/// The places, the weakest first: the file, the environment, the command line.
struct Layers {
    file: Option<(PathBuf, String)>,
    variables: Vec<String>,
    flags: Overrides,
}

/// Which place says what a key's value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody says otherwise.
    Default,
    /// The file, with line and column.
    File(PathBuf, usize, usize),
    /// The variable of that name.
    Variable(String),
    /// The flag of that name.
    Flag(&'static str),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File(path, line, column) => {
                write!(
                    formatter,
                    "{}, line {line}, column {column}",
                    path.display()
                )
            }
            Self::Variable(name) => write!(formatter, "variable {name}"),
            Self::Flag(name) => formatter.write_str(name),
        }
    }
}

impl Loaded {
    /// Reads the configuration.
    ///
    /// # Errors
    /// A configuration error that names the key, what is allowed and where it stands.
    pub fn read(file: Option<&Path>, flags: Overrides) -> Result<Self, Error> {
        let layers = Layers::collect(file, flags)?;
        layers.refuse_unknown()?;
        let mut figment = Figment::from(Serialized::defaults(Config::default()));
        if let Some((_, text)) = &layers.file {
            figment = figment.merge(Toml::string(text));
        }
        let variables = Env::prefixed(PREFIX)
            .filter(|name| !OTHERS.iter().any(|other| is_variable(other, name.as_str())))
            .split("__");
        let config: Config = figment
            .merge(variables)
            .merge(Serialized::defaults(&layers.flags))
            .extract()
            .map_err(|error| layers.wrong(&error))?;
        config
            .check()
            .map_err(|(key, problem)| layers.told(&key, &problem))?;
        Ok(Self { config, layers })
    }

    /// Which place says what the value of a key is.
    #[must_use]
    pub fn origin(&self, key: &str) -> Origin {
        self.layers.origin(key)
    }
}

/// Whether a name without the prefix is that of a variable.
fn is_variable(variable: &str, name: &str) -> bool {
    variable
        .strip_prefix(PREFIX)
        .is_some_and(|rest| rest.eq_ignore_ascii_case(name))
}

impl Layers {
    fn collect(file: Option<&Path>, flags: Overrides) -> Result<Self, Error> {
        let path = match file {
            Some(file) if !file.is_file() => {
                return Err(Error::configuration(
                    "--config",
                    format!("names no file: {}", file.display()),
                ));
            }
            Some(file) => Some(file),
            None => Some(Path::new(DEFAULT_FILE)).filter(|path| path.is_file()),
        };
        let read = |path: &Path| {
            std::fs::read_to_string(path)
                .map(|text| (path.to_path_buf(), text))
                .map_err(|error| {
                    let problem = format!("cannot be read: {}: {error}", path.display());
                    Error::configuration("file", problem)
                })
        };
        let mut variables: Vec<String> = std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .filter(|name| name.to_ascii_uppercase().starts_with(PREFIX))
            .filter(|name| !OTHERS.contains(&name.as_str()))
            .collect();
        variables.sort();
        Ok(Self {
            file: path.map(read).transpose()?,
            variables,
            flags,
        })
    }

    /// Refuses what no key is called, in the file and in the environment.
    fn refuse_unknown(&self) -> Result<(), Error> {
        if let Some((path, text)) = &self.file {
            let table = DeTable::parse(text).map_err(|error| {
                let (line, column) = place(text, error.span().map_or(0, |span| span.start));
                Error::configuration(
                    "file",
                    format!(
                        "is no TOML: {} ({}, line {line}, column {column})",
                        error.message(),
                        path.display()
                    ),
                )
            })?;
            let mut unknown = None;
            walk(table.get_ref(), &mut Vec::new(), &mut |keys, start| {
                if unknown.is_none() && !known::knows(keys) {
                    unknown = Some((keys.join("."), start));
                }
            });
            if let Some((key, start)) = unknown {
                let (line, column) = place(text, start);
                let problem = format!(
                    "is not known{} ({}, line {line}, column {column})",
                    meant(&key),
                    path.display()
                );
                return Err(Error::configuration(key, problem));
            }
        }
        for name in &self.variables {
            let key = key_of(name);
            if !known::knows(&key.split('.').map(str::to_owned).collect::<Vec<_>>()) {
                let nearest = known::nearest(&key).map(|key| variable_of(&key));
                let meant = nearest.map_or_else(String::new, |name| format!("; {name} is"));
                let problem = format!("(a variable) sets no known key{meant}");
                return Err(Error::configuration(name, problem));
            }
        }
        Ok(())
    }

    fn origin(&self, key: &str) -> Origin {
        let Overrides {
            database,
            data_dir,
            listen,
        } = &self.flags;
        match key {
            "database" if database.is_some() => return Origin::Flag("--database"),
            "data_dir" if data_dir.is_some() => return Origin::Flag("--data-dir"),
            "listen" if listen.is_some() => return Origin::Flag("--listen"),
            _ => {}
        }
        let variable = self.variables.iter().find(|name| {
            let named = key_of(name);
            named == key || key.starts_with(&format!("{named}."))
        });
        if let Some(name) = variable {
            return Origin::Variable(name.clone());
        }
        let Some((path, text)) = &self.file else {
            return Origin::Default;
        };
        let Ok(table) = DeTable::parse(text) else {
            return Origin::Default;
        };
        let mut found = None;
        walk(table.get_ref(), &mut Vec::new(), &mut |keys, start| {
            let named = keys.join(".");
            if named == key || key.starts_with(&format!("{named}.")) {
                found = Some(start);
            }
        });
        found.map_or(Origin::Default, |start| {
            let (line, column) = place(text, start);
            Origin::File(path.clone(), line, column)
        })
    }

    /// A fault of a key, with the place where it stands.
    fn told(&self, key: &str, problem: &str) -> Error {
        match self.origin(key) {
            Origin::Default => Error::configuration(key, problem),
            origin => Error::configuration(key, format!("{problem} ({origin})")),
        }
    }

    /// A value of the wrong kind.
    fn wrong(&self, error: &figment::Error) -> Error {
        let mut key = error.path.join(".");
        let problem = match &error.kind {
            Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
                format!("expects {}, found {}", expects(expected), shown(found))
            }
            Kind::UnknownVariant(found, allowed) => {
                format!("is {found:?}; allowed are {}", allowed.join(", "))
            }
            Kind::UnknownField(field, _) => {
                if !key.ends_with(field.as_str()) {
                    key = format!("{key}.{field}").trim_start_matches('.').to_owned();
                }
                format!("is not known{}", meant(&key))
            }
            Kind::MissingField(field) => {
                key = format!("{key}.{field}").trim_start_matches('.').to_owned();
                "is missing".to_owned()
            }
            other => format!("cannot be used: {other}"),
        };
        let key = if key.is_empty() {
            "file".to_owned()
        } else {
            key
        };
        self.told(&key, &problem)
    }
}

/// What serde calls a type, in words.
fn expects(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "a whole number, 0 or more",
        "f32" | "f64" => "a number",
        "a boolean" | "bool" => "true or false",
        "a string" | "string" | "path string" => "a text",
        "a sequence" => "a list",
        "a map" => "a table",
        other if other.starts_with("struct") => "a table",
        other => other,
    }
}

fn shown(found: &Actual) -> String {
    match found {
        Actual::Str(text) => format!("the text {text:?}"),
        Actual::Bool(value) => value.to_string(),
        Actual::Unsigned(number) => number.to_string(),
        Actual::Signed(number) => number.to_string(),
        Actual::Float(number) => number.to_string(),
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a table".to_owned(),
        other => other.to_string(),
    }
}

/// The key that a variable sets.
fn key_of(variable: &str) -> String {
    let rest = variable.get(PREFIX.len()..).unwrap_or_default();
    rest.to_ascii_lowercase().replace("__", ".")
}

/// The variable that sets a key.
pub(super) fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', "__"))
}

fn meant(key: &str) -> String {
    known::nearest(key).map_or_else(String::new, |key| format!("; is {key} meant?"))
}

/// Hands each key of a file to `hear`, with where it begins. A table in a list stands under its number.
fn walk(table: &DeTable<'_>, under: &mut Vec<String>, hear: &mut dyn FnMut(&[String], usize)) {
    for (name, value) in table {
        under.push(name.get_ref().to_string());
        hear(under, name.span().start);
        match value.get_ref() {
            DeValue::Table(inner) => walk(inner, under, hear),
            DeValue::Array(each) => {
                for (number, one) in each.iter().enumerate() {
                    if let DeValue::Table(inner) = one.get_ref() {
                        under.push(number.to_string());
                        hear(under, one.span().start);
                        walk(inner, under, hear);
                        under.pop();
                    }
                }
            }
            _ => {}
        }
        under.pop();
    }
}

/// Line and column of a byte, both from one.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(begin..).unwrap_or_default().chars().count() + 1;
    (line, column)
}
