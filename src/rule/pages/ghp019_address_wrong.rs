//! GHP019: Jekyll, Hugo or Zola is told another address than the one of the site.

use crate::platform::pages::address::Wrong;
use crate::platform::pages::site::PagesSite;
use crate::project::setting::Setting;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// Links and styles point to another place.
pub(super) static RULE: Rule = Rule {
    id: "GHP019",
    name: "address-wrong",
    summary: "Jekyll, Hugo or Zola is told another address than the one that the site will have",
    docs: "\
## What happens

The page comes without its styles, and its links lead to 404 or to another site.

## Why

Jekyll puts `baseurl` before every address, Hugo `baseURL`, Zola `base_url`. The site of a repository lives under \
`https://OWNER.github.io/REPOSITORY/`. Only the builder of Pages itself finds that out when nothing is written. A domain \
may be set in the settings of the repository, which no file shows; the finding is a warning then.

## How to mend it

Write the address of the site, or pass it on from `actions/configure-pages`: \
`--baseURL \"${{ steps.pages.outputs.base_url }}/\"` for Hugo, `--baseurl \"${{ steps.pages.outputs.base_path }}\"` for \
Jekyll.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://gohugo.io/host-and-deploy/host-on-github-pages/", "2026-11-21"),
        docs("https://jekyllrb.com/docs/github-pages/", "2026-11-21"),
        observed("https://github.com/lxndrblz/anatole/issues/78", "2026-11-21"),
        observed("https://github.com/changhuixu/session-expiration-alert/issues/30", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    for wrong in &site.addresses {
        out.report(finding(site, wrong));
    }
}

fn finding(site: &PagesSite<'_>, it: &Wrong) -> Finding {
    let says = it.setting.text().filter(|text| !text.is_empty());
    let message = match says {
        Some(text) => format!("{} is told \"{text}\"; the site will live under \"{}\"", it.generator, it.wanted),
        None => format!("{} is told no \"{}\"; the site will live under \"{}\"", it.generator, it.key, it.wanted),
    };
    let written = if let Setting::Written(written) = &it.setting { Some(written.span) } else { None };
    let finding = RULE.finding(message).at(it.span);
    let finding = match written {
        Some(span) => finding.at(span).label("another address"),
        None => finding.label("no address is given"),
    };
    let finding = match &it.proof {
        Some(proof) => finding.note(proof.clone()),
        None => finding
            .severity(Severity::Medium)
            .note("a domain in the settings of the repository would make it right; no file names one"),
    };
    match written.and_then(|_| fix(site, it)) {
        Some(fix) => finding.fix(fix),
        None => finding.help(format!("set \"{}\" to \"{}\"", it.key, it.wanted)),
    }
}

fn fix(site: &PagesSite<'_>, it: &Wrong) -> Option<Fix> {
    let Setting::Written(written) = &it.setting else { return None };
    let source = site.sources.get(written.span.file).filter(|source| source.is_file)?;
    let text = source.text.get(written.span.range())?;
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'));
    let new = match quote {
        Some(quote) => format!("{quote}{}{quote}", it.wanted),
        None if text == written.text => it.wanted.clone(),
        None if text.contains(&written.text) && !written.text.is_empty() => text.replacen(&written.text, &it.wanted, 1),
        None => return None,
    };
    let applicability = if it.proof.is_some() { Applicability::Safe } else { Applicability::Review };
    let title = format!("set \"{}\" to \"{}\"", it.key, it.wanted);
    Some(Fix { title, applicability, changes: vec![Change::Edit { span: written.span, text: new }] })
}
