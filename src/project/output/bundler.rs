//! Bundlers: the folder they write when nothing says otherwise, and what says otherwise.

use super::Output;
use super::call::{Call, File, folder, module_setting};
use crate::project::path;
use crate::project::setting::Setting;

const VITE_CONFIGS: [&str; 6] =
    ["vite.config.js", "vite.config.mjs", "vite.config.ts", "vite.config.cjs", "vite.config.mts", "vite.config.cts"];

/// Parts of the names of Vite plugins that move the output, or build something else than a plain site.
pub(in crate::project) const MOVING_PLUGINS: [&str; 28] = [
    "cloudflare",
    "laravel",
    "tanstack/start",
    "tanstack/react-start",
    "tanstack/solid-start",
    "vike",
    "vite-plugin-ssr",
    "qwik",
    "vinxi",
    "nitro",
    "solid-start",
    "@solidjs/start",
    "analogjs",
    "@nx/",
    "@nrwl/",
    "electron",
    "redwood",
    "vite-plugin-ruby",
    "waku",
    "hydrogen",
    "@hono/",
    "vercel",
    "@remix-run",
    "@react-router",
    "astro",
    "wordpress",
    "symfony",
    "shopify",
];

/// `vite build` (`vite/src/node/build.ts`).
pub(super) fn vite(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let Some(root) = call.root(1) else {
        return Output::Unknown("the folder that Vite builds is not known".to_owned());
    };
    let file = match call.config(&["-c", "--config"], &root, &VITE_CONFIGS) {
        Ok(file) => file,
        Err(why) => return Output::Unknown(why),
    };
    let module = file.as_ref().map(File::module);
    let read = module.as_ref().and_then(Option::as_ref);
    let modules: Vec<String> = read.map(|module| module.modules().collect()).unwrap_or_default();
    let moves = |module: &&String| MOVING_PLUGINS.iter().any(|part| module.contains(part));
    if let Some(module) = modules.iter().find(moves) {
        return Output::Unknown(format!("\"{module}\" decides where Vite writes"));
    }
    if read.is_some_and(|module| module.has_word("environments")) {
        return Output::Unknown("the environments of the Vite configuration have outputs of their own".to_owned());
    }
    let setting = |keys: &[&str]| match &module {
        Some(module) => module.as_ref().map_or(Setting::Computed, |module| module.setting(keys)),
        None => Setting::Absent,
    };
    let root = match setting(&["root"]) {
        Setting::Absent => Some(root),
        Setting::Written(written) => written.path_from(&root),
        Setting::Computed => None,
    };
    let Some(root) = root else { return Output::Unknown("the root of the Vite configuration is computed".to_owned()) };
    let out = call.option(&["--outDir", "--out-dir"]).or(|| setting(&["build", "outDir"]));
    folder(&out, &root, "dist", &[])
}

/// Whether the configuration of Vite loads the plugin of SvelteKit.
pub(super) fn is_svelte_kit(call: &mut Call<'_, '_>) -> bool {
    let dir = call.dir.clone();
    let file = call.config(&["-c", "--config"], &dir, &VITE_CONFIGS).ok().flatten();
    let modules = file.as_ref().and_then(File::module).map(|module| module.modules().collect::<Vec<_>>());
    modules.unwrap_or_default().iter().any(|module| module == "@sveltejs/kit/vite")
}

/// `react-scripts build` (`react-scripts/config/paths.js`), also with an override on top.
pub(super) fn react_scripts(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let from_file = |call: &mut Call<'_, '_>, name: &str| {
        let file = call.read(&path::child(&call.dir.clone(), name)).flatten();
        file.is_some_and(|file| file.text.contains("BUILD_PATH"))
    };
    let overrides =
        ["craco.config.js", "craco.config.ts", "craco.config.cjs", "config-overrides.js", "config-overrides/index.js"];
    for name in overrides {
        let file = call.read(&path::child(&call.dir.clone(), name)).flatten();
        let moves =
            file.is_some_and(|file| ["appBuild", "output", "BUILD_PATH"].iter().any(|word| file.text.contains(word)));
        if moves {
            return Output::Unknown(format!("\"{name}\" may move the output"));
        }
    }
    let out = call.variable("BUILD_PATH");
    if out.is_absent()
        && [".env", ".env.production", ".env.local", ".env.production.local"].iter().any(|name| from_file(call, name))
    {
        return Output::Unknown("a file of variables sets BUILD_PATH".to_owned());
    }
    folder(&out, &call.dir.clone(), "build", &[])
}

/// `vue-cli-service build` (`@vue/cli-service/lib/commands/build/index.js`).
pub(super) fn vue_cli(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let out = call.option(&["--dest"]);
    let configs = ["vue.config.js", "vue.config.cjs", "vue.config.mjs"];
    let file = call.first(&dir, &configs).flatten();
    let listed = if call.lists("vue-cli-plugin-electron-builder") { Setting::Computed } else { Setting::Absent };
    folder(&out.or(|| module_setting(file.as_ref(), &["outputDir"])).or(|| listed), &dir, "dist", &[])
}

/// `parcel build` (`parcel/src/cli.js`); targets of package.json may go elsewhere.
pub(super) fn parcel(call: &mut Call<'_, '_>) -> Output {
    if call.subcommand() != "build" {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let out = call.option(&["--dist-dir", "--out-dir", "-d"]);
    if !out.is_absent() {
        return folder(&out, &dir, "dist", &[]);
    }
    let manifest = call.read(&path::child(&dir, "package.json")).flatten();
    let has_target = |file: &File| {
        let found = |key: &str| !file.setting(&[key], crate::project::setting::tree::Keys::Exact).is_absent();
        ["targets", "main", "module", "browser", "types"].into_iter().any(found)
    };
    if manifest.as_ref().is_some_and(has_target) {
        return Output::Unknown("package.json names targets of its own".to_owned());
    }
    folder(&out, &dir, "dist", &[])
}

/// `quasar build` (`@quasar/app`): `dist/spa`, `dist/pwa` and so on, unless the configuration says otherwise.
pub(super) fn quasar(call: &mut Call<'_, '_>) -> Output {
    if !matches!(call.subcommand(), "build" | "b") {
        return Output::Nothing;
    }
    let dir = call.dir.clone();
    let names = ["quasar.config.js", "quasar.config.ts", "quasar.config.mjs", "quasar.config.cjs", "quasar.conf.js"];
    let file = call.first(&dir, &names).flatten();
    if file.is_some_and(|file| file.text.contains("distDir")) {
        return Output::Unknown("the Quasar configuration moves the output".to_owned());
    }
    match call.option(&["-m", "--mode"]) {
        Setting::Absent => folder(&Setting::Absent, &dir, "dist/spa", &[]),
        Setting::Written(mode) if matches!(mode.text.as_str(), "spa" | "pwa") => {
            folder(&Setting::Absent, &dir, &format!("dist/{}", mode.text), &[])
        }
        _ => Output::Unknown("the mode decides where Quasar writes".to_owned()),
    }
}

/// `expo export` (`@expo/cli/src/export/index.ts`); the old `export:web` writes `web-build`.
pub(super) fn expo(call: &mut Call<'_, '_>) -> Output {
    let out = call.option(&["--output-dir"]);
    match call.subcommand() {
        "export" => folder(&out, &call.dir, "dist", &[]),
        "export:web" | "build:web" => folder(&out, &call.dir, "web-build", &[]),
        _ => Output::Nothing,
    }
}

/// `esbuild`: `--outdir`, or the folder of `--outfile`.
pub(super) fn esbuild(call: &mut Call<'_, '_>) -> Output {
    match (call.option(&["--outdir"]), call.option(&["--outfile"])) {
        (Setting::Absent, Setting::Absent) => Output::Nothing,
        (Setting::Absent, file) => parent_of(&file, &call.dir),
        (out, _) => folder(&out, &call.dir, "", &[]),
    }
}

/// The folder of a file that an option names.
pub(super) fn parent_of(file: &Setting, dir: &str) -> Output {
    match file {
        Setting::Written(written) => match written.path_from(dir).as_deref().and_then(path::parent) {
            Some(parent) => Output::known(parent, vec![written.span]),
            None => Output::Unknown(format!("\"{}\" is no file of the repository", written.text)),
        },
        Setting::Absent => Output::Nothing,
        Setting::Computed => Output::Unknown("the output is named by a variable".to_owned()),
    }
}
