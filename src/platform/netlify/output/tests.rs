//! What is known about the files of a deploy.

use super::super::site::{Request, Site};
use super::*;

const VITE: (&str, &str) =
    ("package.json", r#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5.4.11"}}"#);
const BUILT: (&str, &str) = ("netlify.toml", "[build]\ncommand = \"npm run build\"\npublish = \"dist\"\n");
const PLAIN: (&str, &str) = ("netlify.toml", "[build]\npublish = \"site\"\n");

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())))
}

fn with_site<T>(files: &[(&str, &str)], ask: impl FnOnce(&NetlifySite<'_>) -> T) -> T {
    let snapshot = snapshot(files);
    ask(&NetlifySite::new(&snapshot, Site::default(), &Request::default()))
}

fn static_folders(files: &[(&str, &str)]) -> Vec<String> {
    with_site(files, |site| site.output.static_folders.clone())
}

#[test]
fn a_static_folder_counts_unless_the_configuration_moves_it() {
    assert_eq!(static_folders(&[VITE, BUILT, ("index.html", "")]), ["public"]);
    let moved = ("vite.config.js", "export default { publicDir: 'static' };");
    assert!(static_folders(&[VITE, BUILT, moved]).is_empty());
    let nuxt = |version: &'static str| {
        [("package.json", version), ("netlify.toml", "[build]\ncommand = \"nuxt generate\"\npublish = \"dist\"\n")]
    };
    assert_eq!(static_folders(&nuxt(r#"{"dependencies": {"nuxt": "2.17.0"}}"#)), ["static"]);
    assert_eq!(static_folders(&nuxt(r#"{"dependencies": {"nuxt": "3.15.0"}}"#)), ["public"]);
}

#[test]
fn the_folder_of_a_documentation_tool_lies_beside_its_output() {
    let config = "[build]\ncommand = \"vitepress build guide\"\npublish = \"guide/.vitepress/dist\"\n";
    let files = [("package.json", r#"{"devDependencies": {"vitepress": "1.5.0"}}"#), ("netlify.toml", config)];
    assert_eq!(static_folders(&files), ["guide/public"]);
}

#[test]
fn a_file_answers_its_path_with_and_without_ending_and_slash() {
    let files = [PLAIN, ("site/index.html", ""), ("site/a.html", ""), ("site/b/index.html", ""), ("site/c.txt", "")];
    with_site(&files, |site| {
        let at = |path: &str| site.deploy().at(path);
        for path in ["/", "/a", "/a/", "/a.html", "/b", "/b/", "/b/index.html", "/c.txt", "/index.html"] {
            assert_eq!(at(path), Presence::File, "{path}");
        }
        for path in ["/d", "/a/b", "/b/c", "/c"] {
            assert_eq!(at(path), Presence::Nothing, "{path}");
        }
        for path in ["/A", "/%61", "/é", "/.netlify/functions/x"] {
            assert_eq!(at(path), Presence::Unknown, "{path}");
        }
    });
}

#[test]
fn without_a_start_page_or_with_a_command_the_rest_is_unknown() {
    let start = ("site/index.html", "");
    assert!(with_site(&[PLAIN, start], |site| site.output.is_complete));
    assert!(!with_site(&[PLAIN, ("site/a.html", "")], |site| site.output.is_complete));
    let script = ("package.json", r#"{"scripts": {"build": "./make-pages"}}"#);
    assert!(!with_site(&[PLAIN, start, script], |site| site.output.is_complete));
    let command = ("netlify.toml", "[build]\ncommand = \"./make-pages\"\npublish = \"site\"\n");
    assert!(!with_site(&[command, start], |site| site.output.is_complete));
}

#[test]
fn a_copied_side_file_comes_before_the_configuration() {
    let config = (
        "netlify.toml",
        "[build]\ncommand = \"vite build\"\npublish = \"dist\"\n[[redirects]]\nfrom = \"/c\"\nto = \"/\"\n",
    );
    let files = [VITE, config, ("public/_redirects", "/a /\n/b /\n"), ("dist/_redirects", "/old /\n")];
    let order = |site: &NetlifySite<'_>| site.redirects().map(|rule| rule.from.text.clone()).collect::<Vec<_>>();
    assert_eq!(with_site(&files, order), ["/a", "/b", "/c"]);
}

#[test]
fn side_files_are_told_apart_by_what_becomes_of_them() {
    let standing = |files: &[(&str, &str)], path: &str| {
        with_site(files, |site| site.output.side_files.iter().find(|file| file.path == path).map(|file| file.standing))
    };
    let side = |path: &'static str| (path, "/a /\n");
    assert_eq!(standing(&[PLAIN, side("site/_redirects")], "site/_redirects"), Some(Standing::Published));
    assert_eq!(standing(&[VITE, BUILT, side("public/_redirects")], "public/_redirects"), Some(Standing::Copied));
    assert_eq!(standing(&[VITE, BUILT, side("_redirects")], "_redirects"), Some(Standing::Stray));
    let script = ("scripts/copy.mjs", "copyFile('_redirects', 'dist/_redirects')");
    assert_eq!(standing(&[VITE, BUILT, script, side("_redirects")], "_redirects"), Some(Standing::Probable));
    let unknown = ("netlify.toml", "[build]\ncommand = \"./make-pages\"\npublish = \"out\"\n");
    assert_eq!(standing(&[unknown, side("static/_redirects")], "static/_redirects"), Some(Standing::Probable));
}
