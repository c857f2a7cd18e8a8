//! `chimeractl certify`, `certificate` and `key` as people and scripts call them; every bundle is verified by a second
//! program, in another language, that must say the same.

#![allow(clippy::unwrap_used)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use chimera::certificate::Approval;
use chimera::certificate::bundle::{Bundle, seal};
use chimera::certificate::envelope::Signer;
use chimera::key::signing::SigningKey;
use serde_json::Value;
use tempfile::TempDir;

#[path = "support/program.rs"]
mod program;

use program::*;

const TARGET: &str = "netlify:site/1f2e?context=production";
const POLICY: &[u8] = b"[environments.production]\ndeploy = [\"anyone\"]\nidentity = \"claimed\"\n";

/// The same in every test.
fn pem() -> String {
    SigningKey::from_seed(&[7; 32]).to_pem().to_string()
}

/// A committed site with a policy, and with the public key that goes with [`pem`].
fn site() -> TempDir {
    let folder = repository(&[STATIC_SITE[0], STATIC_SITE[1], (".chimera/config.toml", POLICY)]);
    let key = SigningKey::from_seed(&[7; 32]).public();
    let public = chimera::key::public::PublicKey::new(key, None);
    let keys = folder.path().join(".chimera/keys");
    std::fs::create_dir_all(&keys).unwrap();
    std::fs::write(keys.join(public.file_name()), public.to_text()).unwrap();
    commit(folder.path(), "first");
    folder
}

fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "-A"]);
    let person = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"];
    git(folder, &[&person[..], &["commit", "-q", "--allow-empty", "-m", message]].concat());
}

/// Runs a program without what the surroundings may say about a workflow.
fn run(program: &str, folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GITHUB_") || name.starts_with("CHIMERA_")) {
        command.env_remove(name);
    }
    command.env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder));
    command.envs(variables.iter().copied()).output().unwrap()
}

fn chimera(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let output = run(env!("CARGO_BIN_EXE_chimeractl"), folder, arguments, variables);
    let text = stdout(&output) + &stderr(&output);
    assert!(!text.contains("panicked"), "{text}");
    (output.status.code().unwrap(), text)
}

/// The certificate of a site for production, in run 17 of its repository.
fn certified(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut base = vec!["certify", "--environment", "production", "--no-ledger", "--out", "-"];
    if !arguments.contains(&"--target") {
        base.extend(["--target", TARGET]);
    }
    let pem = pem();
    let run_17 = [("CHIMERA_SIGNING_KEY", pem.as_str()), ("GITHUB_RUN_ID", "17"), ("GITHUB_REPOSITORY", "acme/site")];
    let (_, text) = chimera(folder, &[&base[..], arguments].concat(), &[&run_17[..], variables].concat());
    text
}

fn has_python() -> bool {
    let found = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(found || std::env::var("CI").is_err(), "the second verifier needs Python");
    if !found {
        let _ = writeln!(std::io::stderr(), "SKIPPED: the second verifier needs Python");
    }
    found
}

/// Exit codes of our verification and of the second one, which must agree.
fn verified(folder: &Path, bundle: &str, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    std::fs::write(folder.join("certificate.intoto.jsonl"), bundle).unwrap();
    let base = ["certificate.intoto.jsonl", "--keys", ".chimera/keys"];
    let arguments = [&base[..], arguments].concat();
    let ours = chimera(folder, &[&["certificate", "verify"][..], &arguments].concat(), variables);
    if has_python() {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/verify-certificate");
        let script = script.to_string_lossy();
        let theirs = run("python3", folder, &[&[&*script][..], &arguments].concat(), variables);
        let text = stdout(&theirs) + &stderr(&theirs);
        assert_eq!(theirs.status.code(), Some(ours.0), "{arguments:?}: we say {}\nthey say {text}", ours.1);
    }
    ours
}

/// All that a deployer asks for.
fn strict() -> Vec<&'static str> {
    vec!["--target", TARGET, "--repo", ".", "--run", "17/1", "--repository", "acme/site"]
}

#[test]
fn a_signed_certificate_is_valid_for_everybody_who_has_the_public_key() {
    let folder = site();
    let bundle = certified(folder.path(), &[], &[]);
    let (code, text) = verified(folder.path(), &bundle, &strict(), &[]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("valid, L2 (signature)"), "{text}");
    let (code, text) = chimera(folder.path(), &["certificate", "show", "certificate.intoto.jsonl"], &[]);
    assert_eq!(code, 0);
    for part in ["ARIE_HEALTH_PASS  PASSED", "TRUTH_CERTIFICATION_PASS  PASSED", "HXO_FINAL_APPROVAL  PASSED", TARGET] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn without_a_key_it_is_a_digest_and_said_so() {
    let folder = site();
    let (code, text) = chimera(folder.path(), &["certify", "--target", TARGET], &[]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("L0 (digest: nobody signed it)") && !text.contains("signature"), "{text}");
    let bundle = std::fs::read_to_string(folder.path().join("certificate.intoto.jsonl")).unwrap();
    assert_eq!(verified(folder.path(), &bundle, &["--target", TARGET], &[]).0, 11);
    assert_eq!(verified(folder.path(), &bundle, &["--target", TARGET, "--min-level", "L0"], &[]).0, 0);
}

#[test]
fn a_shared_secret_is_level_1_and_says_integrity_only() {
    let folder = site();
    let secret = [("CHIMERA_HMAC_KEY", "0123456789abcdef0123456789abcdef")];
    let (code, text) = chimera(folder.path(), &["certify", "--target", TARGET], &secret);
    assert!(code == 0 && text.contains("L1 (integrity-only"), "{text}");
    let bundle = std::fs::read_to_string(folder.path().join("certificate.intoto.jsonl")).unwrap();
    let least = ["--target", TARGET, "--min-level", "L1"];
    assert_eq!(verified(folder.path(), &bundle, &least, &secret).0, 0);
    assert_eq!(verified(folder.path(), &bundle, &least[..2], &secret).0, 11);
    assert_eq!(verified(folder.path(), &bundle, &least, &[]).0, 15);
}

#[test]
fn a_site_that_would_fail_is_not_certified_and_the_refusal_is_signed() {
    let folder = site();
    std::fs::write(folder.path().join("netlify.toml"), "[build]\nbase = \"nowhere\"\n").unwrap();
    commit(folder.path(), "broken");
    let pem = pem();
    let key = [("CHIMERA_SIGNING_KEY", pem.as_str())];
    let (code, text) = chimera(folder.path(), &["certify", "--target", TARGET], &key);
    assert_eq!(code, 10, "{text}");
    assert!(text.contains("not certified: ARIE_HEALTH_PASS: no_issues_left") && text.contains("NTL007"), "{text}");
    let bundle = std::fs::read_to_string(folder.path().join("certificate.intoto.jsonl")).unwrap();
    let (code, text) = verified(folder.path(), &bundle, &["--target", TARGET], &[]);
    assert!(code == 10 && text.contains("says FAILED (ARIE_HEALTH_PASS)"), "{text}");
}

#[test]
fn repairs_in_memory_are_recorded_but_not_certified() {
    let folder = site();
    let place = folder.path().join("netlify.toml");
    std::fs::write(&place, "[build]\n  publish = \".\"\n  environment = \"A=1\"\n").unwrap();
    commit(folder.path(), "broken");
    let (code, text) = chimera(folder.path(), &["certify", "--heal"], &[]);
    assert_eq!(code, 10, "{text}");
    assert!(text.contains("repairs of 1 files are not written, so they are not certified"), "{text}");
    let bundle = std::fs::read(folder.path().join("certificate.intoto.jsonl")).unwrap();
    let bundle = Bundle::parse(&bundle).unwrap();
    let healing = &bundle.links[0].statement.predicate["healing"];
    assert_eq!(healing["rules"][0], "NTL004");
    assert_eq!(healing["would_change"][0]["path"], "netlify.toml");
    assert_eq!(chimera(folder.path(), &["heal", "--write"], &[]).0, 0);
    commit(folder.path(), "healed");
    let (code, text) = chimera(folder.path(), &["certify", "--heal"], &[]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn what_is_not_committed_is_not_certified() {
    let folder = site();
    std::fs::write(folder.path().join("index.html"), "<h1>Changed</h1>\n").unwrap();
    let (code, text) = chimera(folder.path(), &["certify"], &[]);
    assert_eq!(code, 10);
    assert!(text.contains("\"index.html\" differs from the commit"), "{text}");
    let empty = repository(&STATIC_SITE);
    let (code, text) = chimera(empty.path(), &["certify"], &[]);
    assert!(code == 3 && text.contains("has no commit"), "{text}");
}

#[test]
fn outside_dev_nothing_is_approved_without_a_policy() {
    let folder = repository(&STATIC_SITE);
    commit(folder.path(), "first");
    let pem = pem();
    let key = [("CHIMERA_SIGNING_KEY", pem.as_str()), ("GITHUB_ACTOR", "nelson")];
    let (code, text) = chimera(folder.path(), &["certify", "--environment", "production"], &key);
    assert_eq!(code, 10);
    assert!(text.contains("HXO_FINAL_APPROVAL: environment: there is no [environments.production]"), "{text}");
    assert_eq!(chimera(folder.path(), &["certify"], &key).0, 0);
}

#[test]
fn a_policy_is_asked_for_level_reference_and_person() {
    let folder = site();
    let policy = "[roles.admiral]\nusers = [\"nelson\"]\n[environments.production]\nidentity = \"claimed\"\nrefs = [\"refs/heads/main\"]\nkind = \"artifact\"\n";
    std::fs::write(folder.path().join(".chimera/config.toml"), policy).unwrap();
    std::fs::create_dir(folder.path().join("dist")).unwrap();
    std::fs::write(folder.path().join("dist/index.html"), "hello").unwrap();
    commit(folder.path(), "policy");
    let good = ["--actor", "nelson", "--ref", "refs/heads/main", "--dir", "dist"];
    let passed = |arguments: &[&str], variables: &[(&str, &str)]| {
        let text = certified(folder.path(), arguments, variables);
        let bundle = Bundle::parse(text.as_bytes()).unwrap();
        chimera::report::certificate::reason(&bundle).unwrap_or_default()
    };
    assert_eq!(passed(&good, &[]), "");
    assert!(passed(&["--actor", "hardy", "--ref", "refs/heads/main", "--dir", "dist"], &[]).contains("actor"));
    assert!(passed(&["--actor", "nelson", "--ref", "refs/heads/x", "--dir", "dist"], &[]).contains("reference"));
    assert!(passed(&["--actor", "nelson", "--dir", "dist"], &[]).contains("reference"));
    assert!(passed(&["--actor", "nelson", "--ref", "refs/heads/main"], &[]).contains("kind"));
    assert!(passed(&good, &[("CHIMERA_SIGNING_KEY", "")]).contains("level"));
    let bundle = certified(folder.path(), &good, &[]);
    let with_dir = [strict(), vec!["--dir", "dist"]].concat();
    assert_eq!(verified(folder.path(), &bundle, &with_dir, &[]).0, 0);
    std::fs::write(folder.path().join("dist/index.html"), "hellp").unwrap();
    let (code, text) = verified(folder.path(), &bundle, &with_dir, &[]);
    assert!(code == 10 && text.contains("\"publish:dist\" is not what was certified"), "{text}");
}

/// A certificate's links as lines, by approval.
fn lines(bundle: &str) -> Vec<String> {
    bundle.lines().map(str::to_owned).collect()
}

/// The replay matrix, verified by both programs.
#[test]
fn the_replay_matrix_is_refused_by_both_verifiers() {
    let folder = site();
    let path = folder.path();
    let honest = certified(path, &[], &[]);
    let with = |arguments: &[&'static str]| [strict(), arguments.to_vec()].concat();
    let said = |name: &str, bundle: &str, arguments: &[&str], wanted: i32| {
        let (code, text) = verified(path, bundle, arguments, &[]);
        assert_eq!(code, wanted, "{name}: {text}");
    };
    said("honest", &honest, &strict(), 0);
    let other = certified(path, &[], &[("GITHUB_REPOSITORY", "acme/other")]);
    said("other repository", &other, &strict(), 10);
    let other = certified(path, &["--target", "netlify:site/1f2e?context=staging"], &[]);
    said("other environment", &other, &strict(), 13);
    let other = certified(path, &["--target", "netlify:site/9999?context=production"], &[]);
    said("other site id", &other, &strict(), 13);
    said("same commit, later run", &certified(path, &[], &[("GITHUB_RUN_ID", "16")]), &strict(), 14);
    said("re-run attempt", &certified(path, &[], &[("GITHUB_RUN_ATTEMPT", "2")]), &strict(), 14);
    said("expired", &honest, &with(&["--at", "2099-01-01T00:00:00Z"]), 12);
    said("yet to come", &honest, &with(&["--at", "2020-01-01T00:00:00Z"]), 10);

    let mut stripped: Vec<Value> = lines(&honest).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    stripped[1]["signatures"] = Value::Array(Vec::new());
    let stripped: String = stripped.iter().map(|line| line.to_string() + "\n").collect();
    said("stripped signature", &stripped, &strict(), 11);
    let mut swapped = Bundle::parse(honest.as_bytes()).unwrap();
    let inputs = &mut swapped.links[Approval::HxoApproval as usize].statement.predicate["inputAttestations"];
    inputs.as_array_mut().unwrap().reverse();
    let signer = Signer::Key(Box::new(SigningKey::parse(&pem()).unwrap()));
    swapped.links[2] = seal(swapped.links[2].statement.clone(), &signer);
    said("swapped order", &swapped.to_text(), &strict(), 10);
    let foreign = SigningKey::from_seed(&[8; 32]).to_pem().to_string();
    let foreign = certified(path, &[], &[("CHIMERA_SIGNING_KEY", &foreign)]);
    said("unknown key", &foreign, &strict(), 15);
    let loud = certified(path, &[], &[("CHIMERA_SIGNING_KEY", ""), ("CHIMERA_HMAC_KEY", "")]);
    said("failed for want of a level", &loud, &with(&["--min-level", "L0"]), 10);

    let id = SigningKey::parse(&pem()).unwrap().id().to_string();
    commit(path, "another commit");
    let later = certified(path, &[], &[]);
    said("other commit", &honest, &strict(), 10);
    let mixed = [lines(&honest)[0].clone(), lines(&later)[1].clone(), lines(&later)[2].clone()].join("\n");
    said("ARIE of another commit", &mixed, &strict(), 10);
    std::fs::write(path.join(".chimera/config.toml"), [POLICY, b"min_level = \"L1\"\n"].concat()).unwrap();
    said("old policy", &later, &strict(), 10);
    std::fs::write(path.join(".chimera/config.toml"), POLICY).unwrap();
    said("the policy as it was", &later, &strict(), 0);
    let (code, text) = chimera(path, &["key", "revoke", &id, "--because", "laptop lost"], &[]);
    assert_eq!(code, 0, "{text}");
    said("revoked key", &later, &strict(), 15);
}

#[test]
fn what_is_no_bundle_is_refused_by_both_verifiers() {
    let folder = site();
    let honest = certified(folder.path(), &[], &[]);
    let first = lines(&honest)[0].clone();
    let cases = [
        String::new(),
        "{}".to_owned(),
        "[1]\n[2]\n[3]\n".to_owned(),
        honest[..honest.len() / 2].to_owned(),
        honest.replacen("\"payload\":", "\"payload\":\"\",\"payload\":", 1),
        honest.replacen("\"payload\":\"", "\"payload\":\"*", 1),
        honest.replacen("application/vnd.in-toto+json", "text/plain", 1),
        format!("{honest}{first}\n"),
        format!("{first}\n").repeat(17),
        "[".repeat(100_000),
        "x".repeat((1 << 20) + 1),
        honest.replacen("\"sig\":\"", "\"sig\":3,\"x\":\"", 1),
    ];
    for bundle in cases {
        let (code, text) = verified(folder.path(), &bundle, &["--target", TARGET], &[]);
        assert_eq!(code, 10, "{}: {text}", &bundle[..bundle.len().min(60)]);
    }
}

#[test]
fn no_secret_is_ever_in_a_certificate_or_in_what_is_printed() {
    let secrets: Vec<String> =
        (0..200).map(|number| format!("s3cr3t-{}", chimera::digest::Digest::sha3(&[number]))).collect();
    let mut environment = String::from("[build]\npublish = \".\"\n[build.environment]\n");
    for (number, secret) in secrets.iter().enumerate().take(80) {
        environment.push_str(&format!("TOKEN_{number} = \"{secret}\"\n"));
    }
    environment
        .push_str(&format!("[[redirects]]\nfrom = \"/{}\"\nto = \"/x\"\nstatus = \"{}\"\n", secrets[80], secrets[81]));
    let dotenv: String = secrets[82..180].iter().map(|secret| format!("KEY={secret}\n")).collect();
    let files: [(&str, &[u8]); 4] = [
        STATIC_SITE[0],
        ("netlify.toml", environment.as_bytes()),
        (".env", dotenv.as_bytes()),
        (".chimera/config.toml", POLICY),
    ];
    let folder = repository(&files);
    commit(folder.path(), &format!("message {}", secrets[180]));
    let pem = pem();
    let names: Vec<String> = (181..200).map(|number| format!("SECRET_{number}")).collect();
    let mut variables: Vec<(&str, &str)> =
        names.iter().zip(&secrets[181..]).map(|(name, secret)| (name.as_str(), secret.as_str())).collect();
    variables.push(("CHIMERA_SIGNING_KEY", &pem));
    variables.push(("CHIMERA_HMAC_KEY", &secrets[181]));
    for arguments in [&["certify", "--target", TARGET][..], &["certify", "--heal", "--format", "json"]] {
        let (_, text) = chimera(folder.path(), arguments, &variables);
        let bundle = std::fs::read(folder.path().join("certificate.intoto.jsonl")).unwrap();
        let bundle = Bundle::parse(&bundle).unwrap();
        let payloads = bundle.links.iter().map(|link| String::from_utf8(link.envelope.payload.clone()).unwrap());
        let all = payloads.collect::<String>() + &bundle.to_text() + &text;
        let half = pem.lines().nth(1).unwrap();
        assert!(!all.contains("s3cr3t-") && !all.contains(half), "{text}");
    }
}

#[test]
fn a_key_is_made_once_kept_private_and_never_written_over() {
    let folder = site();
    let path = folder.path();
    let (code, text) = chimera(path, &["key", "generate", "--out", "mine.pem"], &[]);
    assert_eq!(code, 0, "{text}");
    let pem = std::fs::read_to_string(path.join("mine.pem")).unwrap();
    assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----") && !text.contains(pem.lines().nth(1).unwrap()));
    let (code, text) = chimera(path, &["key", "generate", "--out", "mine.pem"], &[]);
    assert!(code == 2 && text.contains("never written over"), "{text}");
    assert_eq!(std::fs::read_to_string(path.join("mine.pem")).unwrap(), pem);
    let id = SigningKey::parse(&pem).unwrap().id().to_string();
    assert!(path.join(format!(".chimera/keys/{id}.pub")).exists());
    let (code, text) = chimera(path, &["key", "show"], &[]);
    assert!(code == 0 && text.contains(&format!("key {id} is trusted")), "{text}");
    let (code, text) = chimera(path, &["key", "show", "mine.pem"], &[]);
    assert!(code == 0 && text.contains("BEGIN PUBLIC KEY") && !text.contains("PRIVATE"), "{text}");
}

#[test]
fn a_rotated_key_ends_and_a_revoked_one_stays_revoked() {
    let folder = site();
    let path = folder.path();
    let old = SigningKey::parse(&pem()).unwrap().id().to_string();
    let (code, text) = chimera(path, &["key", "rotate", "--out", "next.pem", "--old", &old, "--overlap", "1"], &[]);
    assert!(code == 0 && text.contains(&format!("key {old} ends on")), "{text}");
    commit(path, "rotated");
    let bundle = certified(path, &[], &[]);
    assert_eq!(verified(path, &bundle, &["--target", TARGET], &[]).0, 0);
    let next = std::fs::read_to_string(path.join("next.pem")).unwrap();
    let bundle = certified(path, &[], &[("CHIMERA_SIGNING_KEY", &next)]);
    assert_eq!(verified(path, &bundle, &["--target", TARGET], &[]).0, 0);
    assert_eq!(chimera(path, &["key", "revoke", &old, "--because", "lost"], &[]).0, 0);
    let (code, text) = chimera(path, &["key", "revoke", &old, "--because", "lost"], &[]);
    assert!(code == 2 && text.contains("revoked already"), "{text}");
    assert_eq!(chimera(path, &["key", "revoke", "0000000000000000", "--because", "x"], &[]).0, 2);
    assert_eq!(chimera(path, &["key", "rotate", "--out", "third.pem", "--old", &old], &[]).0, 2);
    assert!(!path.join("third.pem").exists());
}

#[test]
fn a_key_that_is_no_key_is_a_usage_error_and_is_not_repeated() {
    let folder = site();
    let (code, text) = chimera(folder.path(), &["certify"], &[("CHIMERA_SIGNING_KEY", "hunter2-hunter2")]);
    assert!(code == 2 && text.contains("CHIMERA_SIGNING_KEY") && !text.contains("hunter2"), "{text}");
    let (code, text) = chimera(folder.path(), &["certify"], &[("CHIMERA_HMAC_KEY", "short")]);
    assert!(code == 2 && text.contains("at least 16"), "{text}");
    std::fs::write(folder.path().join(".chimera/keys/bad.pub"), "not_after: never\n").unwrap();
    let bundle = certified(folder.path(), &[], &[]);
    std::fs::write(folder.path().join("c.jsonl"), bundle).unwrap();
    let (code, text) = chimera(folder.path(), &["certificate", "verify", "c.jsonl", "--target", TARGET], &[]);
    assert!(code == 2 && text.contains("bad.pub"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_key_comes_from_a_file_descriptor_that_nobody_else_can_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = site();
    let place = folder.path().join("mine.pem");
    std::fs::write(&place, pem()).unwrap();
    let set = |mode| std::fs::set_permissions(&place, std::fs::Permissions::from_mode(mode)).unwrap();
    let program = env!("CARGO_BIN_EXE_chimeractl");
    let line = format!("exec '{program}' certify --key-fd 7 7<mine.pem");
    set(0o644);
    let output = run("sh", folder.path(), &["-c", &line], &[]);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("mode 0644"), "{}", stderr(&output));
    let (code, text) = chimera(folder.path(), &["key", "show", "mine.pem"], &[]);
    assert!(code == 2 && text.contains("mode 0644"), "{text}");
    set(0o600);
    let output = run("sh", folder.path(), &["-c", &line], &[]);
    assert!(output.status.success() && stdout(&output).contains("L2 (signature)"), "{}", stderr(&output));
    let piped = format!("cat mine.pem | '{program}' certify --key-fd 0");
    let output = run("sh", folder.path(), &["-c", &piped], &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let closed = format!("'{program}' certify --key-fd 9");
    assert_eq!(run("sh", folder.path(), &["-c", &closed], &[]).status.code(), Some(3));
}

#[cfg(unix)]
#[test]
fn a_directory_with_links_is_hashed_only_as_far_as_they_stay_inside() {
    use std::os::unix::fs::symlink;
    let folder = site();
    let dist = folder.path().join("dist");
    std::fs::create_dir_all(dist.join("a")).unwrap();
    std::fs::write(dist.join("a/page.html"), "hello").unwrap();
    symlink("a/page.html", dist.join("index.html")).unwrap();
    symlink("a", dist.join("b")).unwrap();
    std::fs::set_permissions(dist.join("a/page.html"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let bundle = certified(folder.path(), &["--dir", "dist"], &[]);
    let with_dir = [strict(), vec!["--dir", "dist"]].concat();
    let (code, text) = verified(folder.path(), &bundle, &with_dir, &[]);
    assert_eq!(code, 0, "{text}");
    symlink("../index.html", dist.join("out.html")).unwrap();
    let (code, text) = chimera(folder.path(), &["certify", "--dir", "dist"], &[]);
    assert!(code == 3 && text.contains("leads out of the directory"), "{text}");
    std::fs::remove_file(dist.join("out.html")).unwrap();
    symlink("..", dist.join("a/up")).unwrap();
    let (code, text) = chimera(folder.path(), &["certify", "--dir", "dist"], &[]);
    assert!(code == 3 && text.contains("leads back to itself"), "{text}");
}

#[test]
fn what_is_printed_for_programs_obeys_the_published_schema() {
    let text = include_str!("../docs/schema/certificate.schema.json");
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    let address = "https://example.org/certificate";
    compiler.add_resource(address, serde_json::from_str(text).unwrap()).unwrap();
    let index = compiler.compile(address, &mut schemas).unwrap();
    let folder = site();
    let json = |arguments: &[&str]| -> Value {
        let output = run(env!("CARGO_BIN_EXE_chimeractl"), folder.path(), arguments, &[]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let verify = ["certificate", "verify", "certificate.intoto.jsonl", "--format", "json", "--target", TARGET];
    let documents = [
        json(&["certify", "--target", TARGET, "--format", "json"]),
        json(&["certificate", "show", "certificate.intoto.jsonl", "--format", "json"]),
        json(&verify),
        json(&[&verify[..], &["--min-level", "L0"]].concat()),
        json(&["certify", "--environment", "production", "--target", TARGET, "--format", "json"]),
        json(&["certificate", "verify", "netlify.toml", "--format", "json", "--target", TARGET]),
    ];
    for document in &documents {
        if let Err(error) = schemas.validate(document, index) {
            unreachable!("{error}\n{document:#}");
        }
    }
    assert_eq!(documents[3]["valid"], true);
    assert_eq!(documents[2]["failure"]["refusal"], "level too low");
    let mut misspelt = documents[0].clone();
    misspelt["passd"] = Value::Bool(true);
    assert!(schemas.validate(&misspelt, index).is_err());
}

/// The number of the entry that `certify` says it has made.
fn entry_of(text: &str) -> &str {
    text.split("recorded as entry ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap()
}

#[test]
fn what_is_recorded_in_a_signed_ledger_is_level_3() {
    let folder = site();
    let path = folder.path();
    std::fs::write(path.join(".chimera/config.toml"), [POLICY, b"min_level = \"L3\"\n"].concat()).unwrap();
    commit(path, "level 3");
    let pem = pem();
    let key = [("CHIMERA_SIGNING_KEY", pem.as_str())];
    let certify = ["certify", "--environment", "production", "--target", TARGET];
    let (code, text) = chimera(path, &[&certify[..], &["--no-ledger"]].concat(), &key);
    assert!(code == 10 && text.contains("policy") | text.contains("level"), "{text}");
    let (code, text) = chimera(path, &certify, &key);
    assert_eq!(code, 0, "{text}");
    let number = entry_of(&text).to_owned();
    let verify = ["certificate", "verify", "certificate.intoto.jsonl", "--target", TARGET, "--min-level", "L3"];
    let with = |more: &[&str]| chimera(path, &[&verify[..], more].concat(), &[]);
    assert_eq!(with(&[]).0, 11);
    let (code, text) = with(&["--ledger", "files"]);
    assert!(code == 0 && text.contains("valid, L3 (signature and ledger)"), "{text}");
    let prove = ["ledger", "prove", &number, "-e", "production", "--out", "proof.json"];
    let (code, text) = chimera(path, &prove, &[]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = with(&["--proof", "proof.json"]);
    assert!(code == 0 && text.contains("valid, L3"), "{text}");

    // A key that is revoked later signed this before, which the ledger shows to those who trust its newer key.
    let other = SigningKey::from_seed(&[9; 32]);
    let other_pem = other.to_pem().to_string();
    let public = chimera::key::public::PublicKey::new(other.public(), None);
    std::fs::write(path.join(".chimera/keys").join(public.file_name()), public.to_text()).unwrap();
    let payload = format!(
        "{{\"keyid\": \"{}\", \"public\": \"{}\"}}",
        other.id(),
        chimera::ledger::genesis::key_text(&other.public())
    );
    let (code, text) = chimera(path, &["ledger", "append", "key.added", "--payload", &payload], &key);
    assert_eq!(code, 0, "{text}");
    let id = SigningKey::parse(&pem).unwrap().id().to_string();
    assert_eq!(chimera(path, &["key", "revoke", &id, "--because", "lost"], &[]).0, 0);
    assert_eq!(with(&["--proof", "proof.json"]).0, 15, "a revoked key signed that checkpoint");
    let newer = [("CHIMERA_SIGNING_KEY", other_pem.as_str())];
    let start = r#"{"step": "publish", "target": "netlify:site/2"}"#;
    let append = ["ledger", "append", "chimera.deploy.start", "--deploy-key", "dk_other", "--payload", start];
    let (code, text) = chimera(path, &append, &newer);
    assert_eq!(code, 0, "{text}");
    let (code, text) = with(&["--ledger", "files"]);
    assert!(code == 0 && text.contains("valid, L3"), "{text}");

    // Once it was used, it is used.
    let (_, shown) = chimera(path, &["certificate", "show", "certificate.intoto.jsonl"], &[]);
    let deploy_key = shown.lines().find_map(|line| line.trim().strip_prefix("deploy ")).unwrap().trim().to_owned();
    let append = ["ledger", "append", "chimera.deploy.start", "--deploy-key", &deploy_key, "--payload", start];
    assert_eq!(chimera(path, &append, &newer).0, 0);
    let (code, text) = with(&["--ledger", "files"]);
    assert!(code == 14 && text.contains("was used before"), "{text}");
    let rolled = r#"{"reason": "verification failed", "from": "a", "to": "b", "target": "netlify:site/1"}"#;
    let append = ["ledger", "append", "chimera.rollback.triggered", "--deploy-key", &deploy_key, "--payload", rolled];
    let (_, held) = chimera(path, &append, &newer);
    let (code, text) = with(&["--ledger", "files"]);
    assert!(code == 14 && (text.contains("rolled back") || held.contains("quarantine")), "{held}{text}");
}

#[test]
fn a_certificate_that_the_ledger_does_not_hold_is_refused() {
    let folder = site();
    let bundle = certified(folder.path(), &[], &[]);
    std::fs::write(folder.path().join("c.jsonl"), bundle).unwrap();
    let verify = ["certificate", "verify", "c.jsonl", "--target", TARGET, "--ledger", "files"];
    let (code, text) = chimera(folder.path(), &verify, &[]);
    assert!(code == 10 && text.contains("does not hold certificate"), "{text}");
    std::fs::write(folder.path().join("p.json"), "{}").unwrap();
    let verify = ["certificate", "verify", "c.jsonl", "--target", TARGET, "--proof", "p.json"];
    assert_eq!(chimera(folder.path(), &verify, &[]).0, 2);
}

#[test]
fn a_pull_request_is_judged_by_the_policy_that_it_would_change() {
    let folder = site();
    let path = folder.path();
    git(path, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    std::fs::write(path.join(".chimera/config.toml"), [POLICY, b"min_level = \"L4\"\n"].concat()).unwrap();
    commit(path, "stricter");
    let reason = |variables: &[(&str, &str)]| {
        let bundle = Bundle::parse(certified(path, &[], variables).as_bytes()).unwrap();
        let uri = bundle.links[2].statement.predicate["policy"]["uri"].as_str().unwrap().to_owned();
        (chimera::report::certificate::reason(&bundle).unwrap_or_default(), uri)
    };
    let pull = [("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_BASE_REF", "main")];
    assert!(reason(&[("GITHUB_EVENT_NAME", "push"), ("GITHUB_BASE_REF", "main")]).0.contains("level"));
    let (said, uri) = reason(&pull);
    assert_eq!(said, "", "the policy of the base branch allows it");
    assert!(uri.contains("@refs/heads/main#"), "{uri}");
    let other = [pull[0], ("GITHUB_BASE_REF", "unfetched")];
    assert!(reason(&other).0.contains("what is not allowed is denied"));
}

#[test]
fn a_push_to_any_branch_is_judged_by_the_policy_of_the_default_branch() {
    let folder = site();
    let path = folder.path();
    std::fs::write(path.join(".chimera/config.toml"), [POLICY, b"refs = [\"refs/heads/main\"]\n"].concat()).unwrap();
    commit(path, "strict");
    git(path, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    std::fs::write(path.join(".chimera/config.toml"), POLICY).unwrap();
    commit(path, "laxer, with the commit that wants to use it");
    let event = path.join("event.json");
    std::fs::write(&event, r#"{"repository": {"default_branch": "main"}}"#).unwrap();
    let of_topic = [("GITHUB_EVENT_NAME", "push"), ("GITHUB_REF", "refs/heads/topic")];
    let in_workflow = [&of_topic[..], &[("GITHUB_EVENT_PATH", event.to_str().unwrap())]].concat();
    let reason = |bundle: &str| {
        let bundle = Bundle::parse(bundle.as_bytes()).unwrap();
        chimera::report::certificate::reason(&bundle).unwrap_or_default()
    };
    assert_eq!(reason(&certified(path, &[], &of_topic)), "", "nothing else guards a repository without a remote");
    let refused = certified(path, &[], &in_workflow);
    assert!(reason(&refused).contains("reference"), "{refused}");
    git(path, &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    assert!(reason(&certified(path, &[], &of_topic)).contains("reference"), "a clone knows its default branch");
    let on_main = [("GITHUB_EVENT_NAME", "push"), ("GITHUB_REF", "refs/heads/main")];
    let (code, text) = verified(path, &certified(path, &[], &on_main), &strict(), &[]);
    assert_eq!(code, 0, "verified against the same branch: {text}");
    git(path, &["update-ref", "-d", "refs/remotes/origin/main"]);
    let unfetched = reason(&certified(path, &[], &in_workflow));
    assert!(unfetched.contains("was not fetched"), "{unfetched}");
}

#[test]
fn ledgers_learn_of_keys_by_themselves() {
    let folder = site();
    let path = folder.path();
    let (old_pem, old) = (pem(), SigningKey::parse(&pem()).unwrap().id().to_string());
    let mine = [("CHIMERA_SIGNING_KEY", old_pem.as_str())];
    let certify = ["certify", "--environment", "production", "--target", TARGET];
    assert_eq!(chimera(path, &certify, &mine).0, 0);
    assert_eq!(chimera(path, &["certify"], &[]).0, 0, "the ledger of dev has no keys");
    let rotate = ["key", "rotate", "--out", "next.pem", "--old", &old];
    let (code, text) = chimera(path, &rotate, &[]);
    assert!(code == 0 && text.contains("NOT recorded in the ledger of \"production\""), "{text}");
    assert!(text.contains("ledger append key.added -e production") && !text.contains("\"dev\""), "{text}");
    std::fs::remove_file(path.join("next.pem")).unwrap();
    let (code, text) = chimera(path, &rotate, &mine);
    assert!(code == 0 && text.contains("recorded as entry 3 of ") && !text.contains("NOT"), "{text}");
    commit(path, "rotated");
    let next = std::fs::read_to_string(path.join("next.pem")).unwrap();
    let next = [("CHIMERA_SIGNING_KEY", next.as_str())];
    let (code, text) = chimera(path, &certify, &next);
    assert!(code == 0 && text.contains("recorded as entry"), "{text}");
    let (code, text) = chimera(path, &["key", "revoke", &old, "--because", "lost"], &next);
    assert!(code == 0 && text.contains("recorded as entry 7 of "), "{text}");
    commit(path, "revoked");
    let (code, text) = chimera(path, &certify, &mine);
    assert!(code == 2 && text.contains("may not sign this ledger"), "{text}");
    assert_eq!(chimera(path, &["ledger", "verify"], &[]).0, 0);
    let (code, text) = chimera(path, &["key", "generate", "--out", "third.pem"], &next);
    assert!(code == 0 && text.contains("recorded as entry 8 of "), "{text}");
    let (_, text) = chimera(path, &["key", "generate", "--out", "fourth.pem", "--no-ledger"], &next);
    assert!(!text.contains("ledger"), "{text}");
}

#[test]
fn a_secret_in_a_configuration_is_named_and_shown_nowhere() {
    let folder = site();
    let path = folder.path();
    let token = format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
    let text = format!("[build]\npublish = \".\"\n[build.environment]\nTOKEN = \"{token}\"\n");
    std::fs::write(path.join("netlify.toml"), text).unwrap();
    commit(path, "a token");
    let (code, text) = chimera(path, &["certify"], &[("GITHUB_TOKEN", token.as_str())]);
    assert!(code == 10 && text.contains("no_secrets") && text.contains("\"netlify.toml\" holds"), "{text}");
    let bundle = std::fs::read(path.join("certificate.intoto.jsonl")).unwrap();
    let bundle = Bundle::parse(&bundle).unwrap();
    let said = bundle
        .links
        .iter()
        .map(|link| String::from_utf8_lossy(&link.envelope.payload).into_owned())
        .collect::<String>();
    assert!(said.contains("config:netlify.toml"), "its digest is taken");
    let (_, log) = chimera(path, &["ledger", "log", "-e", "dev", "--format", "json"], &[]);
    for text in [text, said, log] {
        assert!(!text.contains(&token[4..]), "the secret is told: {text}");
    }
}

#[test]
fn a_runner_is_told_what_to_black_out_before_anything_else() {
    let folder = site();
    let pem = pem();
    let hook = "https://api.netlify.com/build_hooks/5f0c0ffee";
    let variables = [("GITHUB_ACTIONS", "true"), ("CHIMERA_SIGNING_KEY", &pem), ("NETLIFY_BUILD_HOOK", hook)];
    let output = run(env!("CARGO_BIN_EXE_chimeractl"), folder.path(), &["certify", "--out", "-"], &variables);
    let (document, log) = (stdout(&output), stderr(&output));
    let secret = pem.lines().nth(1).unwrap();
    assert_eq!(log, format!("::add-mask::{secret}\n::add-mask::{hook}\n"));
    assert!(Bundle::parse(document.as_bytes()).is_ok() && !document.contains(secret), "{document}");
    let output = run(env!("CARGO_BIN_EXE_chimeractl"), folder.path(), &["certify", "--out", "-"], &variables[1..]);
    assert_eq!(stderr(&output), "", "nobody else would black it out");
    let log = folder.path().join("log");
    let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    command.args(["certify", "--out", "-"]).current_dir(folder.path()).envs(variables);
    command.stdout(std::process::Stdio::null()).stderr(std::fs::File::create(&log).unwrap()).status().unwrap();
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "", "nobody reads commands in a file");
}

#[test]
fn what_is_named_and_not_there_is_told_and_exits_3_or_10() {
    let folder = site();
    let here = folder.path();
    let (code, text) = chimera(here, &["certify", "--target", "netlify:site/a"], &[]);
    assert_eq!(code, 0, "{text}");
    let verify =
        ["certificate", "verify", "certificate.intoto.jsonl", "--target", "netlify:site/a", "--min-level", "L0"];
    let (code, text) = chimera(here, &[&verify[..], &["--keys", "elsewhere"]].concat(), &[]);
    assert!(code == 3 && text.contains("\"elsewhere\" is no folder"), "{text}");
    std::fs::create_dir_all(here.join("built")).unwrap();
    let (code, text) = chimera(here, &[&verify[..], &["--dir", "built"]].concat(), &[]);
    assert!(code == 10 && text.contains("\"publish:built\" is there, but not certified"), "{text}");
}
