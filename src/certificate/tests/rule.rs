//! What verification accepts and refuses, rule by rule.

use jiff::SignedDuration;

use super::*;
use crate::certificate::bundle::seal;
use crate::certificate::claim::Issue;
use crate::certificate::verify::Use;
use crate::key::mac::SharedSecret;

#[test]
fn an_honest_certificate_is_accepted_by_every_rule() {
    let bundle = Case::default().bundle();
    let report = check(&bundle, &expectation());
    assert_eq!(report.failure, None, "{report:?}");
    assert_eq!(report.level, Level::L2);
    assert_eq!(report.certificate.as_deref(), Some(bundle.id().as_str()));
    assert!(bundle.id().starts_with("chc_") && bundle.id().len() == 30);
    let asked: Vec<&str> = report.answers.iter().filter(|answer| answer.is_asked).map(|it| it.rule.name()).collect();
    assert_eq!(asked, ["form", "signature", "chain", "subjects", "binding", "replay", "level"]);
}

/// The thirteen of the replay matrix, each refused by the rule that it breaks.
#[test]
fn the_replay_matrix_is_refused() {
    let honest = Case::default().bundle();
    let refused = |bundle: &Bundle, expected: Expectation<'_>, rule, refusal, name: &str| {
        assert_eq!(failure(&check(bundle, &expected)), (rule, refusal), "{name}");
    };
    let of = |case: Case| case.bundle();

    let other = of(Case { repository: "acme/other", ..Case::default() });
    refused(&other, expectation(), Rule::Binding, Refusal::Invalid, "other repository");
    let staging = "netlify:site/1f2e?context=staging";
    let other = of(Case { environment: "staging", target: staging, ..Case::default() });
    refused(&other, expectation(), Rule::Binding, Refusal::Target, "other environment");
    let other = of(Case { target: "netlify:site/9999?context=production", ..Case::default() });
    refused(&other, expectation(), Rule::Binding, Refusal::Target, "other site id");
    let later = Expectation { run: Some(("18".to_owned(), 1)), ..expectation() };
    refused(&honest, later, Rule::Replay, Refusal::Replayed, "same commit, later run");
    let later = Expectation { at: at("2026-11-20T11:02:01Z"), ..expectation() };
    refused(&honest, later, Rule::Binding, Refusal::Expired, "expired");
    let again = Expectation { run: Some(("17".to_owned(), 2)), ..expectation() };
    refused(&honest, again, Rule::Replay, Refusal::Replayed, "re-run attempt");
    let used = Use { certificate: None, deploy_key: Case::default().claim().deploy_key, is_rolled_back: true };
    let used = Expectation { uses: vec![used], ..expectation() };
    refused(&honest, used, Rule::Replay, Refusal::Replayed, "certificate for a rolled-back deploy");

    let mut mixed = honest.clone();
    mixed.links[0] = of(Case { commit: "dead", ..Case::default() }).links[0].clone();
    refused(&mixed, expectation(), Rule::Chain, Refusal::Invalid, "ARIE of another commit");
    let old = of(Case { policy: b"old policy", ..Case::default() });
    refused(&old, expectation(), Rule::Binding, Refusal::Invalid, "old policy");

    let mut revoked = PublicKey::new(key(7).public(), None);
    revoked.revoked = Some((at("2026-11-20T12:00:00Z"), "stolen".to_owned()));
    let ring = || KeyRing::new(vec![revoked.clone()]);
    let dated_back = Expectation { keys: ring(), ..expectation() };
    refused(&honest, dated_back, Rule::Signature, Refusal::Untrusted, "revoked key, no ledger shows it is older");
    let after = Some(inclusion(&honest, "2026-11-20T12:00:01Z"));
    let after = Expectation { keys: ring(), ledger: after, ..expectation() };
    refused(&honest, after, Rule::Signature, Refusal::Untrusted, "revoked key before use");
    let before = Some(inclusion(&honest, "2026-11-20T10:00:01Z"));
    let before = Expectation { keys: ring(), ledger: before, ..expectation() };
    assert_eq!(check(&honest, &before).failure, None, "a key that was revoked after its use");

    let loud = of(Case { level: Level::L3, ..Case::default() });
    refused(&loud, expectation(), Rule::Level, Refusal::Level, "downgraded level");
    let strict = Expectation { min_level: Level::L3, ..expectation() };
    refused(&honest, strict, Rule::Level, Refusal::Level, "level below what is asked for");
    let mut stripped = honest.clone();
    stripped.links[1].envelope.signatures.clear();
    refused(&stripped, expectation(), Rule::Level, Refusal::Level, "stripped signature");

    let mut swapped = of(Case { nonce: 2, ..Case::default() });
    let inputs = &mut swapped.links[2].statement.predicate["inputAttestations"];
    inputs.as_array_mut().unwrap().reverse();
    swapped.links[2] = seal(swapped.links[2].statement.clone(), &Signer::Key(Box::new(key(7))));
    refused(&swapped, expectation(), Rule::Chain, Refusal::Invalid, "swapped order");
}

#[test]
fn a_place_in_the_ledger_makes_it_level_3() {
    let bundle = Case { level: Level::L3, ..Case::default() }.bundle();
    let with = |inclusion| Expectation { ledger: Some(inclusion), min_level: Level::L3, ..expectation() };
    let good = inclusion(&bundle, NOW);
    let report = check(&bundle, &with(good.clone()));
    assert_eq!((report.failure, report.level), (None, Level::L3));
    let mut wrong = vec![good; 6];
    wrong[0].root = Digest::sha3(b"another root");
    wrong[1].proof.pop();
    wrong[2].index = 0;
    wrong[3].bytes.push(b'!');
    wrong[4] = inclusion(&Case { nonce: 9, ..Case::default() }.bundle(), NOW);
    wrong[5].signer = None;
    for inclusion in wrong {
        assert_eq!(failure(&check(&bundle, &with(inclusion))), (Rule::Ledger, Refusal::Invalid));
    }
}

#[test]
fn an_unknown_key_is_untrusted_and_a_broken_signature_is_not_accepted() {
    let bundle = Case { signer: Signer::Key(Box::new(key(8))), ..Case::default() }.bundle();
    assert_eq!(failure(&check(&bundle, &expectation())), (Rule::Signature, Refusal::Untrusted));
    // The name of a key is a hint: with that of a trusted one nothing changes.
    let mut renamed = bundle.clone();
    renamed.links.iter_mut().for_each(|link| link.envelope.signatures[0].keyid = key(7).id().to_string());
    assert_eq!(failure(&check(&renamed, &expectation())).0, Rule::Signature);
    let mut unnamed = Case::default().bundle();
    unnamed.links.iter_mut().for_each(|link| link.envelope.signatures[0].keyid.clear());
    assert_eq!(check(&unnamed, &expectation()).failure, None);
}

#[test]
fn a_key_signs_only_the_approvals_that_it_is_trusted_for() {
    let mut public = PublicKey::new(key(7).public(), None);
    public.approvals = vec!["arie-health".to_owned(), "truth-certification".to_owned()];
    let expected = Expectation { keys: KeyRing::new(vec![public]), ..expectation() };
    let report = check(&Case::default().bundle(), &expected);
    assert_eq!(failure(&report), (Rule::Signature, Refusal::Untrusted));
    assert!(report.failure.unwrap().evidence.contains("hxo-approval"));
}

#[test]
fn a_shared_secret_is_level_1_for_those_who_hold_it() {
    let secret = || SharedSecret::parse("0123456789abcdef0123456789abcdef").unwrap();
    let case = Case { signer: Signer::Secret(secret()), level: Level::L1, ..Case::default() };
    let bundle = case.bundle();
    let with = |secret| Expectation { secret, min_level: Level::L1, ..expectation() };
    let report = check(&bundle, &with(Some(secret())));
    assert_eq!((report.failure, report.level), (None, Level::L1));
    assert!(report.answers[1].evidence.contains("integrity-only"));
    assert_eq!(failure(&check(&bundle, &with(None))), (Rule::Signature, Refusal::Untrusted));
    let other = SharedSecret::parse("another secret of a good length").unwrap();
    assert_eq!(failure(&check(&bundle, &with(Some(other)))), (Rule::Signature, Refusal::Untrusted));
    let mut broken = bundle;
    broken.links[0].envelope.signatures[0].sig[3] ^= 1;
    assert_eq!(failure(&check(&broken, &with(Some(secret())))), (Rule::Signature, Refusal::Invalid));
}

#[test]
fn nobody_signs_a_digest_and_it_is_never_called_a_signature() {
    let bundle = Case { signer: Signer::Nobody, level: Level::L0, ..Case::default() }.bundle();
    assert_eq!(failure(&check(&bundle, &expectation())), (Rule::Level, Refusal::Level));
    let report = check(&bundle, &Expectation { min_level: Level::L0, ..expectation() });
    assert_eq!((report.failure, report.level), (None, Level::L0));
    assert!(report.answers[1].evidence.contains("not signed") && Level::L0.promise().contains("digest"));
}

#[test]
fn clocks_may_differ_by_two_minutes_and_no_more() {
    let bundle = Case::default().bundle();
    let said =
        |time: Timestamp| check(&bundle, &Expectation { at: time, ..expectation() }).failure.map(|it| it.refusal);
    let (made, end) = (at(NOW), at("2026-11-20T11:00:00Z"));
    let second = SignedDuration::from_secs(1);
    let skew = SignedDuration::from_secs(120);
    assert_eq!(said(made - skew), None);
    assert_eq!(said(made - skew - second), Some(Refusal::Invalid));
    assert_eq!(said(end + skew), None);
    assert_eq!(said(end + skew + second), Some(Refusal::Expired));
}

#[test]
fn approvals_follow_each_other_within_an_hour() {
    let now = at("2026-11-20T08:00:00Z");
    let minutes = |number| now + SignedDuration::from_mins(number);
    let said = |times| {
        let report = check(&Case::default().bundle_at(times), &expectation());
        report.failure.map(|failure| failure.rule)
    };
    assert_eq!(said([minutes(0), minutes(60), minutes(120)]), None);
    assert_eq!(said([minutes(0), minutes(61), minutes(62)]), Some(Rule::Chain));
    assert_eq!(said([minutes(1), minutes(0), minutes(2)]), Some(Rule::Chain));
}

#[test]
fn a_failed_certificate_is_signed_and_names_what_failed() {
    let mut health = Case::default().health;
    let issue = |name: &str| Issue {
        rule: "NTL007".to_owned(),
        name: "base-directory-missing".to_owned(),
        severity: name.to_owned(),
        place: "netlify.toml:2".to_owned(),
    };
    health.issues = vec![issue("critical"), issue("high")];
    health.sites[0].status = "fail".to_owned();
    let cases = [
        (Case { health, ..Case::default() }, "ARIE_HEALTH_PASS"),
        (Case { allowed: false, ..Case::default() }, "policy: environment"),
    ];
    for (case, part) in cases {
        let bundle = case.bundle();
        assert_eq!(bundle.links[2].statement.predicate["verifiedLevels"], Value::from(vec!["FAILED"]));
        let report = check(&bundle, &expectation());
        assert_eq!(failure(&report), (Rule::Binding, Refusal::Invalid));
        assert!(report.failure.unwrap().evidence.contains(part));
    }
}

#[test]
fn files_that_changed_on_disk_are_noticed() {
    let bundle = Case::default().bundle();
    let with = |subjects| check(&bundle, &Expectation { subjects, ..expectation() });
    let mut changed = subjects("c0ffee");
    changed[2] = Subject::new("config:netlify.toml", &DigestSet::of(b"[built]\n"));
    assert_eq!(failure(&with(changed)), (Rule::Subjects, Refusal::Invalid));
    let mut more = subjects("c0ffee");
    more.push(Subject::new("config:_redirects", &DigestSet::of(b"/ /x\n")));
    assert_eq!(failure(&with(more)), (Rule::Subjects, Refusal::Invalid));
    let mut less = subjects("c0ffee");
    less.pop();
    assert_eq!(failure(&with(less)), (Rule::Subjects, Refusal::Invalid));
    assert_eq!(failure(&with(subjects("dead"))), (Rule::Subjects, Refusal::Invalid));
    let report = with(Vec::new());
    assert!(report.failure.is_none() && !report.answers[3].is_asked);
}

#[test]
fn a_weaker_digest_never_stands_in_for_the_one_that_decides() {
    let mut case = Case::default().bundle();
    let statement = &mut case.links[2].statement;
    statement.subjects[2].digests.remove("sha3_256");
    let signer = Signer::Key(Box::new(key(7)));
    case.links[2] = seal(statement.clone(), &signer);
    let report = check(&case, &expectation());
    assert!(report.failure.is_some_and(|failure| failure.rule <= Rule::Subjects));
}
