#![allow(clippy::unwrap_used)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::mac::SharedSecret;
use super::public::{PublicKey, VerifyingKey};
use super::ring::{KeyRing, Signed};
use super::signing::SigningKey;
use super::{KeyError, KeyId};
use crate::digest::{hex, unhex};

fn seed(text: &str) -> [u8; 32] {
    unhex(text).unwrap().try_into().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_vectors_of_rfc_8032_come_out() {
    let cases = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ];
    for (secret, public, message, signature) in cases {
        let key = SigningKey::from_seed(&seed(secret));
        let message = unhex(message).unwrap();
        assert_eq!(hex(key.public().as_bytes()), public);
        assert_eq!(hex(&key.sign(&message)), signature);
        assert!(key.public().verify(&message, &unhex(signature).unwrap()));
        assert!(!key.public().verify(b"other", &unhex(signature).unwrap()));
    }
}

/// RFC 8410 §10.1 and §10.3: a public key, and a private one in version 1 of the format.
#[test]
fn the_examples_of_rfc_8410_are_read() {
    let private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
    let key = SigningKey::parse(private).unwrap();
    assert_eq!(key.public(), VerifyingKey::from_pem(public).unwrap());
    assert_eq!(key.to_pem().as_str(), private);
    assert_eq!(key.public().to_pem(), public);
    let windows = private.replace('\n', "\r\n");
    assert_eq!(SigningKey::parse(&windows).unwrap().id(), key.id());
}

#[test]
fn a_seed_in_base64_is_the_same_key_as_its_pem() {
    let key = SigningKey::from_seed(&[7; 32]);
    let again = SigningKey::parse(&format!(" {}\n", STANDARD.encode([7; 32]))).unwrap();
    assert_eq!(again.id(), key.id());
    assert_eq!(SigningKey::parse(&key.to_pem()).unwrap().id(), key.id());
}

#[test]
fn what_is_no_key_is_refused_without_being_repeated() {
    let cases = [
        ("", KeyError::Form),
        ("hunter2", KeyError::Form),
        (&STANDARD.encode([7; 31]), KeyError::Form),
        (&STANDARD.encode([7; 33]), KeyError::Form),
        (&STANDARD.encode([7; 64]), KeyError::Form),
        ("-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n", KeyError::Private),
        ("-----BEGIN EC PRIVATE KEY-----\nMC4C\n-----END EC PRIVATE KEY-----\n", KeyError::Private),
    ];
    for (text, wanted) in cases {
        let error = SigningKey::parse(text).unwrap_err();
        assert_eq!(error, wanted, "{text}");
        assert!(text.is_empty() || !error.to_string().contains(text));
    }
}

#[test]
fn a_secret_is_never_shown_by_debug() {
    let key = SigningKey::from_seed(&[7; 32]);
    assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.id()));
    let secret = SharedSecret::parse("correct horse battery staple").unwrap();
    assert!(!format!("{secret:?}").contains("horse"));
}

#[test]
fn the_name_of_a_key_comes_from_its_spki() {
    let key = SigningKey::from_seed(&[7; 32]).public();
    assert_eq!(key.spki().len(), 44);
    assert_eq!(key.id(), KeyId::of_spki(&key.spki()));
    assert_eq!(KeyId::parse(&key.id().to_string()), Some(key.id()));
}

#[test]
fn a_public_key_of_small_order_is_refused() {
    let mut one = [0; 32];
    one[0] = 1;
    assert_eq!(VerifyingKey::from_bytes(&one), Err(KeyError::Weak));
}

#[test]
fn a_malleable_signature_is_refused() {
    let key = SigningKey::from_seed(&[7; 32]);
    let mut signature = key.sign(b"x");
    // S + L, the order of the group: the same equation holds, but it is another text.
    let order = seed("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0_u16;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert!(!key.public().verify(b"x", &signature));
    assert!(!key.public().verify(b"x", &[]));
}

#[test]
fn a_key_file_is_read_back() {
    let mut public = PublicKey::new(SigningKey::from_seed(&[7; 32]).public(), Some(at("2026-01-01T00:00:00Z")));
    public.not_after = Some(at("2027-01-01T00:00:00Z"));
    public.revoked = Some((at("2026-06-01T00:00:00Z"), "laptop lost\non a train".to_owned()));
    public.approvals = vec!["hxo-approval".to_owned(), "arie-health".to_owned()];
    let read = PublicKey::parse(&public.to_text()).unwrap();
    public.revoked = Some((at("2026-06-01T00:00:00Z"), "laptop lost on a train".to_owned()));
    assert_eq!(read, public);
    assert_eq!(PublicKey::parse(&public.to_text().replace('\n', "\r\n")).unwrap(), public);
}

#[test]
fn a_key_file_that_cannot_be_understood_is_refused_with_its_line() {
    let pem = SigningKey::from_seed(&[7; 32]).public().to_pem();
    let cases = [
        ("# mine\nnot_befor: 2026-01-01T00:00:00Z\n", 2, "\"not_befor\""),
        ("not_after: tomorrow\n", 1, "\"tomorrow\""),
        ("keyid: 0000000000000000\n", 1, "not \"0000000000000000\""),
        ("just words\n", 1, "NAME: VALUE"),
    ];
    for (head, line, part) in cases {
        let error = PublicKey::parse(&format!("{head}{pem}")).unwrap_err();
        assert!(
            matches!(&error, KeyError::Line { line: at, message } if *at == line && message.contains(part)),
            "{error}"
        );
    }
    assert_eq!(PublicKey::parse("keyid: 00"), Err(KeyError::Public));
}

#[test]
fn a_key_is_trusted_within_its_bounds_only() {
    let key = SigningKey::from_seed(&[7; 32]);
    let mut public = PublicKey::new(key.public(), Some(at("2026-01-01T00:00:00Z")));
    public.not_after = Some(at("2027-01-01T00:00:00Z"));
    public.revoked = Some((at("2026-06-01T00:00:00Z"), "lost".to_owned()));
    public.approvals = vec!["arie-health".to_owned()];
    let ring = KeyRing::new(vec![public]);
    let signature = key.sign(b"x");
    let said = |approval, time| ring.verify(approval, at(time), b"x", &signature);
    assert_eq!(said("arie-health", "2026-05-31T23:59:59Z"), Signed::By(key.id()));
    for (approval, time, part) in [
        ("arie-health", "2025-12-31T23:59:59Z", "not valid before"),
        ("arie-health", "2026-06-01T00:00:00Z", "revoked"),
        ("hxo-approval", "2026-05-01T00:00:00Z", "may not sign"),
    ] {
        assert!(matches!(said(approval, time), Signed::Untrusted(why) if why.contains(part)), "{part}");
    }
    assert_eq!(ring.verify("arie-health", at("2026-05-01T00:00:00Z"), b"y", &signature), Signed::ByNone);
}

/// The MAC as OpenSSL and Python compute it.
#[test]
fn a_shared_secret_detects_every_change() {
    let secret = SharedSecret::parse("0123456789abcdef0123456789abcdef").unwrap();
    let mac = secret.sign(b"hello");
    assert!(secret.verify(b"hello", &mac));
    assert!(!secret.verify(b"hellp", &mac) && !secret.verify(b"hello", &mac[..31]));
    assert!(secret.id().starts_with("hmac:") && secret.id().len() == 21);
    assert_eq!(hex(&mac), "db68b47b63c2397eac785025b1c9c2103ae06c28998234a783b3eb6453d1ad70");
    assert_eq!(SharedSecret::parse("short").unwrap_err(), KeyError::Short(5));
}
