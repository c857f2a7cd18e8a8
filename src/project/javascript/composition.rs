//! Configurations that are put together from several modules.

use super::configuration::{Configuration, Expression, Property};
use crate::project::setting::Setting;

/// One argument of a function that merges configurations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// An object of this module, with what it says about the setting.
    Own(Setting),
    /// An object of this module, where the setting is taken from another one: its name, and the key there.
    Member(String, String),
    /// What another module exports, as it is named.
    Module(String),
    /// Anything else.
    Computed,
}

impl Configuration<'_> {
    /// The arguments of `merge(…)`, if that is what the module exports.
    #[must_use]
    pub fn merged(&self, keys: &[&str]) -> Option<Vec<Part>> {
        const MERGES: [&str; 4] = ["merge", "mergeConfig", "webpackMerge", "smart"];
        self.refuel();
        let mut root = self.exported()?;
        if self.ends(root.at + 1, root.end) {
            root = self.declared(self.tokens.get(root.at)?.text)?;
        }
        let callee = self.callee(root).filter(|callee| MERGES.contains(&callee.name))?;
        let close = self.partners[callee.open];
        let mut parts = Vec::new();
        let mut at = callee.open + 1;
        while at < close {
            let end = self.element_end(at, close);
            parts.push(self.part(Expression { at, end }, keys));
            at = end + 1;
        }
        Some(parts)
    }

    fn part(&self, value: Expression, keys: &[&str]) -> Part {
        if let Some(objects) = self.objects(value) {
            return match self.member_in(&objects, keys) {
                Some((module, key)) => Part::Member(module, key),
                None => Part::Own(self.in_objects(&objects, keys)),
            };
        }
        let is_name = self.ends(value.at + 1, value.end);
        let module = is_name.then(|| self.module_of(self.tokens[value.at].text)).flatten();
        module.map_or(Part::Computed, Part::Module)
    }

    /// The module and the name that a setting is taken from: `paths.build` with `paths` loaded from `./paths`.
    #[must_use]
    pub fn member(&self, keys: &[&str]) -> Option<(String, String)> {
        self.refuel();
        let objects = self.exported().and_then(|root| self.objects(root))?;
        self.member_in(&objects, keys)
    }

    fn member_in(&self, objects: &[usize], keys: &[&str]) -> Option<(String, String)> {
        let [object] = objects else { return None };
        let Property::Value(value) = self.descend(*object, keys) else { return None };
        let is_member = value.end == value.at + 3 && self.is_mark(value.at + 1, ".");
        let module = self.module_of(self.tokens.get(value.at).filter(|_| is_member)?.text)?;
        Some((module, self.tokens[value.at + 2].text.to_owned()))
    }
}
