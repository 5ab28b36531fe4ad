//! Every key that there is, as the defaults have them, and the one that was likely meant.

use super::{Config, CredentialIssuer, Issuer, Webhook};
use serde_json::Value;

/// A configuration with everything in it once.
fn everything() -> Value {
    let mut config = Config::default();
    config.tokens.issuers.push(Issuer {
        issuer: String::new(),
        jwks: String::new(),
        audience: String::new(),
        leeway: 0,
        algorithms: Vec::new(),
        refresh: 0,
    });
    config.webhooks.push(Webhook {
        awarding_body: String::new(),
        url: String::new(),
        timeout: 0,
        plain_http: false,
        private_network: false,
    });
    config.sources.issuers.push(CredentialIssuer {
        id: String::new(),
        awarding_body: Some(String::new()),
        keys: vec![String::new()],
        document: Some(String::new()),
        key_set: Some(String::new()),
        private_network: true,
        plain_http: true,
    });
    config.seal.file = Some("secret".into());
    config.seal.passphrase = Some(String::new());
    config.seal.former_file = Some("secret".into());
    serde_json::to_value(config).unwrap_or_default()
}

/// Whether there is a key of that name. A list's tables stand under their numbers; what an adapter's own
/// table holds is the adapter's.
pub(super) fn knows(keys: &[String]) -> bool {
    let all = everything();
    let mut at = &all;
    for (depth, key) in keys.iter().enumerate() {
        let next = match at {
            Value::Object(table) => table.get(key),
            Value::Array(each) if key.parse::<usize>().is_ok() => each.first(),
            _ => None,
        };
        match next {
            Some(next) => at = next,
            // The key itself is looked at when its value is known: an adapter's is a table.
            None => return depth == 1 && keys.first().is_some_and(|key| key == "adapters"),
        }
    }
    true
}

/// The known key that a wrong one is likest to, where it is like any.
pub(super) fn nearest(key: &str) -> Option<String> {
    let mut all = Vec::new();
    collect(&everything(), "", &mut all);
    let plain: String = key
        .split('.')
        .filter(|part| part.parse::<usize>().is_err())
        .collect::<Vec<_>>()
        .join(".");
    // A name that is right and stands in the wrong place is likelier than one that is alike.
    let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let likeness = |known: &String| {
        let whole = strsim::normalized_damerau_levenshtein(&plain, known);
        let end = strsim::normalized_damerau_levenshtein(&last(&plain), &last(known));
        whole.max(end * 0.95)
    };
    all.into_iter()
        .map(|known| (likeness(&known), known))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .filter(|(likeness, _)| *likeness > 0.6)
        .map(|(_, known)| known)
}

fn collect(value: &Value, under: &str, into: &mut Vec<String>) {
    let named = |key: &str| {
        if under.is_empty() {
            key.to_owned()
        } else {
            format!("{under}.{key}")
        }
    };
    match value {
        Value::Object(table) => {
            for (key, inner) in table {
                into.push(named(key));
                collect(inner, &named(key), into);
            }
        }
        Value::Array(each) => each.iter().for_each(|one| collect(one, under, into)),
        _ => {}
    }
}
