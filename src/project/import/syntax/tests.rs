#![allow(clippy::unwrap_used)]

use super::*;

fn names(text: &str, dialect: Dialect) -> Vec<String> {
    let live = |load: &Load| !load.is_type_only && !load.is_guarded;
    read(text, dialect).unwrap().loads.into_iter().filter(live).map(|load| load.specifier).collect()
}

#[test]
fn every_manner_of_loading_is_found() {
    let text = "import 'a'; import b from 'b'; export * from 'c'; export { d } from \"d\"; const e = require('e');\n\
                const f = () => import('f'); import(`g`); import(h); require(i); import j from 'j' with { type: 'json' };";
    assert_eq!(names(text, Dialect::JavaScript), ["a", "b", "c", "d", "e", "f", "g", "j"]);
    assert_eq!(names("import a = require('a'); a()", Dialect::TypeScript), ["a"]);
}

#[test]
fn the_compiler_of_typescript_drops_what_is_no_value() {
    let text = "import type { A } from 'a'; import { B } from 'b'; import { type C } from 'c'; import { d } from 'd';\n\
                import E from 'e'; import {} from 'f'; export type { G } from 'g'; const x: B = d as C; new E<B>()";
    assert_eq!(names(text, Dialect::TypeScript), ["d", "e", "f"]);
    let markup =
        "import { A } from 'a'; import * as B from 'b'; import { C } from 'c'; const x = <A><B.D /></A>; type Y = C";
    assert_eq!(names(markup, Dialect::TypeScriptMarkup), ["a", "b"]);
    assert_eq!(names("import { A } from 'a'", Dialect::JavaScript), ["a"]);
}

#[test]
fn what_may_never_run_or_is_caught_is_guarded() {
    let text = "try { require('a') } catch {} if (x) require('b'); x && import('c'); import('d').catch(f);\n\
                import(/* @vite-ignore */ 'e'); typeof x === 'y' ? require('f') : 1; function require() {}";
    assert!(names(text, Dialect::JavaScript).is_empty());
}

#[test]
fn variables_and_their_fallbacks_are_told_apart() {
    let text = "process.env.A; import.meta.env.B; process.env['C'] ?? 1; const { D, E = 1 } = process.env; () => process.env.F;\n\
                if (!process.env.G) throw 1";
    let found = read(text, Dialect::JavaScript).unwrap().variables;
    let plain = found.iter().filter(|one| !one.has_fallback && one.is_immediate);
    assert_eq!(plain.map(|one| one.name.as_str()).collect::<Vec<_>>(), ["A", "B", "D"]);
    assert_eq!(found.len(), 7);
}

#[test]
fn names_of_common_js_count_where_they_run_at_once_and_are_not_declared() {
    let names = |text: &str| -> Vec<&'static str> {
        read(text, Dialect::JavaScript).unwrap().common_names.into_iter().map(|name| name.name).collect()
    };
    assert_eq!(names("module.exports = __dirname; x.require; () => exports"), ["module", "__dirname"]);
    assert!(names("import { createRequire } from 'module'; const require = createRequire(1); require('x')").is_empty());
    assert!(names("typeof module !== 'undefined' && module.exports").is_empty());
}

#[test]
fn both_kinds_of_scripts_are_read_and_faulty_ones_are_not() {
    assert!(read("await x; import 'a'", Dialect::JavaScript).is_some());
    assert!(read("const await = 1; with (a) b", Dialect::JavaScript).is_some());
    assert!(
        read("import {", Dialect::JavaScript).is_none()
            && read("// @flow\nconst a: ?b = 1", Dialect::JavaScript).is_none()
    );
}
