//! Assets: what the entry pages load, and what their style sheets load, as far as it comes from the same site.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use url::Url;

use crate::platform::netlify::edge::{Answer, Found, Visitor};
use crate::verify::derive::expect::answered;
use crate::verify::derive::markup::{self, Reference, Role};
use crate::verify::derive::{EDGE, Known, UNBUILT, dressed, entry, gap, nothing, sheet};
use crate::verify::expectation::{BodyDigest, Expectation};
use crate::verify::probe::{Kind, Origin, Probe, Weight};
use crate::verify::source::Gathered;

/// Assets that are asked for.
const MOST: usize = 500;

/// How far references are followed: from the page, and from what it loads.
const LEVELS: u8 = 2;

/// Stands for the site in addresses.
const SITE: &str = "https://site.invalid";

/// Something that refers to others.
struct Document {
    address: Url,
    file: String,
    is_sheet: bool,
    level: u8,
}

/// What is known of an asset from those that refer to it.
struct Asset {
    role: Role,
    from: String,
    integrity: BTreeSet<String>,
}

pub(super) fn gather(known: &Known<'_>) -> Gathered {
    if known.manifest.is_none() {
        return nothing("assets", UNBUILT);
    }
    if known.programs.at_the_edge {
        return nothing("assets", EDGE);
    }
    let visitor = known.visitor();
    let assets = closure(known, &visitor);
    let drawn = known.draw(assets.keys().map(String::as_str), MOST);
    let mut out = Gathered::default();
    for (target, asset) in &assets {
        match drawn.contains(target.as_str()) {
            true => ask(known, target, asset, &visitor, &mut out),
            false => out
                .gaps
                .push(gap(format!("asset \"{target}\""), format!("{MOST} assets are drawn, and this is none of them"))),
        }
    }
    out
}

/// Every address of the same site that entry pages and their style sheets load.
fn closure(known: &Known<'_>, visitor: &Visitor) -> BTreeMap<String, Asset> {
    let mut assets: BTreeMap<String, Asset> = BTreeMap::new();
    let mut open: VecDeque<Document> = VecDeque::new();
    let mut seen = BTreeSet::new();
    for path in entry::pages(known) {
        open.extend(document(known, visitor, &path, false, 0));
    }
    while let Some(document) = open.pop_front() {
        if !seen.insert((document.file.clone(), document.address.path().to_owned())) {
            continue;
        }
        let Some(bytes) = known.reader.read(&document.file) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        let (base, references) = match document.is_sheet {
            true => (document.address.clone(), sheet::read(&text)),
            false => {
                let page = markup::read(&text);
                let base = page.base.and_then(|base| document.address.join(&base).ok());
                (base.unwrap_or_else(|| document.address.clone()), page.references)
            }
        };
        for reference in references {
            let Some(target) = target(known, &base, &reference) else { continue };
            if reference.role == Role::Style && document.level + 1 < LEVELS {
                let path = target.split('?').next().unwrap_or_default();
                open.extend(self::document(known, visitor, path, true, document.level + 1));
            }
            let new = || Asset { role: reference.role, from: document.file.clone(), integrity: BTreeSet::new() };
            let asset = assets.entry(target).or_insert_with(new);
            asset.role = asset.role.min(reference.role);
            asset.integrity.extend(reference.integrity);
        }
    }
    assets
}

fn document(known: &Known<'_>, visitor: &Visitor, path: &str, is_sheet: bool, level: u8) -> Option<Document> {
    let file = match known.answer(visitor, path) {
        Answer::File { path, .. } => path,
        Answer::Content { status: 200, found: Found::File { path, .. }, .. } => path,
        _ => return None,
    };
    Some(Document { address: Url::parse(SITE).ok()?.join(path).ok()?, file, is_sheet, level })
}

/// The path with its query, if the reference stays on the site.
fn target(known: &Known<'_>, base: &Url, reference: &Reference) -> Option<String> {
    let url = base.join(&reference.url).ok()?;
    let is_own = url.as_str().starts_with(SITE)
        || known.host.as_ref().is_some_and(|(scheme, host)| url.scheme() == scheme && url.host_str() == Some(host));
    if !is_own || url.path().starts_with("/.netlify/") {
        return None;
    }
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", url.path()))
}

fn ask(known: &Known<'_>, target: &str, asset: &Asset, visitor: &Visitor, out: &mut Gathered) {
    let name = format!("asset \"{target}\" of \"{}\"", asset.from);
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let asking = Visitor { has_query: query.is_some(), ..visitor.clone() };
    let answer = known.answer(&asking, path);
    let probe = Probe::get(name.as_str(), Origin::derived(format!("\"{}\"", asset.from)), target);
    let mut probe = dressed(probe, visitor).of_kind(Kind::Sample);
    match &answer {
        // A page that refers to what is not there is as good as it was before: a warning, and no return.
        Answer::Nothing => {
            probe = probe.expect(Expectation::Status(vec![200])).weighing(Weight::Advisory);
            return known.admit(probe, || name, out);
        }
        Answer::Content { .. } if asset.role != Role::Other => {
            probe = probe.expect(Expectation::NotHtml).weighing(Weight::Advisory);
            return known.admit(probe, || name, out);
        }
        Answer::File { .. } => {
            let integrity = asset.integrity.iter();
            let all = integrity.map(|text| Expectation::Body(BodyDigest::Integrity(text.clone())));
            probe = all.fold(probe, Probe::expect);
        }
        _ => {}
    }
    match answered(probe, &answer, known, &asking) {
        Ok(probe) => known.admit(probe, || name, out),
        Err(reason) => out.gaps.push(gap(name, reason)),
    }
}
