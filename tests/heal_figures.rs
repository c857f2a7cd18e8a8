//! How much is healed: the classes of the catalogue, and what real repositories have committed.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the tables are what this test is for")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chimera::heal::Healing;
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::Severity;
use chimera::rule::registry;
use chimera::verdict::SiteVerdict;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use support::answer::map_all;
use support::case::{self, Case};
use support::healing::{self, EVERYTHING};

fn main() {
    let arguments = Arguments::from_args();
    let trials = support::shared("failures")
        .map(|root| Trial::test("healable classes of the catalogue", move || classes(&root)));
    libtest_mimic::run(&arguments, trials.into_iter().collect()).exit();
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
