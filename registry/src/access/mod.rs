//! Who asks, and what they may: tokens, their issuers, and the one table of rights.

mod caller;
mod issuer;
mod jwks;
mod rights;
mod token;

pub use caller::{Caller, LearnerClaim, Role};
pub(crate) use issuer::is_local;
pub use issuer::{Issuers, look as look_at_issuer};
pub use rights::{RIGHTS, Right};
pub use token::{NewToken, mint};
