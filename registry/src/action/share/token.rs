//! A share's token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What gives access to a share. It is told once, to whoever made the share, and kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one: 32 bytes of chance.
    #[must_use]
    pub fn new() -> Self {
        let bytes: [u8; 32] = rand::random();
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// One that somebody gave. What can be none is asked for all the same.
    #[must_use]
    pub fn given(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The token as it is told.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it. There is nothing to guess in 256 bits of chance, so that no slower digest is needed.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

/// Not even by mistake it comes into a log.
impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_32_bytes_of_base64url_and_never_shown_for_debugging() {
        let (one, other) = (Token::new(), Token::new());
        assert_eq!(
            URL_SAFE_NO_PAD
                .decode(one.as_str())
                .map(|bytes| bytes.len()),
            Ok(32)
        );
        assert_ne!(one, other);
        assert_ne!(one.digest(), other.digest());
        assert_eq!(format!("{one:?}"), "Token(…)");
    }
}
