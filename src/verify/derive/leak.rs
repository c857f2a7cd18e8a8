//! Files that nobody should be able to read: they are asked for where our own list says that they are not published.

use crate::platform::netlify::edge::Answer;
use crate::verify::derive::expect::answered;
use crate::verify::derive::{EDGE, Known, UNBUILT, dressed, gap, nothing};
use crate::verify::expectation::Expectation;
use crate::verify::probe::{Origin, Probe};
use crate::verify::source::Gathered;

/// Names, and what their content has in it.
const SECRETS: [(&str, Option<&str>); 5] = [
    (".env", None),
    (".env.production", None),
    (".git/HEAD", Some("ref: refs/")),
    (".git/config", Some("[core]")),
    (".npmrc", Some("_authToken")),
];

pub(super) fn gather(known: &Known<'_>) -> Gathered {
    let Some(manifest) = known.manifest else { return nothing("leaks", UNBUILT) };
    if known.programs.at_the_edge {
        return nothing("leaks", EDGE);
    }
    let mut out = Gathered::default();
    // A map that nobody published: one is enough, for they come all or none.
    let lacks_map = |path: &&str| path.ends_with(".js") && manifest.get(&format!("{path}.map")).is_none();
    let map = manifest.served().find(lacks_map).map(|path| format!("{path}.map"));
    let map = map.iter().map(|path| (path.as_str(), Some("\"mappings\"")));
    for (path, content) in SECRETS.into_iter().chain(map) {
        let name = format!("\"{path}\" is not to be had");
        if manifest.get(path).is_some() {
            out.gaps.push(gap(name, "the publish directory holds it"));
            continue;
        }
        let visitor = known.visitor();
        let target = format!("/{path}");
        let answer = known.answer(&visitor, &target);
        let probe = Probe::get(name.as_str(), Origin::derived("the publish directory"), target);
        match (answered(dressed(probe, &visitor), &answer, known, &visitor), content) {
            (Ok(probe), Some(content)) if !matches!(answer, Answer::Redirect { .. }) => {
                known.admit(probe.expect(Expectation::BodyLacks(content.to_owned())), || name, &mut out);
            }
            (Ok(probe), _) => known.admit(probe, || name, &mut out),
            (Err(reason), _) => out.gaps.push(gap(name, reason)),
        }
    }
    out
}
