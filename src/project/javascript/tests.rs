#![allow(clippy::unwrap_used)]

use super::resolve::{self, Resolved};
use super::{ImportKind, Module, Presence, Value, read};
use crate::project::snapshot::Snapshot;
use crate::text::span::FileId;

fn module(text: &str, path: &str) -> Module {
    read(text, path, FileId(0))
}

fn js(text: &str) -> Module {
    module(text, "a.js")
}

fn names(text: &str) -> Vec<String> {
    js(text).imports.into_iter().map(|import| import.specifier).collect()
}

#[test]
fn every_form_of_import_is_found() {
    let text = "import a from 'a';import * as b from \"b\"\nimport c, { d as e } from 'c';import 'd';\n\
                export * from 'e'; export * as f from 'f'\nexport { g } from 'g';\n\
                const h = require('h'); const i = await import('i'); import(`j`); require(`k`);\n\
                import { \"l l\" as l } from 'l';import m from 'm' with { type: 'json' };import('n', {with: {}})";
    let module = js(text);
    assert!(module.is_complete);
    assert_eq!(names(text), ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"]);
    let kinds: Vec<ImportKind> = module.imports.iter().map(|import| import.kind).collect();
    assert_eq!(kinds[6..10], [ImportKind::Static, ImportKind::Require, ImportKind::Dynamic, ImportKind::Dynamic]);
    let span = module.imports[1].span;
    assert_eq!(&text[span.range()], "\"b\"");
}

#[test]
fn what_only_looks_like_an_import_is_none() {
    let text = "// import 'a'\n/* require('b') */ const s = \"require('c')\", t = `import('d') ${x.require('e')}`;\n\
                const r = /require('f')/, q = a / require / 'g'; x.import('h'); ({ import: 'i', require: 'j' });\n\
                require.resolve('k'); import.meta.url; require(name); import(`${l}`); require('m' + n);\n\
                function f() { import_('o') }; if (x) /'/.test(y); y = '\\'require(\"p\")'; z = `\\`${`require('q')`}`";
    assert_eq!(names(text), Vec::<String>::new());
    assert!(js(text).is_complete);
}

#[test]
fn code_inside_a_substitution_counts() {
    assert_eq!(names("x = `a ${ f({ b: require('b') }) } } ${`${require('c')}`}`; require('d')"), ["b", "c", "d"]);
    assert_eq!(names("f(...require('a'), b ? require('c') : 0)"), ["a", "c"]);
}

#[test]
fn slashes_divide_after_values_and_quote_after_operators() {
    assert_eq!(names("a = b / c; require('x'); d = e[1] / 2 / f(3) / 4; i++ / 5; require('y')"), ["x", "y"]);
    assert_eq!(names("return /['\"]/g; require('x'); typeof /[/']/; x => /'/; require('y')"), ["x", "y"]);
    assert_eq!(module("a = b! / c; require('x') // '", "a.ts").imports.len(), 1);
    assert_eq!(names("if (a) /'/.exec(b); while (a.b(c)) /\"/.exec(b); require('x')"), ["x"]);
}

#[test]
fn a_require_of_ones_own_is_no_import() {
    assert!(names("const require = createRequire(import.meta.url); require('a')").is_empty());
    assert!(names("define(function (require, exports) { require('a') })").is_empty());
}

#[test]
fn guards_and_immediacy_are_told() {
    let text = "try { require('a') } catch { require('b') }\ntry {} catch (e) { require('c') }\nrequire('d');\n\
                function f() { return require('e') }\nimport('f').catch(g); (await import('h')).i; try { f() } finally { require('j') }";
    let told: Vec<(String, bool, bool)> =
        js(text).imports.into_iter().map(|one| (one.specifier, one.is_guarded, one.is_immediate)).collect();
    let expected = [
        ("a", true, false),
        ("b", true, false),
        ("c", true, false),
        ("d", false, true),
        ("e", false, false),
        ("f", true, true),
        ("h", false, false),
        ("j", false, false),
    ];
    assert_eq!(told, expected.map(|(name, guarded, immediate)| (name.to_owned(), guarded, immediate)));
}

#[test]
fn types_are_told_from_values() {
    let text = "import type { A } from 'a'; import { type B, type C as D } from 'b'; import { E } from 'e';\n\
                import f from 'f'; import * as g from 'g'; import { H } from 'h'; import type from 'i'; import {} from 'j';\n\
                const x: E = f(); g.call(); new H(); type(); export type { K } from 'k'; export { L } from 'l'";
    let told: Vec<(String, bool, bool)> =
        module(text, "a.ts").imports.into_iter().map(|one| (one.specifier, one.is_type_only, one.is_used)).collect();
    let expected = [
        ("a", true, false),
        ("b", false, false),
        ("e", false, false),
        ("f", false, true),
        ("g", false, true),
        ("h", false, true),
        ("i", false, true),
        ("j", false, false),
        ("k", true, true),
        ("l", false, true),
    ];
    assert_eq!(told, expected.map(|(name, types, used)| (name.to_owned(), types, used)));
}

#[test]
fn markup_ends_what_is_read() {
    let module = module("import a from 'a';\nexport default () => <p>Don't</p>;\nimport b from 'b'", "a.tsx");
    assert_eq!(module.imports.len(), 1);
    assert!(!module.is_complete && module.exports.default == Presence::Yes);
    assert!(js("const a = b < c, d = f<g>(h)").is_complete);
    assert!(super::read("const a = <T>(b: T) => b, c = <any>d; f<g>('h')", "a.ts", FileId(0)).is_complete);
}

#[test]
fn nonsense_is_not_complete() {
    for text in ["'", "`${", "/* ", "(]", "}", "(", "\"a\nb\"", "\\u0061"] {
        assert!(!js(text).is_complete, "{text:?}");
    }
    for text in ["", "\u{feff}#!/usr/bin/env node\nx", "/", "a = '\\\n'", "'\\\r\n'", "<!--"] {
        assert!(js(text).is_complete || text == "<!--", "{text:?}");
    }
}

#[test]
fn exports_of_both_module_systems_are_found() {
    let told = |text: &str| {
        let exports = js(text).exports;
        (exports.default == Presence::Yes, exports.handler, exports.is_module)
    };
    assert_eq!(told("export default async () => {}"), (true, Presence::No, true));
    assert_eq!(told("const f = 1; export { f as default }"), (true, Presence::No, true));
    assert_eq!(told("export { default } from './x'"), (true, Presence::No, true));
    assert_eq!(told("exports.default = f"), (true, Presence::No, false));
    assert_eq!(told("module.exports = f"), (false, Presence::No, false));
    assert_eq!(told("module.exports.handler = async () => {}"), (false, Presence::Yes, false));
    assert_eq!(told("export const handler = async () => {}"), (false, Presence::Yes, true));
    assert_eq!(told("export const handler = wrap(f)"), (false, Presence::Perhaps, true));
    assert_eq!(told("export function handler() {}\nexport default 1"), (true, Presence::No, true));
    assert_eq!(told("x = () => { exports.handler = 1 }"), (false, Presence::No, false));
    assert_eq!(told("export * as default from './x'"), (true, Presence::No, true));
    assert_eq!(told("export = f; export as namespace g"), (false, Presence::No, false));
    assert_eq!(js("exports.default = (0, a.b)(c)").exports.default, Presence::Perhaps);
    assert_eq!(told("import 'a'"), (false, Presence::No, true));
    assert_eq!(told("import('a'); import.meta.url"), (false, Presence::No, false));
}

#[test]
fn the_configuration_is_read_as_the_bundler_reads_it() {
    let path = |text: &str| {
        let config = module(text, "a.ts").exports.config?;
        config.get("path").map(|property| property.literal.value.clone())
    };
    let text = Some(Value::Text("/x".to_owned()));
    for source in [
        "export const config = { path: '/x' }",
        "export const config: Config = { 'path': '/x', };",
        "export let config: Map<string, Config> = ({ path: \"/x\" })\nexport default f",
        "export const a = 1, config = { schedule: s, ...more, f() {}, get g() { return 1 }, path: '/\\x78' };",
        "const config = { path: '/x' };\nexport { config, f as default }",
        "const c = { path: '/x' }; export { c as config }",
        "exports.config = { path: '/y', path: '/x' }",
        "module.exports.config = { path: '/x' }",
        "export default { fetch() {}, config: { path: '/x' } }",
        "const d = { config: { path: '/x' } }\nexport default d",
    ] {
        assert_eq!(path(source), text, "{source}");
    }
    for source in [
        "export const config = { path: '/x' } satisfies Config",
        "export const config = { path: '/x' } as const;",
        "export const config = Object.freeze({ path: '/x' })",
        "export const config = make()",
        "function f() { exports.config = { path: '/x' } }",
        "let c = { path: '/x' }\nc = other\nexport { c as config }",
    ] {
        assert_eq!(path(source), None, "{source}");
    }
    for source in ["`/x`", "a + '/x'", "'/x' + a", "f('/x')", "[", "-1", "!0"] {
        let value = path(&format!("export const config = {{ path: {source}, b: 1 }}"));
        assert!(matches!(value, Some(Value::Computed | Value::List(_)) | None), "{source}: {value:?}");
    }
}

#[test]
fn lists_keep_their_computed_items() {
    let config = js("export const config = { path: ['/a', b, `/c`, '/d',], e: { f: [] } }").exports.config.unwrap();
    let Value::List(items) = &config.get("path").unwrap().literal.value else { unreachable!() };
    let texts: Vec<Option<&str>> = items.iter().map(super::Literal::as_text).collect();
    assert_eq!(texts, [Some("/a"), None, None, Some("/d")]);
    assert!(matches!(config.get("e").unwrap().literal.value, Value::Object(_)));
}

#[test]
fn a_property_can_be_cut_out_with_its_comma() {
    for (text, rest) in [
        ("export const config = { path: '/x', schedule: 's' }", "export const config = { schedule: 's' }"),
        ("export const config = { schedule: 's', path: '/x' }", "export const config = { schedule: 's' }"),
        ("export const config = {path: '/x'}", "export const config = {}"),
        ("export const config = {\n  a: 1,\n  path: '/x',\n}", "export const config = {\n  a: 1,\n}"),
    ] {
        let whole = js(text).exports.config.unwrap().get("path").unwrap().whole;
        let mut cut = text.to_owned();
        cut.replace_range(whole.range(), "");
        assert_eq!(cut, rest);
    }
}

#[test]
fn reads_of_variables_are_found() {
    let text = "process.env.A; process.env['B'] ?? 1; Netlify.env.get(\"C\") || ''; Deno.env.get('D');\n\
                const { E, F: f, G = 1 } = process.env; my.process.env.H; process.env[i]; 'process.env.J'; process.envy.K";
    let told: Vec<(String, bool)> = js(text).variables.into_iter().map(|one| (one.name, one.has_fallback)).collect();
    let expected = [("A", false), ("B", true), ("C", true), ("D", false), ("E", false), ("F", false), ("G", true)];
    assert_eq!(told, expected.map(|(name, fallback)| (name.to_owned(), fallback)));
}

#[test]
fn hostile_texts_cost_little_time() {
    for unit in [
        "import ",
        "export{",
        "import(\"a\",",
        "`${",
        "({",
        "[[",
        "a<",
        "/",
        "process.env",
        "={a:",
        "require(",
        "}=process.env;{",
    ] {
        let text = unit.repeat((1 << 18) / unit.len());
        let _ = js(&text);
    }
}

#[test]
fn relative_imports_lead_where_the_bundler_looks() {
    let files =
        ["lib/db.ts", "lib/data.json", "lib/index.js", "lib/mjs/index.mjs", "lib/pkg/package.json", "lib/x.mts"];
    let snapshot = Snapshot::in_memory(files.map(|path| (path, Vec::new())));
    let leads = |specifier: &str, guesses| resolve::resolve(&snapshot, "functions", specifier, guesses);
    let file = |path: &str| Resolved::File(path.to_owned());
    assert_eq!(leads("../lib/db", resolve::ESBUILD), file("lib/db.ts"));
    assert_eq!(leads("../lib/db.js", resolve::ESBUILD_DEFAULT), file("lib/db.ts"));
    assert_eq!(leads("../lib/x.mjs", resolve::ESBUILD), file("lib/x.mts"));
    assert_eq!(leads("../lib", resolve::ZISI), file("lib/index.js"));
    assert_eq!(leads("../lib/data", resolve::ZISI), Resolved::Missing("lib/data".to_owned()));
    assert_eq!(leads("../lib/mjs", resolve::ESBUILD_DEFAULT), Resolved::Missing("lib/mjs".to_owned()));
    assert_eq!(leads("../lib/db", resolve::EXACT), Resolved::Missing("lib/db".to_owned()));
    assert_eq!(leads("../lib/data.json?raw", resolve::ESBUILD), file("lib/data.json"));
    assert_eq!(leads("../lib/pkg", resolve::ESBUILD), Resolved::Unknown);
    assert_eq!(leads("../../x", resolve::ESBUILD), Resolved::Unknown);
}

#[test]
fn package_names_are_cut_from_specifiers() {
    for (specifier, name) in [
        ("three", Some("three")),
        ("three/addons/x.js", Some("three")),
        ("@a/b", Some("@a/b")),
        ("@a/b/c", Some("@a/b")),
        ("@a", None),
        ("@/lib/db", None),
        ("~/db", None),
        ("#internal", None),
        ("$lib/x", None),
        ("https://x.org/y", None),
        ("", None),
        (".hidden", None),
    ] {
        assert_eq!(resolve::package_name(specifier), name, "{specifier}");
    }
    assert!(resolve::is_builtin("fs/promises") && resolve::is_builtin("node:test") && !resolve::is_builtin("fsevents"));
}
