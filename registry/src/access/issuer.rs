//! The issuers whose tokens are believed, and the check of a token. Each issuer's algorithms are pinned by
//! the configuration: what a token or a key says of its own algorithm is only ever compared with them.

use super::caller::{Caller, LearnerClaim, Role};
use crate::config;
use crate::db::Id;
use crate::error::Error;
use crate::keys::Keys;
use chrono::NaiveDateTime;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use schema::{Code, RecognitionNumber, Uln};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// The issuers, by their `iss`.
pub struct Issuers {
    issuers: HashMap<String, Arc<Issuer>>,
}

struct Issuer {
    audience: String,
    leeway: u64,
    algorithms: Vec<Algorithm>,
    source: Source,
    keys: RwLock<HashMap<String, Key>>,
    /// When the keys were last asked for, so that tokens with unknown keys cannot make the registry ask
    /// without end.
    asked: Mutex<Option<Instant>>,
}

enum Source {
    /// The registry's own keys, or a file: read again when an unknown key appears.
    Fixed,
    File(std::path::PathBuf),
    Address(String, Duration),
}

/// A key with the algorithm that it says it is for, and its type's own.
struct Key {
    key: DecodingKey,
    algorithm: Algorithm,
}

/// Unknown keys are asked for at most this often.
const ASK_AGAIN: Duration = Duration::from_secs(10);
/// The longest token that is looked at.
const LONGEST: usize = 8 * 1024;

#[derive(Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    jti: String,
    roles: Vec<String>,
    #[serde(default)]
    awarding_body: Option<String>,
    #[serde(default)]
    employer: Option<String>,
    #[serde(default)]
    learner: Option<String>,
    #[serde(default)]
    uln: Option<String>,
}

#[derive(Deserialize)]
struct Unverified {
    iss: String,
}

impl Issuers {
    /// The configured issuers with their keys. An address is asked when its first token comes, so that the
    /// registry starts without it.
    ///
    /// # Errors
    /// A configuration error where a key file cannot be read, or two issuers share a name.
    pub fn open(tokens: &config::Tokens, keys: &Keys) -> Result<Self, Error> {
        let mut issuers = HashMap::new();
        if tokens.builtin {
            let own: JwkSet = serde_json::from_value(keys.jwks()).map_err(Error::internal)?;
            issuers.insert(
                tokens.builtin_name.clone(),
                Arc::new(Issuer {
                    audience: "registry".to_owned(),
                    leeway: 5,
                    algorithms: vec![Algorithm::EdDSA],
                    source: Source::Fixed,
                    keys: RwLock::new(usable(&own)),
                    asked: Mutex::new(None),
                }),
            );
        }
        for configured in &tokens.issuers {
            let issuer = Issuer::open(configured)?;
            if issuers
                .insert(configured.issuer.clone(), Arc::new(issuer))
                .is_some()
            {
                let problem = format!("names {} twice", configured.issuer);
                return Err(Error::configuration("tokens.issuers", problem));
            }
        }
        Ok(Self { issuers })
    }

    /// Whether the token's issuer must be asked for its keys first, which [`Issuers::ask`] does.
    #[must_use]
    pub fn must_ask(&self, token: &str) -> bool {
        self.issuer_of(token)
            .is_some_and(|(issuer, kid)| issuer.must_ask(&kid))
    }

    /// Asks the token's issuer for its keys. Blocks.
    pub fn ask(&self, token: &str) {
        if let Some((issuer, _)) = self.issuer_of(token) {
            issuer.refresh();
        }
    }

    fn issuer_of(&self, token: &str) -> Option<(&Issuer, String)> {
        if token.len() > LONGEST {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        let unverified: Unverified = jsonwebtoken::dangerous::insecure_decode(token).ok()?.claims;
        let issuer = self.issuers.get(&unverified.iss)?;
        Some((issuer, header.kid.unwrap_or_default()))
    }

    /// Who bears the token, by the keys that are known.
    ///
    /// # Errors
    /// [`Code::TokenExpired`] for a good token whose time is over, [`Code::Unauthenticated`] for every
    /// other fault; which one is in the log, not in the answer.
    pub fn verify(&self, token: &str, now: NaiveDateTime) -> Result<Caller, Error> {
        self.check(token, now).map_err(|fault| {
            tracing::debug!(fault, "token refused");
            if fault == EXPIRED {
                Error::from(Code::TokenExpired)
            } else {
                Error::from(Code::Unauthenticated)
            }
        })
    }

    fn check(&self, token: &str, now: NaiveDateTime) -> Result<Caller, &'static str> {
        if token.len() > LONGEST {
            return Err("longer than a token may be");
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| "no token")?;
        let unverified: Unverified = jsonwebtoken::dangerous::insecure_decode(token)
            .map_err(|_| "no issuer")?
            .claims;
        let issuer = self
            .issuers
            .get(&unverified.iss)
            .ok_or("an issuer that is not configured")?;
        if !issuer.algorithms.contains(&header.alg) {
            return Err("an algorithm that the issuer does not use");
        }
        let kid = header.kid.as_deref().unwrap_or_default();
        let claims = {
            let keys = issuer.keys.read().unwrap_or_else(PoisonError::into_inner);
            let key = match keys.get(kid) {
                Some(key) => key,
                None if kid.is_empty() && keys.len() == 1 => {
                    keys.values().next().ok_or("an unknown key")?
                }
                None => return Err("an unknown key"),
            };
            if key.algorithm != header.alg {
                return Err("a key of another algorithm");
            }
            let mut validation = Validation::new(header.alg);
            validation.algorithms = vec![header.alg];
            validation.set_audience(&[&issuer.audience]);
            validation.set_issuer(&[&unverified.iss]);
            validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
            // The registry's own clock decides, below; the library would ask the machine's.
            validation.validate_exp = false;
            validation.validate_nbf = false;
            jsonwebtoken::decode::<serde_json::Map<String, serde_json::Value>>(
                token,
                &key.key,
                &validation,
            )
            .map_err(|_| "a wrong signature, issuer or audience, or a missing claim")?
            .claims
        };
        let leeway = i64::try_from(issuer.leeway).unwrap_or(0);
        let now = now.and_utc().timestamp();
        let time = |name: &str| claims.get(name).and_then(serde_json::Value::as_i64);
        let expires = time("exp").ok_or("no time of expiry")?;
        if expires.saturating_add(leeway) <= now {
            return Err(EXPIRED);
        }
        if time("nbf").is_some_and(|from| from > now.saturating_add(leeway)) {
            return Err("not valid yet");
        }
        let claims: Claims = serde_json::from_value(serde_json::Value::Object(claims))
            .map_err(|_| "claims of a wrong shape")?;
        if claims.iat > now.saturating_add(leeway) {
            return Err("issued in the future");
        }
        caller(unverified.iss, claims)
    }
}

const EXPIRED: &str = "expired";

fn caller(issuer: String, claims: Claims) -> Result<Caller, &'static str> {
    if claims.jti.is_empty() || claims.sub.is_empty() {
        return Err("an empty subject or identifier");
    }
    // A role that this version does not know gives no right; the others still count.
    let roles = claims
        .roles
        .iter()
        .filter_map(|role| Role::parse(role))
        .collect();
    let awarding_body = match claims.awarding_body {
        Some(number) => {
            Some(RecognitionNumber::parse(&number).map_err(|_| "a wrong recognition number")?)
        }
        None => None,
    };
    let learner = match (claims.learner, claims.uln) {
        (Some(text), _) => Some(match Id::read("learner", &text) {
            Some(id) => LearnerClaim::Id(id),
            None => LearnerClaim::Uln(Uln::parse(&text).map_err(|_| "a wrong learner")?),
        }),
        (None, Some(uln)) => Some(LearnerClaim::Uln(
            Uln::parse(&uln).map_err(|_| "a wrong ULN")?,
        )),
        (None, None) => None,
    };
    Ok(Caller {
        identity: Some((issuer, claims.sub)),
        roles,
        awarding_body,
        employer: claims.employer,
        learner,
    })
}

impl Issuer {
    fn open(configured: &config::Issuer) -> Result<Self, Error> {
        let source =
            if configured.jwks.starts_with("https://") || configured.jwks.starts_with("http://") {
                let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
                if configured.jwks.starts_with("http://")
                    && !local.iter().any(|start| configured.jwks.starts_with(start))
                {
                    return Err(Error::configuration(
                        "tokens.issuers.jwks",
                        "is an http:// address of another machine; use https://",
                    ));
                }
                Source::Address(
                    configured.jwks.clone(),
                    Duration::from_secs(configured.refresh.max(1)),
                )
            } else {
                Source::File(configured.jwks.clone().into())
            };
        let algorithms = configured
            .algorithms
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect();
        let issuer = Self {
            audience: configured.audience.clone(),
            leeway: configured.leeway,
            algorithms,
            source,
            keys: RwLock::new(HashMap::new()),
            asked: Mutex::new(None),
        };
        if let Source::File(path) = &issuer.source {
            let keys = issuer.load().map_err(|problem| {
                Error::configuration(
                    "tokens.issuers.jwks",
                    format!("{}: {problem}", path.display()),
                )
            })?;
            *issuer.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        }
        Ok(issuer)
    }

    fn knows(&self, kid: &str) -> bool {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(kid)
    }

    /// A key that is not known, or an address not asked for a while; but never oftener than allowed.
    fn must_ask(&self, kid: &str) -> bool {
        let asked = *self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let since = asked.map(|asked| asked.elapsed());
        let stale = match &self.source {
            Source::Fixed => return false,
            Source::Address(_, lifetime) => since.is_none_or(|since| since > *lifetime),
            Source::File(_) => false,
        };
        (stale || !self.knows(kid)) && since.is_none_or(|since| since > ASK_AGAIN)
    }

    /// Asks for the keys again. Where that fails the keys known so far stay: an issuer that is down for a
    /// minute must not lock everybody out.
    fn refresh(&self) {
        {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            if asked.is_some_and(|asked| asked.elapsed() < ASK_AGAIN) {
                return;
            }
            *asked = Some(Instant::now());
        }
        match self.load() {
            Ok(keys) => *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys,
            Err(problem) => tracing::warn!(
                problem,
                "an issuer's keys could not be read; the known ones stay"
            ),
        }
    }

    fn load(&self) -> Result<HashMap<String, Key>, String> {
        let text = match &self.source {
            Source::Fixed => return Err("the registry's own keys are not loaded again".to_owned()),
            Source::File(path) => {
                std::fs::read_to_string(path).map_err(|error| error.to_string())?
            }
            Source::Address(address, _) => {
                let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
                let tls = ureq::tls::TlsConfig::builder()
                    .unversioned_rustls_crypto_provider(provider)
                    .build();
                let agent: ureq::Agent = ureq::Agent::config_builder()
                    .tls_config(tls)
                    .timeout_global(Some(Duration::from_secs(5)))
                    .max_redirects(0)
                    .build()
                    .into();
                agent
                    .get(address)
                    .call()
                    .and_then(|mut answer| {
                        answer
                            .body_mut()
                            .with_config()
                            .limit(256 * 1024)
                            .read_to_string()
                    })
                    .map_err(|error| error.to_string())?
            }
        };
        let set: JwkSet =
            serde_json::from_str(&text).map_err(|error| format!("no JWK Set: {error}"))?;
        let keys = usable(&set);
        if keys.is_empty() {
            Err("no key that can be used".to_owned())
        } else {
            Ok(keys)
        }
    }
}

/// The keys of a set that fit an allowed algorithm. Symmetric keys and keys for encryption are left out,
/// and so is a key whose own `alg` contradicts its type.
fn usable(set: &JwkSet) -> HashMap<String, Key> {
    set.keys
        .iter()
        .filter_map(|jwk| Some((jwk.common.key_id.clone().unwrap_or_default(), key(jwk)?)))
        .collect()
}

fn key(jwk: &Jwk) -> Option<Key> {
    use jsonwebtoken::jwk::{
        AlgorithmParameters as Of, EllipticCurve as Curve, KeyAlgorithm, PublicKeyUse,
    };
    if matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption)) {
        return None;
    }
    let (algorithm, named) = match &jwk.algorithm {
        Of::OctetKeyPair(pair) if pair.curve == Curve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        Of::EllipticCurve(curve) if curve.curve == Curve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        Of::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        _ => return None,
    };
    if jwk
        .common
        .key_algorithm
        .is_some_and(|stated| stated != named)
    {
        return None;
    }
    DecodingKey::from_jwk(jwk)
        .ok()
        .map(|key| Key { key, algorithm })
}
