//! Entry pages: the start page, and those that the sitemap names.

use crate::platform::netlify::edge::{Answer, Visitor};
use crate::verify::derive::expect::answered;
use crate::verify::derive::manifest::is_page;
use crate::verify::derive::{EDGE, Known, UNBUILT, dressed, gap, nothing};
use crate::verify::probe::{Kind, Origin, Probe};
use crate::verify::source::Gathered;

/// Pages of a sitemap that are asked for.
const MOST: usize = 20;

/// Pages of a sitemap that are looked at.
const MOST_LISTED: usize = 50_000;

/// Where sitemaps lie.
const SITEMAP: &str = "sitemap.xml";

pub(super) fn gather(known: &Known<'_>) -> Gathered {
    if known.manifest.is_none() {
        return nothing("entry pages", UNBUILT);
    }
    if known.programs.at_the_edge {
        return nothing("entry pages", EDGE);
    }
    let mut out = Gathered::default();
    let visitor = known.visitor();
    ask(known, ("/", "the publish directory"), Kind::Critical, &visitor, &mut out);
    let listed = listed(known);
    for path in known.draw(listed.iter().map(String::as_str).filter(|path| *path != "/"), MOST) {
        ask(known, (path, SITEMAP), Kind::Check, &visitor, &mut out);
    }
    out
}

fn ask(known: &Known<'_>, (path, from): (&str, &str), kind: Kind, visitor: &Visitor, out: &mut Gathered) {
    let answer = known.answer(visitor, path);
    let name = format!("entry page \"{path}\"");
    if answer == Answer::Nothing {
        return out.gaps.push(gap(name, "the publish directory has no such page"));
    }
    let probe = dressed(Probe::get(name.as_str(), Origin::derived(from), path), visitor).of_kind(kind);
    match answered(probe, &answer, known, visitor) {
        Ok(probe) => known.admit(probe, || name, out),
        Err(reason) => out.gaps.push(gap(name, reason)),
    }
}

/// The paths of entry pages whose references are followed: the start page, and those that are asked for.
pub(super) fn pages(known: &Known<'_>) -> Vec<String> {
    let listed = listed(known);
    let mut pages: Vec<String> = vec!["/".to_owned()];
    pages.extend(
        known.draw(listed.iter().map(String::as_str).filter(|path| *path != "/"), MOST).into_iter().map(str::to_owned),
    );
    pages
}

/// The paths that the sitemap names.
fn listed(known: &Known<'_>) -> Vec<String> {
    let is_there = known.manifest.is_some_and(|manifest| manifest.get(SITEMAP).is_some());
    let bytes = if is_there { known.reader.read(SITEMAP) } else { None };
    let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let mut found: Vec<String> = text
        .split("<loc>")
        .skip(1)
        .take(MOST_LISTED)
        .filter_map(|rest| url::Url::parse(rest.split("</loc>").next()?.trim()).ok())
        .map(|url| url.path().to_owned())
        .filter(|path| is_page(path) || !path.rsplit('/').next().unwrap_or_default().contains('.'))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
