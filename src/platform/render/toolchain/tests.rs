#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::platform::render::blueprint::Blueprint;
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;
use crate::text::span::FileId;
use crate::text::yaml;

/// The choices for a service with these keys in a repository of these files.
fn chosen(keys: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
    let text = format!("services:\n- type: web\n  {}\n", keys.replace('\n', "\n  "));
    let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
    let blueprint = Blueprint::read(yaml::parse(&text, FileId(0)).root.as_ref().unwrap(), &text);
    let sources = Sources::default();
    let files = Files { snapshot: &snapshot, sources: &sources };
    let service = &blueprint.services[0];
    let environment = Environment::of(&blueprint, service);
    let request = Request { files, service, environment: &environment };
    for choice in choices(&request) {
        if let Version::Pinned(Known { value, because: Because::Written(span) }) = &choice.version
            && let Some(written) = sources.slice(span.to_owned())
            && span.file != FileId(0)
        {
            assert!(written.contains(value.as_str()), "{written} is not {value}");
        }
    }
    decisions(&request).into_iter().map(|decision| (decision.name, decision.value)).collect()
}

fn version(keys: &str, files: &[(&str, &str)]) -> String {
    chosen(keys, files).swap_remove(0).1
}

#[test]
fn the_variable_beats_the_file_and_nothing_is_not_pinned() {
    let variable = "runtime: python\nenvVars:\n- key: PYTHON_VERSION\n  value: 3.10";
    let file = (".python-version", "\n3.12\r\n");
    assert_eq!(version(variable, &[file]), "3.10");
    assert_eq!(version("runtime: python", &[file]), "3.12");
    assert_eq!(version("runtime: python", &[("runtime.txt", "python-3.11.4")]), "not pinned");
    assert_eq!(version("env: python\nenvVars:\n- fromGroup: other", &[file]), "unknown");
    assert_eq!(version("env: python\nenvVars:\n- key: PYTHON_VERSION\n  sync: false", &[]), "unknown");
}

#[test]
fn poetry_and_uv_are_named_where_they_matter() {
    let names = |files: &[(&str, &str)]| -> Vec<String> {
        chosen("runtime: python", files).into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names(&[]), ["python"]);
    assert_eq!(names(&[("uv.lock", ""), ("poetry.lock", "")]), ["python", "poetry", "uv"]);
    assert_eq!(chosen("runtime: python\nrootDir: api", &[("uv.lock", "")]).len(), 1);
}

#[test]
fn node_is_chosen_in_the_documented_order() {
    let manifest = ("package.json", r#"{"engines":{"node":">=20"}}"#);
    let (dot, nvm) = ((".node-version", "22.1.0"), (".nvmrc", "v18\n"));
    assert_eq!(version("runtime: node", &[manifest, dot, nvm]), "22.1.0");
    assert_eq!(version("runtime: node", &[manifest, nvm]), "v18");
    assert_eq!(version("runtime: node", &[manifest]), ">=20");
    assert_eq!(version("runtime: node", &[("package.json", "{}")]), "not pinned");
    assert_eq!(version("runtime: node", &[("web/package.json", manifest.1)]), ">=20");
    assert_eq!(version("runtime: node", &[("a/package.json", "{}"), ("b/package.json", manifest.1)]), "unknown");
}

#[test]
fn a_file_above_the_root_directory_is_not_surely_read() {
    assert_eq!(version("runtime: node\nrootDir: web", &[(".nvmrc", "18"), ("web/a", "")]), "unknown");
    assert_eq!(version("runtime: node\nrootDir: web", &[("web/.nvmrc", "18")]), "18");
}

#[test]
fn the_package_manager_follows_the_only_lock_file() {
    let manager =
        |files: &[(&str, &str)]| chosen("runtime: node", files).into_iter().find(|(name, _)| name == "package manager");
    assert_eq!(manager(&[("yarn.lock", "")]).unwrap().1, "yarn");
    assert_eq!(manager(&[("yarn.lock", ""), ("package-lock.json", "")]), None);
    assert_eq!(
        chosen("runtime: node", &[("bun.lock", ""), (".bun-version", "1.2.10")])[1],
        ("bun".to_owned(), "1.2.10".to_owned())
    );
}

#[test]
fn ruby_is_chosen_in_the_documented_order() {
    let lock = ("Gemfile.lock", "GEM\n  specs:\n\nRUBY VERSION\n   ruby 3.3.1p55\n");
    let files = [
        lock,
        (".ruby-version", "ruby-3.2.0\n"),
        (".tool-versions", "nodejs 20\nruby 3.1.4\n"),
        ("Gemfile", "ruby '3.4.1'\n"),
    ];
    let from = |skip: usize| version("runtime: ruby", &files[skip..]);
    assert_eq!([from(0), from(1), from(2), from(3), from(4)], ["3.3.1", "3.2.0", "3.1.4", "3.4.1", "not pinned"]);
    assert_eq!(version("runtime: ruby", &[("Gemfile.lock", "")]), "unknown");
    assert_eq!(version("runtime: ruby", &[("Gemfile", "ruby File.read('.x')\n")]), "unknown");
}

#[test]
fn the_other_languages_have_their_own_ways() {
    assert_eq!(version("runtime: go", &[("go.mod", "go 1.20\n")]), "newest stable");
    assert_eq!(version("runtime: rust", &[]), "newest stable");
    assert_eq!(version("runtime: rust", &[("rust-toolchain", "1.75.0\n")]), "1.75.0");
    assert_eq!(
        version("runtime: rust\nrootDir: a", &[("rust-toolchain.toml", "[toolchain]\nchannel = \"1.80\"\n")]),
        "1.80"
    );
    let elixir = chosen("runtime: elixir\nenvVars:\n- key: ERLANG_VERSION\n  value: '26.2'", &[]);
    assert_eq!((elixir[0].1.as_str(), elixir[1].1.as_str()), ("not pinned", "26.2"));
    assert!(chosen("runtime: docker", &[("Dockerfile", "")]).is_empty());
}
