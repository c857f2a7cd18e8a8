//! Predictions against what real builds did, as a table for `docs/ACCURACY.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chimera::sim::stage::Stage;
use chimera::verdict::{SiteVerdict, Status};

/// One build and its prediction.
pub(crate) struct Outcome {
    site: String,
    name: String,
    real: String,
    stage: Option<String>,
    /// Whether the files alone do not decide it.
    is_open: bool,
    said: Said,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Pass,
    FailThere,
    FailElsewhere,
    Unknown,
}

impl Outcome {
    pub(crate) fn new(
        site: &str,
        name: &str,
        real: &str,
        stage: Option<&str>,
        is_open: bool,
        verdict: &SiteVerdict,
    ) -> Outcome {
        let said = match verdict.deploy {
            Status::Pass => Said::Pass,
            Status::Unknown => Said::Unknown,
            Status::Fail if verdict.stage.map(Stage::name) == stage => Said::FailThere,
            Status::Fail => Said::FailElsewhere,
        };
        let owned = |text: &str| text.to_owned();
        Outcome { site: owned(site), name: owned(name), real: owned(real), stage: stage.map(owned), is_open, said }
    }
}

const HEAD: &str = "\
# How often the verdict is right

Written by `scripts/accuracy`; do not edit. Every row is a real build: a site of `fixtures/truth`, unchanged or with one
change, and what Netlify's build engine and the package managers did with it. The prediction is made from the files
alone. `tests/truth.rs` holds every single one of them: a failure that is predicted for a site that builds fails the
test, whatever the figures here say.

";

/// The whole document.
pub(crate) fn report(outcomes: &[Outcome]) -> String {
    let mut out = HEAD.to_owned();
    out.push_str("## All builds\n\n| really | predicted pass | fail, right stage | fail, another stage | unknown | all |\n|---|---|---|---|---|---|\n");
    for real in ["pass", "fail"] {
        let rows: Vec<&Outcome> = outcomes.iter().filter(|one| one.real == real).collect();
        _ = writeln!(out, "| {real} | {} |", cells(&rows));
    }
    let wrong =
        outcomes.iter().filter(|one| one.real == "pass" && one.said as u8 > 0 && one.said != Said::Unknown).count();
    let failing: Vec<&Outcome> = outcomes.iter().filter(|one| one.real == "fail").collect();
    let decidable: Vec<&&Outcome> = failing.iter().filter(|one| !one.is_open).collect();
    let caught = decidable.iter().filter(|one| one.said == Said::FailThere).count();
    _ = writeln!(out, "\n- Failures predicted for a site that builds: {wrong}.");
    _ = writeln!(
        out,
        "- Failures that the files decide: {}; predicted with the right stage: {caught}, {}.",
        decidable.len(),
        share(caught, decidable.len())
    );
    _ = writeln!(
        out,
        "- Failures that the files do not decide (the table of the site allows another answer): {}.",
        failing.len() - decidable.len()
    );
    out.push_str(&by("site", outcomes, |one| one.site.clone()));
    let failures: Vec<&Outcome> = failing;
    out.push_str(&by("stage of the failure", failures, |one| one.stage.clone().unwrap_or_default()));
    out.push_str(&misses(outcomes));
    out
}

fn cells(rows: &[&Outcome]) -> String {
    let count = |said| rows.iter().filter(|one| one.said == said).count();
    let all = [Said::Pass, Said::FailThere, Said::FailElsewhere, Said::Unknown].map(count);
    format!("{} | {} | {} | {} | {}", all[0], all[1], all[2], all[3], rows.len())
}

fn share(part: usize, whole: usize) -> String {
    let percent = if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 };
    format!("{percent:.1} %")
}

fn by<'a>(title: &str, rows: impl IntoIterator<Item = &'a Outcome>, key: fn(&Outcome) -> String) -> String {
    let mut groups: BTreeMap<String, Vec<&Outcome>> = BTreeMap::new();
    for one in rows {
        groups.entry(key(one)).or_default().push(one);
    }
    let mut out = format!(
        "\n## By {title}\n\n| {title} | predicted pass | fail, right stage | fail, another stage | unknown | all |\n|---|---|---|---|---|---|\n"
    );
    for (name, rows) in groups {
        _ = writeln!(out, "| {name} | {} |", cells(&rows));
    }
    out
}

fn misses(outcomes: &[Outcome]) -> String {
    let is_missed = |one: &&Outcome| one.real == "fail" && !one.is_open && one.said != Said::FailThere;
    let mut out = "\n## Failures that nobody predicts yet\n\n".to_owned();
    for one in outcomes.iter().filter(is_missed) {
        _ = writeln!(out, "- {}: {} ({})", one.site, one.name, one.stage.as_deref().unwrap_or("no stage"));
    }
    out
}
