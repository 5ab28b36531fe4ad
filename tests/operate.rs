//! What an operator sees of the registry and tells it: requests by name, traces, metrics, slow statements,
//! limits, outages, the configuration, and the doctor.

mod configuration;
mod doctor;
mod limits;
mod metrics;
mod outage;
mod process;
mod requests;
mod shares;
mod slow;
mod traces;
