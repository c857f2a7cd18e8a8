//! What an answer of our model means for a request to the site.

use crate::platform::netlify::edge::{Answer, Found, Visitor};
use crate::verify::derive::{Known, manifest};
use crate::verify::expectation::{BodyDigest, Expectation};
use crate::verify::page;
use crate::verify::probe::{Probe, Weight};

/// Redirects that are followed where "Pretty URLs" may change a path.
const SLASHES: u8 = 3;

/// The probe with everything that follows from the answer; `Err` says why nothing is known.
pub(super) fn answered(probe: Probe, answer: &Answer, known: &Known<'_>, visitor: &Visitor) -> Result<Probe, String> {
    match answer {
        Answer::File { path, is_at_once, .. } => {
            let redirects = if *is_at_once { 0 } else { SLASHES };
            Ok(served(probe.expect(Expectation::Status(vec![200])), path, known).following(redirects))
        }
        Answer::Redirect { status, location, .. } => {
            let probe = probe.expect(Expectation::Status(vec![*status]));
            if visitor.query.is_empty() {
                return Ok(probe.expect(Expectation::Location(location.clone())));
            }
            // Whether the query of the request is handed on is not known.
            let part = location.split(['?', '#']).next().unwrap_or_default().to_owned();
            Ok(probe.expect(Expectation::HeaderContains { name: "location".to_owned(), part }))
        }
        Answer::Content { status, found: Found::File { path, .. }, .. } => {
            Ok(served(probe.expect(Expectation::Status(vec![*status])), path, known))
        }
        Answer::Content { target, .. } if target.starts_with("/.netlify/") => {
            Ok(probe.expect(Expectation::StatusNotClass(5)))
        }
        Answer::Content { target, .. } => Err(format!("what lies at \"{target}\" is not known")),
        Answer::Proxy { .. } => Ok(probe.expect(Expectation::StatusNotClass(5)).weighing(Weight::Advisory)),
        Answer::Nothing => {
            let probe = probe.expect(Expectation::Status(vec![404]));
            let own = title(known, "404.html");
            Ok(own.map_or(probe.clone(), |title| probe.expect(Expectation::Title(title))))
        }
        Answer::Unknown { rule: Some(rule) } => {
            Err(format!("what {} does to it is not known", known.place(known.table.rules[*rule].redirect.span)))
        }
        Answer::Unknown { rule: None } => Err("what answers it is not known".to_owned()),
    }
}

/// What is expected of the bytes of a file. The platform rewrites pages (links, forms, snippets of the dashboard), so of a
/// page the title is held against the file and not every byte.
pub(super) fn served(probe: Probe, path: &str, known: &Known<'_>) -> Probe {
    let Some(fact) = known.manifest.and_then(|manifest| manifest.get(path)) else { return probe };
    if !manifest::is_page(path) {
        let digest = BodyDigest::Sha3 { length: Some(fact.size), digest: fact.sha3 };
        return probe.expect(Expectation::Body(digest));
    }
    let mut probe = probe;
    if !known.sets(&probe.request.target, "content-type") {
        probe = probe.expect(Expectation::MediaType(vec!["text/html".to_owned()]));
    }
    if fact.size > 0 {
        probe = probe.expect(Expectation::NotEmpty);
    }
    match title(known, path) {
        Some(title) => probe.expect(Expectation::Title(title)),
        None => probe,
    }
}

fn title(known: &Known<'_>, path: &str) -> Option<String> {
    known.manifest?.get(path)?;
    page::title(&known.reader.read(path)?).filter(|title| !title.is_empty())
}
