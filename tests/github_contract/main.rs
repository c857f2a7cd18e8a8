//! The step of a workflow against our stateful GitHub, with GitHub's own description as the judge of both.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[allow(dead_code, reason = "no test uses all of it")]
#[path = "../support/github/mod.rs"]
mod github;

mod fork;
mod identity;
mod repair;
mod suggestion;
mod trouble;
mod verdict;

const CLEAN: i32 = 0;
const FINDINGS: i32 = 1;
const USAGE: i32 = 2;

const PACKAGE: &str = r#"{
  "name": "shop",
  "private": true,
  "scripts": { "build": "vite build" },
  "devDependencies": { "vite": "6.0.0" }
}
"#;
const GOOD: &str = "[build]\ncommand = \"npm run build\"\npublish = \"dist\"\n";
const BAD: &str = "[build]\ncommand = \"npm run build\"\npublish = \"build\"\n";

const SITE: [(&str, &str); 3] = [("netlify.toml", GOOD), ("package.json", PACKAGE), ("index.html", "<h1>Shop</h1>\n")];
