//! Releases of package managers: the last one of each major, which ages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use nodejs_semver::Version;
use serde::Deserialize;

const DATA: &str = include_str!("../data/package-managers.json");

#[derive(Deserialize, Default)]
struct Table {
    pnpm: BTreeMap<u64, String>,
    yarn: BTreeMap<u64, String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| serde_json::from_str(DATA).unwrap_or_default());

/// The last known release of a major of `pnpm` or `yarn`.
#[must_use]
pub fn last_of(manager: &str, major: u64) -> Option<&'static str> {
    let table = if manager == "pnpm" { &TABLE.pnpm } else { &TABLE.yarn };
    table.get(&major).map(String::as_str).filter(|_| matches!(manager, "pnpm" | "yarn"))
}

const RELEASES: &str = include_str!("../data/releases.json");

#[derive(Deserialize, Default)]
struct Releases {
    seen: String,
    majors: BTreeMap<String, u64>,
    adapters: BTreeMap<String, Adapter>,
    gems: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Adapter {
    ranges: BTreeMap<u64, Vec<Fitting>>,
}

/// Releases of an adapter, and the least release of the framework that they take.
#[derive(Debug, Deserialize)]
pub struct Fitting {
    /// The releases.
    pub range: String,
    /// The least release of the framework.
    pub from: String,
}

static RELEASED: LazyLock<Releases> = LazyLock::new(|| serde_json::from_str(RELEASES).unwrap_or_default());

/// The day on which the table was made.
#[must_use]
pub fn seen() -> &'static str {
    &RELEASED.seen
}

/// The packages that rules judge by their version, each with the newest major that is known.
pub fn majors() -> impl Iterator<Item = (&'static str, u64)> {
    RELEASED.majors.iter().map(|(name, major)| (name.as_str(), *major))
}

/// The newest known major of a package.
#[must_use]
pub fn newest(package: &str) -> Option<u64> {
    RELEASED.majors.get(package).copied()
}

/// The releases of an adapter that fit a major of its framework, the newest first.
#[must_use]
pub fn adapter(name: &str, major: u64) -> &'static [Fitting] {
    let ranges = RELEASED.adapters.get(name).and_then(|adapter| adapter.ranges.get(&major));
    ranges.map(Vec::as_slice).unwrap_or_default()
}

/// The newest known minor of a gem that repairs list.
#[must_use]
pub fn gem(name: &str) -> Option<&'static str> {
    RELEASED.gems.get(name).map(String::as_str)
}

const BUILD_SCRIPTS: &str = include_str!("../data/build-scripts.json");

#[derive(Deserialize, Default)]
struct BuildScripts {
    known_majors: Vec<u64>,
    /// The first and the last release of each run with an install script.
    packages: BTreeMap<String, Vec<(String, String)>>,
}

static SCRIPTS: LazyLock<BuildScripts> = LazyLock::new(|| serde_json::from_str(BUILD_SCRIPTS).unwrap_or_default());

/// Whether a major of pnpm is known to stop at install scripts that nobody has approved.
#[must_use]
pub fn approves_builds(major: u64) -> bool {
    SCRIPTS.known_majors.contains(&major)
}

/// Whether a release of a package is known to have an install script.
#[must_use]
pub fn has_build_script(package: &str, version: &str) -> bool {
    let (Some(runs), Ok(version)) = (SCRIPTS.packages.get(package), Version::parse(version)) else { return false };
    runs.iter().any(|(first, last)| {
        let bounds = Version::parse(first).ok().zip(Version::parse(last).ok());
        bounds.is_some_and(|(first, last)| first <= version && version <= last)
    })
}

/// What a major of pnpm does with a lock file of a generation when nothing but the lock file tells it to be strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// It follows it.
    Follows,
    /// It warns and installs whatever is newest; told to be strict, it stops.
    Ignores,
    /// It stops where `CI` is set.
    Refuses,
    /// Nobody has looked.
    Unknown,
}

/// What pnpm does with a lock file of this generation (measured with 6.35.1, 7.33.7, 8.15.9, 9.15.9 and 10.34.9).
#[must_use]
pub fn reading(major: u64, generation: u64) -> Reading {
    match (generation, major) {
        (_, 0..=5) => Reading::Unknown,
        (5, 6 | 7) | (6, 8 | 9) | (9, 9..=11) => Reading::Follows,
        (5, 8) | (6, 7) => Reading::Refuses,
        (5, 9 | 10) | (6, 6 | 10) | (9, 6..=8) => Reading::Ignores,
        _ => Reading::Unknown,
    }
}

/// The major of pnpm that goes with a generation of lock files.
#[must_use]
pub fn major_for(generation: u64) -> Option<u64> {
    match generation {
        5 => Some(7),
        6 => Some(8),
        9 => Some(9),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generation_is_followed_by_the_major_that_goes_with_it() {
        for generation in [5, 6, 9] {
            let major = major_for(generation).unwrap_or_default();
            assert_eq!(reading(major, generation), Reading::Follows);
            assert!(last_of("pnpm", major).is_some_and(|release| release.starts_with(&major.to_string())));
        }
        assert_eq!(reading(12, 9), Reading::Unknown);
        assert_eq!(last_of("npm", 9), None);
        assert!(approves_builds(11) && !approves_builds(10));
        assert!(has_build_script("esbuild", "0.21.5") && has_build_script("sharp", "0.33.0"));
        assert!(!has_build_script("sharp", "0.35.5") && !has_build_script("lodash", "4.17.21"));
        assert!(has_build_script("core-js", "2.6.12") && !has_build_script("core-js", "3.0.1"));
        assert!(!has_build_script("esbuild", "99.0.0"), "nothing is known of later releases");
    }

    #[test]
    fn the_table_of_releases_is_dated_and_whole() {
        let is_date = seen().len() == 10 && seen().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        assert!(is_date && majors().count() >= 5 && majors().all(|(_, major)| major > 0));
        for (name, entry) in &RELEASED.adapters {
            assert!(!entry.ranges.is_empty(), "{name}");
            for (major, fitting) in entry.ranges.iter().flat_map(|(major, all)| all.iter().map(move |one| (major, one)))
            {
                let is_of = Version::parse(&fitting.from).is_ok_and(|from| from.major() == *major);
                assert!(is_of && nodejs_semver::Range::parse(&fitting.range).is_ok(), "{name} {major}: {fitting:?}");
            }
        }
        assert!(adapter("@astrojs/netlify", 99).is_empty() && gem("jekyll").is_some());
    }
}
