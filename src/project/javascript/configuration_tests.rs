#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::configuration::Configuration;
use crate::project::setting::Setting;
use crate::text::span::FileId;

fn setting(text: &str, keys: &[&str]) -> Setting {
    Configuration::read(text, "site/app.config.ts", FileId(0)).map_or(Setting::Computed, |module| module.setting(keys))
}

/// The text of `out`, `-` when it is not set, `?` when only a run would tell.
fn out(text: &str) -> String {
    match setting(text, &["out"]) {
        Setting::Written(written) if written.is_absolute => format!("/{}", written.text),
        Setting::Written(written) => written.text,
        Setting::Absent => "-".to_owned(),
        Setting::Computed => "?".to_owned(),
    }
}

#[test]
fn the_exported_object_is_found_in_whatever_form_it_is_written() {
    for text in [
        "export default { out: 'x' }",
        "export default defineConfig({ out: 'x' });",
        "export default defineConfig<Options>({ out: \"x\" })",
        "export default defineConfig(() => ({ out: `x` }))",
        "export default async ({ mode }: Env): Promise<Config> => ({ out: 'x' })",
        "export default defineConfig(({ mode }) => { const a = 1; return { out: 'x', a }; })",
        "export default function config() { if (a) { return { out: 'x', b: 1 } } return { out: 'x' } }",
        "module.exports = { 'out': 'x' }",
        "const config: Config = { out: 'x' } satisfies Config\nexport default config",
        "const config = { out: 'x' }\nmodule.exports = config",
        "function make() { return { out: 'x' } }\nexport default make",
        "export = { out: 'x' }",
        "/** @type {import('x').Config} */\nmodule.exports = ({ out: 'x' })",
        "const out = 'x'; export default { out }",
        "const base = { out: 'x' }; export default { ...base, a: 1 }",
        "const base = { out: 'y' }; export default { ...base, out: 'x' }",
        "export default { out: 'y', out: 'x' }",
        "export default { out: 'x' as const }",
    ] {
        assert_eq!(out(text), "x", "{text}");
    }
}

#[test]
fn paths_are_put_together_as_node_does() {
    for (text, expected) in [
        ("export default { out: path.resolve(__dirname, '../www') }", "/www"),
        ("export default { out: join(__dirname, 'a', 'b') }", "/site/a/b"),
        ("export default { out: path.join('a', 'b') }", "a/b"),
        ("export default { out: __dirname + '/a' }", "/site/a"),
        ("export default { out: fileURLToPath(new URL('./a', import.meta.url)) }", "/site/a"),
        ("export default { out: path.resolve(import.meta.dirname, 'a') }", "/site/a"),
        ("const root = path.resolve(__dirname, '..'); export default { out: path.join(root, 'a') }", "/a"),
        ("export default { out: 'a' + '/b' }", "a/b"),
        ("export default { out: path.resolve('/srv') }", "?"),
        ("export default { out: path.resolve(root, 'a') }", "?"),
    ] {
        assert_eq!(out(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_there_is_absent() {
    for text in [
        "export default { a: { out: 'x' } }",
        "module.exports = {}",
        "export default { out: undefined }",
        "const b = {}; export default { ...b }",
    ] {
        assert_eq!(out(text), "-", "{text}");
    }
}

#[test]
fn what_only_a_run_would_tell_is_computed() {
    for text in [
        "",
        "export default make()",
        "export default withThing({ out: 'x' })",
        "export default { out: process.env.OUT ?? 'x' }",
        "export default { out: production ? 'a' : 'b' }",
        "export default { out: `${a}/x` }",
        "export default { ...base }",
        "export default { out: 'x', ...base }",
        "export default { [key]: 'x' }",
        "export default { out() {} }",
        "export default { get out() { return 'x' } }",
        "const config = { out: 'x' }; config.out = 'y'; export default config",
        "const config = { out: 'x' }; Object.assign(config, other); export default config",
        "let out = 'x'; out = 'y'; export default { out }",
        "export default ({ mode }) => { if (mode) { return { out: 'a' } } return { out: 'b' } }",
        "export default { out: 'x' }; module.exports = { out: 'y' }",
        "module.exports = { out: 'x' }; module.exports.out = 'y'",
        "export default [{ out: 'x' }]",
        "export default { out: false }",
        "export default { out: 'x' ",
    ] {
        assert_eq!(out(text), "?", "{text}");
    }
}

#[test]
fn a_deeply_nested_setting_has_its_place() {
    let text = "export default defineConfig({ build: { rollup: {}, outDir: '../ä' } })";
    let Setting::Written(written) = setting(text, &["build", "outDir"]) else { unreachable!() };
    assert_eq!((written.text.as_str(), &text[written.span.range()]), ("../ä", "'../ä'"));
}

#[test]
fn names_that_lead_to_each_other_have_an_end() {
    assert_eq!(out("const a = b; const b = a; export default a"), "?");
    assert_eq!(out("const a = { ...a }; export default a"), "?");
    assert_eq!(out("const out = out; export default { out }"), "?");
    let chain: String = (0..5000).map(|n| format!("const a{n} = {{ ...a{} }};", n + 1)).collect();
    assert_eq!(out(&format!("{chain} export default a0")), "?");
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(pieces in proptest::collection::vec(
        proptest::sample::select(vec![
            "export", " default ", "module", ".exports", "=", "{", "}", "(", ")", "[", "]", "out", ":", ",", "...", "=>",
            "function ", "return ", "const ", "a", "b", "'x'", "`y`", "`${", "+", ";", "\n", "merge", "new ", "URL", "import",
            ".meta", ".url", "<", ">", "as ", "async ", "await ", "require", "from ", "undefined", "__dirname",
        ]), 0..60)) {
        let text = pieces.concat();
        let _value = setting(&text, &["out", "a"]);
        if let Some(module) = Configuration::read(&text, "a.ts", FileId(0)) {
            let _call = module.call(&["out"]);
            let _parts = module.merged(&["out"]);
            let _member = module.member(&["out"]);
            let _calls = module.method_calls("a");
            let _named = module.setting_of_export("a", &["out"]);
            let _modules = module.modules().count();
        }
    }
}
