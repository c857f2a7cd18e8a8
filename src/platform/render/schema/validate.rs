//! Whether a value is valid, as `ajv` says with its strict reading of numbers.

use std::collections::HashSet;

use super::rule::{Rule, RuleId, Schema, types};
use super::uri;
use crate::text::tree::{Kind, Node, Table};

/// Keys of one table that some part of a rule knows.
pub(super) type Known<'n> = HashSet<&'n str>;

/// Whether a value has one of these types; a number is finite, an integer has no fraction.
pub(super) fn has_type(node: &Node, accepted: u8) -> bool {
    let of_node = match &node.kind {
        Kind::Null => types::NULL,
        Kind::Bool(_) => types::BOOLEAN,
        Kind::Number(number) if !number.is_finite() => 0,
        Kind::Number(number) if number.fract() == 0.0 => types::NUMBER | types::INTEGER,
        Kind::Number(_) => types::NUMBER,
        Kind::String(_) => types::STRING,
        Kind::Array(_) => types::ARRAY,
        Kind::Table(_) => types::OBJECT,
    };
    accepted == 0 || of_node & accepted != 0
}

/// Whether the value is one of the accepted strings; all are where none are named.
pub(super) fn has_value(rule: &Rule, node: &Node) -> bool {
    rule.values.is_empty() || node.as_str().is_some_and(|text| rule.values.iter().any(|value| value == text))
}

/// Whether a number is large enough; only numbers can be too small.
pub(super) fn is_large_enough(rule: &Rule, node: &Node) -> bool {
    rule.minimum.is_none_or(|minimum| node.as_number().is_none_or(|number| number >= minimum))
}

/// Whether a number is small enough.
pub(super) fn is_small_enough(rule: &Rule, node: &Node) -> bool {
    rule.maximum.is_none_or(|maximum| node.as_number().is_none_or(|number| number <= maximum))
}

/// Whether a text is a URI, where one is asked for.
pub(super) fn is_uri(rule: &Rule, node: &Node) -> bool {
    !rule.is_uri || node.as_str().is_none_or(uri::is_uri)
}

impl Schema {
    /// Whether a document is valid.
    pub(super) fn is_valid(&self, root: &Node) -> bool {
        self.accepts(self.root, root, true)
    }

    /// Whether a rule accepts a value; the variables of services may be passed over.
    pub(super) fn accepts(&self, id: RuleId, node: &Node, with_variables: bool) -> bool {
        Validator { schema: self, with_variables }.check(id, node, None)
    }
}

struct Validator<'s> {
    schema: &'s Schema,
    with_variables: bool,
}

impl Validator<'_> {
    fn check<'n>(&self, id: RuleId, node: &'n Node, known: Option<&mut Known<'n>>) -> bool {
        if !self.with_variables && self.schema.variable == Some(id) {
            return true;
        }
        let rule = self.schema.rule(id);
        if rule.is_sealed && known.is_none() {
            let mut known = Known::new();
            let is_accepted = self.check_rule(rule, node, Some(&mut known));
            let has_strangers =
                || node.as_table().is_some_and(|table| table.iter().any(|(key, _)| !known.contains(key)));
            return is_accepted && !has_strangers();
        }
        self.check_rule(rule, node, known)
    }

    fn check_rule<'n>(&self, rule: &Rule, node: &'n Node, mut known: Option<&mut Known<'n>>) -> bool {
        if rule.is_never
            || !has_type(node, rule.types)
            || !has_value(rule, node)
            || !is_large_enough(rule, node)
            || !is_small_enough(rule, node)
            || !is_uri(rule, node)
        {
            return false;
        }
        if let (Some(items), Some(nodes)) = (rule.items, node.as_array())
            && !nodes.iter().all(|node| self.check(items, node, None))
        {
            return false;
        }
        if let Some(table) = node.as_table()
            && !self.check_table(rule, table, known.as_deref_mut())
        {
            return false;
        }
        self.check_parts(rule, node, known)
    }

    fn check_table<'n>(&self, rule: &Rule, table: &'n Table, mut known: Option<&mut Known<'n>>) -> bool {
        if rule.required.iter().any(|key| !table.contains_key(key)) {
            return false;
        }
        for (key, entry) in table.iter() {
            match rule.properties.get(key) {
                Some(property) => {
                    if let Some(known) = known.as_deref_mut() {
                        known.insert(key);
                    }
                    if !self.check(*property, &entry.value, None) {
                        return false;
                    }
                }
                None if rule.is_closed => return false,
                None => {}
            }
        }
        true
    }

    /// The rules that a rule is made of. What they know is known; of alternatives only those that accept the value.
    fn check_parts<'n>(&self, rule: &Rule, node: &'n Node, mut known: Option<&mut Known<'n>>) -> bool {
        for part in rule.reference.iter().chain(&rule.all_of) {
            if !self.check(*part, node, known.as_deref_mut()) {
                return false;
            }
        }
        if let Some(negated) = rule.negated
            && self.check(negated, node, None)
        {
            return false;
        }
        if let (Some(condition), Some(consequence)) = (rule.condition, rule.consequence)
            && self.alternative(condition, node, known.as_deref_mut())
            && !self.check(consequence, node, known.as_deref_mut())
        {
            return false;
        }
        let mut accepting = |parts: &[RuleId], enough: usize| {
            let accepts = |part: &&RuleId| self.alternative(**part, node, known.as_deref_mut());
            parts.iter().filter(accepts).take(enough).count()
        };
        // Every alternative is asked when what they know counts.
        let all = if rule.is_sealed { usize::MAX } else { 1 };
        (rule.any_of.is_empty() || accepting(&rule.any_of, all) > 0)
            && (rule.one_of.is_empty() || accepting(&rule.one_of, 2.max(all)) == 1)
    }

    fn alternative<'n>(&self, id: RuleId, node: &'n Node, known: Option<&mut Known<'n>>) -> bool {
        let Some(known) = known else { return self.check(id, node, None) };
        let mut of_part = Known::new();
        let is_accepted = self.check(id, node, Some(&mut of_part));
        if is_accepted {
            known.extend(of_part);
        }
        is_accepted
    }
}
