//! Private keys at rest: XChaCha20-Poly1305, by a key that Argon2id derives from the operator's secret. What lies beside the
//! ciphertext, the public key and its identifier among it, is bound to it: a sealed key cannot be put in another one's place.

use super::thumbprint;
use crate::config;
use crate::error::Error;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::{SigningKey, VerifyingKey};
use schema::Code;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN IQF REGISTRY SEALED KEY-----";
const END: &str = "-----END IQF REGISTRY SEALED KEY-----";

/// The form that is written, and the only one that is read.
const FORM: u8 = 1;
/// What Argon2id costs: kibibytes, passes, lanes (RFC 9106, section 4, but for one lane).
const COST: [u32; 3] = [64 * 1024, 3, 1];
/// The most that a file may ask for: whoever can write one shall not stop the registry with it.
const MOST: [u32; 3] = [1024 * 1024, 16, 16];
/// The shortest secret, in bytes.
const SHORTEST: usize = 12;

const SALT: usize = 16;
const NONCE: usize = 24;
const PUBLIC: usize = 32;
/// The private key, and what shows that nothing was changed.
const CIPHER: usize = 32 + 16;

/// The secret that opens and seals keys.
pub struct Seal {
    secret: Zeroizing<Vec<u8>>,
    /// The key derived last: of one folder all are sealed by one.
    derived: Mutex<Option<Derived>>,
    /// The secret of before.
    former: Option<Box<Seal>>,
}

#[derive(Clone)]
struct Derived {
    cost: [u32; 3],
    salt: [u8; SALT],
    key: Zeroizing<[u8; 32]>,
}

/// A sealed key taken apart.
struct Parts<'a> {
    cost: [u32; 3],
    salt: [u8; SALT],
    nonce: [u8; NONCE],
    public: [u8; PUBLIC],
    cipher: &'a [u8],
    /// All that stands before the ciphertext.
    head: &'a [u8],
}

/// Whether a file's text is a sealed key.
pub(super) fn is_sealed(text: &str) -> bool {
    text.trim_start().starts_with(BEGIN)
}

impl Seal {
    /// The secret of a configuration, if it has one.
    ///
    /// # Errors
    /// A configuration error where its file cannot be read, or it is too short.
    pub fn of(configured: &config::Seal) -> Result<Option<Self>, Error> {
        let (key, secret) = match (&configured.file, &configured.passphrase) {
            (Some(path), _) => ("seal.file", read("seal.file", path)?),
            (None, Some(text)) => ("seal.passphrase", Zeroizing::new(text.as_bytes().to_vec())),
            (None, None) => return Ok(None),
        };
        if secret.len() < SHORTEST {
            let problem = format!("holds fewer than {SHORTEST} bytes");
            return Err(Error::configuration(key, problem));
        }
        let mut seal = Self::new(secret);
        if let Some(path) = &configured.former_file {
            let former = Self::new(read("seal.former_file", path)?);
            seal.former = Some(Box::new(former));
        }
        Ok(Some(seal))
    }

    /// A seal by that secret.
    #[must_use]
    pub fn new(secret: Zeroizing<Vec<u8>>) -> Self {
        Self {
            secret,
            derived: Mutex::new(None),
            former: None,
        }
    }

    /// The text of a key's file.
    ///
    /// # Errors
    /// [`Error`] where it cannot be sealed, which would be an error of ours.
    pub(super) fn close(&self, key: &SigningKey) -> Result<String, Error> {
        let Derived {
            cost,
            salt,
            key: by,
        } = self.for_sealing()?;
        let public = key.verifying_key();
        let nonce: [u8; NONCE] = rand::random();
        let mut bytes = vec![FORM];
        cost.iter()
            .for_each(|number| bytes.extend(number.to_be_bytes()));
        bytes.extend(salt);
        bytes.extend(nonce);
        bytes.extend(public.to_bytes());
        let bound = bound(&bytes, &public);
        let secret = Zeroizing::new(key.to_bytes());
        let payload = Payload {
            msg: secret.as_slice(),
            aad: &bound,
        };
        let cipher = XChaCha20Poly1305::new((&*by).into()).encrypt(&XNonce::from(nonce), payload);
        bytes.extend(cipher.map_err(Error::internal)?);
        let text = STANDARD.encode(bytes);
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(64)
            .filter_map(|line| std::str::from_utf8(line).ok())
            .collect();
        Ok(format!("{BEGIN}\n{}\n{END}\n", lines.join("\n")))
    }

    /// The key of such a text, and whether it is sealed by the secret of now and not by that of before.
    ///
    /// # Errors
    /// [`Code::KeySealWrong`] where the secret is another, or anything of the text was changed.
    pub(super) fn open(&self, text: &str) -> Result<(SigningKey, bool), Error> {
        match (self.open_now(text), &self.former) {
            (Ok(key), _) => Ok((key, true)),
            (Err(_), Some(former)) => former.open_now(text).map(|key| (key, false)),
            (Err(error), None) => Err(error),
        }
    }

    fn open_now(&self, text: &str) -> Result<SigningKey, Error> {
        let wrong = || Error::from(Code::KeySealWrong);
        let inner = text
            .trim()
            .strip_prefix(BEGIN)
            .and_then(|rest| rest.strip_suffix(END));
        let packed: String = inner.ok_or_else(wrong)?.split_whitespace().collect();
        let bytes = STANDARD.decode(packed).map_err(|_| wrong())?;
        let parts = Parts::of(&bytes).ok_or_else(wrong)?;
        let by = self.derive(parts.cost, parts.salt).map_err(|_| wrong())?;
        let public = VerifyingKey::from_bytes(&parts.public).map_err(|_| wrong())?;
        let bound = bound(parts.head, &public);
        let payload = Payload {
            msg: parts.cipher,
            aad: &bound,
        };
        let opened = XChaCha20Poly1305::new((&*by.key).into())
            .decrypt(&XNonce::from(parts.nonce), payload)
            .map_err(|_| wrong())?;
        let opened = Zeroizing::new(opened);
        let secret: &[u8; 32] = opened.as_slice().try_into().map_err(|_| wrong())?;
        let key = SigningKey::from_bytes(secret);
        if key.verifying_key() != public {
            return Err(wrong());
        }
        Ok(key)
    }

    /// The key derived last, where it costs what is asked for now; else a new one.
    fn for_sealing(&self) -> Result<Derived, Error> {
        let known = self
            .derived
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match known.filter(|known| known.cost == COST) {
            Some(known) => Ok(known),
            None => self.derive(COST, rand::random()),
        }
    }

    fn derive(&self, cost: [u32; 3], salt: [u8; SALT]) -> Result<Derived, Error> {
        let mut kept = self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept
            .as_ref()
            .filter(|known| known.cost == cost && known.salt == salt)
        {
            return Ok(known.clone());
        }
        let [memory, passes, lanes] = cost;
        let parameters = Params::new(memory, passes, lanes, Some(32)).map_err(Error::internal)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into(&self.secret, &salt, key.as_mut_slice())
            .map_err(Error::internal)?;
        let derived = Derived { cost, salt, key };
        *kept = Some(derived.clone());
        Ok(derived)
    }
}

impl<'a> Parts<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let length = bytes.len().checked_sub(CIPHER)?;
        let (head, cipher) = bytes.split_at_checked(length)?;
        let (form, rest) = head.split_first()?;
        let (numbers, rest) = rest.split_at_checked(12)?;
        let mut cost = [0; 3];
        for (number, four) in cost.iter_mut().zip(numbers.chunks(4)) {
            *number = u32::from_be_bytes(four.try_into().ok()?);
        }
        let (salt, rest) = rest.split_at_checked(SALT)?;
        let (nonce, public) = rest.split_at_checked(NONCE)?;
        let bearable = cost.iter().zip(MOST).all(|(asked, most)| *asked <= most);
        (*form == FORM && bearable).then_some(Self {
            cost,
            salt: salt.try_into().ok()?,
            nonce: nonce.try_into().ok()?,
            public: public.try_into().ok()?,
            cipher,
            head,
        })
    }
}

/// What the ciphertext is bound to: what it is, how it was sealed, and whose it is.
fn bound(head: &[u8], public: &VerifyingKey) -> Vec<u8> {
    [
        b"iqf-registry sealed key\0",
        head,
        thumbprint(public).as_bytes(),
    ]
    .concat()
}

/// The secret of a file: its bytes, without the line's end that an editor leaves.
fn read(key: &str, path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    let bytes = std::fs::read(path).map_err(|error| {
        let problem = format!("cannot be read ({}): {error}", path.display());
        Error::configuration(key, problem)
    })?;
    let bytes = Zeroizing::new(bytes);
    let end = bytes.iter().rposition(|byte| !b"\r\n".contains(byte));
    let bare = end.and_then(|end| bytes.get(..=end)).unwrap_or_default();
    Ok(Zeroizing::new(bare.to_vec()))
}
