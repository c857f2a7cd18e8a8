//! Holding an answer against what was expected.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::digest::Digest;
use crate::verify::answer::{Answer, Failure};
use crate::verify::expectation::{BodyDigest, Expectation};
use crate::verify::page;
use crate::verify::probe::Probe;
use crate::verify::x509;

/// What one attempt showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything holds.
    Passed,
    /// The site answered, and this does not hold.
    Wrong(Vec<Mismatch>),
    /// There was no answer.
    Silent(Failure),
    /// It cannot be found out from here, and why.
    Unknown(String),
}

/// An expectation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What was expected, in a few words.
    pub expected: String,
    /// What was found, cut short.
    pub found: String,
}

/// Letters of what was found that are shown.
const SHOWN: usize = 160;
const DAY: i64 = 86_400;

/// Holds an answer against everything that the probe expects; `unix` is the time of the wall clock in seconds.
#[must_use]
pub fn judge(probe: &Probe, answer: &Result<Answer, Failure>, unix: u64) -> Outcome {
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => return Outcome::Silent(failure.clone()),
    };
    let mismatch = |expectation: &Expectation| {
        let found = look(expectation, answer, unix).err()?;
        Some(Mismatch { expected: expectation.to_string(), found: shown(&found) })
    };
    let wrong: Vec<Mismatch> = probe.expectations.iter().filter_map(mismatch).collect();
    if wrong.is_empty() { Outcome::Passed } else { Outcome::Wrong(wrong) }
}

impl Outcome {
    /// Says whether everything holds.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        matches!(self, Outcome::Passed)
    }
}

/// Whether it holds; if not, what was found instead.
fn look(expectation: &Expectation, answer: &Answer, unix: u64) -> Result<(), String> {
    match expectation {
        Expectation::Status(all) => ensure(all.contains(&answer.status), || status(answer)),
        Expectation::StatusClass(class) => ensure(answer.status / 100 == u16::from(*class), || status(answer)),
        Expectation::StatusNotClass(class) => ensure(answer.status / 100 != u16::from(*class), || status(answer)),
        Expectation::HeaderEquals { name, value } => header(answer, name, |found| same_list(found, value)),
        Expectation::HeaderContains { name, part } => header(answer, name, |found| found.contains(part)),
        Expectation::HeaderPresent(name) => header(answer, name, |_| true),
        Expectation::HeaderAbsent(name) => match answer.joined(name) {
            Some(found) => Err(format!("\"{name}: {found}\"")),
            None => Ok(()),
        },
        Expectation::Location(target) => location(answer, target),
        Expectation::MediaType(all) => {
            let found = answer.media_type();
            ensure(all.contains(&found), || if found.is_empty() { "no media type".to_owned() } else { found.clone() })
        }
        Expectation::Within(span) => {
            ensure(answer.timing.total <= span.saturating_mul(1_000), || format!("{} ms", answer.timing.total / 1_000))
        }
        Expectation::ValidFor { days } => valid_for(answer, *days, unix),
        Expectation::TlsAtLeast(wanted) => tls_at_least(answer, *wanted),
        _ => body(expectation, answer),
    }
}

/// Whether what is expected of the body holds.
fn body(expectation: &Expectation, answer: &Answer) -> Result<(), String> {
    let bytes = answer.body.as_slice();
    match expectation {
        Expectation::Body(digest) => ensure(is_digest(digest, bytes), || measured(digest, bytes)),
        Expectation::BodyContains(part) => ensure(contains(bytes, part), || page::beginning(bytes)),
        Expectation::BodyLacks(part) => ensure(!contains(bytes, part), || format!("\"{part}\"")),
        Expectation::NotEmpty => ensure(!bytes.is_empty(), || "an empty body".to_owned()),
        Expectation::NotHtml => {
            let is_page = answer.media_type() == "text/html" || page::is_html(bytes);
            ensure(!is_page, || "a page".to_owned())
        }
        Expectation::Title(wanted) => match page::title(bytes) {
            Some(found) => ensure(found == page::tidy(wanted), || format!("the title \"{found}\"")),
            None => Err("no title".to_owned()),
        },
        Expectation::Json => {
            serde_json::from_slice::<Value>(bytes).map(|_| ()).map_err(|error| format!("no JSON: {error}"))
        }
        _ => Ok(()),
    }
}

fn ensure(holds: bool, found: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(found()) }
}

fn status(answer: &Answer) -> String {
    format!("status {}", answer.status)
}

fn header(answer: &Answer, name: &str, is_fine: impl FnOnce(&str) -> bool) -> Result<(), String> {
    match answer.joined(name) {
        Some(found) => ensure(is_fine(&found), || format!("\"{name}: {found}\"")),
        None => Err(format!("no header \"{name}\"")),
    }
}

/// Compares values as lists, in which white space at commas says nothing (RFC 9110, 5.6.1).
fn same_list(one: &str, other: &str) -> bool {
    one.split(',').map(str::trim).eq(other.split(',').map(str::trim))
}

fn location(answer: &Answer, wanted: &str) -> Result<(), String> {
    let Some(found) = answer.header("location") else {
        return Err(format!("status {} and no header \"location\"", answer.status));
    };
    let resolve = |target: &str| url::Url::parse(&answer.url).ok()?.join(target).ok();
    let is_same = found == wanted || resolve(found).is_some_and(|found| resolve(wanted) == Some(found));
    ensure(is_same, || format!("a redirect to \"{found}\""))
}

fn valid_for(answer: &Answer, days: u32, unix: u64) -> Result<(), String> {
    let Some(tls) = &answer.tls else { return Err("a connection without TLS".to_owned()) };
    let Some(read) = x509::read(&tls.certificate) else { return Err("a certificate that cannot be read".to_owned()) };
    let left = (read.not_after - i64::try_from(unix).unwrap_or(i64::MAX)).div_euclid(DAY);
    ensure(left >= i64::from(days), || format!("{left} days"))
}

fn tls_at_least(answer: &Answer, wanted: u8) -> Result<(), String> {
    let Some(tls) = &answer.tls else { return Err("a connection without TLS".to_owned()) };
    let found = match tls.version.as_str() {
        "TLSv1.3" => 13,
        "TLSv1.2" => 12,
        "TLSv1.1" => 11,
        _ => 10,
    };
    ensure(found >= wanted, || tls.version.clone())
}

fn is_digest(wanted: &BodyDigest, bytes: &[u8]) -> bool {
    let has_length = |length: &Option<u64>| length.is_none_or(|length| u64::try_from(bytes.len()) == Ok(length));
    match wanted {
        BodyDigest::Sha3 { length, digest } => has_length(length) && Digest::sha3(bytes) == *digest,
        BodyDigest::Sha256 { length, digest } => has_length(length) && Digest::of::<Sha256>(bytes) == *digest,
        BodyDigest::Integrity(text) => is_intact(text, bytes),
    }
}

fn measured(wanted: &BodyDigest, bytes: &[u8]) -> String {
    let length = bytes.len();
    match wanted {
        BodyDigest::Sha3 { .. } => format!("SHA3-256 {} and {length} bytes", Digest::sha3(bytes)),
        BodyDigest::Sha256 { .. } => format!("SHA-256 {} and {length} bytes", Digest::of::<Sha256>(bytes)),
        BodyDigest::Integrity(_) => format!("other bytes, {length} of them"),
    }
}

/// Whether the bytes have one of the digests of the strongest function that is named (W3C, Subresource Integrity, 3.3.4);
/// names nobody knows say nothing.
fn is_intact(integrity: &str, bytes: &[u8]) -> bool {
    type Function = fn(&[u8]) -> Vec<u8>;
    let functions: [(&str, Function); 3] = [
        ("sha512-", |bytes| Sha512::digest(bytes).to_vec()),
        ("sha384-", |bytes| Sha384::digest(bytes).to_vec()),
        ("sha256-", |bytes| Sha256::digest(bytes).to_vec()),
    ];
    for (name, function) in functions {
        let mut named = integrity.split_ascii_whitespace().filter_map(|word| word.strip_prefix(name)).peekable();
        if named.peek().is_some() {
            let digest = function(bytes);
            return named.any(|text| {
                STANDARD.decode(text.split('?').next().unwrap_or_default()).is_ok_and(|wanted| wanted == digest)
            });
        }
    }
    true
}

fn contains(bytes: &[u8], part: &str) -> bool {
    memchr::memmem::find(bytes, part.as_bytes()).is_some()
}

/// On one line, and not too long.
fn shown(text: &str) -> String {
    let plain: String = text.chars().take(SHOWN).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(SHOWN).is_some() { format!("{plain}…") } else { plain }
}

#[cfg(test)]
#[path = "judgement/tests.rs"]
mod tests;
