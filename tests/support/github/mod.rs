//! GitHub for tests: stateful where GitHub is (rights, diffs, heads, limits), backed by real git repositories, and judged
//! by GitHub's own description of its API.
//!
//! The program talks to [`judge`], which hands every request to Prism, which hands it to [`server`]. Prism says of both
//! sides where they differ from the description. Without npm, requests go to the server directly, and that is said.

mod answer;
mod check;
mod comment;
mod data;
mod example;
mod git;
mod http;
mod judge;
mod pull;
mod route;
mod run;
mod server;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) use self::git::{link_and_script, push};
#[allow(unused_imports, reason = "not every test looks runs up")]
pub(crate) use self::run::Run;

/// What a token may do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rights {
    pub(crate) checks: bool,
    pub(crate) contents: bool,
    pub(crate) pulls: bool,
    /// The repository's setting about pull requests of Actions.
    pub(crate) may_open_pulls: bool,
}

impl Rights {
    pub(crate) const ALL: Rights = Rights { checks: true, contents: true, pulls: true, may_open_pulls: true };
    pub(crate) const NONE: Rights = Rights { checks: false, contents: false, pulls: false, may_open_pulls: false };
}

/// An answer that is not the usual one.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) method: &'static str,
    /// A part of the address.
    pub(crate) place: &'static str,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) message: &'static str,
    /// Whether the request is served all the same, and only its answer is lost.
    pub(crate) is_served: bool,
}

/// A pull request.
#[derive(Debug, Clone)]
pub(crate) struct Pull {
    pub(crate) number: u64,
    pub(crate) branch: String,
    pub(crate) base: String,
    pub(crate) repository: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) is_open: bool,
}

/// A comment on a line or a file of a pull request.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub(crate) id: u64,
    pub(crate) pull: u64,
    pub(crate) path: String,
    pub(crate) commit: String,
    pub(crate) start_line: Option<u64>,
    pub(crate) line: Option<u64>,
    pub(crate) body: String,
    pub(crate) user: &'static str,
    pub(crate) reply_to: Option<u64>,
}

/// A check run, as it was last written.
#[derive(Debug, Clone)]
pub(crate) struct CheckRun {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) head: String,
    pub(crate) external_id: String,
    pub(crate) conclusion: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) text: String,
    pub(crate) annotations: Vec<Value>,
}

/// Runs when a request has been answered: what others do meanwhile.
pub(crate) type Meanwhile = Box<dyn FnMut(&mut World) + Send>;

/// One repository on our GitHub.
pub(crate) struct World {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) rights: Rights,
    pub(crate) pulls: Vec<Pull>,
    pub(crate) check_runs: Vec<CheckRun>,
    /// The check run of the job itself, which GitHub made.
    pub(crate) job: CheckRun,
    pub(crate) comments: Vec<Comment>,
    pub(crate) reviews: Vec<String>,
    pub(crate) issue_comments: Vec<(u64, String)>,
    pub(crate) runs: Vec<Run>,
    /// People and their roles.
    pub(crate) people: Vec<(&'static str, &'static str)>,
    pub(crate) faults: VecDeque<Fault>,
    pub(crate) meanwhile: Vec<(&'static str, &'static str, Meanwhile)>,
    pub(crate) journal: Vec<String>,
    pub(crate) tokens: Vec<String>,
    pub(crate) violations: Vec<String>,
    last_id: u64,
}

impl World {
    pub(crate) fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}

/// The repository of one test: the origin on our GitHub, and the checkout that the job has.
pub(crate) struct Repository {
    pub(crate) name: String,
    folder: TempDir,
    api: String,
}

/// What a run of the step has left behind.
pub(crate) struct Step {
    pub(crate) code: i32,
    pub(crate) log: String,
    pub(crate) summary: String,
    pub(crate) outputs: String,
    pub(crate) reports: PathBuf,
}

impl Step {
    pub(crate) fn output(&self, name: &str) -> &str {
        let mut lines = self.outputs.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
    }
}

pub(crate) type Files<'a> = &'a [(&'a str, &'a str)];

impl Repository {
    /// A repository with `base` on the branch `main`, and `head` on top of it on the branch `topic`.
    pub(crate) fn new(name: &str, base: Files<'_>, head: Files<'_>) -> Repository {
        let folder = tempfile::tempdir().unwrap();
        let origin = folder.path().join("origin");
        std::fs::create_dir(&origin).unwrap();
        git::run(&origin, &["init", "-q", "-b", "main"]);
        git::commit(&origin, base, "base");
        git::run(&origin, &["checkout", "-q", "-b", "topic"]);
        git::commit(&origin, head, "head");
        git::run(&origin, &["checkout", "-q", "--detach"]);
        let world = World {
            name: name.to_owned(),
            folder: origin,
            rights: Rights::ALL,
            pulls: Vec::new(),
            check_runs: Vec::new(),
            job: check::of_job(),
            comments: Vec::new(),
            reviews: Vec::new(),
            issue_comments: Vec::new(),
            runs: Vec::new(),
            people: Vec::new(),
            faults: VecDeque::new(),
            meanwhile: Vec::new(),
            journal: Vec::new(),
            tokens: Vec::new(),
            violations: Vec::new(),
            last_id: 100,
        };
        server::add(world);
        let repository = Repository { name: name.to_owned(), folder, api: judge::api() };
        repository.open("topic", name);
        repository.check_out("topic");
        repository
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        server::with(&self.name, look).unwrap()
    }

    /// Opens a pull request for a branch.
    pub(crate) fn open(&self, branch: &str, repository: &str) -> u64 {
        let pull = Pull {
            number: 0,
            branch: branch.to_owned(),
            base: "main".to_owned(),
            repository: repository.to_owned(),
            title: "A change".to_owned(),
            body: String::new(),
            is_open: true,
        };
        self.with(|world| {
            let number = world.pulls.len() as u64 + 7;
            world.pulls.push(Pull { number, ..pull });
            number
        })
    }

    /// The address of our GitHub.
    #[allow(dead_code, reason = "not every test starts the step by itself")]
    pub(crate) fn api(&self) -> &str {
        &self.api
    }

    pub(crate) fn origin(&self) -> PathBuf {
        self.folder.path().join("origin")
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    pub(crate) fn commit_of(&self, reference: &str) -> String {
        git::run(&self.origin(), &["rev-parse", reference])
    }

    /// A file as it is on a branch of the origin.
    pub(crate) fn file(&self, reference: &str, path: &str) -> String {
        git::run(&self.origin(), &["show", &format!("{reference}:{path}")])
    }

    /// Somebody pushes to a branch of the origin.
    pub(crate) fn push(&self, branch: &str, files: Files<'_>) {
        git::push(&self.origin(), branch, files);
    }

    /// Somebody changes the last commit of a branch, and keeps its message.
    pub(crate) fn amend(&self, branch: &str, files: Files<'_>) {
        let message = self.message(branch);
        let origin = self.origin();
        git::run(&origin, &["checkout", "-q", "-B", branch, &format!("{branch}^")]);
        git::commit(&origin, files, &message);
        git::run(&origin, &["checkout", "-q", "--detach"]);
    }

    /// A branch that is at another's commit.
    pub(crate) fn branch(&self, name: &str, at: &str) {
        git::run(&self.origin(), &["branch", name, at]);
    }

    pub(crate) fn has_branch(&self, name: &str) -> bool {
        git::attempt(&self.origin(), &["rev-parse", "--verify", &format!("refs/heads/{name}")], b"").is_ok()
    }

    pub(crate) fn message(&self, reference: &str) -> String {
        git::run(&self.origin(), &["log", "-1", "--format=%B", reference]) + "\n"
    }

    /// What the job has checked out is the merge of the branch with its base, as GitHub tries it.
    pub(crate) fn merge_in_workspace(&self, base: &str) {
        let base = format!("origin/{base}");
        git::run(&self.workspace(), &["fetch", "-q"]);
        git::run(&self.workspace(), &["merge", "-q", "--no-ff", "-m", "Merge", &base]);
    }

    /// What the job has checked out.
    pub(crate) fn check_out(&self, branch: &str) {
        let workspace = self.workspace();
        if workspace.exists() {
            std::fs::remove_dir_all(&workspace).unwrap();
        }
        let origin = self.origin();
        git::run(self.folder.path(), &["clone", "-q", "-b", branch, origin.to_str().unwrap(), "workspace"]);
    }

    /// The event of the pull request of a branch.
    pub(crate) fn event(&self, branch: &str) -> Value {
        let pull = self.with(|world| world.pulls.iter().find(|pull| pull.branch == branch).cloned()).unwrap();
        json!({
            "action": "synchronize",
            "number": pull.number,
            "repository": {"full_name": self.name},
            "pull_request": {
                "number": pull.number,
                "head": {"sha": self.commit_of(branch), "ref": branch, "repo": {"full_name": pull.repository}},
                "base": {"ref": pull.base},
            },
        })
    }

    /// Runs the step on the pull request of `topic`.
    pub(crate) fn run(&self, inputs: &[(&str, &str)]) -> Step {
        self.run_on("pull_request", &self.event("topic"), inputs)
    }

    /// Runs the step as the runner does.
    pub(crate) fn run_on(&self, event: &str, payload: &Value, inputs: &[(&str, &str)]) -> Step {
        let scratch = self.folder.path().join(format!("run-{}", self.with(World::new_id)));
        std::fs::create_dir(&scratch).unwrap();
        let at = |name: &str| scratch.join(name);
        std::fs::write(at("event.json"), payload.to_string()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
        command.arg("action").current_dir(self.workspace()).env_clear();
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env("PATH", path).env("GITHUB_EVENT_NAME", event).env("GITHUB_EVENT_PATH", at("event.json"));
        command.env("GITHUB_REPOSITORY", &self.name).env("GITHUB_API_URL", self.api());
        command.env("GITHUB_WORKSPACE", self.workspace()).env("RUNNER_TEMP", &scratch);
        command.env("GITHUB_OUTPUT", at("outputs")).env("GITHUB_STEP_SUMMARY", at("summary"));
        command
            .env("CHIMERA_JOB_CHECK_RUN", JOB.to_string())
            .env("GITHUB_SHA", self.commit_of("topic"))
            .env("CHIMERA_INPUT_TOKEN", TOKEN);
        for (name, value) in inputs {
            command.env(format!("CHIMERA_INPUT_{}", name.to_uppercase().replace('-', "_")), value);
        }
        step(command.output().unwrap(), &scratch)
    }

    /// What GitHub's description has to say against a request or an answer.
    pub(crate) fn assert_in_order(&self) {
        let violations = self.with(|world| world.violations.clone());
        assert!(violations.is_empty(), "against GitHub's description: {violations:#?}");
    }

    /// The requests of a kind, in their order.
    pub(crate) fn journal(&self, part: &str) -> Vec<String> {
        let journal = self.with(|world| world.journal.clone());
        journal.into_iter().filter(|line| line.contains(part)).collect()
    }
}

/// The number of the check run of the job.
pub(crate) const JOB: u64 = 90;

/// The token of every test, which may stand nowhere.
pub(crate) const TOKEN: &str = "ghs_c4n4rY0c4n4rY0c4n4rY0c4n4rY0c4n4rY0";

fn step(output: Output, scratch: &Path) -> Step {
    let read = |name: &str| std::fs::read_to_string(scratch.join(name)).unwrap_or_default();
    let log = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!log.contains("panicked"), "{log}");
    Step {
        code: output.status.code().unwrap(),
        log,
        summary: read("summary"),
        outputs: read("outputs"),
        reports: scratch.join("chimera"),
    }
}
