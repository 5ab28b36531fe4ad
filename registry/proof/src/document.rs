//! A file read as a credential, whatever it is packed in, and every credential within it.

use crate::json::push_pointer;
use crate::token::Token;
use crate::{Fault, Limits, claims, image, json};
use schema::Code;
use serde_json::{Map, Value};

/// What a file was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// The credential itself, as JSON.
    Json,
    /// A JWT.
    Jwt,
    /// A PNG image with the credential baked in.
    Png,
    /// An SVG image with the credential baked in.
    Svg,
}

/// A file that was read. Nothing is checked yet.
#[derive(Debug, Clone)]
pub struct Document {
    container: Container,
    pub(crate) limits: Limits,
    /// The outermost credential, and each that is a token within.
    pub(crate) roots: Vec<Root>,
    pub(crate) parts: Vec<Part>,
}

/// A credential that stands on its own: the outermost, or a token's within another.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    /// As an object, so that pointers can be followed.
    pub(crate) credential: Value,
    pub(crate) token: Option<Token>,
}

/// One credential of the document.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Where it stands in the whole document.
    pub(crate) place: String,
    /// Its root and where it stands in it; or why it cannot be read.
    pub(crate) content: Result<(usize, String), Fault>,
}

/// One credential of a document.
#[derive(Debug, Clone, Copy)]
pub struct Credential<'a> {
    /// Where it stands: empty for the outermost, otherwise a JSON pointer.
    pub place: &'a str,
    /// Its members; of a token what its claims say, under the names of the data model.
    pub members: &'a Map<String, Value>,
}

impl Document {
    /// Reads a file: JSON, a JWT, a PNG or an SVG, as its first bytes say.
    ///
    /// # Errors
    /// A [`Fault`] where there is no credential to speak of: `too-large`, `document-unreadable`,
    /// `document-too-deep`, `document-too-complex`, `member-twice`, `number-inexact`, `image-unreadable`,
    /// `image-without-credential`, `credential-token-unreadable`, `not-a-credential`. A credential *within* that cannot be
    /// read is no fault of the document: its verification says so.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Fault> {
        if bytes.len() > limits.file_bytes {
            return Err(Fault::new(Code::TooLarge, ""));
        }
        if image::is_png(bytes) {
            let text = image::png(bytes, limits)?;
            return Self::read_text(&text, Container::Png, limits);
        }
        let text = bytes
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(bytes)
            .trim_ascii();
        match text.first() {
            Some(b'<') => {
                let text = image::svg(text, limits)?;
                Self::read_text(&text, Container::Svg, limits)
            }
            Some(b'{') => Self::read_text(text, Container::Json, limits),
            _ => Self::read_text(text, Container::Jwt, limits),
        }
    }

    /// Reads what was unpacked: JSON or a JWT.
    fn read_text(text: &[u8], container: Container, limits: &Limits) -> Result<Self, Fault> {
        let text = text.trim_ascii();
        let root = if text.first() == Some(&b'{') {
            let credential = json::read(text, limits)?;
            Root {
                credential,
                token: None,
            }
        } else {
            let unreadable = || Fault::new(Code::DocumentUnreadable, "");
            let text = std::str::from_utf8(text).map_err(|_| unreadable())?;
            if !text.starts_with("ey") {
                return Err(unreadable());
            }
            Root::from_token(text, limits)?
        };
        let Some(members) = root.credential.as_object() else {
            return Err(Fault::new(Code::NotACredential, ""));
        };
        for (holds, place) in [
            (claims::has_type(members, "VerifiableCredential"), "/type"),
            (claims::issuer(members).is_some(), "/issuer"),
            (
                members.contains_key("credentialSubject"),
                "/credentialSubject",
            ),
        ] {
            if !holds {
                return Err(Fault::new(Code::NotACredential, place));
            }
        }
        let mut document = Self {
            container,
            limits: *limits,
            roots: Vec::new(),
            parts: Vec::new(),
        };
        document.add("", root)?;
        Ok(document)
    }

    /// Adds a root, and after it what is within, in the order of the document.
    fn add(&mut self, place: &str, root: Root) -> Result<(), Fault> {
        let index = self.roots.len();
        let mut found = Vec::new();
        if let Some(members) = root.credential.as_object() {
            within(members, &mut String::new(), &mut found);
        }
        self.roots.push(root);
        self.push(place.to_owned(), Ok((index, String::new())))?;
        for (pointer, token) in found {
            let inner = format!("{place}{pointer}");
            match token {
                None => self.push(inner, Ok((index, pointer)))?,
                Some(text) => match Root::from_token(&text, &self.limits) {
                    Ok(root) => self.add(&inner, root)?,
                    Err(fault) => self.push(inner, Err(fault))?,
                },
            }
        }
        Ok(())
    }

    fn push(
        &mut self,
        place: String,
        content: Result<(usize, String), Fault>,
    ) -> Result<(), Fault> {
        if self.parts.len() > self.limits.credentials {
            return Err(Fault::new(Code::DocumentTooComplex, place));
        }
        self.parts.push(Part { place, content });
        Ok(())
    }

    /// What the file was.
    #[must_use]
    pub fn container(&self) -> Container {
        self.container
    }

    /// Whether the outermost credential is signed as a JWT.
    #[must_use]
    pub fn is_token(&self) -> bool {
        self.roots.first().is_some_and(|root| root.token.is_some())
    }

    /// The members of the outermost credential.
    #[must_use]
    pub fn credential(&self) -> &Map<String, Value> {
        static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        self.credentials()
            .next()
            .map_or(&NONE, |credential| credential.members)
    }

    /// Every credential that could be read: the outermost first, then those within it in the order of the
    /// document. `place` is the one of [`crate::Verification::place`].
    pub fn credentials(&self) -> impl Iterator<Item = Credential<'_>> {
        self.parts.iter().filter_map(|part| {
            let (_, members) = self.content(part)?;
            Some(Credential {
                place: &part.place,
                members,
            })
        })
    }

    /// A part's root and members.
    pub(crate) fn content<'a>(&'a self, part: &Part) -> Option<(&'a Root, &'a Map<String, Value>)> {
        let (index, pointer) = part.content.as_ref().ok()?;
        let root = self.roots.get(*index)?;
        Some((root, root.credential.pointer(pointer)?.as_object()?))
    }
}

impl Root {
    fn from_token(text: &str, limits: &Limits) -> Result<Self, Fault> {
        let token = Token::parse(text, limits)?;
        Ok(Self {
            credential: Value::Object(token.credential()?),
            token: Some(token),
        })
    }
}

/// Members whose text values are credentials as JWTs.
const TOKENS: [&str; 2] = ["verifiableCredential", "endorsementJwt"];
/// How an enveloped credential (VC 2.0) begins its identifier.
const ENVELOPES: [&str; 3] = [
    "data:application/vc+jwt,",
    "data:application/vc-ld+jwt,",
    "data:application/jwt,",
];

/// Finds the credentials within, without the outermost: pointer, and the token where it is one.
fn within(
    object: &Map<String, Value>,
    place: &mut String,
    found: &mut Vec<(String, Option<String>)>,
) {
    for (name, value) in object {
        if name == "@context" || name == "proof" {
            continue;
        }
        let length = place.len();
        push_pointer(place, name);
        let tokens = TOKENS.contains(&name.as_str());
        match value {
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    let length = place.len();
                    push_pointer(place, &number.to_string());
                    one(item, tokens, place, found);
                    place.truncate(length);
                }
            }
            single => one(single, tokens, place, found),
        }
        place.truncate(length);
    }
}

fn one(value: &Value, tokens: bool, place: &mut String, found: &mut Vec<(String, Option<String>)>) {
    match value {
        Value::Object(object) => {
            let envelope = || {
                let id = object.get("id")?.as_str()?;
                ENVELOPES.iter().find_map(|prefix| id.strip_prefix(prefix))
            };
            if claims::has_type(object, "EnvelopedVerifiableCredential") {
                found.push((
                    place.clone(),
                    Some(envelope().unwrap_or_default().to_owned()),
                ));
                return;
            }
            if claims::has_type(object, "VerifiableCredential") {
                found.push((place.clone(), None));
            }
            within(object, place, found);
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                let length = place.len();
                push_pointer(place, &number.to_string());
                one(item, tokens, place, found);
                place.truncate(length);
            }
        }
        Value::String(text) if tokens => found.push((place.clone(), Some(text.clone()))),
        _ => {}
    }
}
