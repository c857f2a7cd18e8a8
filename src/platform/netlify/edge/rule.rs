//! One redirect as the edge sees it.

use super::condition;
use super::pattern::{self, Captures, Pattern};
use crate::platform::netlify::routing::Redirect;
use crate::platform::netlify::routing::url::{Address, is_url};
use crate::text::tree::Table;

/// Who asks. What is not said here is taken as ordinary: no cookies, no role, a country and a language that no rule names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visitor {
    /// Scheme and host of the request, when they matter; otherwise a host that no rule names.
    pub address: Option<(String, String)>,
    /// Whether the request has a query that is not known.
    pub has_query: bool,
    /// The parameters of a query that is known.
    pub query: Vec<(String, String)>,
    /// Country as the cookie `nf_country` says it, for rules of countries.
    pub country: Option<String>,
    /// Language as the cookie `nf_lang` says it, for rules of languages.
    pub language: Option<String>,
    /// Names of the cookies that are sent, each with some value.
    pub cookies: Vec<String>,
}

/// Whether a rule counts for a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That depends on what is not known.
    Perhaps,
}

/// What a matching rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Sends the browser elsewhere: 301, 302, 303, 307, 308.
    Redirect,
    /// Answers with other content under the same address: 200.
    Rewrite,
    /// Answers with a page and the status 404.
    NotFound,
    /// Something else.
    Other,
}

/// A redirect with its pattern.
#[derive(Debug)]
pub struct Rule<'a> {
    /// The redirect.
    pub redirect: &'a Redirect,
    /// The paths that it matches; `None` when they are not known.
    pub pattern: Option<Pattern<'a>>,
    /// What it does.
    pub effect: Effect,
}

impl<'a> Rule<'a> {
    /// Reads a redirect.
    #[must_use]
    pub fn new(redirect: &'a Redirect) -> Rule<'a> {
        let is_known = redirect.to_text().is_some_and(|to| !to.is_empty()) && has_known_force(redirect);
        let pattern = Pattern::parse(redirect.path()).filter(|_| is_known);
        Rule { redirect, pattern, effect: effect(redirect) }
    }

    /// The destination, empty when it is no text.
    #[must_use]
    pub fn target(&self) -> &'a str {
        self.redirect.to_text().unwrap_or_default()
    }

    /// Whether it counts for every visitor, on every host.
    #[must_use]
    pub fn is_unconditional(&self) -> bool {
        self.redirect.address.is_none() && self.has_no_conditions()
    }

    /// Whether it counts for every visitor of its host.
    #[must_use]
    pub fn has_no_conditions(&self) -> bool {
        let has_conditions = self.redirect.conditions.as_deref().is_some_and(|table| !table.is_empty());
        !has_conditions && asks_no_query(self.redirect)
    }

    /// Whether it is for another host than the one that is asked.
    #[must_use]
    pub fn is_elsewhere(&self, visitor: &Visitor) -> bool {
        let is_same =
            |(scheme, host): &(String, String), address: &Address| *scheme == address.scheme && *host == address.host;
        let own = self.redirect.address.as_deref();
        own.is_some_and(|own| !visitor.address.as_ref().is_some_and(|asked| is_same(asked, own)))
    }

    /// Whether it counts for this visitor.
    #[must_use]
    pub fn applies(&self, visitor: &Visitor) -> Applies {
        if self.is_elsewhere(visitor) {
            return Applies::No;
        }
        let by_query = condition::by_query(self.redirect, visitor);
        let by_conditions = self.redirect.conditions.as_deref().map(|table| condition::by_conditions(table, visitor));
        match (by_conditions.unwrap_or(Applies::Yes), by_query) {
            (Applies::No, _) | (_, Applies::No) => Applies::No,
            (Applies::Yes, Applies::Yes) => Applies::Yes,
            _ => Applies::Perhaps,
        }
    }

    /// Whether it asks for parameters of the query.
    #[must_use]
    pub fn asks_query(&self) -> bool {
        !asks_no_query(self.redirect)
    }

    /// Whether the rule leaves this path alone because it would lead to itself; what happens then is not known.
    #[must_use]
    pub fn spares(&self, path: &str) -> bool {
        self.spared().is_some_and(|start| path.starts_with(start))
    }

    /// Whether the rule may leave a path of this pattern alone.
    #[must_use]
    pub fn may_spare(&self, other: &Pattern<'_>) -> bool {
        let prefix = other.prefix();
        self.spared().is_some_and(|start| prefix.starts_with(start) || start.starts_with(&prefix))
    }

    fn spared(&self) -> Option<&'a str> {
        let has_splat = self.pattern.as_ref().is_some_and(|pattern| pattern.has_splat);
        if has_splat && self.effect != Effect::Rewrite { pattern::spared(self.target()) } else { None }
    }

    /// Where a matching request is led: parts of the path are filled in first, then parameters of the query.
    #[must_use]
    pub fn fill(&self, captures: &Captures<'_, '_>, visitor: &Visitor) -> Option<String> {
        let mut all = captures.clone();
        all.extend(condition::captured(self.redirect, visitor));
        pattern::fill(self.target(), &all)
    }

    /// Whether the destination lies on the same site, whatever its host.
    #[must_use]
    pub fn stays(&self) -> bool {
        self.target().starts_with('/') && !self.target().starts_with("//") && !is_url(self.target())
    }
}

fn effect(redirect: &Redirect) -> Effect {
    let code = redirect.code().unwrap_or(301.0);
    let is = |known: &[f64]| known.contains(&code);
    match () {
        () if is(&[301.0, 302.0, 303.0, 307.0, 308.0]) => Effect::Redirect,
        () if is(&[200.0]) => Effect::Rewrite,
        () if is(&[404.0]) => Effect::NotFound,
        () => Effect::Other,
    }
}

/// A `force` that is no truth value makes the edge ignore the rule, or force it: numbers do.
fn has_known_force(redirect: &Redirect) -> bool {
    redirect.force.as_deref().is_none_or(|force| force.as_bool().is_some())
}

pub(super) fn asks_no_query(redirect: &Redirect) -> bool {
    redirect.query.as_deref().is_none_or(|query| query.as_table().is_some_and(Table::is_empty))
}
