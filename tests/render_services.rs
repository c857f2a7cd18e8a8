//! Rules about services on real repositories, of which only names and manifests are known.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod support;

use chimera::config::Configuration;
use chimera::platform::render::site::RenderSite;
use chimera::rule::finding::Level;
use chimera::verdict::render;
use support::blueprint;

/// Findings at error level that were read and are right: both Blueprints lie in `backend` and are written as if that were
/// the repository's root, whose paths they are relative to.
const DEFENDED: [(&str, &str); 2] =
    [("real/093rjain-ro+my-cursor-project", "RND031"), ("real/0x070907+git-pulse", "RND031")];

#[test]
fn real_repositories_that_are_accepted_raise_no_alarm_about_servers() {
    let Some(root) = support::shared("render/corpus") else { return };
    let (mut count, mut wrong) = (0, Vec::new());
    for case in blueprint::all(&root) {
        let Some(snapshot) = case.snapshot() else { continue };
        count += 1;
        let verdict = render::judge(RenderSite::new(&snapshot, case.path()), &Configuration::default());
        let alarms =
            verdict.at_level(Level::Error).map(|finding| (case.name.clone(), finding.rule.id, finding.message.clone()));
        let is_open = |(name, id, _): &(String, &str, String)| !DEFENDED.contains(&(name.as_str(), *id));
        const OURS: [&str; 5] = ["RND029", "RND030", "RND031", "RND047", "RND067"];
        wrong.extend(alarms.filter(|(_, id, _)| OURS.contains(id)).filter(is_open));
    }
    eprintln!("{count} repositories");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
