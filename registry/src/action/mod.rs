//! What can be done, noun by noun and verb by verb: check, build, write. Actions know the database and the
//! engines; they know neither HTTP nor GraphQL.

pub mod catalogue;
pub mod import;
