//! The issuers whose tokens are believed, and the check of a token. Each issuer's algorithms are pinned by
//! the configuration: what a token or a key says of its own algorithm is only ever compared with them.

use super::caller::{Caller, LearnerClaim, Role};
use super::jwks::{self, Keys as Known};
use crate::config;
use crate::db::Id;
use crate::error::Error;
use crate::keys::Keys;
use chrono::{NaiveDateTime, TimeDelta};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, Validation};
use quick_cache::sync::Cache;
use schema::{Code, RecognitionNumber, Uln};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

/// The issuers, by their `iss`, with what they vouched for lately.
pub struct Issuers {
    issuers: HashMap<String, Arc<Issuer>>,
    vouched: Cache<[u8; 32], Arc<Vouched>>,
}

/// A token that was verified: its signature and claims need not be looked at again, its times must be.
struct Vouched {
    issuer: Arc<Issuer>,
    edition: u64,
    kid: String,
    times: Times,
    caller: Caller,
}

struct Issuer {
    audience: String,
    leeway: u64,
    algorithms: Vec<Algorithm>,
    source: Source,
    keys: RwLock<Known>,
    /// Counts the times at which the keys were read, so that what an older set vouched for is looked at again.
    edition: AtomicU64,
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

/// Unknown keys are asked for at most this often.
const ASK_AGAIN: TimeDelta = TimeDelta::seconds(10);
/// How many verified tokens are remembered: some half a kilobyte each. A signature costs more to check than all
/// else about a request, and a client asks with the same token again and again.
const REMEMBERED: usize = 32 * 1024;
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
                    keys: RwLock::new(jwks::usable(own.keys.iter())),
                    edition: AtomicU64::new(0),
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
        Ok(Self {
            issuers,
            vouched: Cache::new(REMEMBERED),
        })
    }

    /// Their names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.issuers.keys().map(String::as_str)
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

    /// Who bears a token that was verified before, by keys that still hold; none where it must be looked at.
    #[must_use]
    pub fn recall(&self, token: &str, now: NaiveDateTime) -> Option<Result<Caller, Error>> {
        let known = self.vouched.get(&digest(token))?;
        let issuer = &known.issuer;
        let holds = known.edition == issuer.edition.load(Ordering::Acquire)
            && !issuer.must_ask(&known.kid, now);
        holds.then(|| {
            let good = known.times.check(issuer.leeway, now).map_err(refusal);
            good.map(|()| known.caller.clone())
        })
    }

    /// Who bears the token, by the keys that are known.
    ///
    /// # Errors
    /// [`Code::TokenExpired`] for a good token whose time is over, [`Code::Unauthenticated`] for every
    /// other fault; which one is in the log, not in the answer.
    pub fn verify(&self, token: &str, now: NaiveDateTime) -> Result<Caller, Error> {
        let vouched = self.check(token, now).map_err(refusal)?;
        let caller = vouched.caller.clone();
        self.vouched.insert(digest(token), Arc::new(vouched));
        Ok(caller)
    }

    fn check(&self, token: &str, now: NaiveDateTime) -> Result<Vouched, &'static str> {
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
        // Read before the keys: where they change meanwhile, the token is looked at again.
        let edition = issuer.edition.load(Ordering::Acquire);
        let claims = {
            let keys = issuer.keys.read().unwrap_or_else(PoisonError::into_inner);
            let key = jwks::meant(&keys, kid).ok_or("an unknown key")?;
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
        let times = Times::of(&claims)?;
        times.check(issuer.leeway, now)?;
        let claims: Claims = serde_json::from_value(serde_json::Value::Object(claims))
            .map_err(|_| "claims of a wrong shape")?;
        Ok(Vouched {
            issuer: issuer.clone(),
            edition,
            kid: kid.to_owned(),
            times,
            caller: caller(unverified.iss, claims)?,
        })
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// What the one who asked is told of a fault.
fn refusal(fault: &'static str) -> Error {
    tracing::debug!(fault, "token refused");
    if fault == EXPIRED {
        Error::from(Code::TokenExpired)
    } else {
        Error::from(Code::Unauthenticated)
    }
}

/// The times of a token, in seconds since 1970.
struct Times {
    expires: i64,
    from: Option<i64>,
    issued: i64,
}

impl Times {
    fn of(claims: &serde_json::Map<String, serde_json::Value>) -> Result<Self, &'static str> {
        Ok(Self {
            expires: time(claims, "exp")?.ok_or("no time of expiry")?,
            from: time(claims, "nbf")?,
            issued: time(claims, "iat")?.ok_or("no time of issue")?,
        })
    }

    /// Looks at them by the registry's own clock, give or take `leeway` seconds.
    fn check(&self, leeway: u64, now: NaiveDateTime) -> Result<(), &'static str> {
        let leeway = i64::try_from(leeway).unwrap_or(0);
        let now = now.and_utc().timestamp();
        let latest = now.saturating_add(leeway);
        if self.expires.saturating_add(leeway) <= now {
            Err(EXPIRED)
        } else if self.from.is_some_and(|from| from > latest) {
            Err("not valid yet")
        } else if self.issued > latest {
            Err("issued in the future")
        } else {
            Ok(())
        }
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
            keys: RwLock::new(Known::new()),
            edition: AtomicU64::new(0),
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
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        jwks::meant(&keys, kid).is_some()
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
            Ok(keys) => {
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
                self.edition.fetch_add(1, Ordering::Release);
            }
            Err(problem) => tracing::warn!(
                problem,
                "an issuer's keys could not be read; the known ones stay"
            ),
        }
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    fn load(&self) -> Result<Known, String> {
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
        jwks::read(&text)
    }
}
