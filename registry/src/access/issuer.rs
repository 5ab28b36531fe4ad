//! The issuers whose tokens are believed, and the check of a token. Each issuer's algorithms are pinned by
//! the configuration: what a token or a key says of its own algorithm is only ever compared with them.

use super::caller::{Caller, LearnerClaim, Role};
use crate::config;
use crate::db::Id;
use crate::error::Error;
use crate::keys::Keys;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDateTime, TimeDelta};
use ed25519_dalek::VerifyingKey;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use schema::{Code, RecognitionNumber, Uln};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

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
    lifetime: TimeDelta,
    /// When the keys were last asked for, so that tokens with unknown keys cannot make the registry ask
    /// without end.
    asked: Mutex<Option<NaiveDateTime>>,
    /// Held by the one who asks, so that those who came meanwhile wait for the same answer.
    turn: Mutex<()>,
}

enum Source {
    /// The registry's own keys.
    Fixed,
    File(PathBuf),
    Address(String),
}

/// A key with the algorithm that it says it is for, and its type's own.
struct Key {
    key: DecodingKey,
    algorithm: Algorithm,
}

/// Unknown keys are asked for at most this often.
const ASK_AGAIN: TimeDelta = TimeDelta::seconds(10);
/// The longest token that is looked at.
const LONGEST: usize = 8 * 1024;

#[derive(Deserialize)]
struct Claims {
    sub: String,
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
struct Set {
    keys: Vec<serde_json::Value>,
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
                    keys: RwLock::new(usable(own.keys.iter())),
                    lifetime: TimeDelta::MAX,
                    asked: Mutex::new(None),
                    turn: Mutex::new(()),
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
    pub fn must_ask(&self, token: &str, now: NaiveDateTime) -> bool {
        self.issuer_of(token)
            .is_some_and(|(issuer, kid)| issuer.must_ask(&kid, now))
    }

    /// Asks the token's issuer for its keys. Blocks.
    pub fn ask(&self, token: &str, now: NaiveDateTime) {
        if let Some((issuer, kid)) = self.issuer_of(token) {
            issuer.refresh(&kid, now);
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
        if !header.typ.as_deref().is_none_or(is_token) {
            return Err("another kind of JWT");
        }
        if header.crit.is_some() {
            return Err("a header that must be understood and is not");
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
            jsonwebtoken::decode::<Members>(token, &key.key, &validation)
                .map_err(|_| "a wrong signature, issuer or audience, or a missing claim")?
                .claims
                .0
        };
        let leeway = i64::try_from(issuer.leeway).unwrap_or(0);
        let now = now.and_utc().timestamp();
        let latest = now.saturating_add(leeway);
        let expires = time(&claims, "exp")?.ok_or("no time of expiry")?;
        if expires.saturating_add(leeway) <= now {
            return Err(EXPIRED);
        }
        if time(&claims, "nbf")?.is_some_and(|from| from > latest) {
            return Err("not valid yet");
        }
        if time(&claims, "iat")?.ok_or("no time of issue")? > latest {
            return Err("issued in the future");
        }
        let claims: Claims = serde_json::from_value(serde_json::Value::Object(claims))
            .map_err(|_| "claims of a wrong shape")?;
        caller(unverified.iss, claims)
    }
}

const EXPIRED: &str = "expired";

/// Whether a JWT of this type can be a token: the registry's receipts, and whatever else an issuer signs,
/// say what they are (RFC 8725, section 3.11).
fn is_token(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    ["jwt", "at+jwt"].contains(&typ.strip_prefix("application/").unwrap_or(&typ))
}

/// The members of an object, each named once: of two of one name, one reader takes the first and another the
/// last (RFC 7519, section 4).
struct Members(serde_json::Map<String, serde_json::Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut access: A,
            ) -> Result<Members, A::Error> {
                let mut members = serde_json::Map::new();
                while let Some((name, value)) = access.next_entry::<String, _>()? {
                    if members.insert(name, value).is_some() {
                        return Err(serde::de::Error::custom("a member stands twice"));
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// The last second of the year 9999: what lies behind it is a mistake, or an attempt.
const LAST_SECOND: i64 = 253_402_300_799;

/// A NumericDate (RFC 7519) in whole seconds; one that is there and is no number, or out of reach, is a
/// fault.
fn time(
    claims: &serde_json::Map<String, serde_json::Value>,
    name: &str,
) -> Result<Option<i64>, &'static str> {
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a part of a second does not count, and a time out of reach is the last there is"
    )]
    let seconds = value
        .as_i64()
        .or_else(|| value.as_f64().map(|seconds| seconds as i64))
        .ok_or("a time that is no number")?;
    if !(0..=LAST_SECOND).contains(&seconds) {
        return Err("a time out of reach");
    }
    Ok(Some(seconds))
}

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

/// Whether an `http://` address is of this machine.
pub(crate) fn is_local(address: &str) -> bool {
    let Ok(address) = address.parse::<ureq::http::Uri>() else {
        return false;
    };
    let named = address
        .authority()
        .is_some_and(|part| !part.as_str().contains('@'));
    named && matches!(address.host(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// Asks a configured issuer for its keys, for those who look after it; how many can be used. Blocks.
///
/// # Errors
/// What is wrong.
pub fn look(configured: &config::Issuer) -> Result<usize, String> {
    let issuer = Issuer::open(configured).map_err(|error| error.to_string())?;
    issuer.load().map(|keys| keys.len())
}

impl Issuer {
    fn open(configured: &config::Issuer) -> Result<Self, Error> {
        let source =
            if configured.jwks.starts_with("https://") || configured.jwks.starts_with("http://") {
                if configured.jwks.starts_with("http://") && !is_local(&configured.jwks) {
                    return Err(Error::configuration(
                        "tokens.issuers.jwks",
                        "is an http:// address of another machine; use https://",
                    ));
                }
                Source::Address(configured.jwks.clone())
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
            lifetime: i64::try_from(configured.refresh.max(1))
                .ok()
                .and_then(TimeDelta::try_seconds)
                .unwrap_or(TimeDelta::MAX),
            asked: Mutex::new(None),
            turn: Mutex::new(()),
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

    /// A key that is not known, or keys not asked for in a while; but never oftener than allowed.
    fn must_ask(&self, kid: &str, now: NaiveDateTime) -> bool {
        if matches!(self.source, Source::Fixed) {
            return false;
        }
        let asked = *self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was put back makes the last time one of the future.
        let Some(since) = asked.map(|asked| (now - asked).abs()) else {
            return true;
        };
        since > self.lifetime || (since > ASK_AGAIN && !self.knows(kid))
    }

    /// Asks for the keys again. Where that fails the keys known so far stay: an issuer that is down for a
    /// minute must not lock everybody out. Whoever bears a known key does not wait while another asks.
    fn refresh(&self, kid: &str, now: NaiveDateTime) {
        let _turn = match self.turn.try_lock() {
            Ok(turn) => turn,
            Err(_) if self.knows(kid) => return,
            Err(_) => self.turn.lock().unwrap_or_else(PoisonError::into_inner),
        };
        if !self.must_ask(kid, now) {
            return;
        }
        match self.load() {
            Ok(keys) => *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys,
            Err(problem) => tracing::warn!(
                problem,
                "an issuer's keys could not be read; the known ones stay"
            ),
        }
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    fn load(&self) -> Result<HashMap<String, Key>, String> {
        let text = match &self.source {
            Source::Fixed => return Err("the registry's own keys are not loaded again".to_owned()),
            Source::File(path) => {
                std::fs::read_to_string(path).map_err(|error| error.to_string())?
            }
            Source::Address(address) => {
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
        let set: Set =
            serde_json::from_str(&text).map_err(|error| format!("no JWK Set: {error}"))?;
        // Keys of a kind that is not understood are passed over (RFC 7517, section 5).
        let known: Vec<Jwk> = set
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value(key).ok())
            .collect();
        let keys = usable(known.iter());
        if keys.is_empty() {
            Err("no key that can be used".to_owned())
        } else {
            Ok(keys)
        }
    }
}

/// The keys of a set that fit an allowed algorithm. Symmetric keys and keys for encryption are left out,
/// and so is a key whose own `alg` contradicts its type.
fn usable<'a>(keys: impl Iterator<Item = &'a Jwk>) -> HashMap<String, Key> {
    keys.filter_map(|jwk| Some((jwk.common.key_id.clone().unwrap_or_default(), key(jwk)?)))
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
    if weak(&jwk.algorithm) {
        tracing::warn!(kid = ?jwk.common.key_id, "a key that is too weak is passed over");
        return None;
    }
    DecodingKey::from_jwk(jwk)
        .ok()
        .map(|key| Key { key, algorithm })
}

/// Whether signatures of the key prove nothing: under an Ed25519 key of small order one signature fits many
/// messages, and RSA below 2048 bits is within reach (RFC 7518, section 3.3).
fn weak(parameters: &jsonwebtoken::jwk::AlgorithmParameters) -> bool {
    use jsonwebtoken::jwk::AlgorithmParameters as Of;
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    match parameters {
        Of::OctetKeyPair(pair) => bytes(&pair.x)
            .try_into()
            .ok()
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .is_none_or(|key| key.is_weak()),
        Of::RSA(key) => {
            let modulus = bytes(&key.n);
            let length = modulus.iter().skip_while(|byte| **byte == 0).count();
            let exponent = bytes(&key.e);
            length < 256
                || exponent.iter().all(|byte| *byte == 0)
                || exponent.ends_with(&[1])
                    && exponent.iter().filter(|byte| **byte != 0).count() == 1
        }
        _ => false,
    }
}
