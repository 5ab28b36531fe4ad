//! A file that somebody brings as evidence: what it is by its content ([`look`]), and the form in which it lies on disk
//! ([`Sealer`], [`Opened`]). Nothing here knows whose it is, and nothing runs what it reads.

mod archive;
mod declared;
mod kind;
mod sealed;
mod whole;

pub use declared::Declared;
pub use kind::{MediaType, Refusal, look};
pub use sealed::{Key, KeyId, Opened, SEGMENT, Sealer};

/// A short run of bytes as hexadecimal digits.
#[must_use]
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
