//! The way of one deploy, from a simulated commit to a site that is proven good, or back.
//!
//! [`run::Run`] is where a deploy stands; [`transition::transition`] says, from what came in ([`input::Input`]), where it
//! stands next and what is to be done ([`action::Action`]). Both are pure. [`drive::Driver`] is the small loop that does it: it
//! writes the intent before each effect and the outcome after, so that a deploy that was cut off is replayed
//! ([`recovery`]). What it needs of the world comes in as traits: [`platform::Platform`], [`port`], [`world::World`].

pub mod action;
pub mod drive;
pub mod guard;
pub mod input;
pub mod invariant;
pub mod journal;
pub mod lease;
pub mod limit;
pub mod order;
pub mod plan;
pub mod platform;
pub mod port;
pub mod recovery;
pub mod rehearsal;
pub mod run;
pub mod state;
pub mod transition;
pub mod verdict;
pub mod world;
