//! The framework: what is answered out of its tables, how they come in, and what follows from them for people's records.

mod answers;
mod batch;
mod imports;
mod kills;
mod particulars;
pub(crate) mod readme;
mod record;
mod shared;
mod sources;
mod stories;

use crate::support::Registry;
use registry::access::Caller;
use serde_json::Value;

/// What anybody is answered.
fn told(registry: &Registry, query: &str) -> Value {
    registry.data(&Caller::nobody(), query, Value::Null)
}
