//! How much is healed: the classes of the catalogue, and what real repositories have committed.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the tables are what this test is for")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chimera::heal::Healing;
use chimera::heal::proof::is_rejected;
use chimera::platform::netlify::site::Request;
use chimera::platform::render::schema;
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::{Level, Severity};
use chimera::rule::registry;
use chimera::text::span::FileId;
use chimera::text::yaml;
use chimera::verdict::SiteVerdict;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use support::answer::map_all;
use support::blueprint::{self, Labelled};
use support::case::{self, Case};
use support::healing::{self, EVERYTHING};
use support::peer::Reference;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    trials.extend(
        support::shared("failures").map(|root| Trial::test("classes of the catalogue", move || classes(&root))),
    );
    trials.extend(support::shared("render/corpus").map(|root| Trial::test("Blueprints", move || blueprints(&root))));
    trials.extend(support::shared("netlify/corpus").map(|root| Trial::test("netlify.toml", move || sites(&root))));
    libtest_mimic::run(&arguments, trials).exit();
}

/// A broken tree of a class that the catalogue calls healable.
struct Broken {
    class: Class,
    folder: PathBuf,
    variant: String,
}

#[derive(Clone)]
struct Class {
    id: String,
    auto: String,
    safety: String,
}

/// What became of one broken tree.
enum Outcome {
    /// The rule does not fire there.
    Silent,
    Healed,
    /// It stands, for this reason.
    Left(String),
}

fn healable(root: &Path) -> Vec<Class> {
    let text = std::fs::read_to_string(root.join("catalogue.json")).unwrap();
    let catalogue: Value = serde_json::from_str(&text).unwrap();
    let read = |class: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Class { id: text(&class["id"]), auto: text(&class["heal"]["auto"]), safety: text(&class["heal"]["safety"]) }
    };
    let all = catalogue["classes"].as_array().unwrap().iter().map(read);
    all.filter(|class| class.auto != "no" && registry::find(&class.id).is_some()).collect()
}

fn classes(root: &Path) -> Result<(), Failed> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut broken = Vec::new();
    for class in healable(root) {
        for folder in [root.join("cases").join(&class.id), own.join(&class.id)].into_iter().filter(|it| it.is_dir()) {
            let names =
                case::folders(&folder).into_iter().map(|it| it.file_name().unwrap().to_string_lossy().into_owned());
            broken.extend(names.filter(|name| name.starts_with("broken")).map(|variant| Broken {
                class: class.clone(),
                folder: folder.clone(),
                variant,
            }));
        }
    }
    let outcomes = map_all(&broken, outcome);
    let mut families: BTreeMap<(String, String), [usize; 2]> = BTreeMap::new();
    println!("class    catalogue       tree                           why it is left");
    for (broken, outcome) in broken.iter().zip(outcomes) {
        let class = &broken.class;
        let family = families.entry((class.id[..3].to_owned(), class.auto.clone())).or_default();
        match outcome {
            Outcome::Silent => continue,
            Outcome::Healed => family[0] += 1,
            Outcome::Left(reason) => {
                let whose = if broken.folder.starts_with(root) { "shared" } else { "own" };
                let tree = format!("{whose}/{}", broken.variant);
                println!("{}   {:<8}{:<8}{tree:<31}{reason}", class.id, class.auto, class.safety);
            }
        }
        family[1] += 1;
    }
    for ((family, auto), [healed, all]) in families {
        println!("{family}, {auto}: {healed} of {all} broken trees end without the finding");
    }
    Ok(())
}

fn outcome(broken: &Broken) -> Outcome {
    let case = Case::read(&broken.folder, &broken.variant);
    let judge = |snapshot: &Snapshot| case.judge(snapshot);
    let healing = healing::healed(&case.snapshot(), &judge, &EVERYTHING);
    let worst = |sites: &[SiteVerdict]| {
        let findings = sites.iter().flat_map(|site| &site.findings);
        findings.filter(|finding| finding.rule.id == broken.class.id).map(|finding| finding.severity).max()
    };
    match (worst(&healing.before), worst(healing.after())) {
        (None, _) => Outcome::Silent,
        (Some(_), None) => Outcome::Healed,
        (Some(before), Some(after)) if before >= Severity::High && after < Severity::High => Outcome::Healed,
        _ => Outcome::Left(reason(&healing, &broken.class.id)),
    }
}

fn reason(healing: &Healing, id: &str) -> String {
    let reverted = healing.reverted.iter().rfind(|it| it.subject.rule.id == id);
    if let Some(reverted) = reverted {
        return format!("{}: {}", reverted.title, reverted.reason);
    }
    let refused = healing.refused.iter().find(|it| it.subject.rule.id == id);
    refused.map_or_else(String::new, |it| match &it.title {
        Some(title) => format!("{title}: {}", it.reason),
        None => it.reason.to_string(),
    })
}

/// Blueprints that people have committed: those that violate the schema, and what the official schema says once they are
/// healed.
fn blueprints(root: &Path) -> Result<(), Failed> {
    let all = blueprint::all(root);
    let labelled: Vec<&Labelled> = all.iter().collect();
    let healings = map_all(&labelled, |labelled| {
        let judge = |snapshot: &Snapshot| labelled.judge(snapshot);
        let snapshot = labelled.known();
        let healing = healing::healed(&snapshot, &judge, &EVERYTHING);
        let text = healing::tree(&snapshot, &healing).text(labelled.path()).unwrap();
        (healing, text)
    });
    let violations = |text: &str| {
        let document = yaml::parse(text, FileId(0));
        match document.errors.first() {
            Some(error) => vec![format!("not YAML: {}", error.message)],
            None => schema::judge(&document, text, FileId(0)).violations.into_iter().map(|it| it.message).collect(),
        }
    };
    let (mut broken, mut valid, mut faults) = (0, 0, Vec::new());
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let is_valid = |labelled: &Labelled| labelled.expected["schemaValid"] == Value::Bool(true);
    for (labelled, (_, text)) in labelled.iter().zip(&healings) {
        let left = violations(text);
        if is_valid(labelled) {
            faults.extend((!left.is_empty()).then(|| format!("{} was valid and is not: {left:?}", labelled.name)));
            continue;
        }
        broken += 1;
        valid += usize::from(left.is_empty());
        if let Some(first) = left.first() {
            *reasons.entry(first.clone()).or_default() += 1;
            println!("{}: {}", labelled.name, left.join("; "));
        }
    }
    println!(
        "{valid} of {broken} Blueprints that violate the schema heal to valid ones; of the others, the first violation left:"
    );
    reasons.iter().for_each(|(reason, count)| println!("{count:>5}  {reason}"));
    if let Some(reference) = Reference::of_blueprints() {
        let texts: Vec<Value> = healings.iter().map(|(_, text)| json!({"text": text})).collect();
        for ((labelled, (_, text)), answer) in labelled.iter().zip(&healings).zip(reference.ask_all(&texts)) {
            let is_sound = answer["yaml"]["ok"] == json!(true) && answer["schemaValid"] == json!(true);
            faults.extend((is_sound != violations(text).is_empty()).then(|| format!("{}: {answer}", labelled.name)));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// From this number on, the cases of the corpus are what people have committed.
const FIRST_REAL: &str = "2";

/// Netlify sites: those with errors, and what Netlify's packages say once they are healed.
fn sites(root: &Path) -> Result<(), Failed> {
    let folders = case::folders(root);
    let healings = map_all(&folders, |folder| {
        let case = Case::of(folder, Request::default());
        let judge = |snapshot: &Snapshot| case.judge(snapshot);
        let snapshot = case.snapshot();
        let healing = healing::healed(&snapshot, &judge, &EVERYTHING);
        (case, healing)
    });
    let errors = |sites: &[SiteVerdict]| sites.iter().flat_map(|site| site.at_level(Level::Error)).count();
    let mut figures = [[0; 2]; 2];
    for (folder, (_, healing)) in folders.iter().zip(&healings).filter(|(_, (_, healing))| errors(&healing.before) > 0)
    {
        let name = folder.file_name().unwrap().to_string_lossy();
        let figure = &mut figures[usize::from(&*name >= FIRST_REAL)];
        figure[1] += 1;
        let left: Vec<String> = healing
            .after()
            .iter()
            .flat_map(|site| site.at_level(Level::Error))
            .map(|finding| format!("{} {}", finding.rule.id, finding.message))
            .collect();
        figure[0] += usize::from(left.is_empty());
        if !left.is_empty() && &*name >= FIRST_REAL {
            println!("{name}: {}", left.join("; "));
        }
    }
    println!("{} of {} real sites with errors end without one", figures[1][0], figures[1][1]);
    println!("{} of {} made sites with errors end without one", figures[0][0], figures[0][1]);
    let Some(reference) = Reference::find() else { return Ok(()) };
    let place = tempfile::tempdir().unwrap();
    let top = place.path().canonicalize().unwrap();
    let changed = folders.iter().zip(&healings).enumerate().filter(|(_, (_, (_, healing)))| !healing.files.is_empty());
    let written = changed.map(|(number, (folder, (case, healing)))| {
        let dir = top.join(number.to_string());
        case.write_to(&dir);
        for file in &healing.files {
            let place = dir.join(&file.path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, &file.after).unwrap();
        }
        (folder, healing, (dir, json!({})))
    });
    let written: Vec<_> = written.collect();
    let answers = reference.answers(&written.iter().map(|(_, _, run)| run.clone()).collect::<Vec<_>>());
    let (mut accepted, mut faults) = (0, Vec::new());
    for ((folder, healing, _), answer) in written.iter().zip(answers) {
        let is_accepted = answer["ok"] == json!(true);
        accepted += usize::from(is_accepted);
        if is_accepted == healing.after().iter().any(is_rejected) {
            faults.push(format!("{}: {}: {answer}", folder.display(), healing::titles(healing)));
        }
    }
    println!("{accepted} of {} healed sites are accepted by Netlify's packages, as we say", written.len());
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}
