//! Merging: of equal rules the last one stays.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Drops every rule that has an equal one after it (`merge.js` of both parsers). `write_key` prints a rule so that
/// equal rules print equally.
///
/// Keys are kept as 128-bit fingerprints: millions of printed rules would take more room than the rules.
pub(super) fn keep_last<T>(mut rules: Vec<T>, write_key: impl Fn(&T, &mut String)) -> Vec<T> {
    let mut seen = HashSet::with_capacity(rules.len());
    let mut key = String::new();
    let mut keep: Vec<bool> = rules
        .iter()
        .rev()
        .map(|rule| {
            key.clear();
            write_key(rule, &mut key);
            seen.insert(fingerprint(&key))
        })
        .collect();
    rules.retain(|_| keep.pop().unwrap_or(true));
    rules
}

fn fingerprint(key: &str) -> (u64, u64) {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        key.hash(&mut hasher);
        hasher.finish()
    };
    (half(0), half(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_rules_keeps_its_place() {
        let rules = vec![("a", 1), ("b", 2), ("a", 3), ("c", 4), ("b", 5)];
        let kept = keep_last(rules, |(name, _), key| key.push_str(name));
        assert_eq!(kept, [("a", 3), ("c", 4), ("b", 5)]);
    }
}
