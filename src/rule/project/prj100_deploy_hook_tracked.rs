//! PRJ100: a live deploy hook in a tracked file.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::platform::job::Job;
use crate::project::path::name;
use crate::project::snapshot::Entry;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::docs;
use crate::sim::stage::Stage;

/// A tracked file holds the whole address of a deploy hook of Netlify or Render.
pub(super) static RULE: Rule = Rule {
    id: "PRJ100",
    name: "deploy-hook-tracked",
    summary: "The address of a deploy hook is in the repository",
    docs: "\
## What happens

Whoever can read the repository can start deploys of the site, as often as they like.

## Why

The address of a deploy hook is all that it takes: it asks for no password.

## How to mend it

Delete the hook in the dashboard, make a new one, and read its address from a secret of the CI.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://docs.netlify.com/build/configure-builds/build-hooks/", "2026-11-21"),
        docs("https://render.com/docs/deploy-hooks", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Files that are read at most, and the longest one.
const MAX_FILES: usize = 100;
const MAX_LENGTH: usize = 1 << 18;
/// What the addresses begin with, and whose they are.
const HOOKS: [(&str, &str); 2] =
    [("api.netlify.com/build_hooks/", "Netlify"), ("api.render.com/deploy/srv-", "Render")];

/// The same, to be searched for in every file.
static STARTS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| HOOKS.map(|(start, _)| Finder::new(start)));

fn check(job: &Job<'_>, out: &mut Sink) {
    let workflows: &[Entry] = if job.dir.is_empty() { &[] } else { job.snapshot.below(".github") };
    let paths = workflows.iter().chain(job.snapshot.below(job.dir)).map(|entry| &*entry.path);
    for path in paths.filter(|path| is_likely(path)).take(MAX_FILES) {
        let Some(bytes) = job.snapshot.read(path).ok().filter(|bytes| bytes.len() <= MAX_LENGTH) else { continue };
        if STARTS.iter().all(|start| start.find(&bytes).is_none()) {
            continue;
        }
        let Some((host, line, address)) = hook(&String::from_utf8_lossy(&bytes)) else { continue };
        // At the file: a report would show the line with the address.
        out.report(
            RULE.finding(format!("line {line} of \"{path}\" holds the address of a deploy hook of {host}, which is all it takes to use it"))
                .at_path(path)
                .secret(address)
                .help("delete the hook, make a new one, and read its address from a secret"),
        );
    }
}

/// Files into which people write such an address.
fn is_likely(path: &str) -> bool {
    let name = name(path);
    let ending = memchr::memrchr(b'.', name.as_bytes()).map_or("", |at| &name[at + 1..]);
    let is_text = matches!(ending, "md" | "sh" | "toml" | "yaml" | "yml" | "json");
    (is_text || name.starts_with(".env")) && !name.contains("lock") && !path.contains("node_modules/")
}

/// Whose address a text holds in full, and on which line; an example is none.
fn hook(text: &str) -> Option<(&'static str, usize, String)> {
    for (start, host) in HOOKS {
        for (at, _) in text.match_indices(start) {
            let rest = &text[at + start.len()..];
            let id: usize = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let is_whole = if host == "Netlify" {
                id == 24 && rest.as_bytes()[..id].iter().all(u8::is_ascii_hexdigit) && !is_example(&rest[..id])
            } else {
                let key = rest[id..].strip_prefix("?key=").unwrap_or_default();
                let length =
                    key.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
                id >= 16 && length >= 8 && !is_example(&rest[..id]) && !is_example(&key[..length])
            };
            if is_whole {
                let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`')).unwrap_or(rest.len());
                return Some((host, text[..at].matches('\n').count() + 1, rest[..end].to_owned()));
            }
        }
    }
    None
}

/// Whether a text is made up: one letter over and over, or the alphabet.
fn is_example(text: &str) -> bool {
    let mut letters: Vec<u8> = text.to_ascii_lowercase().into_bytes();
    let is_alphabet = ["123456789", "abcdefgh", "xxxx"].iter().any(|part| text.to_ascii_lowercase().contains(part));
    letters.sort_unstable();
    letters.dedup();
    letters.len() < 5 || is_alphabet
}

#[cfg(test)]
mod tests {
    use super::hook;

    #[test]
    fn only_whole_addresses_count() {
        let netlify = "x\ncurl https://api.netlify.com/build_hooks/5f3c91a7d08b46e2a9c47d1e";
        let found = |text| hook(text).map(|(host, line, _)| (host, line));
        assert_eq!(found(netlify), Some(("Netlify", 2)));
        let render = "https://api.render.com/deploy/srv-ck2u7hmb0lsc73fe9tq0?key=Zp7wQm2LrTk";
        assert_eq!(found(render), Some(("Render", 1)));
        assert_eq!(hook(render).map(|found| found.2).as_deref(), Some("ck2u7hmb0lsc73fe9tq0?key=Zp7wQm2LrTk"));
        for text in [
            "https://api.netlify.com/build_hooks/<id>",
            "https://api.netlify.com/build_hooks/000000000000000000000000",
            "https://api.netlify.com/build_hooks/${HOOK}",
            "https://api.render.com/deploy/srv-xxxxxxxxxxxxxxxxxxxx?key=xxxxxxxxxxx",
            "https://api.render.com/deploy/srv-ck2u7hmb0lsc73fe9tq0?key=$KEY",
        ] {
            assert_eq!(hook(text), None, "{text}");
        }
    }
}
