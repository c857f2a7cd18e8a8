//! Talking to platforms: requests, what their answers mean, and a client for each platform.
//!
//! A [`transport::Transport`] carries single requests, [`retry`] says which answers pass, [`client::Client`] does
//! both for one service, and [`netlify`] knows Netlify. All but `http` and [`prober`], which asks published
//! sites, is pure, so that every fault can be played in tests.

pub mod client;
#[cfg(feature = "edge")]
pub mod http;
pub mod netlify;
#[cfg(feature = "edge")]
pub mod prober;
pub mod retry;
pub mod secret;
pub mod transport;
