//! Documents that people carry: exported, handed out, judged, taken back.

mod exported;
mod judged;
mod served;
mod support;
