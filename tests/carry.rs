//! Documents that people carry: exported, handed out, judged, taken back.

mod api;
mod controllers;
mod exported;
mod judged;
mod sealed;
mod served;
mod signed;
mod support;
