//! Credentials baked into images, as Open Badges 3.0 says: an `iTXt` chunk of a PNG, an element of an SVG.

mod png;
mod svg;

pub(crate) use png::{is_png, read as png};
pub(crate) use svg::read as svg;
