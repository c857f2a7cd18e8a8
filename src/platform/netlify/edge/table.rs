//! All redirects of a site, arranged so that the first match is found fast.

use std::collections::{BTreeMap, HashMap};

use super::pattern::{Pattern, Segment, parts};
use super::rule::{Applies, Effect, Rule, Visitor};
use crate::platform::netlify::routing::Redirect;

/// Rules that are looked at; the documentation advises against more than half as many. Later ones cannot change what
/// earlier ones do.
pub const MAX_RULES: usize = 20_000;

/// Steps that one question may take.
const MAX_STEPS: usize = 4_096;

/// Segments of a path that are looked at.
const MAX_DEPTH: usize = 128;

/// The redirects of a site in their order.
#[derive(Debug)]
pub struct Table<'a> {
    /// The rules.
    pub rules: Vec<Rule<'a>>,
    nodes: Vec<Branch>,
    literals: HashMap<(usize, &'a str), usize>,
}

/// What is reached by one beginning of paths.
#[derive(Debug, Default)]
struct Branch {
    placeholder: Option<usize>,
    /// Rules whose pattern ends here.
    exact: Vec<usize>,
    /// Rules that take everything from here on, or that may.
    splat: Vec<usize>,
}

/// The answer of the rules to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// No rule matches.
    Nothing,
    /// This rule matches first and leads here.
    Rule {
        /// Its number.
        rule: usize,
        /// The destination, filled in.
        target: String,
    },
    /// That depends on what is not known.
    Unknown,
}

/// Too many steps were needed.
struct Exhausted;

impl<'a> Table<'a> {
    /// Arranges redirects.
    #[must_use]
    pub fn new(redirects: impl IntoIterator<Item = &'a Redirect>) -> Table<'a> {
        let rules: Vec<Rule<'a>> = redirects.into_iter().take(MAX_RULES).map(Rule::new).collect();
        let mut table = Table { rules: Vec::new(), nodes: vec![Branch::default()], literals: HashMap::new() };
        for (number, rule) in rules.iter().enumerate() {
            let outline = || Pattern::outline(rule.redirect.path());
            let pattern = rule.pattern.clone().unwrap_or_else(outline);
            let node = table.node(&pattern.segments);
            let list = if pattern.has_splat { &mut table.nodes[node].splat } else { &mut table.nodes[node].exact };
            list.push(number);
        }
        table.rules = rules;
        table
    }

    fn node(&mut self, segments: &[Segment<'a>]) -> usize {
        let mut at = 0;
        for segment in segments {
            let fresh = self.nodes.len();
            at = match segment {
                Segment::Literal(text) => *self.literals.entry((at, text)).or_insert(fresh),
                Segment::Placeholder(_) => *self.nodes[at].placeholder.get_or_insert(fresh),
            };
            if at == fresh {
                self.nodes.push(Branch::default());
            }
        }
        at
    }

    /// The rules that match a path or may match it, in their order; `None` when that is not known.
    #[must_use]
    pub fn touching(&self, visitor: &Visitor, path: &str) -> Option<Vec<usize>> {
        let segments: Vec<&str> = parts(path).take(MAX_DEPTH + 1).collect();
        if !path.starts_with('/') || segments.len() > MAX_DEPTH || segments.contains(&"") {
            return None;
        }
        let wanted: Vec<Segment<'_>> = segments.into_iter().map(Segment::Literal).collect();
        let mut found = self.candidates(&wanted, false).ok()?;
        found.retain(|number| {
            let rule = &self.rules[*number];
            let matches = rule.pattern.as_ref().is_none_or(|pattern| pattern.captures(path).is_some());
            // A path that a rule leaves alone is not looked up further by the engine, whatever the rule asks of visitors.
            let counts = rule.applies(visitor) != Applies::No || rule.spares(path) && !rule.is_elsewhere(visitor);
            matches && counts
        });
        Some(found)
    }

    /// The first rule that matches a path.
    #[must_use]
    pub fn lookup(&self, visitor: &Visitor, path: &str) -> Lookup {
        let Some(touching) = self.touching(visitor, path) else { return Lookup::Unknown };
        for number in touching {
            let rule = &self.rules[number];
            if rule.applies(visitor) != Applies::Yes || rule.spares(path) {
                return Lookup::Unknown;
            }
            let Some(pattern) = &rule.pattern else { return Lookup::Unknown };
            let Some(captures) = pattern.captures(path) else { continue };
            let target = rule.fill(&captures, visitor);
            return target.map_or(Lookup::Unknown, |target| Lookup::Rule { rule: number, target });
        }
        Lookup::Nothing
    }

    /// The first earlier rule that takes every request which this one could answer.
    #[must_use]
    pub fn covering(&self, number: usize) -> Option<usize> {
        let rule = &self.rules[number];
        let pattern = rule.pattern.clone().unwrap_or_else(|| Pattern::outline(rule.redirect.path()));
        let candidates = self.candidates(&pattern.segments, pattern.has_splat).ok()?;
        candidates.into_iter().take_while(|earlier| *earlier < number).find(|earlier| {
            let earlier = &self.rules[*earlier];
            let is_same_host = earlier.redirect.address.is_none() || earlier.redirect.address == rule.redirect.address;
            let is_in_force = earlier.redirect.is_forced() || !rule.redirect.is_forced();
            earlier.pattern.as_ref().is_some_and(|earlier| earlier.covers(&pattern))
                && is_same_host
                && is_in_force
                && earlier.has_no_conditions()
                && !earlier.may_spare(&pattern)
        })
    }

    /// The rules that never answer because an earlier one takes their requests, by that one. Left out are rules that the
    /// earlier one makes superfluous: `/a` and `/a/` that lead to one place are only tidy.
    #[must_use]
    pub fn unreachable(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut covered: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for number in 0..self.rules.len() {
            let earlier = self.covering(number);
            if let Some(earlier) = earlier.filter(|earlier| differ(&self.rules[*earlier], &self.rules[number])) {
                covered.entry(earlier).or_default().push(number);
            }
        }
        covered
    }

    /// The rules with one of them moved behind the last of others that come later.
    #[must_use]
    pub fn moved(&self, earlier: usize, later: &[usize]) -> Table<'a> {
        let mut redirects: Vec<&Redirect> = self.rules.iter().map(|rule| rule.redirect).collect();
        let last = later.last().copied().unwrap_or(earlier);
        redirects[earlier..=last].rotate_left(1);
        Table::new(redirects)
    }

    /// The rules that may match all of these paths, in their order.
    fn candidates(&self, wanted: &[Segment<'_>], has_splat: bool) -> Result<Vec<usize>, Exhausted> {
        let mut found = Vec::new();
        let mut open = vec![(0, 0)];
        let mut steps = 0;
        while let Some((at, depth)) = open.pop() {
            let branch = &self.nodes[at];
            found.extend_from_slice(&branch.splat);
            if depth == wanted.len() && !has_splat {
                found.extend_from_slice(&branch.exact);
            }
            steps += 1;
            if steps + found.len() > MAX_STEPS {
                return Err(Exhausted);
            }
            let Some(segment) = wanted.get(depth) else { continue };
            open.extend(branch.placeholder.map(|next| (next, depth + 1)));
            if let Segment::Literal(text) = segment {
                open.extend(self.literals.get(&(at, *text)).map(|next| (*next, depth + 1)));
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

/// Whether the later of two rules would answer otherwise than the earlier one, as far as is known.
fn differ(earlier: &Rule<'_>, later: &Rule<'_>) -> bool {
    let (Some(wide), Some(narrow)) = (&earlier.pattern, &later.pattern) else { return true };
    let example = narrow.example("x");
    let anybody = Visitor::default();
    let bare = |path: String| path.trim_end_matches('/').to_owned();
    let first = wide.captures(&example).and_then(|found| earlier.fill(&found, &anybody)).map(bare);
    let second = narrow.captures(&example).and_then(|found| later.fill(&found, &anybody)).map(bare);
    let is_same_kind = earlier.effect == later.effect && later.effect != Effect::Other;
    !(is_same_kind && later.has_no_conditions() && first == second)
}
