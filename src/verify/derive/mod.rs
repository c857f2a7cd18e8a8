//! Probes that nobody has to write: what the repository and the publish directory say, asked of the site.
//!
//! One file for each kind, one line in [`SOURCES`]. What is expected comes from our model of Netlify's edge
//! ([`edge`](crate::platform::netlify::edge)); where that knows nothing, nothing is asked and the reason stands among the gaps.

pub mod asset;
pub mod entry;
mod expect;
pub mod file;
pub mod header;
pub mod leak;
pub mod manifest;
pub mod markup;
pub mod missing;
pub mod redirect;
pub mod sheet;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::digest::Digest;
use crate::platform::netlify::edge::answer::answer;
use crate::platform::netlify::edge::headers::{self, PathPattern};
use crate::platform::netlify::edge::{Answer, Files, Found, Listing, Presence, Table, Visitor, example};
use crate::platform::netlify::routing::Header;
use crate::text::source::Sources;
use crate::text::span::Span;
use crate::verify::probe::{Origin, Probe};
use crate::verify::source::{Gap, Gathered, Source, gather};
use manifest::Manifest;

/// Stands for whatever is left open in a rule: no file has that name.
pub const WORD: &str = "chimera-probe";

/// Reads the files of the publish directory.
pub trait Reader {
    /// The bytes of a file of the manifest; `None` when they are not at hand.
    fn read(&self, path: &str) -> Option<Cow<'_, [u8]>>;
}

/// Programs that may answer instead of files and rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Programs {
    /// Edge functions run before everything else.
    pub at_the_edge: bool,
    /// A framework or function may answer paths that no file has.
    pub on_a_server: bool,
}

/// What is known of a deploy.
pub struct Known<'a> {
    /// The redirects.
    pub table: Table<'a>,
    /// The header entries.
    pub headers: &'a [Header],
    /// The texts that rules stand in.
    pub sources: &'a Sources,
    /// The publish directory; `None` when only the build makes it.
    pub manifest: Option<&'a Manifest>,
    /// The bytes of its files.
    pub reader: &'a dyn Reader,
    /// Scheme and host of the site.
    pub host: Option<(String, String)>,
    /// What draws samples: the deploy key.
    pub seed: String,
    /// Files that differ from the last good deploy; `None` when that is not known.
    pub changed: Option<Vec<String>>,
    /// Programs that may answer.
    pub programs: Programs,
    /// Why rules of the configuration file may not count, if so: a directory that is uploaded without it.
    pub doubt: Option<String>,
}

/// Every kind of probe that is derived, in the order in which they are asked.
#[must_use]
pub fn sources<'a>() -> [Source<Known<'a>>; 7] {
    [
        Source { name: "entry pages", gather: entry::gather },
        Source { name: "redirects", gather: redirect::gather },
        Source { name: "headers", gather: header::gather },
        Source { name: "assets", gather: asset::gather },
        Source { name: "missing pages", gather: missing::gather },
        Source { name: "leaks", gather: leak::gather },
        Source { name: "files", gather: file::gather },
    ]
}

/// Derives everything.
#[must_use]
pub fn derive(known: &Known<'_>) -> Gathered {
    gather(&sources(), known)
}

/// Why nothing is asked of a site before which a program stands.
const EDGE: &str = "an edge function runs before it and may answer";

/// Why nothing is asked about files.
const UNBUILT: &str = "only the build makes the publish directory, and it is not on disk";

impl Known<'_> {
    /// Whom no rule singles out.
    #[must_use]
    pub fn visitor(&self) -> Visitor {
        Visitor { address: self.host.clone(), ..example::ordinary(&self.table.rules) }
    }

    /// What a request is answered with.
    #[must_use]
    pub fn answer(&self, visitor: &Visitor, path: &str) -> Answer {
        let answer = answer(&self.table, self, visitor, path);
        match (&answer, &self.doubt) {
            // Its rules come last, so that nothing else is in doubt.
            (Answer::Redirect { rule, .. } | Answer::Content { rule, .. } | Answer::Proxy { rule }, Some(_))
                if self.is_doubtful(*rule) =>
            {
                Answer::Unknown { rule: Some(*rule) }
            }
            _ => answer,
        }
    }

    /// Whether the rule may not count because it stands in the configuration file.
    fn is_doubtful(&self, rule: usize) -> bool {
        let name = |span: Span| self.sources.get(span.file).map(|source| source.name.as_str());
        let is_side_file = |name: &str| name == "_redirects" || name.ends_with("/_redirects");
        self.doubt.is_some() && !name(self.table.rules[rule].redirect.span).is_some_and(is_side_file)
    }

    /// Where something is written, for people.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        match self.origin(span) {
            Origin::Derived(from) => from,
            line @ Origin::Line { .. } => line.to_string(),
        }
    }

    /// Where something is written.
    #[must_use]
    pub fn origin(&self, span: Span) -> Origin {
        match self.sources.get(span.file).filter(|_| span.is_written()) {
            Some(source) => Origin::line(source.name.clone(), source.position(span.start).line),
            None => Origin::derived("the configuration"),
        }
    }

    /// Whether a header entry for this address sets a header; the name is in small letters.
    fn sets(&self, target: &str, name: &str) -> bool {
        let path = target.split('?').next().unwrap_or_default();
        let is_set = |header: &&Header| header.values.keys().any(|known| known.eq_ignore_ascii_case(name));
        let is_meant = |header: &Header| PathPattern::of(header).is_none_or(|pattern| pattern.matches(path));
        self.headers.iter().filter(is_set).any(is_meant)
    }

    /// Whether a probe is asked at all; a gap otherwise.
    fn admit(&self, probe: Probe, subject: impl FnOnce() -> String, out: &mut Gathered) {
        if self.sets(&probe.request.target, headers::PASSWORD) {
            out.gaps.push(gap(subject(), "the platform asks for a password there"));
        } else {
            out.probes.push(probe);
        }
    }

    /// A number that orders things at random, always alike for one deploy.
    fn lot(&self, text: &str) -> Digest {
        Digest::sha3(format!("{}\0{text}", self.seed).as_bytes())
    }

    /// So many of these, drawn at random; always alike for one deploy.
    fn draw<'t>(&self, all: impl IntoIterator<Item = &'t str>, most: usize) -> BTreeSet<&'t str> {
        let mut lots: Vec<(Digest, &str)> = all.into_iter().map(|text| (self.lot(text), text)).collect();
        if lots.len() > most {
            lots.select_nth_unstable(most);
            lots.truncate(most);
        }
        lots.into_iter().map(|(_, text)| text).collect()
    }
}

/// Cookies that make the visitor of the model out of whoever asks.
fn dressed(mut probe: Probe, visitor: &Visitor) -> Probe {
    let cookies = [("nf_country", &visitor.country), ("nf_lang", &visitor.language)];
    for (name, value) in cookies {
        if let Some(value) = value {
            probe = probe.with_cookie(name, value.clone());
        }
    }
    for name in &visitor.cookies {
        probe = probe.with_cookie(name.clone(), "1");
    }
    probe
}

fn gap(subject: impl Into<String>, reason: impl Into<String>) -> Gap {
    Gap { subject: subject.into(), reason: reason.into() }
}

/// Nothing but one gap.
fn nothing(subject: &str, reason: &str) -> Gathered {
    Gathered { probes: Vec::new(), gaps: vec![gap(subject, reason)] }
}

impl Listing for Known<'_> {
    fn find(&self, path: &str) -> Found {
        match self.manifest {
            Some(manifest) => match manifest.find(path) {
                Found::Nothing if self.programs.on_a_server => Found::Unknown,
                found => found,
            },
            None if path.contains(WORD) && !self.programs.on_a_server => Found::Nothing,
            None => Found::Unknown,
        }
    }
}

impl Files for Known<'_> {
    fn at(&self, path: &str) -> Presence {
        match self.find(path) {
            Found::File { .. } => Presence::File,
            Found::Nothing => Presence::Nothing,
            Found::Unknown => Presence::Unknown,
        }
    }
}

#[cfg(test)]
mod tests;
