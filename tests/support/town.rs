//! A repository on disk, and what the tests of a program that is started in it look at.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// Runs git with an identity of its own.
pub(crate) fn git(root: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").args(identity).args(arguments).current_dir(root).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A repository of one commit with these files.
pub(crate) fn committed(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (path, text) in files {
        let place = root.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, text).unwrap();
    }
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "-m", "shop"]);
    folder
}

/// Whether what was said, and everything that was left below a folder, is silent about a secret.
pub(crate) fn assert_silent(said: &str, left: &Path, secrets: &[&str]) {
    let mut texts = vec![said.to_owned()];
    let mut folders = vec![left.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                texts.push(String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned());
            }
        }
    }
    for secret in secrets {
        assert!(texts.iter().all(|text| !text.contains(secret)), "\"{secret}\" is told: {said}");
    }
}

/// Holds a document against one of the published schemas.
pub(crate) fn assert_follows(schema: &str, document: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema").join(format!("{schema}.schema.json"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("https://example.org/schema", schema).unwrap();
    let index = compiler.compile("https://example.org/schema", &mut schemas).unwrap();
    let result = schemas.validate(document, index).map_err(|error| error.to_string());
    assert_eq!(result, Ok(()), "{document:#}");
}
