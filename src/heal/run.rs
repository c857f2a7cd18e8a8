//! The loop: simulate, choose repairs, apply them to a copy, simulate again, keep or take back.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::project::snapshot::Snapshot;
use crate::rule::finding::Finding;
use crate::rule::fix::Fix;
use crate::verdict::SiteVerdict;

use super::candidate::{Candidate, Key, content};
use super::draft::{Draft, Patch};
use super::proof::{self, Aim, Rejection, Rigour};
use super::{Applied, HEAL_MAX_ATTEMPTS, Healing, Limits, Reason, Refusal, Refused, Reverted, Subject, candidates};

/// Repairs that are tried in one go, at most.
const MAX_TOGETHER: usize = 256;

/// Repairs that bring hidden findings to light, at most.
const MAX_REVEALS: u32 = 100;

/// Simulates a tree: the verdicts of all its sites.
pub type Judge<'a> = &'a dyn Fn(&Snapshot) -> Vec<SiteVerdict>;

/// Heals what can be healed within `limits`, until nothing is left to try or `is_over` says that time is up.
#[must_use]
pub fn heal(base: &Snapshot, judge: Judge<'_>, limits: &Limits, is_over: &dyn Fn() -> bool) -> Healing {
    let before = judge(base);
    let mut course = Course::new(base, judge, limits);
    course.secrets.extend(super::secrets(&before));
    let mut state = State { draft: Draft::default(), snapshot: None, verdicts: None };
    let mut venture: Option<Venture> = None;
    let mut is_out_of_time = false;
    loop {
        let is_late = is_over();
        is_out_of_time |= is_late && !course.choose(state.verdicts(&before), state.tree(base)).is_empty();
        match if is_late { Step::Nothing } else { course.step(&before, &state) } {
            Step::Kept(next) => state = *next,
            Step::Ventured(next, stake) => {
                let left = std::mem::replace(&mut state, *next);
                venture = venture.or(Some(Venture { left, stake: *stake }));
            }
            Step::TakenBack => continue,
            Step::Nothing => match venture.take() {
                Some(venture) if !venture.has_paid(&state, &before) => state = course.turn_back(venture),
                _ => break,
            },
        }
        venture = venture.filter(|venture| !venture.has_paid(&state, &before));
    }
    let refused = course.left(state.verdicts(&before), is_out_of_time);
    Healing {
        fixes_applied: course.applied,
        refused,
        reverted: course.reverted,
        attempts: course.attempts,
        secrets: course.secrets,
        files: state.draft.into_files(),
        before,
        healed: state.verdicts,
        is_out_of_time,
    }
}

/// A tree that was reached, with its verdicts; nothing stands for the repository's own.
struct State {
    draft: Draft,
    snapshot: Option<Snapshot>,
    verdicts: Option<Vec<SiteVerdict>>,
}

impl State {
    fn tree<'a>(&'a self, base: &'a Snapshot) -> &'a Snapshot {
        self.snapshot.as_ref().unwrap_or(base)
    }

    fn verdicts<'a>(&'a self, before: &'a [SiteVerdict]) -> &'a [SiteVerdict] {
        self.verdicts.as_deref().unwrap_or(before)
    }
}

/// A repair that lets the deploy get to what was hidden, and the tree before it, in case that nothing comes of it.
struct Venture {
    left: State,
    stake: Stake,
}

impl Venture {
    fn has_paid(&self, reached: &State, before: &[SiteVerdict]) -> bool {
        proof::has_gained(self.left.verdicts(before), reached.verdicts(before))
    }
}

/// What is taken back with a venture.
struct Stake {
    /// How many repairs had been kept before it.
    kept: usize,
    fingerprint: String,
    key: Key,
    reverted: Reverted,
}

enum Step {
    Kept(Box<State>),
    Ventured(Box<State>, Box<Stake>),
    TakenBack,
    Nothing,
}

struct Course<'a> {
    base: &'a Snapshot,
    judge: Judge<'a>,
    limits: &'a Limits,
    applied: Vec<Applied>,
    reverted: Vec<Reverted>,
    attempts: u32,
    /// Attempts by the finding's fingerprint.
    tried: BTreeMap<String, u32>,
    /// What was tried on the present tree.
    exhausted: BTreeSet<Key>,
    /// Repairs that began a venture of which nothing came.
    lost: BTreeSet<Key>,
    /// Repairs that cannot be applied, by fingerprint.
    unfit: BTreeMap<String, (String, Refusal)>,
    /// Digests of all trees that were reached.
    seen: HashSet<[u8; 32]>,
    /// The secrets that were found on the way.
    secrets: BTreeSet<String>,
    /// Repairs that are tried in one go.
    together: usize,
    /// Repairs that have brought hidden findings to light.
    reveals: u32,
}

impl<'a> Course<'a> {
    fn new(base: &'a Snapshot, judge: Judge<'a>, limits: &'a Limits) -> Course<'a> {
        Course {
            base,
            judge,
            limits,
            applied: Vec::new(),
            reverted: Vec::new(),
            attempts: 0,
            tried: BTreeMap::new(),
            exhausted: BTreeSet::new(),
            lost: BTreeSet::new(),
            unfit: BTreeMap::new(),
            seen: HashSet::from([Draft::default().digest()]),
            secrets: BTreeSet::new(),
            together: MAX_TOGETHER,
            reveals: 0,
        }
    }

    /// The next repair of every finding that may be healed, worst finding first.
    fn choose<'v>(&mut self, verdicts: &'v [SiteVerdict], tree: &Snapshot) -> Vec<Candidate<'v>> {
        let mut found: Vec<Candidate<'v>> = Vec::new();
        for (site, finding) in self.eligible(verdicts) {
            let fingerprint = proof::fingerprint(site, finding);
            let is_spent = self.tried.get(&fingerprint).is_some_and(|count| *count >= HEAL_MAX_ATTEMPTS);
            if is_spent {
                continue;
            }
            let permitted = candidates(finding, self.limits).filter(|fix| fix.applicability >= self.limits.permission);
            for fix in permitted {
                let key = (fingerprint.clone(), finding.place.clone(), content(fix));
                if self.exhausted.contains(&key) || self.lost.contains(&key) {
                    continue;
                }
                if let Err(refusal) = Patch::default().add(fix, 0, &site.sources, tree) {
                    self.exhausted.insert(key);
                    self.unfit.insert(fingerprint.clone(), (fix.title.clone(), refusal));
                    continue;
                }
                found.push(Candidate { site, finding, fix, fingerprint, key });
                break;
            }
        }
        // What did not help once waits until nothing else is left to do.
        let tried = |candidate: &Candidate<'_>| self.tried_so_far(candidate);
        found.sort_by_key(|candidate| (tried(candidate), std::cmp::Reverse(candidate.finding.severity)));
        found
    }

    fn eligible<'v>(&self, verdicts: &'v [SiteVerdict]) -> Vec<(&'v SiteVerdict, &'v Finding)> {
        let of = |site: &'v SiteVerdict| site.findings.iter().map(move |finding| (site, finding));
        verdicts.iter().flat_map(of).filter(|(_, finding)| finding.severity >= self.limits.severity).collect()
    }

    /// Tries repairs: as many as go together, or one.
    fn step(&mut self, before: &[SiteVerdict], state: &State) -> Step {
        let (verdicts, tree) = (state.verdicts(before), state.tree(self.base));
        let found = self.choose(verdicts, tree);
        let Some(first) = found.first() else { return Step::Nothing };
        let mut patch = Patch::default();
        let mut chosen: Vec<&Candidate<'_>> = Vec::new();
        let fresh = found.iter().filter(|candidate| self.tried_so_far(candidate) == 0);
        for candidate in fresh.take(self.together.max(1)) {
            let number = self.applied.len() + chosen.len();
            if patch.add(candidate.fix, number, &candidate.site.sources, tree).is_ok() {
                chosen.push(candidate);
            }
        }
        if chosen.len() < 2 {
            return self.try_one(first, state, verdicts);
        }
        match self.attempt(state, verdicts, &patch, &chosen) {
            Ok((next, Pass::Strict)) => {
                self.keep(&chosen, &next);
                Step::Kept(Box::new(next))
            }
            // Which of them was at fault shows when fewer are tried.
            _ => {
                self.together = chosen.len() / 2;
                Step::TakenBack
            }
        }
    }

    /// Tries a repair alone. One that brings to light what was hidden is kept if no other does without.
    fn try_one(&mut self, first: &Candidate<'_>, state: &State, verdicts: &[SiteVerdict]) -> Step {
        let tree = state.tree(self.base);
        let (mut revealing, mut unfolding) = (None, None);
        let mut next = Some(Candidate { fingerprint: first.fingerprint.clone(), key: first.key.clone(), ..*first });
        while let Some(candidate) = next {
            let mut patch = Patch::default();
            let added = patch.add(candidate.fix, self.applied.len(), &candidate.site.sources, tree);
            let outcome = added.map_err(Failure::Refused);
            match outcome.and_then(|()| self.attempt(state, verdicts, &patch, &[&candidate])) {
                Ok((reached, Pass::Strict)) => {
                    self.keep(&[&candidate], &reached);
                    return Step::Kept(Box::new(reached));
                }
                Ok((reached, Pass::Revealing)) => {
                    self.exhausted.insert(candidate.key.clone());
                    revealing = revealing.or(Some((candidate, reached)));
                }
                Ok((reached, Pass::Unfolding(reason))) => {
                    self.exhausted.insert(candidate.key.clone());
                    unfolding = unfolding.or(Some((candidate, reached, reason)));
                }
                Err(failure) => self.take_back(&candidate, failure),
            }
            // Without a repair that reveals, all findings take turns.
            let has_another = revealing.is_some() || unfolding.is_some();
            let found = if has_another { self.choose(verdicts, tree) } else { Vec::new() };
            next = found
                .into_iter()
                .find(|candidate| (&candidate.key.0, &candidate.key.1) == (&first.key.0, &first.key.1));
        }
        match (revealing, unfolding) {
            (Some((candidate, reached)), _) => {
                self.reveals += 1;
                self.keep(&[&candidate], &reached);
                Step::Kept(Box::new(reached))
            }
            (None, Some((candidate, reached, reason))) => {
                self.reveals += 1;
                let stake = self.stake(&candidate, reason);
                self.keep(&[&candidate], &reached);
                Step::Ventured(Box::new(reached), Box::new(stake))
            }
            (None, None) => Step::TakenBack,
        }
    }

    fn stake(&self, candidate: &Candidate<'_>, reason: Rejection) -> Stake {
        let subject = Subject::of(candidate.site, candidate.finding);
        let (title, attempt) = (candidate.fix.title.clone(), self.tried_so_far(candidate));
        Stake {
            kept: self.applied.len(),
            fingerprint: candidate.fingerprint.clone(),
            key: candidate.key.clone(),
            reverted: Reverted { subject, title, attempt, reason },
        }
    }

    /// Back to the tree before a venture; the repair that began it is not tried a second time.
    fn turn_back(&mut self, venture: Venture) -> State {
        let Stake { kept, fingerprint, key, reverted } = venture.stake;
        self.applied.truncate(kept);
        self.unfit.clear();
        self.lost.insert(key);
        let count = self.tried.entry(fingerprint).or_default();
        *count = (*count).max(reverted.attempt);
        self.reverted.push(reverted);
        venture.left
    }

    fn attempt(
        &mut self,
        state: &State,
        verdicts: &[SiteVerdict],
        patch: &Patch,
        chosen: &[&Candidate<'_>],
    ) -> Result<(State, Pass), Failure> {
        let tree = state.tree(self.base);
        let draft = state.draft.with(patch, tree).map_err(Failure::Refused)?;
        if let [only] = chosen {
            self.count(only);
        }
        if self.seen.contains(&draft.digest()) {
            return Err(Failure::Rejected(Rejection::Circle));
        }
        let snapshot = draft.snapshot(self.base);
        let after = (self.judge)(&snapshot);
        self.secrets.extend(super::secrets(&after));
        let known = self.base.refused();
        if let Some((path, reason)) = snapshot.refused().into_iter().find(|(path, _)| !known.contains_key(path)) {
            return Err(Failure::Rejected(Rejection::Unread(format!("\"{path}\": {reason}"))));
        }
        let aims: Vec<Aim<'_>> = chosen.iter().map(|candidate| candidate.aim(draft.opens)).collect();
        let compare = |rigour| proof::compare(verdicts, &after, &aims, rigour);
        let may_reveal = self.reveals < MAX_REVEALS;
        let pass = match compare(Rigour::Strict) {
            Ok(()) => Pass::Strict,
            Err(_) if may_reveal && compare(Rigour::Revealing).is_ok() => Pass::Revealing,
            Err(reason) if may_reveal && compare(Rigour::Unfolding).is_ok() => Pass::Unfolding(reason),
            Err(reason) => return Err(Failure::Rejected(reason)),
        };
        Ok((State { draft, snapshot: Some(snapshot), verdicts: Some(after) }, pass))
    }

    fn keep(&mut self, chosen: &[&Candidate<'_>], reached: &State) {
        self.seen.insert(reached.draft.digest());
        for candidate in chosen {
            let attempt = if chosen.len() > 1 { self.count(candidate) } else { self.tried_so_far(candidate) };
            self.applied.push(Applied {
                subject: Subject::of(candidate.site, candidate.finding),
                title: candidate.fix.title.clone(),
                applicability: candidate.fix.applicability,
                attempt,
                writes: candidate.writes(),
            });
        }
        // Findings that read alike are counted together; the one that is gone does not count against the others.
        for candidate in chosen {
            self.tried.remove(&candidate.fingerprint);
        }
        self.exhausted.clear();
        self.unfit.clear();
        self.together = (self.together * 2).clamp(1, MAX_TOGETHER);
    }

    fn take_back(&mut self, candidate: &Candidate<'_>, failure: Failure) {
        self.exhausted.insert(candidate.key.clone());
        match failure {
            Failure::Refused(refusal) => {
                self.unfit.insert(candidate.fingerprint.clone(), (candidate.fix.title.clone(), refusal));
            }
            Failure::Rejected(reason) => {
                let attempt = self.tried_so_far(candidate);
                let subject = Subject::of(candidate.site, candidate.finding);
                self.reverted.push(Reverted { subject, title: candidate.fix.title.clone(), attempt, reason });
            }
        }
    }

    fn tried_so_far(&self, candidate: &Candidate<'_>) -> u32 {
        self.tried.get(&candidate.fingerprint).copied().unwrap_or_default()
    }

    fn count(&mut self, candidate: &Candidate<'_>) -> u32 {
        self.attempts += 1;
        let count = self.tried.entry(candidate.fingerprint.clone()).or_default();
        *count += 1;
        *count
    }

    /// The findings that stand, with the reasons.
    fn left(&self, verdicts: &[SiteVerdict], is_out_of_time: bool) -> Vec<Refused> {
        let of = |(site, finding): (&SiteVerdict, &Finding)| {
            let subject = Subject::of(site, finding);
            let (title, reason) = self.reason(&subject, finding, is_out_of_time);
            Refused { subject, title, reason }
        };
        self.eligible(verdicts).into_iter().map(of).collect()
    }

    fn reason(&self, subject: &Subject, finding: &Finding, is_out_of_time: bool) -> (Option<String>, Reason) {
        let first = candidates(finding, self.limits).next();
        let title = |fix: &Fix| Some(fix.title.clone());
        if let Some((title, refusal)) = self.unfit.get(&subject.fingerprint) {
            return (Some(title.clone()), Reason::Refused(refusal.clone()));
        }
        if let Some(count) = self.tried.get(&subject.fingerprint) {
            return (first.and_then(title), Reason::ManualReview(*count));
        }
        match first {
            Some(fix) if fix.applicability < self.limits.permission => (title(fix), Reason::NeedsReview),
            Some(fix) if is_out_of_time => (title(fix), Reason::OutOfTime),
            Some(fix) => (title(fix), Reason::ManualReview(0)),
            None => match finding.fixes.first() {
                Some(fix) => (title(fix), Reason::ShowOnly),
                None => (None, Reason::NoFix),
            },
        }
    }
}

/// How a repair has passed.
enum Pass {
    Strict,
    Revealing,
    /// Why it did not pass otherwise.
    Unfolding(Rejection),
}

enum Failure {
    Refused(Refusal),
    Rejected(Rejection),
}
