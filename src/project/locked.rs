//! Which version of a package gets installed: what the lock file says, else what the manifest allows.

use nodejs_semver::{Range, Version};

use super::path::{ancestors, child};
use super::snapshot::Snapshot;

/// What is known about the version of a package.
#[derive(Debug, Clone, PartialEq)]
pub enum Installed {
    /// The lock file pins it.
    Exact(Version),
    /// Any version that the manifest allows.
    Allowed(Range),
    /// The newest one: `latest`, `*` and the like.
    Newest,
    /// It cannot be told: an address, a tag, an alias.
    Unknown,
}

impl Installed {
    /// What gets installed of `package` in the folder `base`, whose manifest asks for `wanted`.
    ///
    /// A lock file that contradicts the manifest is stale and does not count.
    #[must_use]
    pub fn of(snapshot: &Snapshot, base: &str, package: &str, wanted: &str) -> Installed {
        let wanted = wanted.trim();
        let is_newest = matches!(wanted, "latest" | "*" | "" | "x");
        let range = Range::parse(wanted.strip_prefix("npm:").unwrap_or(wanted)).ok();
        let locked = locked_version(snapshot, base, package).and_then(|text| Version::parse(text).ok());
        match (range, locked) {
            (_, Some(version)) if is_newest => Installed::Exact(version),
            _ if is_newest => Installed::Newest,
            (Some(range), Some(version)) if range.satisfies(&version) => Installed::Exact(version),
            (Some(range), _) => Installed::Allowed(range),
            (None, _) => Installed::Unknown,
        }
    }

    /// Whether it is certain to be `least` or newer.
    #[must_use]
    pub fn is_at_least(&self, least: &str) -> bool {
        let Ok(least) = Version::parse(least) else { return false };
        match self {
            Installed::Exact(version) => *version >= least,
            Installed::Allowed(range) => range.min_version().is_some_and(|version| version >= least),
            Installed::Newest => true,
            Installed::Unknown => false,
        }
    }

    /// Whether it is certain to be of a later major; the newest release is taken for one that is known.
    #[must_use]
    pub fn is_beyond(&self, major: u64) -> bool {
        !matches!(self, Installed::Newest) && self.is_at_least(&format!("{}.0.0", major.saturating_add(1)))
    }

    /// Whether it is certain to be older than `limit`.
    #[must_use]
    pub fn is_below(&self, limit: &str) -> bool {
        let (Ok(version), Ok(above)) = (Version::parse(limit), Range::parse(format!(">={limit}"))) else {
            return false;
        };
        match self {
            Installed::Exact(installed) => *installed < version,
            Installed::Allowed(range) => !range.allows_any(&above),
            Installed::Newest | Installed::Unknown => false,
        }
    }
}

/// Where versions are found: the lock file's name and how to look.
type Lookup = (&'static str, fn(&str, &str) -> Option<String>);

const LOOKUPS: [Lookup; 5] = [
    ("package-lock.json", in_npm),
    ("npm-shrinkwrap.json", in_npm),
    ("yarn.lock", in_yarn),
    ("pnpm-lock.yaml", in_pnpm),
    ("bun.lock", in_bun),
];

/// The version that the nearest lock file from `base` upwards gives the package at the top of `node_modules`.
fn locked_version(snapshot: &Snapshot, base: &str, package: &str) -> Option<String> {
    for dir in ancestors(base) {
        let texts = LOOKUPS.iter().filter_map(|(name, find)| Some((snapshot.text(&child(dir, name)).ok()?, find)));
        let mut texts = texts.peekable();
        if texts.peek().is_some() {
            return texts.find_map(|(text, find)| find(&text, package));
        }
    }
    None
}

/// How far behind a package's key its version stands at most.
const NEAR: usize = 400;

fn in_npm(lock: &str, package: &str) -> Option<String> {
    let key = format!("\"node_modules/{package}\": {{");
    let at = lock.find(&key).or_else(|| lock.find(&format!("\"{package}\": {{\n")))?;
    let entry = near(lock, at);
    let (_, rest) = entry.split_once("\"version\":")?;
    rest.split('"').nth(1).map(str::to_owned)
}

/// A few hundred bytes from `at`, cut at a character.
fn near(text: &str, at: usize) -> &str {
    let mut end = text.len().min(at + NEAR);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    &text[at..end]
}

fn in_yarn(lock: &str, package: &str) -> Option<String> {
    let mut found: Vec<&str> = Vec::new();
    let mut lines = lock.lines();
    while let Some(line) = lines.next() {
        let is_entry = line.ends_with(':')
            && line.split(", ").any(|key| {
                let key = key.trim_matches(['"', ':']);
                key.strip_prefix(package).is_some_and(|rest| rest.starts_with('@'))
            });
        if is_entry {
            let version = lines.next()?.trim().strip_prefix("version")?;
            found.push(version.trim_matches([' ', ':', '"']));
        }
    }
    found.dedup();
    if let [only] = found[..] { Some(only.to_owned()) } else { None }
}

fn in_pnpm(lock: &str, package: &str) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    let keys = [format!("{package}:"), format!("'{package}':")];
    let lines: Vec<&str> = lock.lines().take_while(|line| !line.starts_with("packages:")).collect();
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let Some(rest) = keys.iter().find_map(|key| trimmed.strip_prefix(key.as_str())) else { continue };
        let below = lines[at + 1..].iter().take(2).find_map(|line| line.trim().strip_prefix("version:"));
        let version = if rest.trim().is_empty() { below } else { Some(rest) };
        let version =
            version.map(|version| version.trim().trim_matches('\'').split(['(', '_']).next().unwrap_or_default());
        found.extend(version.map(str::to_owned));
    }
    found.dedup();
    if found.len() == 1 { found.pop() } else { None }
}

fn in_bun(lock: &str, package: &str) -> Option<String> {
    let (_, rest) = lock.split_once(&format!("\"{package}\": [\"{package}@"))?;
    rest.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(lock: (&str, &str), wanted: &str) -> Installed {
        let snapshot = Snapshot::in_memory([(lock.0, lock.1.as_bytes())]);
        Installed::of(&snapshot, "", "next", wanted)
    }

    fn is_exact(lock: (&str, &str), wanted: &str, version: &str) -> bool {
        matches!(installed(lock, wanted), Installed::Exact(found) if found.to_string() == version)
    }

    #[test]
    fn every_lock_file_tells_the_version() {
        let npm = "{\"packages\": {\"\": {\"dependencies\": {\"next\": \"14\"}},\n\"node_modules/next\": {\n \"version\": \"14.2.3\"";
        assert!(is_exact(("package-lock.json", npm), "^14.0.0", "14.2.3"));
        assert!(is_exact(("package-lock.json", "\"next\": {\n \"version\": \"9.1.0\""), "9", "9.1.0"));
        assert!(is_exact(
            ("yarn.lock", "next-auth@1:\n  version \"1\"\nnext@^14, next@~14.2:\n  version \"14.2.3\"\n"),
            "14",
            "14.2.3"
        ));
        assert!(is_exact(("yarn.lock", "\"next@npm:^14\":\n  version: 14.2.3\n"), "14", "14.2.3"));
        let pnpm = "importers:\n  .:\n    dependencies:\n      next:\n        specifier: ^14\n        version: 14.2.3(react@18)\npackages:\n  next:\n";
        assert!(is_exact(("pnpm-lock.yaml", pnpm), "14", "14.2.3"));
        assert!(is_exact(("pnpm-lock.yaml", "dependencies:\n  next: 14.2.3_abc\n"), "14", "14.2.3"));
        assert!(is_exact(("bun.lock", "\"next\": [\"next@14.2.3\", \"\""), "14", "14.2.3"));
    }

    #[test]
    fn a_stale_or_ambiguous_lock_does_not_count() {
        let two = "next@^13:\n  version \"13.0.0\"\nnext@^14:\n  version \"14.2.3\"\n";
        assert!(matches!(installed(("yarn.lock", two), "^14.0.0"), Installed::Allowed(_)));
        let old = "\"node_modules/next\": {\n \"version\": \"12.0.0\"";
        assert!(matches!(installed(("package-lock.json", old), "^14.0.0"), Installed::Allowed(_)));
        assert!(matches!(installed(("package-lock.json", old), "github:vercel/next.js"), Installed::Unknown));
        assert!(is_exact(("package-lock.json", old), "latest", "12.0.0"));
    }

    #[test]
    fn only_what_holds_for_all_allowed_versions_is_certain() {
        let allowed = |wanted: &str| installed(("x", ""), wanted);
        assert!(allowed("^14.1.0").is_at_least("14.0.0") && !allowed(">=13").is_at_least("14.0.0"));
        assert!(
            allowed("^4.0.0").is_below("5.0.0")
                && !allowed(">=4").is_below("5.0.0")
                && !allowed("^5").is_below("5.0.0")
        );
        assert!(allowed("13.4.x").is_below("13.5.0") && !allowed("^13.4.0").is_below("13.5.0"));
        assert!(allowed("12 || 13.1").is_below("13.5.0") && !allowed("12 || 14").is_below("13.5.0"));
        assert!(allowed("latest").is_at_least("14.0.0") && !allowed("latest").is_below("99.0.0"));
        assert!(!allowed("file:../next").is_at_least("0.0.1") && !allowed("canary").is_below("99.0.0"));
    }
}
