//! What is asked of the programs, written out beforehand, and what must be answered.

use super::http::{self, Connection};
use crate::Failure;
use crate::fill::{ACHIEVEMENTS, LEARNER, LEARNERS, learner};
use registry::access::{NewToken, Role, mint};
use registry::app::Clock;
use registry::keys::Keys;
use std::cell::RefCell;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// One's own record, as a practitioner's page asks for it.
const ME: &str = "{ me { givenName familyName dateOfBirth achievements(first: 10) { edges { node { title awardedOn grade status \
level credit route standing certificateNumber subject { ... on Qualification { number title level awardingBody { name } } } \
awardingBody { recognitionNumber name } } } } } }";

/// The same of PostGraphile, with the same names answered; who asks comes as a variable.
const ME_POSTGRAPHILE: &str = "query Me($id: String!) { me: learnerById(id: $id) { givenName familyName dateOfBirth \
achievements(first: 10) { edges { node { title awardedOn grade status level credit route standing certificateNumber \
subject: qualification { number title level awardingBody: body { name } } awardingBody: body { recognitionNumber name } } } } } }";

/// A certificate's verification, as an employer's page asks for it.
const VERIFY: &str = "query Verify($input: VerifyInput!) { verify(input: $input) { outcome checks { name result code } \
achievement { title awardingBody level credit awardedOn grade status route registerEntry } checkedAt receipt { id jwt } } }";

/// How long an idle connection is used again: the server closes it after five seconds.
const KEPT: Duration = Duration::from_secs(3);

/// How many employers verify.
const EMPLOYERS: u32 = 50;

/// A request, and how its answer's body begins.
struct One {
    request: Vec<u8>,
    begins: Vec<u8>,
}

/// Requests to one address, with a count of what was answered.
pub(crate) struct Asked {
    address: SocketAddr,
    all: Vec<One>,
    answers: AtomicU64,
    bytes: AtomicU64,
}

/// The learner of each of so many bearers, spread over all learners.
fn bearer(place: u32, bearers: u32) -> u32 {
    1 + place * (LEARNERS / bearers)
}

/// The day on which the learner of that number was born.
pub(crate) fn born(number: u32) -> chrono::NaiveDate {
    let first = chrono::NaiveDate::from_ymd_opt(1960, 1, 1).unwrap_or_default();
    first + chrono::Days::new(u64::from(number % 16_000))
}

/// Signs a token as the built-in issuer of that data directory does.
pub(crate) fn token(keys: &Keys, role: Role, name: &str) -> Result<String, Failure> {
    let new = NewToken {
        role,
        learner: (role == Role::Practitioner).then(|| name.to_owned()),
        awarding_body: schema::RecognitionNumber::parse(name)
            .ok()
            .filter(|_| role == Role::AwardingBody),
        employer: (role == Role::Employer).then(|| format!("little-acorns-{name}")),
        subject: format!("{}-{name}", role.as_str()),
        valid_for: Duration::from_secs(86_400),
    };
    Ok(mint(keys, "registry", &new, Clock::system().now())?)
}

impl Asked {
    fn new(address: SocketAddr, all: Vec<One>) -> Arc<Self> {
        Arc::new(Self {
            address,
            all,
            answers: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        })
    }

    /// `me`, by so many bearers.
    pub(crate) fn me(
        address: SocketAddr,
        data_dir: &Path,
        bearers: u32,
    ) -> Result<Arc<Self>, Failure> {
        let keys = Keys::open(data_dir)?;
        let body = serde_json::json!({ "query": ME }).to_string();
        let mut all = Vec::new();
        for place in 0..bearers {
            let number = bearer(place, bearers);
            let token = token(&keys, Role::Practitioner, &learner(number).show("learner"))?;
            all.push(One {
                request: http::post("/graphql", Some(&token), &body),
                begins: me_begins(number),
            });
        }
        Ok(Self::new(address, all))
    }

    /// The same of PostGraphile.
    pub(crate) fn postgraphile(address: SocketAddr, bearers: u32) -> Arc<Self> {
        let all = (0..bearers).map(|place| {
            let number = bearer(place, bearers);
            let id = format!("\\x{LEARNER}{number:08x}");
            let body =
                serde_json::json!({"query": ME_POSTGRAPHILE, "variables": {"id": id}}).to_string();
            One {
                request: http::post("/graphql", None, &body),
                begins: me_begins(number),
            }
        });
        Self::new(address, all.collect())
    }

    /// Verifications of so many certificates.
    pub(crate) fn verify(
        address: SocketAddr,
        data_dir: &Path,
        certificates: u32,
    ) -> Result<Arc<Self>, Failure> {
        let keys = Keys::open(data_dir)?;
        let tokens = (0..EMPLOYERS)
            .map(|place| token(&keys, Role::Employer, &place.to_string()))
            .collect::<Result<Vec<_>, _>>()?;
        let all = (0..certificates).zip(tokens.iter().cycle());
        let all = all.map(|(place, token)| {
            let number = 1 + place * (ACHIEVEMENTS / certificates);
            let holder = 1 + number % LEARNERS;
            let input = serde_json::json!({"certificateNumber": format!("C{number}"), "familyName": format!("Family{holder}"),
                "dateOfBirth": born(holder).to_string(), "purpose": "Application for a post"});
            verification(token, &input, br#"{"data":{"verify":{"outcome":"VALID""#)
        });
        Ok(Self::new(address, all.collect()))
    }

    /// Verifications of these certificates: number, family name and day of birth of each.
    pub(crate) fn certificates(
        address: SocketAddr,
        data_dir: &Path,
        certificates: &[[String; 3]],
    ) -> Result<Arc<Self>, Failure> {
        let keys = Keys::open(data_dir)?;
        let tokens = (0..EMPLOYERS)
            .map(|place| token(&keys, Role::Employer, &place.to_string()))
            .collect::<Result<Vec<_>, _>>()?;
        let all = certificates.iter().zip(tokens.iter().cycle());
        let all = all.map(|([number, family_name, born], token)| {
            let input = serde_json::json!({"certificateNumber": number, "familyName": family_name, "dateOfBirth": born,
                "purpose": "Application for a post"});
            // Some were withdrawn meanwhile.
            verification(token, &input, br#"{"data":{"verify":{"outcome":""#)
        });
        Ok(Self::new(address, all.collect()))
    }

    /// The published keys.
    pub(crate) fn keys(address: SocketAddr) -> Arc<Self> {
        let one = One {
            request: http::get("/.well-known/jwks.json", None),
            begins: br#"{"keys":["#.to_vec(),
        };
        Self::new(address, vec![one])
    }

    /// How many bytes an answer's body has had on average.
    #[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
    pub(crate) fn mean(&self) -> f64 {
        self.bytes.load(Ordering::Relaxed) as f64
            / self.answers.load(Ordering::Relaxed).max(1) as f64
    }

    /// The address that is asked.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Asks the request of that number (the numbers go round) and checks what is answered.
    pub(crate) async fn ask(
        &self,
        connection: &mut Connection,
        number: u32,
    ) -> Result<(), Failure> {
        self.with(connection, number, |_| ()).await
    }

    /// The body of the answer to the request of that number.
    pub(crate) async fn answer(
        &self,
        connection: &mut Connection,
        number: u32,
    ) -> Result<Vec<u8>, Failure> {
        self.with(connection, number, <[u8]>::to_vec).await
    }

    async fn with<T>(
        &self,
        connection: &mut Connection,
        number: u32,
        take: impl Fn(&[u8]) -> T,
    ) -> Result<T, Failure> {
        let place = usize::try_from(number)? % self.all.len().max(1);
        let one = self.all.get(place).ok_or("nothing is asked")?;
        let answer = connection.ask(&one.request).await?;
        if answer.status != 200
            || !answer.body.starts_with(&one.begins)
            || !answer.body.ends_with(b"}")
            || memchr::memmem::find(answer.body, b"\"errors\"").is_some()
        {
            let begins = answer.body.get(..300).unwrap_or(answer.body);
            let begins = String::from_utf8_lossy(begins);
            return Err(format!("answered {}: {begins}", answer.status).into());
        }
        self.answers.fetch_add(1, Ordering::Relaxed);
        self.bytes
            .fetch_add(u64::try_from(answer.body.len())?, Ordering::Relaxed);
        Ok(take(answer.body))
    }
}

/// A verification, and how its answer begins.
fn verification(token: &str, input: &serde_json::Value, begins: &[u8]) -> One {
    let body = serde_json::json!({"query": VERIFY, "variables": {"input": input}}).to_string();
    One {
        request: http::post("/graphql", Some(token), &body),
        begins: begins.to_vec(),
    }
}

/// How the answer to `me` of a learner begins.
fn me_begins(number: u32) -> Vec<u8> {
    format!(
        r#"{{"data":{{"me":{{"givenName":"Given{}","familyName":"Family{number}","dateOfBirth":"{}","#,
        number % 1000,
        born(number)
    )
    .into_bytes()
}

/// The connections of one event loop's callers, each taken for a request and put back.
pub(crate) struct Lines {
    asked: Arc<Asked>,
    idle: RefCell<Vec<(Instant, Connection)>>,
}

impl Lines {
    pub(crate) fn new(asked: Arc<Asked>) -> Self {
        Self {
            asked,
            idle: RefCell::default(),
        }
    }

    /// One request on a connection that is free, or on a new one.
    pub(crate) async fn ask(&self, number: u32) -> Result<(), Failure> {
        let idle = self.idle.borrow_mut().pop();
        let mut connection = match idle {
            Some((since, connection)) if since.elapsed() < KEPT => connection,
            // The ones below were idle for longer still.
            Some(_) => {
                self.idle.borrow_mut().clear();
                Connection::open(self.asked.address).await?
            }
            None => Connection::open(self.asked.address).await?,
        };
        self.asked.ask(&mut connection, number).await?;
        self.idle.borrow_mut().push((Instant::now(), connection));
        Ok(())
    }
}
