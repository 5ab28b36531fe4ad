//! What can be done, noun by noun and verb by verb: check, build, write. Actions know the database and the
//! engines; they know neither HTTP nor GraphQL.

pub mod achievement;
pub mod catalogue;
pub mod claim;
pub mod conformance;
pub mod credential;
pub mod development;
pub mod employment;
pub mod evidence;
pub mod framework;
pub mod identity;
pub mod import;
pub mod learner;
pub(crate) mod ledger;
pub mod share;
pub mod team;
pub mod verify;
pub mod view;
pub mod webhook;
pub mod workforce;
