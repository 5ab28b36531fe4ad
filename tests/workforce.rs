//! Figures of the workforce, as a statistician asks for them and as an operator publishes them.

mod figures;
mod publishing;
mod secrets;
mod support;
