//! Whether two records are one person: a pure engine over plain data, without input or output, clock, chance or
//! database.
//!
//! The way of a pair: `fold` brings texts into the forms in which they are compared; `block` says which records
//! are worth comparing; `compare` grades each field; `model` says how probable it is that both are one person,
//! and explains it field by field; `rival` lets a pair's probability depend on whom else the two could be;
//! `link` decides over whole files, `cluster` over a register that grows; `number`
//! says what follows from what the issuer of numbers says of them, `agree` whether two could be one of whom a number was told. `table` reads files of people and writes
//! links, for trials and stewards.
//!
//! Fields are not taken for independent. A pair that is not one person may be twins, a household, people of one
//! name, or strangers; one that is one person may have moved, or have changed the name, or both. Each of these
//! kinds of pairs has its own expectation of every field, and the odds are those of the first kinds against
//! those of the others. So a family name, a birth date and an address that agree say little once the given name
//! differs: twins agree in all three.

mod agree;
mod block;
mod cluster;
mod compare;
mod fold;
mod frequency;
mod link;
mod model;
pub mod number;
mod person;
mod rival;
pub mod table;

pub use agree::facts_agree;
pub use block::{BlockKey, block_keys};
pub use cluster::{Clusters, Register, Tie, conclude};
pub use compare::{Comparison, Field, Name, Prepared, compare};
pub use fold::{
    district, fold_address, fold_code, fold_name, fold_phone, known_name, same_person_names,
    skeleton, sound,
};
pub use frequency::{Frequencies, Kind};
pub use link::{Batch, Decision, Link, Outcome, Settings, Thresholds, link};
pub use model::{Contribution, Model, Score, WeightsError, probability};
pub use person::{BirthDate, Person};
