//! `act` in host mode: a workflow of a repository, run with our real `action.yml`, without GitHub and without containers.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::judge;

/// The commit by which workflows of tests pin the action.
pub(crate) const ACTION: &str = "some/home@0123456789abcdef0123456789abcdef01234567";

/// A job that is to be run.
pub(crate) struct Job<'a> {
    /// The repository, checked out.
    pub(crate) repository: &'a Path,
    /// Path of the workflow in it.
    pub(crate) workflow: &'a str,
    /// Name and payload of the event.
    pub(crate) event: (&'a str, &'a Value),
    /// Whether the program is a release that the tool cache holds already.
    pub(crate) is_released: bool,
    /// Variables of the job.
    pub(crate) variables: &'a [(&'a str, &'a str)],
    /// The token of the job.
    pub(crate) token: &'a str,
}

/// How a job ended.
pub(crate) struct Ran {
    pub(crate) is_green: bool,
    pub(crate) log: String,
    /// What `act` keeps, report files among it.
    _home: TempDir,
    outputs: Value,
}

impl Ran {
    pub(crate) fn output(&self, name: &str) -> &str {
        self.outputs[name].as_str().unwrap_or_default()
    }

    /// A file that an output names.
    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.output(name)).unwrap_or_else(|_| panic!("output {name}: {}", self.outputs))
    }
}

/// A step behind the action that writes its outputs where the test finds them.
pub(crate) const OUTPUTS: &str = "      - if: always()\n        run: printf '%s' \"$OUTPUTS\" >\"$RESULT\"\n        env:\n          OUTPUTS: ${{ toJSON(steps.chimera.outputs) }}\n";

/// A workflow with one job that certifies, with these lines below `with`.
pub(crate) fn workflow(events: &str, with: &[(&str, &str)]) -> String {
    let with: String =
        with.iter().map(|(name, value)| format!("          {name}: {}\n", Value::from(*value))).collect();
    format!(
        "on: [{events}]\npermissions: {{}}\njobs:\n  certify:\n    runs-on: ubuntu-latest\n    steps:\n\
         \x20     - uses: actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0\n\
         \x20     - uses: {ACTION}\n        id: chimera\n        with:\n{with}{OUTPUTS}"
    )
}

/// The program under test.
pub(crate) fn binary() -> &'static str {
    env!("CARGO_BIN_EXE_chimeractl")
}

/// Runs a job; nothing where `act` is not installed, which is said.
pub(crate) fn run(job: &Job<'_>) -> Option<Ran> {
    let act = judge::find("act")?;
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    // Where `act` has the tool cache of jobs on this machine.
    let table = if job.is_released { release(&at(".cache/act/tool_cache")) } else { String::new() };
    lay_out_action(&at("action"), &table);
    std::fs::write(at("event.json"), job.event.1.to_string()).unwrap();
    let mut command = Command::new(act);
    command.arg(job.event.0).arg("--eventpath").arg(at("event.json")).args(["--workflows", job.workflow]);
    command.args(["--platform", "ubuntu-latest=-self-hosted", "--no-cache-server", "--container-daemon-socket", "-"]);
    command.arg("--local-repository").arg(format!("{ACTION}={}", at("action").display()));
    command.arg("--env").arg(format!("RESULT={}", at("result.json").display()));
    command.arg("--secret").arg(format!("GITHUB_TOKEN={}", job.token));
    for (name, value) in job.variables {
        command.arg("--env").arg(format!("{name}={value}"));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("HOME", home.path()).current_dir(job.repository);
    let output = command.output().unwrap();
    let log = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    let outputs = std::fs::read_to_string(at("result.json")).unwrap_or_default();
    let outputs = serde_json::from_str(&outputs).unwrap_or(Value::Null);
    Some(Ran { is_green: output.status.success(), log, _home: home, outputs })
}

/// The action as GitHub hands it out, with a table of its own.
fn lay_out_action(folder: &Path, table: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scripts = folder.join("scripts/action");
    std::fs::create_dir_all(&scripts).unwrap();
    std::fs::copy(root.join("action.yml"), folder.join("action.yml")).unwrap();
    for name in ["fetch", "run", "failure"] {
        std::fs::copy(root.join("scripts/action").join(name), scripts.join(name)).unwrap();
    }
    std::fs::write(scripts.join("checksums.txt"), table).unwrap();
}

/// A repository with one commit, as a runner checks it out.
pub(crate) fn checked_out(files: &[(&str, &str)], name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, text).unwrap();
    }
    commit(folder.path(), name);
    folder
}

/// Commits what lies in a folder.
pub(crate) fn commit(folder: &Path, name: &str) {
    let run = |arguments: &[&str]| {
        let done = Command::new("git").args(arguments).current_dir(folder).output().unwrap();
        assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    run(&["init", "-q", "-b", "topic"]);
    run(&["add", "-A"]);
    run(&["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x"]);
    let _ = Command::new("git").args(["remote", "remove", "origin"]).current_dir(folder).output();
    run(&["remote", "add", "origin", &format!("https://github.com/{name}.git")]);
}

/// The commit that is checked out.
pub(crate) fn head(folder: &Path) -> String {
    let done = Command::new("git").args(["rev-parse", "HEAD"]).current_dir(folder).output().unwrap();
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

/// Puts the program under test into the tool cache as a release, and returns the table that names it.
fn release(tools: &Path) -> String {
    let place = tools.join("chimeractl/9.9.9/linux-x64");
    std::fs::create_dir_all(&place).unwrap();
    let file = place.join("chimeractl-linux-x64");
    std::fs::copy(binary(), &file).unwrap();
    let sum = Command::new("sha256sum").arg(&file).output().unwrap();
    format!("9.9.9 {} chimeractl-linux-x64\n", &String::from_utf8(sum.stdout).unwrap()[..64])
}
