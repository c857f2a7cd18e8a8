//! `scripts/action/fetch` and `run` on a machine without a network: tool cache, mirror, checksums, attestation, and a sentence for
//! everything that goes wrong.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// What a mirror hands out; its digest is in the table of [`Machine::new`].
const BINARY: &str = "#!/bin/sh\necho \"ran $1\"\n";

/// The action, laid out as a runner does it, with a table of one release, and a machine that holds nothing but the basics.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Machine {
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine { folder };
        let scripts = machine.path("action/scripts/action");
        std::fs::create_dir_all(&scripts).unwrap();
        for name in ["fetch", "run", "failure"] {
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/action").join(name);
            std::fs::copy(source, scripts.join(name)).unwrap();
        }
        machine.table(&format!(
            "# comment\n0.9.0 {} chimeractl-linux-x64\n1.2.3 {} chimeractl-linux-x64\n",
            "0".repeat(64),
            digest(BINARY)
        ));
        std::fs::create_dir_all(machine.path("bin")).unwrap();
        let basics = [
            "awk",
            "bash",
            "cat",
            "chmod",
            "curl",
            "cut",
            "dirname",
            "env",
            "grep",
            "mkdir",
            "mktemp",
            "mv",
            "rm",
            "sha256sum",
            "sh",
            "tail",
            "tr",
        ];
        for name in basics {
            let found = Command::new("sh").args(["-c", &format!("command -v {name}")]).output().unwrap();
            let place = String::from_utf8(found.stdout).unwrap();
            std::os::unix::fs::symlink(place.trim(), machine.path("bin").join(name)).unwrap();
        }
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn table(&self, text: &str) {
        std::fs::write(self.path("action/scripts/action/checksums.txt"), text).unwrap();
    }

    fn program(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path("bin").join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn script(&self, name: &str, variables: &[(&str, &str)]) -> Run {
        let _ = std::fs::remove_file(self.path("output"));
        let output = Command::new(self.path("bin/bash"))
            .args(["--noprofile", "--norc", "-p", "-euo", "pipefail"])
            .arg(self.path("action/scripts/action").join(name))
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("RUNNER_TOOL_CACHE", self.path("tools"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .envs(variables.iter().copied())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        Run::new(output, std::fs::read_to_string(self.path("output")).unwrap_or_default())
    }

    fn fetch(&self, variables: &[(&str, &str)]) -> Run {
        self.script("fetch", variables)
    }
}

struct Run {
    code: i32,
    text: String,
    output: String,
}

impl Run {
    fn new(output: Output, outputs: String) -> Run {
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        Run { code: output.status.code().unwrap(), text, output: outputs }
    }

    /// Fails unless it ended with one annotation that holds these words.
    fn says(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{}", self.text);
        let said: Vec<&str> = self.text.lines().filter(|line| line.starts_with("::error title=Chimera::")).collect();
        assert_eq!(said.len(), 1, "{}", self.text);
        assert!(words.iter().all(|word| said[0].contains(word)), "{}", self.text);
        assert_eq!(self.output, "", "nothing is handed on");
    }

    /// The binary that was handed on.
    fn binary(&self) -> PathBuf {
        assert_eq!(self.code, 0, "{}", self.text);
        PathBuf::from(self.output.trim_end().strip_prefix("binary=").unwrap())
    }
}

fn digest(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, text).unwrap();
    let output = Command::new("sha256sum").arg(&file).output().unwrap();
    String::from_utf8(output.stdout).unwrap()[..64].to_owned()
}

/// A server on this machine that answers `count` requests with a body.
fn mirror(body: &str, count: usize) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/releases", listener.local_addr().unwrap());
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    let serve = move || {
        let one = |_| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 2048];
            let length = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..length]).lines().next().unwrap_or_default().to_owned()
        };
        (0..count).map(one).collect()
    };
    (address, std::thread::spawn(serve))
}

#[test]
fn the_newest_release_of_the_table_is_downloaded_once_and_then_found() {
    let machine = Machine::new();
    let (address, server) = mirror(BINARY, 1);
    let first = machine.fetch(&[("CHIMERA_INPUT_DOWNLOAD_URL", &address)]);
    assert_eq!(server.join().unwrap(), ["GET /releases/chimeractl-linux-x64 HTTP/1.1"]);
    assert_eq!(std::fs::read_to_string(first.binary()).unwrap(), BINARY);
    let second = machine.fetch(&[("CHIMERA_INPUT_VERSION", "v1.2.3")]);
    assert!(second.text.contains("was here already"), "{}", second.text);
    assert_eq!(first.binary(), second.binary());
    let leftovers = std::fs::read_dir(first.binary().parent().unwrap()).unwrap().count();
    assert_eq!(leftovers, 1, "no half of a download is left");
}

#[test]
fn what_is_not_in_the_table_of_this_commit_is_never_run() {
    let machine = Machine::new();
    let (address, server) = mirror("#!/bin/sh\necho evil\n", 1);
    let run = machine.fetch(&[("CHIMERA_INPUT_DOWNLOAD_URL", &address)]);
    server.join().unwrap();
    run.says(3, &["is not what this commit names", "thrown away"]);
    let tools = machine.path("tools/chimeractl/1.2.3/linux-x64");
    assert_eq!(std::fs::read_dir(tools).unwrap().count(), 0);
}

#[test]
fn a_tool_cache_that_somebody_changed_is_not_trusted() {
    let machine = Machine::new();
    let (address, server) = mirror(BINARY, 2);
    let run = machine.fetch(&[("CHIMERA_INPUT_DOWNLOAD_URL", &address)]);
    std::fs::write(run.binary(), "#!/bin/sh\necho evil\n").unwrap();
    let run = machine.fetch(&[("CHIMERA_INPUT_DOWNLOAD_URL", &address)]);
    assert_eq!(server.join().unwrap().len(), 2);
    assert_eq!(std::fs::read_to_string(run.binary()).unwrap(), BINARY);
}

#[test]
fn each_wrong_use_is_a_sentence_that_says_what_to_do() {
    let machine = Machine::new();
    machine.fetch(&[("CHIMERA_INPUT_VERSION", "2.0.0")]).says(2, &["2.0.0", "1.2.3/chimeractl-linux-x64"]);
    machine.fetch(&[("CHIMERA_INPUT_VERSION", "latest")]).says(2, &["\"latest\"", "such as 1.2.3"]);
    machine.fetch(&[("CHIMERA_INPUT_VERSION", "1.2.3\n::warning::x")]).says(2, &["%0A::warning"]);
    machine.fetch(&[("CHIMERA_INPUT_ATTESTATION", "yes")]).says(2, &["\"yes\"", "auto, required, off"]);
    machine.fetch(&[("CHIMERA_INPUT_DOWNLOAD_URL", "ftp://x")]).says(2, &["download-url", "https://"]);
    machine.fetch(&[]).says(2, &["does not know where its releases are"]);
    machine.fetch(&[("RUNNER_ARCH", "X86")]).says(3, &["Linux on X86", "\"binary\""]);
    machine.fetch(&[("RUNNER_OS", "macOS")]).says(2, &["no chimeractl-macos-x64"]);
    machine.fetch(&[("RUNNER_OS", ""), ("RUNNER_ARCH", "")]).says(3, &["as a step of GitHub Actions"]);
    machine.fetch(&[("CHIMERA_INPUT_DOWNLOAD_URL", "http://127.0.0.1:9")]).says(3, &["could not be downloaded"]);
}

#[test]
fn a_table_without_releases_means_the_source_beside_the_action() {
    let machine = Machine::new();
    machine.table("# none yet\n");
    machine.fetch(&[("CHIMERA_INPUT_VERSION", "1.0.0")]).says(2, &["names no release"]);
    machine.fetch(&[("CHIMERA_INPUT_ATTESTATION", "required")]).says(3, &["nothing to attest"]);
    machine.fetch(&[]).says(3, &["cargo is not installed", "\"binary\""]);
    machine.program("cargo", "#!/bin/sh\nexit 101\n");
    machine.fetch(&[]).says(3, &["its source is not beside the action"]);
    std::fs::write(machine.path("action/Cargo.toml"), "").unwrap();
    machine.fetch(&[]).says(3, &["cargo could not build"]);
    let built = machine.path("tools/chimeractl/source/release/chimeractl");
    machine.program(
        "cargo",
        &format!("#!/bin/sh\necho \"$@\" >&2\nmkdir -p {0}\n: >{0}/chimeractl\n", built.parent().unwrap().display()),
    );
    let run = machine.fetch(&[]);
    assert_eq!(run.binary(), built);
    assert!(run.text.contains("build --locked --release"), "{}", run.text);
}

#[test]
fn the_attestation_is_asked_for_where_gh_is_and_insisted_on_when_told() {
    let machine = Machine::new();
    let fetch = |attestation: &str, token: &str| {
        let _ = std::fs::remove_dir_all(machine.path("tools"));
        let (address, server) = mirror(BINARY, 1);
        let run = machine.fetch(&[
            ("CHIMERA_INPUT_DOWNLOAD_URL", &address),
            ("CHIMERA_INPUT_ATTESTATION", attestation),
            ("CHIMERA_INPUT_TOKEN", token),
            ("CHIMERA_ACTION_REPOSITORY", "some/home"),
        ]);
        server.join().unwrap();
        run
    };
    fetch("required", "t").says(3, &["gh is not installed"]);
    assert!(fetch("auto", "t").text.contains("gh is not installed. The checksum was."));
    machine.program("gh", "#!/bin/sh\n[ \"$GH_TOKEN\" = t ] && echo \"$@\" >&2\n");
    fetch("required", "").says(3, &["no token"]);
    let run = fetch("required", "t");
    assert!(
        run.text.contains("--repo some/home --signer-workflow some/home/.github/workflows/release.yml"),
        "{}",
        run.text
    );
    assert!(run.text.contains("The attestation is right.") && run.binary().is_file());
    machine.program("gh", "#!/bin/sh\nexit 1\n");
    fetch("required", "t").says(3, &["did not confirm"]);
    assert!(fetch("auto", "t").text.contains("did not confirm"));
    assert!(!fetch("off", "t").text.contains("attestation"));
}

#[test]
fn no_start_up_file_and_no_function_of_the_environment_gets_in() {
    let machine = Machine::new();
    std::fs::write(machine.path("evil"), "echo evil\n").unwrap();
    let evil = machine.path("evil");
    let run = machine.fetch(&[
        ("BASH_ENV", evil.to_str().unwrap()),
        ("BASH_FUNC_cut%%", "() { echo evil; }"),
        ("SHELLOPTS", "xtrace"),
    ]);
    run.says(2, &["does not know where its releases are"]);
    assert!(!run.text.contains("evil") && !run.text.contains("+ "), "{}", run.text);
}

#[test]
fn the_program_takes_the_place_of_the_shell_and_its_exit_code_is_the_step_s() {
    let machine = Machine::new();
    let binary = machine.program("tool", "#!/bin/sh\necho \"$1 in $$\"\nexit 4\n");
    let run = machine.script("run", &[("CHIMERA_BINARY", binary.to_str().unwrap())]);
    assert_eq!(run.code, 4, "{}", run.text);
    assert!(run.text.starts_with("action in "), "{}", run.text);
    let run = machine.script("run", &[("CHIMERA_BINARY", "bin/tool")]);
    assert_eq!(run.code, 4, "a path from the workspace: {}", run.text);
    machine.script("run", &[]).says(3, &["left no binary"]);
    machine.script("run", &[("CHIMERA_BINARY", "nowhere/tool")]).says(2, &["no file \"nowhere/tool\""]);
    std::fs::set_permissions(&binary, std::fs::Permissions::from_mode(0o644)).unwrap();
    machine.script("run", &[("CHIMERA_BINARY", "bin/tool")]).says(2, &["chmod +x"]);
}

#[test]
fn a_release_writes_the_lines_that_the_action_reads() {
    let machine = Machine::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    machine.table("# none yet\n");
    for (from, to) in [("scripts/release", "action/scripts/release"), ("Cargo.toml", "action/Cargo.toml")] {
        std::fs::copy(root.join(from), machine.path(to)).unwrap();
    }
    machine.program("git", "#!/bin/sh\necho built\n");
    machine.program("gh", "#!/bin/sh\necho \"gh $@\" >&2\necho made\n");
    for name in ["sed", "head"] {
        std::os::unix::fs::symlink(format!("/usr/bin/{name}"), machine.path("bin").join(name)).unwrap();
    }
    std::fs::create_dir_all(machine.path("out")).unwrap();
    let release = || {
        let output = Command::new(machine.path("action/scripts/release"))
            .arg(machine.path("out"))
            .env_clear()
            .env("PATH", machine.path("bin"))
            .env("GITHUB_REPOSITORY", "some/home")
            .output()
            .unwrap();
        Run::new(output, String::new())
    };
    assert!(release().text.contains("chimeractl-linux-x64\" is missing"));
    for asset in ["linux-x64", "linux-arm64", "macos-x64", "macos-arm64", "windows-x64.exe", "windows-arm64.exe"] {
        std::fs::write(machine.path("out").join(format!("chimeractl-{asset}")), BINARY).unwrap();
    }
    let run = release();
    assert_eq!(run.code, 0, "{}", run.text);
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        run.text.contains("parents[]=built") && run.text.contains(&format!("-f ref=refs/tags/v{version} -f sha=made")),
        "{}",
        run.text
    );
    assert!(release().text.contains("already"), "nothing is released twice");
    for (os, arch) in [("Linux", "ARM64"), ("macOS", "X64"), ("Windows", "ARM64")] {
        let (address, server) = mirror(BINARY, 1);
        let run = machine.fetch(&[("RUNNER_OS", os), ("RUNNER_ARCH", arch), ("CHIMERA_INPUT_DOWNLOAD_URL", &address)]);
        assert_eq!(std::fs::read_to_string(run.binary()).unwrap(), BINARY);
        server.join().unwrap();
    }
}
