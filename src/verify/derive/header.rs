//! Header entries: a file for each, and the headers that it must come with.

use std::collections::BTreeMap;

use crate::platform::netlify::edge::headers::{PASSWORD, PathPattern, is_reserved};
use crate::platform::netlify::edge::{Answer, Visitor};
use crate::platform::netlify::routing::Header;
use crate::verify::derive::manifest::{address_of, is_page};
use crate::verify::derive::{EDGE, Known, UNBUILT, dressed, gap};
use crate::verify::expectation::Expectation;
use crate::verify::probe::{Probe, Scope};
use crate::verify::source::Gathered;

/// Entries that are asked about; of more, so many are drawn.
const MOST: usize = 500;

/// Comparisons of a path with a pattern, all in all.
const MOST_STEPS: usize = 500_000;

/// Headers for the platform's own caches, which it keeps to itself.
const CONSUMED: [&str; 6] = [
    "cache-tag",
    "cdn-cache-control",
    "netlify-cache-id",
    "netlify-cache-tag",
    "netlify-cdn-cache-control",
    "netlify-vary",
];

/// Headers to which the platform adds something of its own, or which it sets itself, be it on its own domains only.
const TOUCHED: [&str; 7] =
    ["content-type", "etag", "last-modified", "link", "set-cookie", "strict-transport-security", "vary"];

pub(super) fn gather(known: &Known<'_>) -> Gathered {
    let mut out = Gathered::default();
    let visitor = known.visitor();
    let patterns: Vec<Option<PathPattern>> = known.headers.iter().map(PathPattern::of).collect();
    let files = files(known, &visitor);
    let numbers: Vec<String> = (0..known.headers.len()).map(|number| number.to_string()).collect();
    let drawn = known.draw(numbers.iter().map(String::as_str), MOST);
    let mut steps = 0;
    for (number, header) in known.headers.iter().enumerate() {
        let subject = known.place(header.span);
        let reason = match &patterns[number] {
            _ if known.programs.at_the_edge => EDGE.to_owned(),
            _ if known.manifest.is_none() => UNBUILT.to_owned(),
            _ if known.doubt.is_some() && !is_side_file(known, header) => known.doubt.clone().unwrap_or_default(),
            _ if !drawn.contains(numbers[number].as_str()) => {
                format!("{MOST} of {} entries are drawn, and this is none of them", numbers.len())
            }
            None => "what its path matches is not known".to_owned(),
            Some(pattern) => {
                let file = files.iter().take(MOST_STEPS.saturating_sub(steps)).position(|path| pattern.matches(path));
                steps += file.unwrap_or(files.len());
                match file {
                    Some(file) => {
                        ask(known, header, &files[file], &patterns, &visitor, &mut out);
                        continue;
                    }
                    None => format!("no file that is served at once matches \"{}\"", header.path.text),
                }
            }
        };
        out.gaps.push(gap(subject, reason));
    }
    out
}

fn is_side_file(known: &Known<'_>, header: &Header) -> bool {
    known.sources.get(header.span.file).is_some_and(|source| source.name.ends_with("_headers"))
}

/// The addresses of files that certainly answer there, at once and without an encoding.
fn files(known: &Known<'_>, visitor: &Visitor) -> Vec<String> {
    let paths = known.manifest.into_iter().flat_map(|manifest| manifest.served());
    let is_plain = |path: &&str| !is_page(path) || *path == "index.html" || path.ends_with("/index.html");
    let addresses = paths.filter(is_plain).map(address_of).filter(|address| !address.contains('%'));
    addresses.filter(|path| matches!(known.answer(visitor, path), Answer::File { is_at_once: true, .. })).collect()
}

fn ask(
    known: &Known<'_>,
    header: &Header,
    path: &str,
    patterns: &[Option<PathPattern>],
    visitor: &Visitor,
    out: &mut Gathered,
) {
    let place = known.place(header.span);
    let effective = effective(known, path, patterns);
    let name = format!("headers of \"{}\" ({place})", header.path.text);
    let probe = || {
        let probe = Probe::get(name.as_str(), known.origin(header.span), path);
        dressed(probe.expect(Expectation::Status(vec![200])), visitor)
    };
    let mut everywhere = probe();
    for name in header.values.keys() {
        let small = name.to_ascii_lowercase();
        let subject = || format!("{place}: \"{name}\"");
        let values = effective.get(&small).map(Vec::as_slice).unwrap_or_default();
        let expectation = match values {
            _ if small == PASSWORD => {
                out.gaps.push(gap(subject(), "the platform takes it as its own, to ask for a password"));
                continue;
            }
            _ if is_reserved(&small) => {
                out.gaps.push(gap(subject(), "the platform lets nobody set it"));
                continue;
            }
            _ if CONSUMED.contains(&small.as_str()) => {
                out.gaps.push(gap(subject(), "the platform keeps it to itself"));
                continue;
            }
            _ if !is_name(&small) => {
                out.gaps.push(gap(subject(), "no header can have this name"));
                continue;
            }
            [value] if !TOUCHED.contains(&small.as_str()) && is_visible(value) => {
                Expectation::HeaderEquals { name: small.clone(), value: value.clone() }
            }
            _ => Expectation::HeaderPresent(small.clone()),
        };
        // The deploy's own address is never to be indexed, and says so itself.
        if small == "x-robots-tag" {
            known.admit(probe().expect(expectation).within(Scope::LIVE), subject, out);
        } else {
            everywhere = everywhere.expect(expectation);
        }
    }
    if everywhere.expectations.len() > 1 {
        known.admit(everywhere, || place.clone(), out);
    }
}

/// Whether a header can have this name (RFC 9110, "token").
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether a value goes over the wire as it is written.
fn is_visible(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// All values that entries give the headers of a path, by name in small letters.
fn effective(known: &Known<'_>, path: &str, patterns: &[Option<PathPattern>]) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (header, pattern) in known.headers.iter().zip(patterns) {
        if pattern.as_ref().is_some_and(|pattern| !pattern.matches(path)) {
            continue;
        }
        for (name, value) in &header.values {
            let values = all.entry(name.to_ascii_lowercase()).or_default();
            if !values.contains(&value.text) {
                values.push(value.text.clone());
            }
        }
    }
    all
}
