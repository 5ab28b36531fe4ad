//! What is stored, noun by noun: a row, the questions asked about it, and the way from rows to the engines'
//! plain data. Nothing here knows of HTTP or GraphQL.

pub mod access_entry;
pub mod achievement;
pub mod awarding_body;
pub mod body_usage;
pub mod claim;
pub mod credential;
pub mod development;
pub mod early_years;
pub mod employment;
pub mod evidence_file;
pub mod framework_table;
pub mod identifier;
pub mod import_claim;
pub mod import_issue;
pub mod import_job;
pub mod learner;
pub mod log_leaf;
pub mod match_pair;
pub mod qualification;
pub mod qualification_sector;
pub mod quarantine_waiver;
pub mod receipt;
pub mod search;
pub mod share;
pub mod source;
pub mod source_again;
pub mod status_list;
pub mod team;
pub mod uln_change;
pub mod unit;
pub mod webhook_delivery;
pub mod workforce;
