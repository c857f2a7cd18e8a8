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
use chimera::rule::{FixAvailability, registry};
use chimera::text::span::FileId;
use chimera::text::{json, toml, yaml};
use chimera::verdict::SiteVerdict;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json as value_of};
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
    Healed {
        is_error: bool,
    },
    /// It stands as an error or not, for this reason.
    Left {
        is_error: bool,
        reason: String,
    },
}

/// The pairs of the catalogue whose error no edit of ours can take away, and why.
const LEFT: [(&str, &str); 2] = [
    ("PRJ020", "the file lies on the author's machine alone, and only git can add it"),
    ("RND015", "no schedule is written anywhere"),
];

/// Pairs that show another fault than the one that the catalogue has a repair for.
const UNMARKED: [(&str, &str); 1] =
    [("RND015", "the repair is to drop the field of the seconds, and this job has no schedule at all")];

/// Families whose every error heals or is listed.
const MUST_HEAL: [&str; 4] = ["GHP", "NTL", "PRJ", "RND"];

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

/// The broken trees of all healable classes: the catalogue's and our own.
fn broken_trees(root: &Path) -> Vec<Broken> {
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
    broken
}

fn classes(root: &Path) -> Result<(), Failed> {
    let broken = broken_trees(root);
    let outcomes = map_all(&broken, outcome);
    let mut faults = Vec::new();
    let mut pairs: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut families: BTreeMap<(String, String), [usize; 2]> = BTreeMap::new();
    let mut marked = [0, 0];
    println!("class    catalogue       tree                           why it is left");
    for (broken, outcome) in broken.iter().zip(outcomes) {
        let class = &broken.class;
        let is_shared = broken.folder.starts_with(root);
        let family = families.entry((class.id[..3].to_owned(), class.auto.clone())).or_default();
        match outcome {
            Outcome::Silent => continue,
            Outcome::Healed { is_error } => {
                family[0] += 1;
                let figure = pairs.entry(class.id[..3].to_owned()).or_insert([0, 0]);
                let counted = usize::from(is_shared && is_error);
                marked = [marked[0] + counted, marked[1] + counted];
                *figure = [figure[0] + counted, figure[1] + counted];
                if is_shared && LEFT.iter().any(|(id, _)| *id == class.id) {
                    println!("{} heals by now: take it off the list of exceptions", class.id);
                }
            }
            Outcome::Left { is_error, reason } => {
                pairs.entry(class.id[..3].to_owned()).or_insert([0, 0])[1] += usize::from(is_shared && is_error);
                let is_marked = !UNMARKED.iter().any(|(id, _)| *id == class.id);
                marked[1] += usize::from(is_shared && is_error && is_marked);
                let tree = format!("{}/{}", if is_shared { "shared" } else { "own" }, broken.variant);
                let known = LEFT.iter().find(|(id, _)| is_shared && *id == class.id).map(|(_, why)| *why);
                let must_heal = MUST_HEAL.iter().any(|family| class.id.starts_with(family));
                if is_shared && is_error && must_heal && known.is_none() {
                    faults.push(format!("{}: give it a repair, or list why it has none: {reason}", class.id));
                }
                let reason = known.unwrap_or(&reason);
                println!("{}   {:<8}{:<8}{tree:<31}{reason}", class.id, class.auto, class.safety);
            }
        }
        family[1] += 1;
    }
    let same = broken.iter().filter(|it| it.folder.starts_with(root)).map(|it| (it, means_the_fixed(it)));
    let same: Vec<(&Broken, Meaning)> = same.filter(|(_, meaning)| *meaning != Meaning::NotHealed).collect();
    let other: Vec<&str> = same.iter().filter(|it| it.1 == Meaning::Other).map(|it| it.0.class.id.as_str()).collect();
    println!(
        "{} of {} healed pairs mean what the fixed one means; otherwise mended: {}",
        same.len() - other.len(),
        same.len(),
        other.join(" ")
    );
    println!("{} of {} errors that the catalogue marks as healable heal", marked[0], marked[1]);
    UNMARKED.iter().for_each(|(id, why)| println!("not counted: {id}, {why}"));
    if marked[0] * 100 < marked[1] * 99 {
        faults.push(format!("{} of {} is below 99 %", marked[0], marked[1]));
    }
    for (family, [healed, all]) in pairs {
        println!("{family}: {healed} of {all} errors of the catalogue's own pairs heal");
    }
    for ((family, auto), [healed, all]) in families {
        println!("{family}, {auto}: {healed} of {all} broken trees end without the finding");
    }
    let without: Vec<String> =
        healable(root).into_iter().map(|class| class.id).filter(|id| offers_nothing(id)).collect();
    println!("rules of healable classes that offer no repair: {}", without.join(" "));
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

fn offers_nothing(id: &str) -> bool {
    registry::find(id).is_some_and(|rule| rule.fix == FixAvailability::Never)
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
        (Some(before), None) => Outcome::Healed { is_error: before >= Severity::High },
        (Some(before), Some(after)) if before >= Severity::High && after < Severity::High => {
            Outcome::Healed { is_error: true }
        }
        (Some(before), _) => {
            Outcome::Left { is_error: before >= Severity::High, reason: reason(&healing, &broken.class.id) }
        }
    }
}

/// How a healed tree compares with the one that the catalogue mends.
#[derive(PartialEq, Eq)]
enum Meaning {
    NotHealed,
    Same,
    Other,
}

fn means_the_fixed(broken: &Broken) -> Meaning {
    let case = Case::read(&broken.folder, &broken.variant);
    let fixed = Case::read(&broken.folder, "fixed").snapshot();
    let snapshot = case.snapshot();
    let healing = healing::healed(&snapshot, &|tree: &Snapshot| case.judge(tree), &EVERYTHING);
    if healing.files.is_empty() {
        return Meaning::NotHealed;
    }
    let healed = healing::tree(&snapshot, &healing);
    let meaning = |tree: &Snapshot, path: &str| tree.text(path).map(|text| value(path, &text)).ok();
    let paths = fixed.entries().iter().chain(healed.entries()).map(|entry| &*entry.path);
    let mut differing = paths.filter(|path| meaning(&fixed, path) != meaning(&healed, path));
    if differing.next().is_none() { Meaning::Same } else { Meaning::Other }
}

/// What a file says, however it is written.
fn value(path: &str, text: &str) -> Value {
    const FILE: FileId = FileId(0);
    let root = match path.rsplit('.').next() {
        Some("toml") => toml::parse(text, FILE).ok(),
        Some("json") => json::parse_manifest(text, FILE).ok(),
        Some("yaml" | "yml") => yaml::parse(text, FILE).root,
        _ => None,
    };
    root.map_or_else(|| Value::from(text.split_whitespace().collect::<Vec<_>>().join(" ")), |root| root.to_json())
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
        let texts: Vec<Value> = healings.iter().map(|(_, text)| value_of!({"text": text})).collect();
        for ((labelled, (_, text)), answer) in labelled.iter().zip(&healings).zip(reference.ask_all(&texts)) {
            let is_sound = answer["yaml"]["ok"] == value_of!(true) && answer["schemaValid"] == value_of!(true);
            faults.extend((is_sound != violations(text).is_empty()).then(|| format!("{}: {answer}", labelled.name)));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// From this number on, the cases of the corpus are what people have committed.
const FIRST_REAL: &str = "2";

/// A message without what it quotes, so that those of one kind read alike.
fn words(message: &str) -> String {
    message.split('"').step_by(2).collect::<Vec<_>>().join("…")
}

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
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
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
        let is_made = &*name < FIRST_REAL;
        for refused in healing.refused.iter().filter(|it| is_made && it.subject.severity >= Severity::High) {
            let why = match &refused.title {
                Some(_) => format!("{}", refused.reason),
                None => format!("{}: {}", refused.reason, words(&refused.subject.message)),
            };
            *reasons.entry(format!("{} {why}", refused.subject.rule.id)).or_default() += 1;
        }
    }
    println!("why errors of made sites are left:");
    reasons.iter().for_each(|(reason, count)| println!("{count:>5}  {reason}"));
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
        (folder, healing, (dir, value_of!({})))
    });
    let written: Vec<_> = written.collect();
    let answers = reference.answers(&written.iter().map(|(_, _, run)| run.clone()).collect::<Vec<_>>());
    let (mut accepted, mut faults) = (0, Vec::new());
    for ((folder, healing, _), answer) in written.iter().zip(answers) {
        let is_accepted = answer["ok"] == value_of!(true);
        accepted += usize::from(is_accepted);
        if is_accepted == healing.after().iter().any(is_rejected) {
            faults.push(format!("{}: {}: {answer}", folder.display(), healing::titles(healing)));
        }
    }
    println!("{accepted} of {} healed sites are accepted by Netlify's packages, as we say", written.len());
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}
