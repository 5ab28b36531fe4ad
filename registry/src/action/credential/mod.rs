//! The documents that people carry: issuing them, handing them out again, telling whether they still hold.
//!
//! What is issued is stored without its proof and signed each time it is handed out, always to the same bytes while the key
//! is the same. Whether it still holds follows from the record: nothing has to be remembered when an award changes.

mod controllers;
mod export;
mod fetch;
mod judge;
mod list;
mod made;
mod show;
mod standing;

pub use controllers::Controllers;
pub use export::{Chosen, Export, Format, export, export_own};
pub use fetch::{Fetched, get as fetch};
pub use judge::{Judged, judge};
pub use list::status_list;
pub use show::{document, show};
pub use standing::{Standing, standing_of};
