//! Telling others that an import has ended, or was taken back. The event is stored in the transaction that does
//! so (`event`), sent by whichever server comes to it first (`deliver`), again and again for a day where it is
//! not taken, and signed each time (`signature`). It is sent only where the registry may go (`address`).

mod address;
mod deliver;
mod event;
mod send;
pub mod signature;

pub(crate) use address::Reach;
pub use deliver::{Deliverer, sweep};
pub use event::{Happened, announce};
pub(crate) use send::client;
pub use send::look;
