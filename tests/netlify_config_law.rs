//! Laws of the rules about configurations that hold for any text.

#![allow(clippy::unwrap_used)]

use chimera::config::Configuration;
use chimera::platform::netlify::site::{NetlifySite, Request, Site};
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::{Finding, Level, Place};
use chimera::rule::fix::{Applicability, Change, Fix};
use chimera::sim::stage::Stage;
use chimera::text::edit::{self, Edit};
use chimera::verdict::{self, SiteVerdict, Status};
use proptest::prelude::*;

const FRAGMENTS: [&str; 64] = [
    "[build]\n",
    "[build.environment]\n",
    "[build.env]\n",
    "[[build.redirects]]\n",
    "[environment]\n",
    "[context.production]\n",
    "[context.deploy_preview]\n",
    "[[context.production.plugins]]\n",
    "[context.a.environment]\n",
    "[[plugins]]\n",
    "[plugins]\n",
    "[[plugin]]\n",
    "[plugins.config]\n",
    "[plugins.inputs]\n",
    "[[redirects]]\n",
    "[redirects]\n",
    "[[redirect]]\n",
    "[redirect.headers]\n",
    "[[headers]]\n",
    "[headers.values]\n",
    "[functions]\n",
    "[functions.a]\n",
    "[edge_functions]\n",
    "[[edge_functions]]\n",
    "base = \"web\"\n",
    "base = \"../x\"\n",
    "command = \"npm run build\"\n",
    "command = [\"a\", \"b\"]\n",
    "command = \"sed \\d\"\n",
    "command = \"echo \"x\"\"\n",
    "publish = \"web/dist\"\n",
    "publish = 5\n",
    "publish_dir = \"x\"\n",
    "package = \"./p\"\n",
    "package = \"x@1.2\"\n",
    "package = \"@netlify/plugin-lighthuose\"\n",
    "package = \"path\"\n",
    "type = \"x\"\n",
    "name = 5\n",
    "environment = \"A=1\"\n",
    "A_B = 3.10\n",
    "schedule = \"@midnight\"\n",
    "schedule = \"0 0 H 2 *\"\n",
    "timeout = 5\n",
    "memory = \"9gb\"\n",
    "included_files = \"x\"\n",
    "node_bundler = \"webpack\"\n",
    "path = \"x\"\n",
    "pattern = \"x\"\n",
    "function = \"f\"\n",
    "excluded_path = 'x'\n",
    "staus = 200\n",
    "x = 1 y = 2\n",
    "x = é\n",
    "x = 1.2.3\n",
    "x = \"open\n",
    "x = \"C:\\users\"\n",
    "x = \"\"\"a \\q\n",
    "y = { a = 1,\n b = 2, }\n",
    "// x\n",
    "\u{feff}",
    "\\",
    "é",
    "\r\n",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&FRAGMENTS[..]), 0..14).prop_map(|parts| parts.concat())
}

fn snapshot(text: &str) -> Snapshot {
    let package = br#"{"name": "web", "scripts": {"build": "true"}}"#;
    let files: [(&str, &[u8]); 5] = [
        ("netlify.toml", text.as_bytes()),
        ("web/package.json", package),
        ("web/netlify.toml", b"[build]\npublish = \"x\"\n"),
        ("web/dist/index.html", b""),
        ("p/index.js", b""),
    ];
    Snapshot::in_memory(files)
}

fn verdict(text: &str) -> SiteVerdict {
    verdict::netlify::simulate(&snapshot(text), Site::default(), &Request::default(), &Configuration::default())
}

fn apply(text: &str, fix: &Fix, verdict: &SiteVerdict) -> Option<String> {
    let mut edits = Vec::new();
    for change in &fix.changes {
        let Change::Edit { span, text } = change else { return None };
        let source = verdict.sources.get(span.file).unwrap();
        assert!(source.is_file, "a fix edits {}", source.name);
        if source.name != "netlify.toml" {
            return None;
        }
        edits.push(Edit { range: span.range(), text: text.clone() });
    }
    Some(edit::apply(text, &edits).unwrap())
}

fn is_rejected(finding: &Finding) -> bool {
    finding.stage == Stage::Config && finding.level() == Level::Error && finding.rule.id != "NTL004"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_rejected_configuration_has_one_finding_and_every_place_fits(text in text()) {
        let verdict = verdict(&text);
        let rejected = verdict.findings.iter().filter(|finding| is_rejected(finding)).count();
        let snapshot = snapshot(&text);
        let site = NetlifySite::new(&snapshot, Site::default(), &Request::default());
        prop_assert_eq!(rejected, usize::from(site.resolved().is_none()));
        prop_assert!(rejected == 0 || verdict.status == Status::Fail);
        for finding in &verdict.findings {
            if let Place::Span(span) = finding.place {
                prop_assert!(verdict.sources.slice(span).is_some(), "{} {:?}", finding.rule.id, span);
            }
            for label in &finding.related {
                prop_assert!(verdict.sources.slice(label.span).is_some());
            }
        }
    }

    #[test]
    fn every_fix_applies_and_a_safe_one_helps(text in text()) {
        let before = verdict(&text);
        for finding in &before.findings {
            for fix in &finding.fixes {
                let Some(mended) = apply(&text, fix, &before) else { continue };
                prop_assert_ne!(&mended, &text, "{} changes nothing", fix.title);
                if fix.applicability < Applicability::Safe {
                    continue;
                }
                let after = verdict(&mended);
                // Mending one thing may bring another to light.
                let is_same = |other: &&Finding| other.rule.id == finding.rule.id && other.message == finding.message;
                let same = |verdict: &SiteVerdict| verdict.findings.iter().filter(is_same).count();
                prop_assert!(same(&after) < same(&before), "{} \"{}\" in {text:?} gives {mended:?}", finding.rule.id, fix.title);
            }
        }
    }
}
