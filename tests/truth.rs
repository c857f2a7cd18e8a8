//! What simulations say about single changes of sites, against what builds really do with them.
//!
//! `fixtures/truth/NAME/site` is a site that builds; `mutations.toml` beside it lists changes, each with the outcome and
//! the stage that Netlify's build engine and the package managers give it (`allows` names answers that are in order too,
//! where the files alone do not show it).
//!
//! `fixtures/truth/misses.txt` lists the failures that nobody predicts yet. It may only shrink: a line for a change that
//! is predicted fails the test, and a failure predicted for a site that builds cannot be excused.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use chimera::platform::netlify::setting;
use chimera::platform::netlify::site::{Dashboard, Request};
use chimera::rule::finding::Level;
use chimera::text::span::FileId;
use chimera::text::toml;
use chimera::verdict::{SiteVerdict, Status};
use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;

use support::accuracy::{self, Outcome};
use support::case::{self, Case};

/// `mutations.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(flatten)]
    request: Asked,
    mutation: Vec<Mutation>,
}

/// What is asked for beside the files.
#[derive(Deserialize, Default, Clone)]
struct Asked {
    /// JSON; without it nothing is known about the dashboard.
    site_settings: Option<String>,
    context: Option<String>,
    branch: Option<String>,
}

/// One change of the site.
#[derive(Deserialize)]
struct Mutation {
    name: String,
    #[serde(flatten)]
    request: Asked,
    #[serde(default)]
    edits: Vec<Edit>,
    outcome: String,
    /// The stage that fails.
    stage: Option<String>,
    /// Further answers that are in order.
    #[serde(default)]
    allows: Vec<String>,
}

/// One change of one file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    /// The whole new text.
    text: Option<String>,
    /// What is put at the end.
    append: Option<String>,
    /// What is replaced, at its first place.
    find: Option<String>,
    /// What replaces it.
    with: Option<String>,
    /// The new path.
    rename: Option<String>,
    /// What a symbolic link points to.
    link: Option<String>,
    /// Whether the file is taken away.
    #[serde(default)]
    remove: bool,
}

/// A failure that nobody predicts yet, as `SITE/NAME`.
type Misses = BTreeSet<String>;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/truth");
    let list = root.join("misses.txt");
    let misses: Misses = std::fs::read_to_string(&list).unwrap_or_default().lines().map(str::to_owned).collect();
    if let Some(path) = std::env::var_os("CHIMERA_ACCURACY") {
        let text = accuracy::report(&outcomes(&root));
        return std::fs::write(path, text).unwrap();
    }
    let arguments = Arguments::from_args();
    let mut known = Misses::new();
    let mut trials = Vec::new();
    for folder in case::folders(&root) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let table = read(&folder);
        let site = Case::of(&folder.join("site"), request(&table.request, &Asked::default()));
        trials.push(Trial::test(format!("{name}/as it is"), {
            let site = site.clone();
            move || is_silent(&site.verdict())
        }));
        for mutation in table.mutation {
            let mutated = mutated(&site, &mutation, &table.request);
            let title = format!("{name}/{}", mutation.name);
            known.insert(title.clone());
            let is_miss = misses.contains(&title);
            trials.push(Trial::test(title, move || is_predicted(&mutation, &mutated.verdict(), is_miss)));
        }
    }
    trials.push(Trial::test("every miss is a change", move || every_miss_is_known(&misses, &known)));
    libtest_mimic::run(&arguments, trials).exit();
}

/// What was predicted for every site and every change of it.
fn outcomes(root: &Path) -> Vec<Outcome> {
    let mut found = Vec::new();
    for folder in case::folders(root) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let table = read(&folder);
        let site = Case::of(&folder.join("site"), request(&table.request, &Asked::default()));
        found.push(Outcome::new(&name, "as it is", "pass", None, false, &site.verdict()));
        for mutation in table.mutation {
            let verdict = mutated(&site, &mutation, &table.request).verdict();
            let is_open = !mutation.allows.is_empty();
            let stage = mutation.stage.as_deref();
            found.push(Outcome::new(&name, &mutation.name, &mutation.outcome, stage, is_open, &verdict));
        }
    }
    found
}

fn every_miss_is_known(misses: &Misses, known: &Misses) -> Result<(), Failed> {
    let strange: Vec<&String> = misses.difference(known).collect();
    if strange.is_empty() { Ok(()) } else { Err(format!("no such change: {strange:?}").into()) }
}

fn mutated(site: &Case, mutation: &Mutation, common: &Asked) -> Case {
    let mut site = site.clone();
    site.ask(request(&mutation.request, common));
    mutation.edits.iter().for_each(|edit| change(&mut site, edit));
    site
}

fn read(folder: &Path) -> Table {
    let text = std::fs::read_to_string(folder.join("mutations.toml")).unwrap();
    let document = toml::parse(&text, FileId(0)).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    serde_json::from_value(document.to_json()).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

fn request(first: &Asked, second: &Asked) -> Request {
    let either = |one: &Option<String>, other: &Option<String>| one.clone().or_else(|| other.clone());
    let settings = either(&first.site_settings, &second.site_settings);
    Request {
        context: either(&first.context, &second.context).unwrap_or_default(),
        branch: either(&first.branch, &second.branch).unwrap_or_default(),
        dashboard: settings.map_or(Dashboard::Unknown, |text| Dashboard::Given(setting::parse(&text).unwrap())),
        day: None,
    }
}

fn change(site: &mut Case, edit: &Edit) {
    let old = site.text(&edit.file).map(str::to_owned);
    let old = || old.clone().unwrap_or_else(|| panic!("{} is not there to be changed", edit.file));
    match edit {
        Edit { text: Some(text), .. } => site.write(&edit.file, text),
        Edit { append: Some(text), .. } => site.write(&edit.file, &format!("{}{text}", old())),
        Edit { find: Some(find), with: Some(with), .. } => {
            assert!(old().contains(find), "{} does not hold {find:?}", edit.file);
            site.write(&edit.file, &old().replacen(find, with, 1));
        }
        Edit { rename: Some(path), .. } => site.rename(&edit.file, path),
        Edit { link: Some(target), .. } => site.link(&edit.file, target),
        Edit { remove: true, .. } => assert!(site.remove(&edit.file).is_some(), "{} is not there", edit.file),
        _ => panic!("an edit of {} that changes nothing", edit.file),
    }
}

fn is_silent(verdict: &SiteVerdict) -> Result<(), Failed> {
    let is_loud = verdict.findings.iter().any(|finding| finding.level() >= Level::Warning);
    let is_pass = verdict.status == Status::Pass && verdict.deploy == Status::Pass;
    if is_loud || !is_pass { Err(format!("not silent: {}", describe(verdict)).into()) } else { Ok(()) }
}

fn is_predicted(mutation: &Mutation, verdict: &SiteVerdict, is_miss: bool) -> Result<(), Failed> {
    let said = verdict.deploy.name();
    let stage = verdict.stage.map(chimera::sim::stage::Stage::name).filter(|_| verdict.deploy == Status::Fail);
    let is_right = said == mutation.outcome && stage == mutation.stage.as_deref();
    let is_allowed = said != mutation.outcome && mutation.allows.iter().any(|allowed| allowed == said);
    match (is_right || is_allowed, is_miss) {
        (true, false) => return Ok(()),
        (true, true) => return Err("predicted: take it out of misses.txt".into()),
        (false, true) if mutation.outcome == "fail" && said != "fail" => return Ok(()),
        _ => {}
    }
    let wanted = mutation.stage.as_deref().map_or_else(String::new, |stage| format!(" at {stage}"));
    Err(format!("a real build: {}{wanted}; predicted: {}", mutation.outcome, describe(verdict)).into())
}

fn describe(verdict: &SiteVerdict) -> String {
    let stage = verdict.stage.map(chimera::sim::stage::Stage::name).unwrap_or_default();
    let findings = verdict.findings.iter().map(|one| format!("\n  {} {}", one.rule.id, one.message));
    let unknowns = verdict.unknowns.iter().filter(|one| one.decides).map(|one| format!("\n  unknown: {}", one.what));
    let lines: String = findings.chain(unknowns).collect();
    format!("{} (deploy {}) {stage}{lines}", verdict.status.name(), verdict.deploy.name())
}
