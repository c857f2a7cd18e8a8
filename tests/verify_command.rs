//! `verify` as a process, against a fake Netlify and against sites on real connections, with and without TLS.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code, reason = "no test uses all of it")]
#[path = "support/github/http.rs"]
mod http;
#[path = "support/secure/mod.rs"]
mod secure;

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use chimera::remote::prober::{Manners, SiteProber};
use chimera::verify::answer::{Failure, TlsFailure};
use chimera::verify::probe::Request;
use chimera::verify::prober::{Errand, Prober as _};
use http::Message;
use serde_json::Value;

fn verify(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    command.arg("verify").args(arguments).current_dir(folder);
    for name in ["NETLIFY_AUTH_TOKEN", "NETLIFY_SITE_ID", "CHIMERA_SIGNING_KEY", "CHIMERA_HMAC_KEY", "CHIMERA_LEDGER"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn json(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let output = verify(folder, &[arguments, &["--format", "json", "--rate", "0"]].concat());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let document: Value = serde_json::from_str(&text)
        .unwrap_or_else(|_| panic!("no JSON: {text}{}", String::from_utf8_lossy(&output.stderr)));
    let schema = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/schema/verification.schema.json"));
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("https://example.org/v", serde_json::from_str(&schema.unwrap()).unwrap()).unwrap();
    let index = compiler.compile("https://example.org/v", &mut schemas).unwrap();
    assert_eq!(schemas.validate(&document, index).map_err(|error| error.to_string()), Ok(()), "{document:#}");
    (output.status.code().unwrap(), document)
}

fn message(status: u16, kind: &str, body: &str) -> Message {
    let headers = vec![("content-type".to_owned(), kind.to_owned())];
    Message { first: format!("HTTP/1.1 {status} X"), headers, body: body.as_bytes().to_vec() }
}

/// A site that serves a page, a script, and 404.
fn shop(message_: &Message) -> Message {
    match message_.first.split(' ').nth(1).unwrap_or_default() {
        "/" => message(200, "text/html; charset=UTF-8", "<!doctype html><title>Shop</title>Pay\n"),
        "/app.js" => message(200, "application/javascript; charset=UTF-8", "start()\n"),
        _ => message(404, "text/html; charset=UTF-8", "<h1>not found</h1>"),
    }
}

fn serve(answer: impl Fn(&Message) -> Message + Send + Sync + 'static) -> String {
    format!("http://127.0.0.1:{}", http::listen(move |request| answer(&request)))
}

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("dist")).unwrap();
    std::fs::create_dir_all(folder.path().join(".chimera")).unwrap();
    std::fs::write(folder.path().join("dist/index.html"), "<!doctype html><title>Shop</title>Pay\n").unwrap();
    std::fs::write(folder.path().join("dist/app.js"), "start()\n").unwrap();
    std::fs::write(folder.path().join("netlify.toml"), "[build]\npublish = \"dist\"\n").unwrap();
    folder
}

#[test]
fn a_site_that_serves_what_lies_on_disk_passes() {
    let folder = repository();
    let (code, document) = json(folder.path(), &["--url", &serve(shop), "--dir", "dist"]);
    assert_eq!((code, &document["verdict"]), (0, &Value::from("pass")), "{document:#}");
    assert!(document["checks"]["asked"].as_u64().unwrap() >= 4);
    assert_eq!(document["identity"]["status"], "unknown");
}

#[test]
fn other_bytes_than_those_on_disk_fail_with_a_line_to_reproduce_it() {
    let folder = repository();
    std::fs::write(folder.path().join("dist/app.js"), "start(2)\n").unwrap();
    let url = serve(shop);
    let (code, document) = json(folder.path(), &["--url", &url, "--dir", "dist"]);
    assert_eq!((code, &document["verdict"]), (1, &Value::from("fail")), "{document:#}");
    let finding = &document["findings"][0];
    assert_eq!((&finding["grade"], &finding["attempts"]), (&Value::from("fail"), &Value::from(3)));
    assert_eq!(finding["reproduce"], format!("curl -sS -i {url}/app.js"));
    let output = verify(folder.path(), &["--url", &url, "--dir", "dist"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in ["FAIL", "expected   ", "found      ", "asked      3 times", "reproduce  curl -sS -i"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn the_checks_of_the_team_are_asked_and_their_place_is_told() {
    let folder = repository();
    let text = "[[check]]\nname = \"pay\"\nurl = \"/\"\nbody_contains = \"Pay\"\n\n[[check]]\nname = \"stock\"\nurl = \"/stock\"\n";
    std::fs::write(folder.path().join(".chimera/verify.toml"), text).unwrap();
    let (code, document) = json(folder.path(), &["--url", &serve(shop)]);
    assert_eq!(code, 1);
    assert_eq!(document["findings"][0]["origin"], ".chimera/verify.toml:6");
    assert_eq!(document["reason"], "stock: expected status 2xx, found status 404");
    std::fs::write(folder.path().join(".chimera/verify.toml"), "bakes = 3\n").unwrap();
    let output = verify(folder.path(), &["--url", "http://127.0.0.1:1"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(2) && said.contains(".chimera/verify.toml:1:1: unknown key \"bakes\""),
        "{said}"
    );
}

#[test]
fn a_site_that_flaps_once_is_asked_again_and_holds() {
    let folder = repository();
    let count = AtomicU32::new(0);
    let url =
        serve(
            move |request| {
                if count.fetch_add(1, Ordering::SeqCst) == 0 { message(503, "text/plain", "") } else { shop(request) }
            },
        );
    let (code, document) = json(folder.path(), &["--url", &url, "--dir", "dist"]);
    assert_eq!((code, &document["checks"]["flaky"]), (0, &Value::from(1)), "{document:#}");
}

#[test]
fn what_nobody_could_find_out_ends_with_its_own_code() {
    let folder = repository();
    let closed = serve(|_| message(401, "text/html", "password"));
    assert_eq!(json(folder.path(), &["--url", &closed]).0, 20);
    assert_eq!(json(folder.path(), &["--url", &closed, "--fail-on", "inconclusive"]).0, 1);
    for (arguments, code) in [
        (&["--url", "ftp://x"][..], 2),
        (&["--platform", "render", "--url", "http://127.0.0.1:1"], 2),
        (&[], 3),
        (&["--url", "http://127.0.0.1:1", "--dir", "none"], 3),
    ] {
        let output = verify(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_site_that_is_down_fails_and_a_machine_that_reaches_nothing_could_not_look() {
    let folder = repository();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = format!("http://{closed}");
    let (code, document) = json(folder.path(), &["--url", &nowhere, "--netlify-api", &serve(shop)]);
    assert_eq!((code, &document["verdict"]), (1, &Value::from("fail")), "{document:#}");
    let (code, document) = json(folder.path(), &["--url", &nowhere, "--netlify-api", &nowhere]);
    assert_eq!((code, &document["reason"]), (3, &Value::from("runner_network")), "{document:#}");
}

#[test]
fn a_site_that_is_slower_than_the_one_it_is_compared_with_fails() {
    let folder = repository();
    let slow = serve(|request| {
        std::thread::sleep(std::time::Duration::from_millis(120));
        shop(request)
    });
    let slow = Keep::before(&slow);
    let quick = Keep::before(&serve(shop));
    let (code, document) = json(folder.path(), &["--url", &slow, "--against", &quick, "--bake", "20"]);
    assert_eq!(code, 1, "{document:#}");
    assert!(document["reason"].as_str().unwrap().starts_with("latency: \"/\" is"), "{document:#}");
}

/// Connections that stay, before a site that closes each of its own.
struct Keep;

impl Keep {
    fn before(site: &str) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, site) = (listener.local_addr().unwrap().port(), site.trim_start_matches("http://").to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = site.clone();
                std::thread::spawn(move || secure::relay(stream, &site));
            }
        });
        format!("http://127.0.0.1:{port}")
    }
}

fn prober() -> SiteProber {
    SiteProber::new(Manners { per_second: 0, ..Manners::default() }, Arc::default()).unwrap()
}

fn errand(url: &str) -> Errand {
    Errand::new(url, &Request::get("/")).unwrap()
}

#[test]
fn connections_are_kept_unless_a_new_one_is_asked_for() {
    let url = Keep::before(&serve(shop));
    let prober = prober();
    let first = prober.ask(&errand(&url)).unwrap();
    let second = prober.ask(&errand(&url)).unwrap();
    let third = prober.ask(&errand(&url).afresh()).unwrap();
    let stood = [&first, &second, &third].map(|answer| answer.timing.connect.is_none());
    assert_eq!(stood, [false, true, false]);
    assert_eq!((first.status, first.version.as_str(), first.peer.as_deref()), (200, "HTTP/1.1", Some("127.0.0.1")));
}

#[test]
fn redirects_are_followed_as_far_as_they_may_be_and_tell_no_secret_to_another_host() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&seen);
    let other = serve(move |request| {
        heard.lock().unwrap().push(request.header("authorization").map(str::to_owned));
        shop(request)
    });
    let location = format!("{}/", other.replace("127.0.0.1", "localhost"));
    let first = serve(move |_| {
        let mut answer = message(302, "text/plain", "");
        answer.headers.push(("location".to_owned(), location.clone()));
        answer
    });
    let prober = prober();
    let plain = prober.ask(&errand(&first)).unwrap();
    assert_eq!((plain.status, plain.hops.len()), (302, 0));
    let mut wanted = Request::get("/");
    wanted.redirects = 1;
    wanted.headers.push(("Authorization".to_owned(), "Bearer geheim".to_owned()));
    let followed = prober.ask(&Errand::new(&first, &wanted).unwrap()).unwrap();
    assert_eq!((followed.status, followed.hops.len()), (200, 1));
    assert_eq!(*seen.lock().unwrap(), [None]);
}

#[test]
fn what_gives_no_answer_is_told_apart() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let raw = |answer: &'static str, waits: bool| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                use std::io::{Read as _, Write as _};
                let _ = stream.read(&mut [0; 1024]);
                let _ = stream.write_all(answer.as_bytes());
                if waits {
                    std::thread::sleep(std::time::Duration::from_secs(3));
                }
            }
        });
        format!("http://127.0.0.1:{port}")
    };
    let prober = prober();
    let ask = |url: &str| prober.ask(&Errand { timeout: 500, ..errand(url) }).unwrap_err();
    assert_eq!(ask(&format!("http://{closed}")), Failure::Connect);
    assert_eq!(ask(&raw("", false)), Failure::Reset);
    assert_eq!(ask(&raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab", false)), Failure::Reset);
    assert_eq!(ask(&raw("hello, who is there?\r\n\r\n", false)), Failure::Protocol);
    assert_eq!(ask(&raw("HTTP/1.1 200 OK\r\n", true)), Failure::TimedOut(500));
    let name = prober.ask(&Errand { timeout: 9_000, ..errand("http://no-such-host.invalid") }).unwrap_err();
    assert!(matches!(name, Failure::Name | Failure::TimedOut(_)), "{name}");
}

#[test]
fn a_thousand_probes_at_a_local_site_take_less_than_ten_seconds() {
    let url = Keep::before(&serve(shop));
    let errands: Vec<Errand> = (0..1_000).map(|_| errand(&url)).collect();
    let started = Instant::now();
    let answers = prober().ask_all(&errands);
    let took = started.elapsed();
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.status == 200)));
    assert!(took.as_secs() < 10, "{took:?}");
}

#[test]
fn no_more_requests_a_second_are_made_than_allowed() {
    let url = Keep::before(&serve(shop));
    let prober = SiteProber::new(Manners { per_second: 20, ..Manners::default() }, Arc::default()).unwrap();
    let errands: Vec<Errand> = (0..20).map(|_| errand(&url)).collect();
    let started = Instant::now();
    prober.ask_all(&errands);
    assert!(started.elapsed().as_millis() >= 900, "{:?}", started.elapsed());
}

/// Each in a process of its own, since the authorities that a process trusts are read from its environment.
#[test]
fn certificates_that_a_browser_refuses_are_told_apart_and_good_ones_are_read() {
    let (town, api) = (secure::Town::new(), serve(shop));
    let folder = repository();
    let ask = |certificate: &str| {
        let url = town.serve(certificate);
        let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
        command
            .args(["verify", "--url", &url, "--format", "json", "--bake", "0", "--netlify-api", &api])
            .current_dir(folder.path());
        command.env("SSL_CERT_FILE", town.authority()).env_remove("SSL_CERT_DIR").env_remove("NETLIFY_AUTH_TOKEN");
        let output = command.output().unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code().unwrap(), document["reason"].as_str().unwrap().to_owned())
    };
    assert_eq!(ask("good"), (0, "4 checks hold".to_owned()));
    let warned = ask("soon");
    assert!(warned.0 == 0 && warned.1.contains("expected a certificate that is valid for 21 days"), "{warned:?}");
    let late = ask("late");
    assert!(late.0 == 1 && late.1.contains("valid for 7 days"), "{late:?}");
    for (certificate, wanted) in
        [("expired", TlsFailure::Expired), ("other", TlsFailure::WrongName), ("stranger", TlsFailure::UnknownIssuer)]
    {
        let (code, reason) = ask(certificate);
        assert_eq!(code, 1, "{certificate}: {reason}");
        assert!(reason.starts_with("tls: ") && reason.contains(&wanted.to_string()), "{certificate}: {reason}");
    }
}
