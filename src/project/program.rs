//! Which programs npm packages bring, as far as is known without asking the registry.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

/// Packages and their programs; ages, see `seen`.
const DATA: &str = include_str!("data/npm-programs.json");

/// Packages that bring no program in any version seen; where they come from says `npm-libraries.source.json`.
const LIBRARIES: &str = include_str!("data/npm-libraries.txt");

/// Pieces of the names of packages that bring no program by their nature.
const LIBRARY_PIECES: [&str; 9] = [
    "plugin",
    "preset",
    "loader",
    "@types/",
    "@fontsource",
    "@iconify",
    "eslint-config",
    "stylelint-config",
    "polyfill",
];

static LIBRARY_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| LIBRARIES.lines().collect());

#[derive(Deserialize, Default)]
struct Table {
    programs: BTreeMap<String, Vec<String>>,
}

struct Known {
    programs: BTreeMap<String, Vec<String>>,
    packages: HashMap<String, Vec<String>>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let Table { programs } = serde_json::from_str(DATA).unwrap_or_default();
    let mut packages: HashMap<String, Vec<String>> = HashMap::new();
    for (package, names) in &programs {
        for name in names {
            packages.entry(name.clone()).or_default().push(package.clone());
        }
    }
    Known { programs, packages }
});

/// The packages that are known to bring a program.
#[must_use]
pub fn packages_with(program: &str) -> &'static [String] {
    KNOWN.packages.get(program).map(Vec::as_slice).unwrap_or_default()
}

/// The programs that a package is known to bring; none for a package that is not known.
#[must_use]
pub fn of_package(package: &str) -> Option<&'static [String]> {
    KNOWN.programs.get(package).map(Vec::as_slice)
}

/// The last part of a package's name: `cli` of `@acme/cli`.
#[must_use]
pub fn short_name(package: &str) -> &str {
    package.rsplit('/').next().unwrap_or(package)
}

/// Whether a package is known to bring a program, or may do so because it bears the same name.
#[must_use]
pub fn may_bring(package: &str, program: &str) -> bool {
    match of_package(package) {
        Some(programs) => programs.iter().any(|name| name == program),
        None => short_name(package) == program,
    }
}

/// Whether an unheard-of program may yet come from a package: one that is not known, and whose name has to do with it.
#[must_use]
pub fn may_hide_in(package: &str, program: &str) -> bool {
    const EMPTY_WORDS: &str = "app bin build cli cmd core install installed js my node not npm run script scripts setup site start \
                               static test the tool tools web";
    let is_library = || LIBRARY_NAMES.contains(package) || LIBRARY_PIECES.iter().any(|piece| package.contains(piece));
    if of_package(package).is_some() || is_library() {
        return may_bring(package, program);
    }
    let tokens = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() >= 3);
        parts.map(str::to_lowercase).filter(|part| !crate::project::command::is_among(EMPTY_WORDS, part)).collect()
    };
    let of_program = tokens(program);
    let compact: String = package.chars().filter(|c| c.is_alphanumeric()).collect();
    program.len() < 3
        || compact.contains(&program.replace(['-', '_'], ""))
        || tokens(package).iter().any(|token| {
            of_program.iter().any(|other| other.contains(token.as_str()) || token.contains(other.as_str()))
        })
}

/// Whether a program is wrapped around one that is known: `acme-tsc`, `site-vite`.
#[must_use]
pub fn is_wrapper_name(program: &str) -> bool {
    let mut parts = program.split(['-', '_']);
    program.contains(['-', '_']) && parts.any(|part| !packages_with(part).is_empty() || part == "scripts")
}

/// Whether no npm package can bring a program of this name.
#[must_use]
pub fn is_impossible(program: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@' | b'+' | b'~');
    program.is_empty() || !program.bytes().all(is_plain)
}

/// What a word was meant to be: one of these, if it differs by one slip and is no program itself.
#[must_use]
pub fn meant<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() < 4 || word.len() > 64 || !packages_with(word).is_empty() {
        return None;
    }
    let allowed = if word.len() >= 9 { 2 } else { 1 };
    let near = |name: &&str| name.len() >= 3 && *name != word && name.len().abs_diff(word.len()) <= allowed;
    let candidates: BTreeSet<&'a str> = names.into_iter().filter(near).collect();
    let distance = |name: &&str| strsim::osa_distance(word, name);
    candidates.into_iter().filter(|name| distance(name) <= allowed).min_by_key(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_read() {
        assert_eq!(packages_with("ng"), ["@angular/cli"]);
        assert!(packages_with("tsc").contains(&"typescript".to_owned()));
        assert!(packages_with("no-such-program").is_empty());
    }

    #[test]
    fn a_package_brings_what_is_known_or_bears_its_name() {
        assert!(may_bring("typescript", "tsc") && !may_bring("typescript", "typescript"));
        assert!(may_bring("@acme/site-tool", "site-tool") && !may_bring("@acme/site-tool", "vite"));
    }

    #[test]
    fn an_unheard_of_program_hides_only_where_the_name_has_to_do_with_it() {
        assert!(may_hide_in("@acme/toolbox", "acme-build") && may_hide_in("stalfos-kit", "stalfos"));
        assert!(!may_hide_in("lodash", "frobnicate") && !may_hide_in("snarkdown", "frobnicate"));
        assert!(!may_hide_in("@rollup/plugin-terser", "rollup-thing"));
        assert!(is_wrapper_name("acme-tsc") && !is_wrapper_name("frobnicate"));
    }

    #[test]
    fn a_slip_is_recognised_and_another_program_is_not() {
        assert_eq!(meant("rollupx", ["rollup", "vite"]), Some("rollup"));
        assert_eq!(meant("webpakc", ["webpack"]), Some("webpack"));
        assert_eq!(meant("tsx", ["tsc"]), None);
        assert_eq!(meant("jest", ["test"]), None);
        assert_eq!(meant("frobnicate", ["vite"]), None);
    }
}
