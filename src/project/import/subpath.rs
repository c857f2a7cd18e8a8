//! Names that a package gives its own files: `imports` of the nearest `package.json` (Node.js's documentation, "Subpath
//! imports").

use serde_json::{Map, Value};

use crate::project::manifest;
use crate::project::path::{self, ancestors, child};
use crate::project::snapshot::Snapshot;

/// Longest manifest that is read for this.
const MAX_LENGTH: usize = 1 << 20;

/// The repository path that `#name` stands for in files of `dir`; `None` where it hangs on conditions, stands for a
/// package, or is not to be had from the manifest.
pub(super) fn of(snapshot: &Snapshot, specifier: &str, dir: &str) -> Option<String> {
    let scope = ancestors(dir).find(|dir| snapshot.is_file(&child(dir, manifest::NAME)))?;
    let text = snapshot.text(&child(scope, manifest::NAME)).ok().filter(|text| text.len() <= MAX_LENGTH)?;
    let manifest: Value = serde_json::from_str(&text).ok()?;
    let target = matched(manifest.get("imports")?.as_object()?, specifier)?;
    path::join(scope, target.strip_prefix("./")?)
}

/// What the best key says: the name itself, else the pattern with the longest text before its star.
fn matched(imports: &Map<String, Value>, specifier: &str) -> Option<String> {
    if let Some(target) = imports.get(specifier) {
        return target.as_str().filter(|target| !target.contains('*')).map(str::to_owned);
    }
    let patterns = imports.iter().filter_map(|(key, target)| {
        let (before, after) = key.split_once('*')?;
        let middle = specifier.strip_prefix(before)?.strip_suffix(after).filter(|middle| !middle.is_empty())?;
        Some((before.len(), key.len(), middle, target))
    });
    let (_, _, middle, target) = patterns.max_by_key(|(before, length, ..)| (*before, *length))?;
    target.as_str().map(|target| target.replace('*', middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(imports: &str, specifier: &str) -> Option<String> {
        let text = format!(r##"{{"imports": {imports}}}"##);
        let snapshot = Snapshot::in_memory([("app/package.json", text.as_bytes())]);
        of(&snapshot, specifier, "app/src/deep")
    }

    #[test]
    fn the_most_specific_key_of_the_nearest_manifest_counts() {
        let imports = r##"{"#a": "./src/a.js", "#lib/*": "./lib/*.js", "#lib/x/*": "./x/*.js", "#*": "./rest/*"}"##;
        assert_eq!(found(imports, "#a").as_deref(), Some("app/src/a.js"));
        assert_eq!(found(imports, "#lib/one/two").as_deref(), Some("app/lib/one/two.js"));
        assert_eq!(found(imports, "#lib/x/one").as_deref(), Some("app/x/one.js"));
        assert_eq!(found(imports, "#b").as_deref(), Some("app/rest/b"));
        assert_eq!(found(imports, "#"), None);
    }

    #[test]
    fn conditions_packages_and_ways_out_are_not_guessed() {
        let imports =
            r##"{"#a": {"node": "./a.js"}, "#b": "lodash", "#c": "./../../../c.js", "#d": null, "#e": ["./e.js"]}"##;
        for specifier in ["#a", "#b", "#c", "#d", "#e", "#f"] {
            assert_eq!(found(imports, specifier), None, "{specifier}");
        }
        assert_eq!(found("[]", "#a"), None);
    }
}
