#![allow(clippy::unwrap_used)]

use super::{Delivery, Doubt, Missing};
use crate::platform::netlify::setting;
use crate::platform::netlify::site::{Dashboard, NetlifySite, Request, Site};
use crate::project::snapshot::Snapshot;
use crate::sim::plan::Unknown;

const PAGE: (&str, &str) = ("pages/index.html", "<!doctype html>");

/// What is known, and what stays open, of a site with this configuration.
fn judged(toml: &str, files: &[(&str, &str)], settings: Option<&str>) -> (Delivery, Option<Unknown>) {
    let own = [PAGE, ("netlify.toml", toml)];
    let all = files.iter().chain(&own).map(|(path, text)| (*path, text.as_bytes()));
    let snapshot = Snapshot::in_memory(all);
    let dashboard = settings.map_or(Dashboard::Unknown, |text| Dashboard::Given(setting::parse(text).unwrap()));
    let site = NetlifySite::new(&snapshot, Site::default(), &Request { dashboard, ..Request::default() });
    let plan = site.plan.as_ref().unwrap();
    let delivery = plan.delivery.clone().unwrap();
    let unknown = delivery.unknown(plan);
    (delivery, unknown)
}

fn missing(toml: &str, files: &[(&str, &str)], settings: Option<&str>) -> Option<Missing> {
    judged(toml, files, settings).0.missing()
}

/// Whether something stays open that decides the verdict; `None` when nothing stays open.
fn decides(toml: &str, files: &[(&str, &str)]) -> Option<bool> {
    judged(toml, files, None).1.map(|unknown| unknown.decides)
}

const NOTHING: &str = "[build]\npublish = 'dist'";
const MAKE: &str = "[build]\ncommand = 'make site'\npublish = 'dist'";

#[test]
fn without_a_command_the_dashboard_decides_unless_it_is_known() {
    assert_eq!(missing(NOTHING, &[], None), Some(Missing::Probably));
    assert_eq!(missing(NOTHING, &[], Some("{}")), Some(Missing::Certainly));
    assert_eq!(missing(NOTHING, &[], Some(r#"{"command": "make"}"#)), None);
    assert_eq!(missing("[build]\ncommand = ''\npublish = 'dist'", &[], None), Some(Missing::Certainly));
    assert_eq!(missing("", &[], None), None);
}

#[test]
fn a_command_that_certainly_fails_never_reaches_the_deploy() {
    assert_eq!(missing("[build]\ncommand = 'exit 1'\npublish = 'dist'", &[], None), None);
    assert_eq!(missing("[build]\ncommand = 'exit 0'\npublish = 'dist'", &[], None), Some(Missing::Certainly));
}

#[test]
fn an_unknown_tool_decides_only_when_nothing_suggests_that_it_makes_the_folder() {
    assert_eq!(decides(MAKE, &[("Makefile", "site:\n\tmkdir -p dist\n")]), Some(false));
    assert_eq!(decides(MAKE, &[("Makefile", "site:\n\tpython gen.py\n"), (".gitignore", "/dist/\n")]), Some(false));
    assert_eq!(decides(MAKE, &[("Makefile", "site:\n\tnpx vite build\n")]), Some(false));
    assert_eq!(decides(MAKE, &[("Makefile", "site:\n\tpython gen.py\n")]), Some(true));
    assert_eq!(decides(MAKE, &[("dist/index.html", "")]), None);
}

#[test]
fn names_that_nobody_gives_a_folder_are_missing_whatever_runs() {
    for (publish, meant) in [("public ", "public"), (".\\public", "public"), ("web/ out", "web/out")] {
        let toml = format!("[build]\ncommand = 'make'\npublish = '{publish}'");
        let (delivery, _) = judged(&toml, &[("Makefile", "all:\n\tpython gen.py\n")], None);
        assert_eq!(delivery.slip.as_ref().unwrap().meant(), meant);
        assert_eq!(delivery.missing(), Some(Missing::Certainly), "{publish}");
    }
    let ignored = (".gitignore", "node_modules\n/public\n");
    let cased = "[build]\ncommand = 'make'\npublish = 'Public'";
    let makefile = ("Makefile", "all:\n\tpython gen.py\n");
    assert_eq!(missing(cased, &[ignored, makefile], None), Some(Missing::Certainly));
    assert_eq!(missing(cased, &[ignored, ("Makefile", "all:\n\tmkdir Public\n")], None), None);
    assert_eq!(missing("[build]\ncommand = 'make Public'\npublish = 'Public'", &[ignored, makefile], None), None);
}

#[test]
fn plugins_that_may_build_are_doubts() {
    let with =
        |package: &str| format!("[build]\ncommand = 'echo'\npublish = 'dist'\n[[plugins]]\npackage = '{package}'");
    let own = |text: &'static str| {
        let files = [("plugins/own/manifest.yml", "name: own\n"), ("plugins/own/index.js", text)];
        judged(&with("./plugins/own"), &files, None).0.doubts
    };
    assert_eq!(own("module.exports = { onPostBuild() { console.log('done') } }"), []);
    assert_eq!(own("require('fs').mkdirSync('dist')"), [Doubt::Plugin("./plugins/own".to_owned())]);
    assert_eq!(own("module.exports = { onBuild: ({ constants }) => make(constants.PUBLISH_DIR) }").len(), 1);
    assert_eq!(judged(&with("@netlify/plugin-lighthouse"), &[], None).0.doubts, []);
    assert_eq!(judged(&with("plugin-of-somebody"), &[], None).0.doubts.len(), 1);
}

#[test]
fn what_an_installation_makes_counts() {
    let manifest = ("package.json", r#"{"scripts": {"postinstall": "mkdir -p dist"}}"#);
    assert_eq!(missing("[build]\ncommand = 'echo'\npublish = 'dist'", &[manifest], None), None);
}
