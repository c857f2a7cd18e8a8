//! Smoke tests that people write: a documented subset of the Hurl format (`docs/SMOKE.md`).
//!
//! [`parse::parse`] reads a file, [`run::run`] goes through it. Requests go through a [`port::World`], which also has the clock
//! and the files; everything here is pure. The reference is `hurl` 8.0.1 (<https://hurl.dev>): what it has and we have not is a
//! fault when the file is read, or a trouble of the kind "unknown" when only an answer shows it.

pub mod ast;
pub mod cookie;
pub mod date;
pub mod decode;
pub mod fault;
pub mod html;
pub mod journey;
pub mod jsonpath;
pub mod number;
pub mod parse;
mod percent;
pub mod port;
mod reader;
pub mod run;
pub mod value;
pub mod variable;
