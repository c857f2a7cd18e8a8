//! NTL045: a redirect without force starts where a file is published.

use crate::platform::netlify::edge::{Effect, Table};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::{set_status, shown};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// The file answers, the redirect never does.
pub(super) static RULE: Rule = Rule {
    id: "NTL045",
    name: "redirect-loses-against-file",
    summary: "A redirect never answers because a published file has the same path",
    docs: "\
## What happens

The old page is still served although a redirect for it exists.

## Why

A redirect without force is asked only when no file answers the path. `/about` is answered by `about`, `about.html` and \
`about/index.html`, and `/` by `index.html`.

## How to mend it

Delete the file, or force the redirect: `301!` in `_redirects`, `force = true` in `netlify.toml`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.netlify.com/routing/redirects/rewrites-proxies/#shadowing", "2026-11-20"),
        observed("https://github.com/gitpod-io/website/pull/2488", "2026-11-20"),
        observed("https://github.com/spotlightpa/poor-richard/pull/73", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let table = Table::new(site.redirects());
    for (number, rule) in table.rules.iter().enumerate() {
        let redirect = rule.redirect;
        let is_exact = rule.pattern.as_ref().is_some_and(|pattern| pattern.is_exact());
        let is_candidate = rule.effect == Effect::Redirect && is_exact && rule.is_unconditional();
        if !is_candidate || redirect.is_forced() || is_same_page(redirect.path(), rule.target()) {
            continue;
        }
        let Some(file) = site.output.file_at(site.snapshot, redirect.path()) else { continue };
        if table.covering(number).is_some() {
            continue;
        }
        let code = redirect.code().unwrap_or(301.0);
        let message = format!("the redirect {} never answers: \"{file}\" is published there", shown(redirect));
        let finding = RULE.finding(message).at(redirect.span).label("a file answers");
        let finding = finding.note("a redirect without force is asked only when no file has the path");
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "one of five known statuses")]
        let changes = set_status(site, redirect, code as u16, true);
        let fix =
            |changes| Fix { title: "force the redirect".to_owned(), applicability: Applicability::Review, changes };
        out.report(finding.maybe_fix(changes.map(fix)));
    }
}

/// Whether both paths are one page to the platform: a slash or an ending more or less.
fn is_same_page(from: &str, to: &str) -> bool {
    let bare = |path: &str| {
        let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let path = path.strip_suffix(".html").unwrap_or(path);
        path.strip_suffix("/index").unwrap_or(path).to_owned()
    };
    bare(from) == bare(to)
}
