//! Figures of the workforce: how many people, posts needed and places to learn there are, by sector, role, level, status and
//! area, as of a day whose figures were published.
//!
//! **Publishing** counts everybody who held a post on that day, once: at the post that began last. It protects the counts,
//! and stores what is told and nothing else. A published snapshot never changes, so that whoever asks again, or otherwise,
//! is told of the same state. What people hold (level, status) is as the registry knows it when the snapshot is published.
//!
//! **Protecting** happens once, before any table is made, and not in each table. [`protect()`] turns the workforce as it is into
//! one in which no cell of any table has 1 to 4 people: a group within such cells becomes none, or a multiple of five, up
//! and down so that all tables stay as near as can be to what they were (small count rounding: Langsrud and Heldal, *An
//! Algorithm for Small Count Rounding of Tabular Data*, Privacy in Statistical Databases 2018). Whoever is in no such cell
//! is counted as they are. Every table is then made of that protected workforce. A count of 1 to 7 is suppressed, every
//! other is rounded to the nearest five: the rule of the health service's statistics (NHS Digital, *Disclosure control
//! methodology for Hospital Episode Statistics*, 2018); a table of Ofqual's or the Department for Education's own would
//! suppress 1 to 4 (Ofqual, *Rounding policy for statistical publications*). The higher one is taken, so that a 3 that was
//! rounded up is not shown either.
//!
//! **What nobody can find out.** Let `D` be the workforce and `P` the protected one.
//! * In `P` every cell of every table has nobody, or five people or more.
//! * Protecting `P` changes nothing, since it has no small cell. So if `P` were the truth, exactly what was published would
//!   have been published.
//!
//! So whoever has all tables, combines them as they like and knows this very program cannot exclude that `P` is the truth,
//! and **of no cell of any table can they conclude that 1 to 4 people are in it**: neither in one table, nor by subtracting
//! cells from totals, nor across tables, nor across snapshots (each of which could be its own `P`). Which rows a table has
//! follows from `P` as well, and from needs and provision, which are about nobody; and what is stored is what is told. A cell
//! in which 1 to 4 people are is suppressed in every table in which it stands.
//!
//! What is not hidden: what nearly everybody of a large cell has in common. What it costs: of 2.65 million invented people in
//! 152 areas, 42 roles, 9 levels and 5 statuses none of the 130 000 figures was more than 12 from what was so, nor the whole
//! more than 5; most are the nearest five.

mod cell;
mod protect;
mod publish;
mod row;
mod table;

pub use cell::{Dimension, Grouping, MOST_DIMENSIONS};
pub use protect::{Group, protect};
pub use publish::{Published, publish};
pub use row::{ROUNDING, Row, Stated, rows};
pub use table::{Figures, Table, table};
