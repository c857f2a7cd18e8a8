//! `chimeractl init`: what it writes, and what it leaves alone.

#![allow(clippy::unwrap_used)]

#[path = "support/program.rs"]
mod program;

use std::path::Path;

use program::*;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn init(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let action = format!("--action=some/home@{COMMIT}");
    run(folder, &[&["init", &action], arguments].concat())
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = chimeractl(folder, arguments);
    (output.status.code().unwrap(), stdout(&output) + &stderr(&output))
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(".github/workflows").join(name)).unwrap()
}

#[test]
fn the_workflow_is_written_and_pinned_and_names_what_was_found() {
    let folder = repository(&STATIC_SITE);
    let (code, text) = init(folder.path(), &[]);
    assert_eq!(code, CLEAN, "{text}");
    let workflow = read(folder.path(), "chimera.yml");
    assert!(workflow.contains(&format!("- uses: some/home@{COMMIT}\n")), "{workflow}");
    assert!(workflow.contains("netlify.toml (Netlify)"), "{workflow}");
    assert!(!folder.path().join(".github/workflows/chimera-forks.yml").exists());
    assert!(text.contains("require the job \"certify\""), "{text}");
}

#[test]
fn nothing_that_is_there_is_written_over_unless_forced() {
    let folder = repository(&[(".github/workflows/chimera-forks.yml", b"mine\n")]);
    let (code, text) = init(folder.path(), &["--forks"]);
    assert_eq!(code, USAGE, "{text}");
    assert!(text.contains("\".github/workflows/chimera-forks.yml\" is there already"), "{text}");
    assert!(!folder.path().join(".github/workflows/chimera.yml").exists(), "both or none");
    assert_eq!(init(folder.path(), &["--forks", "--force"]).0, CLEAN);
    assert!(read(folder.path(), "chimera-forks.yml").contains("workflow_run"));
}

#[test]
fn a_workflow_that_runs_the_action_already_is_named() {
    let folder = repository(&[(".github/workflows/ci.yaml", b"jobs: {a: {steps: [\n  {uses: Some/Home@v1}]}}\n")]);
    let (code, text) = init(folder.path(), &[]);
    assert_eq!((code, text.contains("\".github/workflows/ci.yaml\" runs the action already")), (USAGE, true), "{text}");
    std::fs::create_dir_all(folder.path().join("apps")).unwrap();
    assert_eq!(init(folder.path(), &["apps"]).0, USAGE, "GitHub looks at the top only");
}

#[test]
fn to_print_writes_nothing_and_needs_no_repository() {
    let folder = folder(&STATIC_SITE);
    let (code, text) = init(folder.path(), &["--print", "--forks"]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("name: Chimera\n") && text.contains("name: Chimera for forks\n"), "{text}");
    assert!(!folder.path().join(".github").exists());
    let (code, text) = init(folder.path(), &[]);
    assert_eq!((code, text.contains("git init")), (USAGE, true), "{text}");
}

#[test]
fn a_folder_of_the_repository_becomes_the_working_directory() {
    let folder = repository(&[("apps/web/netlify.toml", b"[build]\npublish = \".\"\n")]);
    let (code, text) = init(folder.path(), &["apps/web"]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(read(folder.path(), "chimera.yml").contains("working-directory: \"apps/web\"\n"));
    assert!(!folder.path().join("apps/web/.github").exists());
}

#[test]
fn a_tag_is_looked_up_and_a_branch_is_refused() {
    let home = repository(&STATIC_SITE);
    let place = home.path().join("some/home");
    std::fs::create_dir_all(&place).unwrap();
    git(&place, &["init", "-q", "-b", "main"]);
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    git(&place, &[&identity[..], &["commit", "-q", "--allow-empty", "-m", "x"]].concat());
    git(&place, &[&identity[..], &["tag", "-a", "v1.0.0", "-m", "x"]].concat());
    let head = std::process::Command::new("git").args(["rev-parse", "HEAD"]).current_dir(&place).output().unwrap();
    let folder = repository(&STATIC_SITE);
    let ask = |reference: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_chimeractl"))
            .args(["init", "--print", &format!("--action=some/home@{reference}")])
            .current_dir(folder.path())
            .env("GITHUB_SERVER_URL", format!("file://{}", home.path().display()))
            .output()
            .unwrap();
        (output.status.code().unwrap(), stdout(&output) + &stderr(&output))
    };
    let (code, text) = ask("v1.0.0");
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains(&format!("some/home@{} # v1.0.0\n", stdout(&head).trim())), "{text}");
    let (code, text) = ask("main");
    assert_eq!((code, text.contains("a branch would move")), (USAGE, true), "{text}");
}

#[test]
fn each_mistake_is_a_sentence() {
    let folder = repository(&STATIC_SITE);
    let says = |arguments: &[&str], wanted: i32, words: &str| {
        let (code, text) = run(folder.path(), &[&["init", "--print"], arguments].concat());
        assert!(code == wanted && text.contains(words), "{code}: {text}");
    };
    says(&["--action=home"], USAGE, "give OWNER/REPOSITORY@COMMIT");
    says(&["--action=some/home@0123456"], USAGE, "give all 40 digits");
    says(&["nowhere", "--action=a/b@v1"], COULD_NOT_LOOK, "nowhere");
    if option_env!("CHIMERA_HOME").is_none() {
        says(&[], USAGE, "this build is no release");
    }
}
