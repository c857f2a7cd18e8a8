//! Looking at a site that is published: what is asked of it, what it has to answer, and what that says about the deploy.
//!
//! A [`probe::Probe`] is one request with [`expectation::Expectation`]s; [`judgement::judge`] holds an
//! [`answer::Answer`] against them. A [`source::Source`] derives probes from what is known of a deploy. Requests go through a
//! [`prober::Prober`]; everything here is pure.

pub mod answer;
pub mod bake;
pub mod check;
pub mod curl;
pub mod derive;
pub mod entry;
pub mod expectation;
pub mod finding;
pub mod gate;
pub mod inspector;
pub mod judgement;
pub mod latency;
pub mod page;
pub mod probe;
pub mod prober;
pub mod setting;
pub mod site;
pub mod source;
pub mod statistic;
pub mod x509;
