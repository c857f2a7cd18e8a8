//! Which Node.js is installed: what nvm understands, and what was ever released.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use nodejs_semver::{Range, Version};
use serde::Deserialize;

use crate::project::path::child;
use crate::project::snapshot::Snapshot;
use crate::sim::known::{Because, Known};

/// Node.js releases by major, from the registry's own list and the release schedule; ages, see `seen`.
const DATA: &str = include_str!("../data/node-releases.json");

/// The files that name a version, in the order in which the platform looks for them.
pub const FILES: [&str; 2] = [".nvmrc", ".node-version"];

/// The variable that names a version where no file does.
pub const VARIABLE: &str = "NODE_VERSION";

/// A major this far beyond the newest known one is years away.
const HORIZON: u64 = 8;

/// So is a minor this far beyond the newest known one of its major.
const MINOR_HORIZON: u64 = 30;

/// Elements whose names may yet become names of long-term releases.
const FUTURE_NAMES: [&str; 22] = [
    "magnesium",
    "neon",
    "nitrogen",
    "nickel",
    "oxygen",
    "osmium",
    "platinum",
    "phosphorus",
    "palladium",
    "quicksilver",
    "radium",
    "rubidium",
    "radon",
    "sodium",
    "silicon",
    "silver",
    "titanium",
    "tungsten",
    "uranium",
    "vanadium",
    "xenon",
    "zinc",
];

#[derive(Deserialize, Default)]
struct File {
    seen: String,
    majors: BTreeMap<u64, Major>,
}

#[derive(Deserialize)]
struct Major {
    end: Option<String>,
    #[serde(default)]
    lts: Option<String>,
    /// The highest patch of each minor; -1 for a minor that was never released.
    patches: Vec<i64>,
}

static RELEASES: LazyLock<File> = LazyLock::new(|| serde_json::from_str(DATA).unwrap_or_default());

/// What becomes of a wish for a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// This release, or a later one that fits the wish as well.
    Release(u64, u64, u64),
    /// The installation fails; the text says why, in one clause.
    Impossible(String),
    /// It lies beyond what is known.
    Unknown,
}

/// The raw wish, as the platform reads it: a file beats the variable (`run-build-functions.sh` of the build image).
#[must_use]
pub fn wish(snapshot: &Snapshot, dir: &str, variable: Option<&Known<String>>, default: &str) -> Known<String> {
    for name in FILES {
        let path = child(dir, name);
        if let Ok(text) = snapshot.text(&path) {
            // The shell drops line feeds at the end of what it reads, and nothing else.
            return Known::new(text.trim_end_matches('\n').to_owned(), Because::Present(path));
        }
    }
    let default =
        || Known::new(default.to_owned(), Because::Default("of sites created lately; older ones keep theirs"));
    variable.cloned().unwrap_or_else(default)
}

/// What nvm makes of a wish (`nvm.sh`: `nvm_remote_version`).
#[must_use]
pub fn resolve(wish: &str) -> Outcome {
    if wish.contains('\r') {
        return Outcome::Impossible("ends with a carriage return, which becomes part of the version".to_owned());
    }
    // The shell splits the text at blanks, and nvm takes the first word (measured with nvm 0.39.1 and 0.40.6).
    let Some(word) = wish.split_whitespace().next() else { return Outcome::Unknown };
    if word.starts_with('#') {
        return Outcome::Impossible("begins with a comment, which nvm takes for a version".to_owned());
    }
    if let Some(name) = word.strip_prefix("lts/") {
        return long_term(name);
    }
    match word {
        "node" | "stable" => return newest(|_| true),
        "system" | "default" | "unstable" | "iojs" => return Outcome::Unknown,
        _ => {}
    }
    let number = word.strip_prefix('v').unwrap_or(word);
    // `20.` and `20.*` are beginnings of versions too.
    let beginning = number.strip_suffix(".*").or_else(|| number.strip_suffix('.')).unwrap_or(number);
    let parts: Vec<&str> = beginning.split('.').collect();
    let numbers: Option<Vec<u64>> = parts.iter().map(|part| part.parse().ok().filter(|_| is_digits(part))).collect();
    match numbers.as_deref() {
        Some([major]) => release(*major, None, None),
        Some([major, minor]) => release(*major, Some(*minor), None),
        Some([major, minor, patch]) => release(*major, Some(*minor), Some(*patch)),
        Some(_) => Outcome::Impossible("has more than three numbers".to_owned()),
        None => no_number(word, number),
    }
}

fn is_digits(part: &str) -> bool {
    !part.is_empty() && part.len() < 8 && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is neither a number nor a name that nvm knows.
fn no_number(word: &str, number: &str) -> Outcome {
    if word.starts_with(['^', '~', '>', '<', '=']) {
        return Outcome::Impossible("is a range; nvm accepts a version or the beginning of one".to_owned());
    }
    if word.starts_with(['"', '\'']) {
        return Outcome::Impossible("has quotes, which become part of the version".to_owned());
    }
    // The shell makes file names of a `*`, and variables may hold anything; `iojs-v3` is a flavour that nvm knows.
    if word.contains(['*', '?', '[', '$']) || word.starts_with("iojs") {
        return Outcome::Unknown;
    }
    if number.split('.').any(|part| matches!(part, "x" | "X")) {
        return Outcome::Impossible("has an \"x\"; nvm accepts the beginning of a version without it".to_owned());
    }
    Outcome::Impossible("is no version and no name that nvm knows".to_owned())
}

fn long_term(name: &str) -> Outcome {
    if name == "*" || name.parse::<i64>().is_ok_and(|back| (-10..0).contains(&back)) {
        return if name == "*" { newest(|major| major.lts.is_some()) } else { Outcome::Unknown };
    }
    if let Some((number, major)) = RELEASES.majors.iter().find(|(_, major)| major.lts.as_deref() == Some(name)) {
        return last_of(*number, major);
    }
    // Only old versions of nvm take capitals for small letters here.
    let is_other_case =
        RELEASES.majors.values().any(|major| major.lts.as_ref().is_some_and(|lts| lts.eq_ignore_ascii_case(name)));
    if is_other_case || FUTURE_NAMES.contains(&name) {
        return Outcome::Unknown;
    }
    Outcome::Impossible("names no long-term release".to_owned())
}

fn newest(is_meant: impl Fn(&Major) -> bool) -> Outcome {
    let found = RELEASES.majors.iter().rev().find(|(_, major)| is_meant(major));
    found.map_or(Outcome::Unknown, |(number, major)| last_of(*number, major))
}

fn last_of(number: u64, major: &Major) -> Outcome {
    let minor = major.patches.len().saturating_sub(1);
    let patch = major.patches.last().copied().unwrap_or_default();
    Outcome::Release(number, minor as u64, u64::try_from(patch).unwrap_or_default())
}

fn release(number: u64, minor: Option<u64>, patch: Option<u64>) -> Outcome {
    let last = RELEASES.majors.keys().last().copied().unwrap_or_default();
    if number > last + HORIZON {
        return Outcome::Impossible(format!("was never released; the newest major is {last}"));
    }
    let Some(major) = RELEASES.majors.get(&number) else { return Outcome::Unknown };
    let Some(minor) = minor else { return last_of(number, major) };
    let is_over = major.end.as_deref().is_some_and(|end| end < RELEASES.seen.as_str());
    let is_far = minor > major.patches.len() as u64 + MINOR_HORIZON;
    let beyond = |what: String| if is_over || is_far { Outcome::Impossible(what) } else { Outcome::Unknown };
    let highest = usize::try_from(minor).ok().and_then(|minor| major.patches.get(minor));
    match (highest, patch) {
        (None | Some(-1), _) => {
            beyond(format!("was never released; the last one of {number} is {}", shown(number, major)))
        }
        (Some(highest), Some(patch)) if i64::try_from(patch).is_ok_and(|patch| patch > *highest) => {
            beyond(format!("was never released; the last one of {number}.{minor} is {number}.{minor}.{highest}"))
        }
        (Some(_), Some(patch)) => Outcome::Release(number, minor, patch),
        (Some(highest), None) => Outcome::Release(number, minor, u64::try_from(*highest).unwrap_or_default()),
    }
}

fn shown(number: u64, major: &Major) -> String {
    match last_of(number, major) {
        Outcome::Release(major, minor, patch) => format!("{major}.{minor}.{patch}"),
        _ => number.to_string(),
    }
}

/// Whether a release satisfies a range of `engines`; none for a range that npm does not understand.
#[must_use]
pub fn satisfies(release: (u64, u64, u64), range: &str) -> Option<bool> {
    let range = Range::parse(range.trim()).ok()?;
    Some(range.satisfies(&Version::from(release)))
}

/// The long-term majors that are looked after, newest first.
pub fn long_term_majors() -> impl Iterator<Item = u64> {
    let is_alive = |major: &Major| major.end.as_deref().is_some_and(|end| end >= RELEASES.seen.as_str());
    RELEASES
        .majors
        .iter()
        .rev()
        .filter(move |(_, major)| major.lts.is_some() && is_alive(major))
        .map(|(number, _)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_impossible(wish: &str) -> bool {
        matches!(resolve(wish), Outcome::Impossible(_))
    }

    #[test]
    fn what_nvm_understands_is_a_release() {
        assert_eq!(resolve("18.17.0"), Outcome::Release(18, 17, 0));
        assert_eq!(resolve("v18"), Outcome::Release(18, 20, 8));
        assert_eq!(resolve("16.14"), Outcome::Release(16, 14, 2));
        assert_eq!(resolve("16.2.0"), Outcome::Release(16, 2, 0), "not in npm's package \"node\"");
        assert_eq!(resolve("lts/hydrogen"), Outcome::Release(18, 20, 8));
        for wish in ["18.", "18.*", "v18", "18 # the last one", "18 || 20"] {
            assert_eq!(resolve(wish), resolve("18"), "{wish}");
        }
        for wish in ["node", "stable", "lts/*", "v22.12.0", " 20 "] {
            assert!(matches!(resolve(wish), Outcome::Release(..)), "{wish}");
        }
    }

    #[test]
    fn what_was_never_released_is_impossible() {
        for wish in [
            "v99.9.9",
            "lts/unobtainium",
            "18.99.0",
            "18.x",
            "v20.x",
            "20..",
            "20-alpine",
            "hydrogen",
            "latest",
            "current",
            "lts",
            "V20",
            "16.25.0",
            "18.17.9",
            "20\r",
            "\"20\"",
            "^18",
            ">=18",
            "banana",
            "1.2.3.4",
        ] {
            assert!(is_impossible(wish), "{wish}: {:?}", resolve(wish));
        }
    }

    #[test]
    fn what_lies_beyond_the_table_is_unknown() {
        for wish in ["24.45.0", "lts/Iron", "27", "lts/magnesium", "*", "system", "", "0.10", "iojs-v3", "lts/-1"] {
            assert_eq!(resolve(wish), Outcome::Unknown, "{wish}");
        }
    }

    #[test]
    fn ranges_of_engines_are_npm_s() {
        assert_eq!(satisfies((22, 1, 0), ">=20"), Some(true));
        assert_eq!(satisfies((22, 1, 0), "^18 || ^20"), Some(false));
        assert_eq!(satisfies((22, 1, 0), "what"), None);
        assert!(long_term_majors().any(|major| major == 24));
    }
}
