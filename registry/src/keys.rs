//! The registry's own signing key: Ed25519, kept in the data directory, published with its predecessors at
//! `/.well-known/jwks.json`. Receipts, the tokens of the built-in issuer, and what webhooks are told are signed
//! with it. And the key under which files of evidence are sealed, which nobody else has a use for.

use crate::error::Error;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The key pair in use and the public keys that were in use before.
pub struct Keys {
    signing: SigningKey,
    kid: String,
    published: Vec<(String, VerifyingKey)>,
}

impl Keys {
    /// Reads `keys/signing.pem` (PKCS #8) in the data directory, making it where it is missing, and
    /// `keys/retired/*.pem`. To change the key, move the old one there.
    ///
    /// # Errors
    /// [`Error`] where a file cannot be read or written, or holds no Ed25519 key.
    pub fn open(data_dir: &Path) -> Result<Self, Error> {
        let folder = data_dir.join("keys");
        std::fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, &error))?;
        let path = folder.join("signing.pem");
        if !path.exists() {
            create(&path)?;
        }
        let signing = read(&path)?;
        let mut published = vec![(
            thumbprint(&signing.verifying_key()),
            signing.verifying_key(),
        )];
        if let Ok(retired) = std::fs::read_dir(folder.join("retired")) {
            for entry in retired.flatten() {
                let key = read(&entry.path())?.verifying_key();
                published.push((thumbprint(&key), key));
            }
        }
        Ok(Self {
            kid: thumbprint(&signing.verifying_key()),
            signing,
            published,
        })
    }

    /// Reads what is there, and makes nothing: for those who look after it.
    ///
    /// # Errors
    /// What is wrong, and with which file.
    pub fn look(data_dir: &Path) -> Result<Self, String> {
        let folder = data_dir.join("keys");
        let open = |path: &Path| {
            let pem = std::fs::read_to_string(path)
                .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
            SigningKey::from_pkcs8_pem(&pem)
                .map_err(|_| format!("{} holds no Ed25519 key (PKCS #8)", path.display()))
        };
        let signing = open(&folder.join("signing.pem"))?;
        let own = signing.verifying_key();
        let mut published = vec![(thumbprint(&own), own)];
        if let Ok(retired) = std::fs::read_dir(folder.join("retired")) {
            for entry in retired.flatten() {
                let key = open(&entry.path())?.verifying_key();
                published.push((thumbprint(&key), key));
            }
        }
        Ok(Self {
            kid: thumbprint(&own),
            signing,
            published,
        })
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

/// The keys under which files of evidence are sealed, the one in use first: `keys/evidence.key` in the data directory, made where it
/// is missing, and `keys/retired-evidence/*`, which open what they sealed. To change the key, move the old one there.
///
/// # Errors
/// [`Error`] where a file cannot be read or written, or holds no key.
pub fn sealing(data_dir: &Path) -> Result<Vec<evidence::Key>, Error> {
    let folder = data_dir.join("keys");
    std::fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, &error))?;
    let path = folder.join("evidence.key");
    if !path.exists() {
        let key = evidence::Key::fresh().map_err(Error::internal)?;
        keep(&path, &format!("{}\n", key.secret_text()))?;
    }
    let open = |path: &Path| {
        let text = std::fs::read_to_string(path).map_err(|error| Error::file(path, &error))?;
        evidence::Key::parse(&text)
            .ok_or_else(|| Error::internal(format_args!("{}: no key of 64 digits", path.display())))
    };
    let mut keys = vec![open(&path)?];
    if let Ok(retired) = std::fs::read_dir(folder.join("retired-evidence")) {
        for entry in retired.flatten() {
            keys.push(open(&entry.path())?);
        }
    }
    Ok(keys)
}

/// The key's identifier: its JWK thumbprint (RFC 7638).
fn thumbprint(key: &VerifyingKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(
        r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#
    )))
}

fn read(path: &Path) -> Result<SigningKey, Error> {
    let pem = std::fs::read_to_string(path).map_err(|error| Error::file(path, &error))?;
    SigningKey::from_pkcs8_pem(&pem).map_err(|error| {
        Error::internal(format_args!("{}: no Ed25519 key: {error}", path.display()))
    })
}

fn create(path: &Path) -> Result<(), Error> {
    let secret: [u8; 32] = rand::random();
    let pem = SigningKey::from_bytes(&secret)
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(Error::internal)?;
    keep(path, &pem)
}

/// Writes a new key under another name first, so that a kill in between leaves no half key; whoever comes
/// second of two processes finds the first one's.
fn keep(path: &Path, text: &str) -> Result<(), Error> {
    let fresh = path.with_extension(format!("{}.new", uuid::Uuid::new_v4().simple()));
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&fresh)
        .and_then(|mut file| {
            std::io::Write::write_all(&mut file, text.as_bytes()).and_then(|()| file.sync_all())
        })
        .and_then(|()| match std::fs::hard_link(&fresh, path) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        });
    let _ = std::fs::remove_file(&fresh);
    written.map_err(|error| Error::file(path, &error))
}
