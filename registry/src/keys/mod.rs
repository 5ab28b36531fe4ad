//! The registry's own signing key: Ed25519, kept in the data directory, published with its predecessors at
//! `/.well-known/jwks.json`. Receipts, the tokens of the built-in issuer, and what webhooks are told are signed
//! with it. Where the configuration has a secret for it, the private half lies sealed on the disk (`sealed`).

mod evidence;
mod sealed;

pub use evidence::{look_evidence, of_evidence};
pub use sealed::Seal;

use crate::config::Config;
use crate::error::Error;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The key pair in use and the public keys that were in use before.
pub struct Keys {
    signing: SigningKey,
    kid: String,
    published: Vec<(String, VerifyingKey)>,
}

impl Keys {
    /// The keys of a registry that is configured so: read, made where they are missing, and sealed where they are to be and are not.
    ///
    /// # Errors
    /// As [`Keys::open_sealed`], and a configuration error where the secret cannot be read.
    pub fn of(config: &Config) -> Result<Self, Error> {
        Self::open_sealed(&config.data_dir, Seal::of(&config.seal)?.as_ref())
    }

    /// [`Keys::open_sealed`] without a secret.
    ///
    /// # Errors
    /// As [`Keys::open_sealed`].
    pub fn open(data_dir: &Path) -> Result<Self, Error> {
        Self::open_sealed(data_dir, None)
    }

    /// Reads `keys/signing.pem` (PKCS #8, or sealed) in the data directory, making it where it is missing, and
    /// `keys/retired/*.pem`. To change the key, move the old one there. With a secret, what is not sealed yet is sealed in its
    /// place, once everything could be read.
    ///
    /// # Errors
    /// [`Code::KeySealed`](schema::Code::KeySealed) and [`Code::KeySealWrong`](schema::Code::KeySealWrong); [`Error`] where a file
    /// cannot be read or written, or holds no Ed25519 key.
    pub fn open_sealed(data_dir: &Path, seal: Option<&Seal>) -> Result<Self, Error> {
        let folder = data_dir.join("keys");
        std::fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, &error))?;
        let path = folder.join("signing.pem");
        if !path.exists() {
            create(&path, seal)?;
        }
        let all = Self::read_all(&folder, seal);
        let (keys, open) = all.map_err(|(path, trouble)| trouble.of(&path))?;
        if let Some(seal) = seal {
            for (path, key) in open {
                replace(&path, &seal.close(&key)?)?;
                tracing::info!(kid = thumbprint(&key.verifying_key()), "a key was sealed");
            }
        }
        Ok(keys)
    }

    /// Reads the keys of a registry that is configured so, and makes and changes nothing: for those who look after it, and those
    /// who verify. None where there are none, or they cannot be read.
    ///
    /// # Errors
    /// [`Code::KeySealed`](schema::Code::KeySealed) and [`Code::KeySealWrong`](schema::Code::KeySealWrong).
    pub fn find(config: &Config) -> Result<Option<Self>, Error> {
        let folder = config.data_dir.join("keys");
        let seal = Seal::of(&config.seal)?;
        if std::fs::File::open(folder.join("signing.pem")).is_err() {
            return Ok(None);
        }
        match Self::read_all(&folder, seal.as_ref()) {
            Ok((keys, _)) => Ok(Some(keys)),
            Err((_, Trouble::Sealed(error))) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Reads what is there, and makes nothing: for those who look after it.
    ///
    /// # Errors
    /// What is wrong, and with which file.
    pub fn look(config: &Config) -> Result<Self, String> {
        let seal = Seal::of(&config.seal).map_err(|error| error.to_string())?;
        let folder = config.data_dir.join("keys");
        let read = Self::read_all(&folder, seal.as_ref());
        read.map(|(keys, _)| keys)
            .map_err(|(path, trouble)| trouble.told(&path))
    }

    /// All keys of a folder, and those of its files that are not sealed.
    fn read_all(folder: &Path, seal: Option<&Seal>) -> Result<Found, (PathBuf, Trouble)> {
        let mut open = Vec::new();
        let mut take = |path: &Path| {
            let read = read(path, seal).map_err(|trouble| (path.to_owned(), trouble));
            let (key, sealed) = read?;
            if !sealed {
                open.push((path.to_owned(), key.clone()));
            }
            Ok(key)
        };
        let signing = take(&folder.join("signing.pem"))?;
        let own = signing.verifying_key();
        let mut published = vec![(thumbprint(&own), own)];
        if let Ok(retired) = std::fs::read_dir(folder.join("retired")) {
            for entry in retired.flatten() {
                // What a seal that was interrupted has left.
                if entry.path().extension().is_some_and(|kind| kind == "new") {
                    continue;
                }
                let key = take(&entry.path())?.verifying_key();
                published.push((thumbprint(&key), key));
            }
        }
        let keys = Self {
            kid: thumbprint(&own),
            signing,
            published,
        };
        Ok((keys, open))
    }

    /// Whether what the key in use signs is what its published half verifies.
    #[must_use]
    pub fn agrees(&self) -> bool {
        let signature = self.signing.sign(b"self-check");
        self.published
            .first()
            .is_some_and(|(_, key)| key.verify_strict(b"self-check", &signature).is_ok())
    }

    /// The public keys, the one in use first.
    #[must_use]
    pub fn published(&self) -> Vec<credential::PublishedKey> {
        let key = |(kid, key): &(String, VerifyingKey)| credential::PublishedKey {
            kid: kid.clone(),
            key: key.to_bytes(),
        };
        self.published.iter().map(key).collect()
    }

    /// How many keys were in use before.
    #[must_use]
    pub fn retired(&self) -> usize {
        self.published.len().saturating_sub(1)
    }

    /// The identifier of the key in use.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Signs bytes, which must be such that they cannot be taken for another thing that the key signs.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.signing.sign(bytes).to_bytes()
    }

    /// Signs claims as a JWT (RFC 7519) of type `typ` with EdDSA (RFC 8037).
    ///
    /// # Errors
    /// [`Error`] where the claims cannot be written as JSON.
    pub fn sign_jwt(&self, typ: &str, claims: &impl Serialize) -> Result<String, Error> {
        let header = format!(r#"{{"alg":"EdDSA","typ":"{typ}","kid":"{}"}}"#, self.kid);
        let claims = serde_json::to_vec(claims).map_err(Error::internal)?;
        let mut jwt = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = self.signing.sign(jwt.as_bytes());
        jwt.push('.');
        jwt.push_str(&URL_SAFE_NO_PAD.encode(signature.to_bytes()));
        Ok(jwt)
    }

    /// The public keys as a JWK Set (RFC 7517, RFC 8037), the one in use first.
    #[must_use]
    pub fn jwks(&self) -> serde_json::Value {
        let keys: Vec<_> = self
            .published
            .iter()
            .map(|(kid, key)| {
                serde_json::json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid,
                    "x": URL_SAFE_NO_PAD.encode(key.as_bytes())})
            })
            .collect();
        serde_json::json!({ "keys": keys })
    }
}

/// The key's identifier: its JWK thumbprint (RFC 7638).
fn thumbprint(key: &VerifyingKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(
        r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#
    )))
}

/// A key of its own in a file, made where it is missing and sealed where there is a secret, which nobody publishes: for trials,
/// and what files of evidence are sealed by.
///
/// # Errors
/// As [`Keys::open_sealed`].
pub fn own(config: &Config, name: &str) -> Result<SigningKey, Error> {
    let folder = config.data_dir.join("keys");
    std::fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, &error))?;
    let seal = Seal::of(&config.seal)?;
    let path = folder.join(name);
    if !path.exists() {
        create(&path, seal.as_ref())?;
    }
    take(&path, seal.as_ref())
}

/// The key of a file, which is sealed in its place where it is to be and is not.
fn take(path: &Path, seal: Option<&Seal>) -> Result<SigningKey, Error> {
    let read = read(path, seal);
    let (key, sealed) = read.map_err(|trouble| trouble.of(path))?;
    if let Some(seal) = seal.filter(|_| !sealed) {
        replace(path, &seal.close(&key)?)?;
    }
    Ok(key)
}

/// The keys of a folder, and those of its files that are not sealed as they are to be.
type Found = (Keys, Vec<(PathBuf, SigningKey)>);

/// Why a file gives no key.
enum Trouble {
    Unreadable(std::io::Error),
    NoKey(ed25519_dalek::pkcs8::Error),
    Sealed(Error),
}

impl Trouble {
    /// In words for whoever looks after the registry.
    fn told(self, path: &Path) -> String {
        let path = path.display();
        match self {
            Self::Sealed(error) => format!("{path}: {error}"),
            Self::Unreadable(error) => format!("{path} cannot be read: {error}"),
            Self::NoKey(_) => format!("{path} holds no Ed25519 key (PKCS #8)"),
        }
    }

    /// As an error of that file.
    fn of(self, path: &Path) -> Error {
        match self {
            Self::Unreadable(error) => Error::file(path, &error),
            Self::NoKey(error) => {
                Error::internal(format_args!("{}: no Ed25519 key: {error}", path.display()))
            }
            Self::Sealed(error) => {
                let name = path.file_name().unwrap_or_default();
                error.of_file(&name.to_string_lossy())
            }
        }
    }
}

/// The key of a file, and whether it lies there sealed as it is to be.
fn read(path: &Path, seal: Option<&Seal>) -> Result<(SigningKey, bool), Trouble> {
    let text = std::fs::read_to_string(path).map_err(Trouble::Unreadable)?;
    let text = Zeroizing::new(text);
    if sealed::is_sealed(&text) {
        let none = || Trouble::Sealed(Error::from(schema::Code::KeySealed));
        return seal.ok_or_else(none)?.open(&text).map_err(Trouble::Sealed);
    }
    let key = SigningKey::from_pkcs8_pem(&text).map_err(Trouble::NoKey)?;
    Ok((key, false))
}

/// Writes a new key; whoever comes second of two processes finds the first one's.
fn create(path: &Path, seal: Option<&Seal>) -> Result<(), Error> {
    let secret: Zeroizing<[u8; 32]> = Zeroizing::new(rand::random());
    let key = SigningKey::from_bytes(&secret);
    let text = match seal {
        Some(seal) => Zeroizing::new(seal.close(&key)?),
        None => key.to_pkcs8_pem(LineEnding::LF).map_err(Error::internal)?,
    };
    let linked = |fresh: &Path| match std::fs::hard_link(fresh, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    };
    written(path, &text, &linked)
}

/// Puts another text into the place of a file's.
fn replace(path: &Path, text: &str) -> Result<(), Error> {
    written(path, text, &|fresh| std::fs::rename(fresh, path))
}

/// Writes a file that only its owner reads under another name first, so that a kill in between leaves no half key, and has it
/// take its place.
fn written(
    path: &Path,
    text: &str,
    place: &dyn Fn(&Path) -> std::io::Result<()>,
) -> Result<(), Error> {
    let fresh = path.with_extension(format!("{}.new", uuid::Uuid::new_v4().simple()));
    let folder = path.parent().unwrap_or(path);
    let done = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&fresh)
        .and_then(|mut file| {
            std::io::Write::write_all(&mut file, text.as_bytes()).and_then(|()| file.sync_all())
        })
        .and_then(|()| place(&fresh))
        .and_then(|()| std::fs::File::open(folder)?.sync_all());
    // Of a rename nothing is left to remove.
    let _ = std::fs::remove_file(&fresh);
    done.map_err(|error| Error::file(path, &error))
}
