//! Which releases of packages with native code have no wheel for a version of Python; ages.

use std::sync::LazyLock;

use serde::Deserialize;

const DATA: &str = include_str!("data/python-wheels.json");

#[derive(Deserialize, Default)]
struct Table {
    packages: Vec<Gap>,
}

/// A package whose releases up to one have no wheel for a version of Python.
#[derive(Debug, Deserialize)]
pub struct Gap {
    name: String,
    python: String,
    /// The last release without a wheel.
    pub up_to: String,
    /// Whether compiling it is known to fail.
    pub fails: bool,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| serde_json::from_str(DATA).unwrap_or_default());

/// The gap that a release falls into, on Linux on x86-64; none for what nobody has looked at.
#[must_use]
pub fn gap(name: &str, version: &str, python: (u64, u64)) -> Option<&'static Gap> {
    let minor = format!("{}.{}", python.0, python.1);
    let version = numbers(version)?;
    // A release without a wheel for one Python has none for a later one either.
    let mut gaps = TABLE.packages.iter().filter(|gap| gap.name == name && is_at_most(&gap.python, &minor));
    gaps.rfind(|gap| numbers(&gap.up_to).is_some_and(|last| version <= last))
}

fn is_at_most(one: &str, other: &str) -> bool {
    numbers(one).zip(numbers(other)).is_some_and(|(one, other)| one <= other)
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_without_a_wheel_is_known_up_to_the_last_one() {
        let is_gap = |version, python| gap("psycopg2-binary", version, python).is_some();
        assert!(is_gap("2.9.9", (3, 13)) && is_gap("2.9.9", (3, 14)) && !is_gap("2.9.9", (3, 12)));
        assert!(!is_gap("2.9.11", (3, 14)) && gap("flask", "1.0", (3, 14)).is_none());
    }
}
