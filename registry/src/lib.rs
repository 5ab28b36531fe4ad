//! A registry of qualifications and achievements.

pub mod adapter;
