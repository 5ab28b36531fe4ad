//! Who asks, and what they may: tokens and every way in which one can be wrong, issuers and their keys, the
//! roles over every root field and address, and what a body can learn of other people's results.

mod alike;
mod bodies;
mod correction;
mod issuers;
mod node;
mod rights;
mod table;
mod tokens;
mod wrong;
