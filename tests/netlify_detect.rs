//! Answers of `@netlify/build-info` 11.3.0 to generated repositories, value for value.
//!
//! Each line of the data is one repository with its files and what the package says about it: `accuracy` as its number,
//! settings sorted by package, paths relative to the repository.

#![allow(clippy::unwrap_used)]

use chimera::platform::netlify::detect::framework::Evidence;
use chimera::platform::netlify::detect::settings::Setting;
use chimera::platform::netlify::detect::{DetectedFramework, Detection, Environment, detect_with};
use chimera::project::snapshot::Snapshot;
use serde_json::{Value, json};

const CASES: &str = include_str!("data/netlify-detect.ndjson");

fn framework(found: &DetectedFramework) -> Value {
    let dependency = found.because.iter().find_map(|because| match because {
        Evidence::Dependency { package, .. } => Some(package),
        _ => None,
    });
    let config = found.because.iter().find_map(|because| match because {
        Evidence::Config(path) => Some(path),
        _ => None,
    });
    json!({
        "id": found.id, "name": found.name, "version": found.version, "accuracy": found.accuracy as u8 + 1,
        "command": found.build_command, "directory": found.publish_directory, "plugins": found.plugins,
        "devCommand": found.dev_command, "devPort": found.dev_port, "dependency": dependency, "config": config,
    })
}

fn setting(setting: &Setting) -> Value {
    json!({
        "name": setting.name, "framework": setting.framework, "buildCommand": setting.build_command,
        "devCommand": setting.dev_command, "port": setting.dev_port, "dist": setting.publish_directory,
        "base": setting.base_directory, "packagePath": setting.package_path, "plugins": setting.plugins,
        "env": setting.env,
    })
}

fn shown(mut detection: Detection) -> Value {
    detection.settings.sort_by(|a, b| a.package_path.cmp(&b.package_path));
    json!({
        "pm": detection.package_manager.map(|manager| json!({
            "name": manager.name, "version": manager.version, "install": manager.install_command,
        })),
        "frameworks": detection.frameworks.iter().map(framework).collect::<Vec<_>>(),
        "settings": detection.settings.iter().map(setting).collect::<Vec<_>>(),
        "workspace": detection.workspace.map(|workspace| json!({
            "root": workspace.root, "isRoot": workspace.is_root,
            "packages": workspace.packages.iter().map(|one| json!([one.path, one.forced_framework])).collect::<Vec<_>>(),
        })),
        "systems": detection.build_systems.iter().map(|system| system.id).collect::<Vec<_>>(),
    })
}

#[test]
fn the_package_and_we_say_the_same() {
    let mut different = Vec::new();
    for (number, line) in CASES.lines().enumerate() {
        let case: Value = serde_json::from_str(line).unwrap();
        let files = case["files"].as_object().unwrap().iter();
        let snapshot =
            Snapshot::in_memory(files.map(|(path, text)| (path.as_str(), text.as_str().unwrap().as_bytes())));
        let environment: Environment = serde_json::from_value(case["env"].clone()).unwrap();
        let base = case["base"].as_str().unwrap();
        let found = shown(detect_with(&snapshot, base, case["package_path"].as_str().unwrap(), &environment));
        if found != case["expected"] {
            different.push(format!("case {}:\n expected {}\n found    {found}", number + 1, case["expected"]));
        }
    }
    assert!(CASES.lines().count() > 100 && different.is_empty(), "{}", different.join("\n"));
}
