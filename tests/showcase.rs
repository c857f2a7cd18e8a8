//! The showcase fails as the README says, and heals as far as it says.

#![cfg(feature = "edge")]
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => std::fs::copy(entry.path(), target).map(|_| ()).unwrap(),
        }
    }
}

fn chimeractl(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

/// The blocks of the README that begin with this command, without the figures of time.
fn shown(command: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let block = readme.split("```text\n").find_map(|part| part.strip_prefix(&format!("$ {command}\n"))).unwrap();
    let block = block.split("```").next().unwrap();
    block.lines().filter(|line| !line.ends_with(" ms") && !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_readme_shows_what_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/showcase"), &site);
    let (code, said) = chimeractl(&site, &["simulate"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("FAIL  . on Netlify") && said.contains("FAIL  render.yaml on Render"), "{said}");
    for line in shown("chimeractl simulate") {
        assert!(said.lines().any(|known| known == line), "{line:?} is not in\n{said}");
    }
    let (_, said) = chimeractl(&site, &["heal", "--review"]);
    for line in shown("chimeractl heal --review") {
        assert!(said.lines().any(|known| known == line), "{line:?} is not in\n{said}");
    }
}

#[test]
fn the_showcase_is_healed_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/showcase"), &site);
    chimeractl(&site, &["heal", "--review", "--write", "--allow-dirty"]);
    let (code, said) = chimeractl(&site, &["simulate"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("PASS  . on Netlify") && said.contains("PASS  render.yaml on Render"), "{said}");
}
