//! What a person shares of their record: chosen achievements, chosen fields of them, until a time, with whoever has the
//! token. Each is told as it stands when it is looked at, and nothing any more once the share is taken back.

mod field;
mod look;
mod make;
mod own;
mod token;

pub use field::{Field, Fields};
pub use look::{Shared, look, of_maker};
pub use make::{Made, New, make};
pub(crate) use own::makers;
pub use own::{OwnShare, find, list, revoke};
pub use token::Token;
