//! The configuration as it is in force, with what is secret in it covered.

use super::load::Loaded;
use serde_json::Value;

/// What stands in place of a secret.
const COVERED: &str = "***";
/// An adapter's own keys that sound like this hold secrets.
const SECRET: [&str; 5] = ["password", "passphrase", "secret", "token", "credential"];

/// Every key with its value, as TOML writes it, and the place that says so. Lists of tables are told as one.
#[must_use]
pub fn shown(loaded: &Loaded) -> Vec<(String, String, String)> {
    let mut rows = Vec::new();
    let mut config = loaded.config.clone();
    config.database = Some(config.database_url());
    flatten(&document_of(&config), "", &mut |key, value| {
        let origin = loaded.origin(key).to_string();
        rows.push((key.to_owned(), value.to_string(), origin));
    });
    rows
}

/// The whole configuration, secrets covered.
#[must_use]
pub fn document(loaded: &Loaded) -> Value {
    document_of(&loaded.config)
}

fn document_of(config: &super::Config) -> Value {
    let mut value = serde_json::to_value(config).unwrap_or_default();
    cover(&mut value, "");
    value
}

fn flatten(value: &Value, under: &str, hear: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(table) => {
            for (key, inner) in table {
                let key = if under.is_empty() {
                    key.clone()
                } else {
                    format!("{under}.{key}")
                };
                flatten(inner, &key, hear);
            }
        }
        Value::Null => {}
        other => hear(under, other),
    }
}

/// Covers passwords in addresses, and whatever an adapter's table calls a secret.
fn cover(value: &mut Value, key: &str) {
    match value {
        Value::Object(table) => table.iter_mut().for_each(|(key, inner)| cover(inner, key)),
        Value::Array(each) => each.iter_mut().for_each(|one| cover(one, key)),
        Value::String(text) if SECRET.iter().any(|secret| key.contains(secret)) => {
            COVERED.clone_into(text);
        }
        Value::String(text) => *text = covered(text),
        _ => {}
    }
}

/// An address without the password in it.
#[must_use]
pub fn covered(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let rest = without_password(rest);
    let Some((address, query)) = rest.split_once('?') else {
        return format!("{scheme}://{rest}");
    };
    let members = query.split('&').map(|member| match member.split_once('=') {
        Some((name, _)) if SECRET.iter().any(|secret| name.contains(secret)) => {
            format!("{name}={COVERED}")
        }
        _ => member.to_owned(),
    });
    let members = members.collect::<Vec<_>>().join("&");
    format!("{scheme}://{address}?{members}")
}

/// What stands between the first colon and the `@` gives way. PostgreSQL's client takes a `?` or `#` before the
/// `@` for a part of the password, and no address with a `/` in it; but whoever wrote one meant a password too.
fn without_password(rest: &str) -> String {
    let host = rest.find('/').unwrap_or(rest.len());
    let (before, _) = rest.split_at(host);
    let is_port = |(_, port): (&str, &str)| port.bytes().all(|byte| byte.is_ascii_digit());
    let at = match before.rfind('@') {
        None if before.split_once(':').is_some_and(|parts| !is_port(parts)) => rest.rfind('@'),
        at => at,
    };
    let parts = at.map(|at| rest.split_at(at));
    match parts.and_then(|(user, host)| Some((user.split_once(':')?, host))) {
        Some(((name, _), host)) => format!("{name}:{COVERED}{host}"),
        None => rest.to_owned(),
    }
}
