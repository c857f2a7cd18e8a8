//! What a bundle looks like, and what is none.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::*;
use crate::certificate::bundle::{BundleError, Link, MAX_BYTES};
use crate::certificate::directory::{self, File};
use crate::certificate::envelope::{self, Envelope};

#[test]
fn the_vector_of_dsse_comes_out() {
    let bytes = envelope::pae("http://example.com/HelloWorld", b"hello world");
    assert_eq!(bytes, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

#[test]
fn the_order_of_the_lines_does_not_matter() {
    let bundle = Case::default().bundle();
    let text = bundle.to_text();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    let report = verify(format!("\n{}\r\n\n", lines.join("\r\n")).as_bytes(), &expectation());
    assert_eq!(report.failure, None);
    assert_eq!(report.certificate, Some(bundle.id()));
}

#[test]
fn both_alphabets_of_base64_are_read() {
    let bundle = Case::default().bundle();
    let line = |link: &Link| {
        let mut value = link.envelope.to_json();
        value["payload"] = Value::from(URL_SAFE_NO_PAD.encode(&link.envelope.payload));
        value["signatures"][0]["sig"] = Value::from(URL_SAFE_NO_PAD.encode(&link.envelope.signatures[0].sig));
        value.to_string() + "\n"
    };
    let text: String = bundle.links.iter().map(line).collect();
    assert_ne!(text, bundle.to_text());
    assert_eq!(verify(text.as_bytes(), &expectation()).failure, None);
}

fn error(text: &str) -> String {
    Bundle::parse(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn what_is_no_bundle_is_refused_with_its_line() {
    let text = Case::default().bundle().to_text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(error("").contains("no envelope of ARIE_HEALTH_PASS"));
    assert!(error(&lines[..2].join("\n")).contains("no envelope of HXO_FINAL_APPROVAL"));
    assert!(error(&[lines[0], lines[0]].join("\n")).contains("two envelopes of ARIE"));
    assert!(error(&text[..text.len() / 2]).contains("line 2"));
    assert!(error("{\"payload\":\"\",\"payload\":\"\"}").contains("stands twice"));
    assert!(error(&"{}\n".repeat(17)).contains("line 1"));
    assert!(error(&lines[0].replace("\"payload\":\"", "\"payload\":\"*")).contains("\"payload\" is not base64"));
    assert!(error(&lines[0].replace("in-toto", "other")).contains("payload type"));
    assert!(error(&"[".repeat(100_000)).contains("line 1"));
    let many = format!("{}\n", "x".repeat(MAX_BYTES));
    assert_eq!(Bundle::parse(many.as_bytes()), Err(BundleError::TooLarge(MAX_BYTES + 1)));
    assert!(Bundle::parse(&[0xff, 0xfe, 0]).is_err());
}

/// One envelope whose payload is this text.
fn wrapped(payload: &str) -> String {
    Envelope::seal(payload.as_bytes().to_vec(), &Signer::Nobody).to_json().to_string()
}

#[test]
fn a_payload_with_a_key_twice_or_an_unknown_predicate_is_refused() {
    let bundle = Case::default().bundle();
    let payload = String::from_utf8(bundle.links[0].envelope.payload.clone()).unwrap();
    let twice = payload.replacen("\"deploy_key\":", "\"deploy_key\":\"x\",\"deploy_key\":", 1);
    assert!(error(&wrapped(&twice)).contains("\"deploy_key\" stands twice"));
    let kind = Approval::ArieHealth.predicate_type();
    assert!(error(&wrapped(&payload.replace(&kind, "https://slsa.dev/provenance/v1"))).contains("none of the three"));
    assert!(error(&wrapped("{}")).contains("_type"));
    assert!(error(&wrapped("not json")).contains("line 1"));
}

#[test]
fn too_many_signatures_are_refused() {
    let mut value = Case::default().bundle().links[0].envelope.to_json();
    let one = value["signatures"][0].clone();
    value["signatures"] = Value::from(vec![one; 17]);
    assert!(error(&value.to_string()).contains("more than 16 signatures"));
}

#[test]
fn every_cut_of_a_bundle_is_refused_and_none_panics() {
    let text = Case::default().bundle().to_text();
    // The last byte is only the end of the line.
    for length in 0..text.len() - 1 {
        let report = verify(&text.as_bytes()[..length], &expectation());
        assert!(report.failure.is_some(), "{length}");
    }
}

#[test]
fn every_changed_byte_of_a_payload_is_noticed() {
    let bundle = Case::default().bundle();
    for link in 0..3 {
        let payload = &bundle.links[link].envelope.payload;
        for place in (0..payload.len()).step_by(17) {
            let mut changed = payload.clone();
            changed[place] ^= 1;
            let text = bundle.to_text().replace(&STANDARD.encode(payload), &STANDARD.encode(&changed));
            assert!(verify(text.as_bytes(), &expectation()).failure.is_some(), "byte {place} of {link}");
        }
    }
}

#[test]
fn deploys_that_differ_in_anything_have_other_names() {
    let run = |id: &str, attempt| Run { id: id.to_owned(), attempt };
    let digest = Digest::sha3(b"");
    let name = |repository, environment, target, run: &Run| {
        deploy_key(repository, environment, "c0ffee", &digest, &[target], run).unwrap()
    };
    let names = [
        name("a/b", "production", "x", &run("1", 1)),
        name("a/b", "production", "x", &run("1", 2)),
        name("a/b", "production", "x", &run("2", 1)),
        name("a/b", "staging", "x", &run("1", 1)),
        name("a/c", "production", "x", &run("1", 1)),
        name("a/b", "production", "y", &run("1", 1)),
    ];
    assert!(names.iter().all(|name| name.starts_with("dk_") && name.len() == 29));
    assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
    assert_eq!(names[0], name("a/b", "production", "x", &run("1", 1)));
}

#[test]
fn a_directory_has_one_digest_whatever_the_order_of_its_files() {
    let file = |path: &str, content: &[u8], is_executable| File {
        path: path.to_owned(),
        size: content.len() as u64,
        is_executable,
        digests: DigestSet::of(content),
    };
    let (a, b) = (file("a.txt", b"a", false), file("b/c", b"", true));
    let line = |file: &File, mode: &str| {
        format!("{} {} {mode} {}\n", file.digests.sha3_256, file.size, file.path).into_bytes()
    };
    let leaf = |bytes: Vec<u8>| Digest::sha3(&[&[0][..], &bytes].concat());
    let (one, two) = (leaf(line(&a, "100644")), leaf(line(&b, "100755")));
    let wanted = Digest::sha3(&[&[1][..], one.as_bytes(), two.as_bytes()].concat());
    assert_eq!(directory::digest(vec![b.clone(), a.clone()]).sha3_256, wanted);
    assert_eq!(directory::digest(vec![a.clone(), b.clone()]), directory::digest(vec![b.clone(), a.clone()]));
    assert_ne!(directory::digest(vec![a]), directory::digest(vec![b]));
    assert_eq!(directory::digest(Vec::new()).sha3_256, Digest::sha3(b""));
}
