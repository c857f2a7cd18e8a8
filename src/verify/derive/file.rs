//! Files: all that changed and a sample of the others, each with the bytes that were certified.

use std::collections::BTreeSet;

use crate::platform::netlify::edge::{Answer, Visitor};
use crate::verify::derive::expect::answered;
use crate::verify::derive::manifest::address_of;
use crate::verify::derive::{EDGE, Known, UNBUILT, dressed, gap, nothing};
use crate::verify::probe::{Kind, Origin, Probe};
use crate::verify::source::Gathered;

/// Changed files that are asked for.
pub const MOST_CHANGED: usize = 500;

/// Bytes of a file that is asked for as a sample: larger ones come too slowly.
pub const MOST_BYTES: u64 = 8 << 20;

/// Files that are drawn from all: a fault in one of a hundred is found 95 times of 100.
pub const SAMPLE: usize = 300;

pub(super) fn gather(known: &Known<'_>) -> Gathered {
    let Some(manifest) = known.manifest else { return nothing("files", UNBUILT) };
    if known.programs.at_the_edge {
        return nothing("files", EDGE);
    }
    let is_there = |path: &&str| manifest.get(path).is_some();
    let is_small = |path: &&str| manifest.get(path).is_some_and(|fact| fact.size <= MOST_BYTES);
    let served: BTreeSet<&str> = manifest.served().filter(is_small).collect();
    let changed = known.changed.iter().flatten().map(String::as_str).filter(is_there);
    let changed = known.draw(changed.filter(|path| served.contains(path)), MOST_CHANGED);
    let mut wanted = known.draw(served.iter().copied(), SAMPLE);
    wanted.extend(&changed);
    let mut out = Gathered::default();
    for path in manifest.served().filter(|path| !served.contains(path)) {
        out.gaps.push(gap(format!("file \"{path}\""), format!("it has more than {} MB", MOST_BYTES >> 20)));
    }
    let visitor = known.visitor();
    for path in wanted {
        ask(known, path, changed.contains(path), &visitor, &mut out);
    }
    out
}

fn ask(known: &Known<'_>, path: &str, is_changed: bool, visitor: &Visitor, out: &mut Gathered) {
    let address = address_of(path);
    let name = format!("file \"{path}\"");
    let answer = known.answer(visitor, &address);
    if !matches!(&answer, Answer::File { path: found, .. } if found == path) {
        return out.gaps.push(gap(name, format!("\"{address}\" is not certainly answered with it")));
    }
    let from = if is_changed { "what changed since the last good deploy" } else { "the publish directory" };
    let probe = dressed(Probe::get(name.as_str(), Origin::derived(from), address), visitor).of_kind(Kind::Sample);
    match answered(probe, &answer, known, visitor) {
        Ok(probe) => known.admit(probe, || name, out),
        Err(reason) => out.gaps.push(gap(name, reason)),
    }
}
