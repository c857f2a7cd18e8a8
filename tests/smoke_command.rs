//! Smoke tests as people run them: `chimeractl verify` on a small site, with files in `.chimera/smoke`.

#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "no test uses all of it")]
#[path = "support/program.rs"]
mod program;
#[path = "support/smoke/mod.rs"]
mod smoke;

use program::{CLEAN, FINDINGS, USAGE, folder, stderr, stdout};

const UNPROVEN: i32 = 20;

/// The exit code and what was said, of a look at the site with these smoke files.
fn verify(files: &[(&str, &str)], environment: &[(&str, &str)]) -> (i32, String) {
    let port = smoke::start();
    let bytes: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder(&bytes);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_chimeractl"))
        .args(["verify", "--bake", "0", "--rate", "0", "--url", &format!("http://127.0.0.1:{port}/site")])
        .arg(folder.path())
        .envs(environment.iter().copied())
        .env_remove("NETLIFY_AUTH_TOKEN")
        .current_dir(folder.path())
        .output()
        .unwrap();
    (output.status.code().unwrap(), stdout(&output) + &stderr(&output))
}

#[test]
fn a_site_that_passes_its_smoke_tests_is_good() {
    let example = include_str!("../fixtures/smoke/.chimera/smoke/home.hurl");
    let (code, told) = verify(&[(".chimera/smoke/home.hurl", example)], &[]);
    assert_eq!(code, CLEAN, "{told}");
}

#[test]
fn a_smoke_test_that_fails_thrice_fails_the_site() {
    let file = "GET {{base_url}}/text\nHTTP 200\n[Asserts]\nbody contains \"moon\"\n";
    let (code, told) = verify(&[(".chimera/smoke/moon.hurl", file)], &[]);
    assert_eq!(code, FINDINGS, "{told}");
    for part in [
        "smoke test \".chimera/smoke/moon.hurl\"",
        "something that contains \"moon\" (line 4)",
        "hurl --variable base_url=http",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_failure_that_passes_by_is_none() {
    let file = "GET {{base_url}}/flaky/c/1\nHTTP 200\n";
    let (code, told) = verify(&[(".chimera/smoke/flaky.hurl", file)], &[]);
    assert_eq!(code, CLEAN, "{told}");
    assert!(told.contains("held when"), "{told}");
}

#[test]
fn an_advisory_test_is_a_remark_and_a_shadow_is_not_even_that() {
    for weight in ["advisory", "shadow"] {
        let file = format!("# chimera: {weight}\nGET {{{{base_url}}}}/status/404\nHTTP 200\n");
        let (code, told) = verify(&[(".chimera/smoke/a.hurl", &file)], &[]);
        assert_eq!(code, CLEAN, "{told}");
    }
}

#[test]
fn what_cannot_be_found_out_is_no_failure() {
    let file = "GET {{base_url}}/text\nHTTP/2 200\n";
    let (code, told) = verify(&[(".chimera/smoke/a.hurl", file)], &[]);
    assert_eq!(code, UNPROVEN, "{told}");
    assert!(told.contains("HTTP/2 is not spoken here"), "{told}");
}

#[test]
fn a_file_that_cannot_be_read_is_named_before_anything_is_asked() {
    let files = [
        (".chimera/smoke/a.hurl", "GET {{base_url}}\nHTTP 200\n[Asserts]\nxpath \"//a\" exists\n"),
        (".chimera/smoke/b.hurl", "get {{base_url}}\n"),
    ];
    let (code, told) = verify(&files, &[]);
    assert_eq!(code, USAGE, "{told}");
    for part in [".chimera/smoke/a.hurl:4:1: unsupported: \"xpath\"", ".chimera/smoke/b.hurl:1:1: ", "docs/SMOKE.md"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_secret_of_the_environment_is_sent_and_never_printed() {
    let file = "GET {{base_url}}/echo\nX-A: {{key}}\nX-B: {{plain}}\nHTTP 200\n[Asserts]\nbody contains \"canary\"\nbody == \"x\"\n\
                jsonpath \"$.headers['x-b']\" == \"41\"\n";
    let secrets = [("HURL_SECRET_key", "canary-4711"), ("HURL_VARIABLE_plain", "41")];
    let (code, told) = verify(&[(".chimera/smoke/a.hurl", file)], &secrets);
    assert_eq!(code, FINDINGS, "{told}");
    assert!(!told.contains("canary-4711") && told.contains("***"), "{told}");
    assert!(!told.contains("line 6") && !told.contains("line 8"), "{told}");
}

#[test]
fn no_link_leads_out_of_the_folder() {
    let file = "POST {{base_url}}/echo\nfile,secret.txt;\nHTTP 200\n";
    let port = smoke::start();
    let folder = folder(&[(".chimera/smoke/a.hurl", file.as_bytes()), ("secret.txt", b"canary")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("../../secret.txt", folder.path().join(".chimera/smoke/secret.txt")).unwrap();
    let url = format!("http://127.0.0.1:{port}/site");
    let output = program::chimeractl(folder.path(), &["verify", "--bake", "0", "--url", &url, "."]);
    let told = stdout(&output) + &stderr(&output);
    assert_eq!(output.status.code(), Some(FINDINGS), "{told}");
    assert!(told.contains("cannot be read"), "{told}");
}
