//! Paths that nothing has: the site's own page for them, or what a rule makes of every path.

use crate::platform::netlify::edge::Answer;
use crate::verify::derive::expect::answered;
use crate::verify::derive::{EDGE, Known, WORD, dressed, gap, nothing};
use crate::verify::expectation::Expectation;
use crate::verify::probe::{Origin, Probe};
use crate::verify::source::Gathered;

pub(super) fn gather(known: &Known<'_>) -> Gathered {
    if known.programs.at_the_edge {
        return nothing("missing pages", EDGE);
    }
    let mut out = Gathered::default();
    for (path, what) in [(format!("/{WORD}-no-such-page"), "page"), (format!("/{WORD}-no-such-script.js"), "script")] {
        let visitor = known.visitor();
        let name = format!("a {what} that does not exist, \"{path}\"");
        let answer = known.answer(&visitor, &path);
        let from = match &answer {
            Answer::Content { rule, .. } | Answer::Redirect { rule, .. } | Answer::Proxy { rule } => {
                known.origin(known.table.rules[*rule].redirect.span)
            }
            _ => Origin::derived("the publish directory"),
        };
        let probe = dressed(Probe::get(name.as_str(), from, path.as_str()), &visitor);
        match answered(probe, &answer, known, &visitor) {
            Ok(probe) => {
                // Without a rule for it, a script must never be answered with a page as if it were there.
                let probe = match answer {
                    Answer::Nothing => probe.expect(Expectation::StatusNotClass(2)),
                    _ => probe,
                };
                known.admit(probe, || name, &mut out);
            }
            Err(reason) => out.gaps.push(gap(name, reason)),
        }
    }
    out
}
