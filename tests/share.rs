//! Shares: what is chosen and nothing else, as it stands, until it ends or is taken back.

mod life;
mod limits;
mod people;
pub(crate) mod support;
