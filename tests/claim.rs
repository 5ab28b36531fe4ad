//! Prior learning: claimed, judged, assured, appealed against, and on the record.

mod evidence;
mod file;
mod follow;
mod jan;
mod matrix;
mod persons;
mod race;
pub(crate) mod support;
mod terms;
